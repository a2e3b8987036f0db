from datetime import UTC, datetime, time, timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_date

from ..tools import guard, seal
from ..tools import statistic as tables

FORMS = [
    ("06a", "II.06a Settlement at the agency"),
    ("06b", "II.06b Settlement, compiled over agencies"),
    ("07a", "II.07a Causes of delay"),
    ("07b", "II.07b Numbers of procedures"),
    ("766", "Progress (index of QĐ 766)"),
]
#: Official titles of the forms.
TITLES = {
    "06a": "TÌNH HÌNH, KẾT QUẢ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH TẠI CƠ QUAN, ĐƠN VỊ TRỰC "
    "TIẾP GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH",
    "06b": "TỔNG HỢP TÌNH HÌNH, KẾT QUẢ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH",
    "07a": "NGUYÊN NHÂN QUÁ HẠN TRONG GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH",
    "07b": "TỔNG HỢP SỐ LƯỢNG THỦ TỤC HÀNH CHÍNH, QUY TRÌNH NỘI BỘ",
    "766": "TIẾN ĐỘ GIẢI QUYẾT HỒ SƠ THỦ TỤC HÀNH CHÍNH",
}
#: Heading of the column that names the row.
ROW_TITLES = {
    "06a": "Lĩnh vực, công việc giải quyết theo cấp",
    "07a": "Lĩnh vực",
    "07b": "Lĩnh vực",
    "766": "Lĩnh vực",
}
AGENCY_TITLE = "Cơ quan, đơn vị"
UNITS = {"07b": "TTHC, quy trình nội bộ"}
TOTAL = "Tổng cộng"
#: Columns that only the closing and the comparison write.
PROTECTED = frozenset(
    {
        *("state", "layout", "checks", "notes", "computed_at", "counted_to"),
        *("closed_by_id", "closed_at", "checksum", "compared_at", "line_ids"),
    }
)


class CchcStatistic(models.Model):
    """A report on settlement for one agency and period.

    A draft is counted anew from the dossiers as often as wanted. A closed one is what
    was reported: its figures, the dossiers behind them and a checksum, immutable; what
    would be counted differently today is listed beside it.
    """

    _name = "cchc.statistic"
    _description = "Report on Settlement"
    _order = "date_to desc, form, company_id, id desc"

    form = fields.Selection(FORMS, string="Report Form", required=True, default="06a")
    company_id = fields.Many2one(
        "res.company",
        string="Reporting Agency",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    scope = fields.Selection(
        [("own", "By field"), ("all", "By agency, those below included")],
        string="Rows",
        compute="_compute_scope",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    regime_id = fields.Many2one(
        "cchc.report.regime",
        required=True,
        ondelete="restrict",
        compute="_compute_regime_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    period_rule_id = fields.Many2one(
        "cchc.period.rule",
        string="Kind of Period",
        ondelete="restrict",
        default=lambda self: self.env["cchc.period.rule"].search([], limit=1),
    )
    date_from = fields.Date(required=True, default=lambda self: self._last_period()[0])
    date_to = fields.Date(required=True, default=lambda self: self._last_period()[1])
    period_name = fields.Char(compute="_compute_period_name", store=True)
    deadline = fields.Date(string="Send by", compute="_compute_period_name", store=True)
    receiver_name = fields.Char(
        string="Sent to", compute="_compute_receiver_name", store=True, readonly=False
    )
    state = fields.Selection(
        [("draft", "Draft"), ("closed", "Period Closed")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
    )
    line_ids = fields.One2many(
        "cchc.statistic.line", "statistic_id", readonly=True, copy=False
    )
    layout = fields.Json(readonly=True, copy=False)
    checks = fields.Json(readonly=True, copy=False)
    notes = fields.Text(string="Footnotes", readonly=True, copy=False)
    computed_at = fields.Datetime(string="Counted at", readonly=True, copy=False)
    counted_to = fields.Datetime(
        string="Counted up to",
        readonly=True,
        copy=False,
        help="End of the period, or the moment of counting while it still runs",
    )
    closed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    closed_at = fields.Datetime(string="Period Closed at", readonly=True, copy=False)
    checksum = fields.Char(
        string="Checksum (SHA-256)",
        readonly=True,
        copy=False,
        help="Over the figures, the counted dossiers and who closed the period when",
    )
    correction_ids = fields.One2many(
        "cchc.statistic.correction", "statistic_id", readonly=True, copy=False
    )
    correction_count = fields.Integer(compute="_compute_correction_count")
    compared_at = fields.Datetime(
        string="Compared at",
        readonly=True,
        copy=False,
        help="When the snapshot was last compared with the dossiers as they are",
    )
    table = fields.Json(compute="_compute_table")
    check_table = fields.Json(compute="_compute_check_table")
    received = fields.Integer(compute="_compute_headline")
    settled = fields.Integer(compute="_compute_headline")
    late = fields.Integer(compute="_compute_headline")
    has_error = fields.Boolean(compute="_compute_check_table")

    _dates = models.Constraint(
        "CHECK (date_to >= date_from)", "A period cannot end before it begins."
    )
    _closed_once = models.UniqueIndex(
        "(company_id, form, scope, date_from, date_to) WHERE state = 'closed'",
        "This report has been closed already for the same agency and period.",
    )

    # ------------------------------------------------------------------
    # What is reported
    # ------------------------------------------------------------------
    @api.model
    def _last_period(self):
        """Return the days of the last whole period of the first rule."""
        rule = self.env["cchc.period.rule"].search([], limit=1)
        today = self.env.company._cchc_local_date(fields.Datetime.now())
        if not rule:
            return today.replace(day=1), today
        arithmetic = rule._to_rule()
        period = arithmetic.before(arithmetic.containing(today))
        return period.start, period.end

    @api.depends("form")
    def _compute_scope(self):
        for report in self:
            if report.form == "06b":
                report.scope = "all"
            elif report.form in ("06a", "07b") or not report.scope:
                report.scope = "own"

    @api.depends("date_to")
    def _compute_regime_id(self):
        for report in self:
            report.regime_id = report.date_to and self.env["cchc.report.regime"]._get(
                report.date_to
            )

    @api.depends("company_id", "regime_id")
    def _compute_receiver_name(self):
        for report in self:
            above = report.company_id.sudo().parent_id
            report.receiver_name = above.name or report.regime_id.receiver

    @api.depends("period_rule_id", "date_from", "date_to")
    def _compute_period_name(self):
        for report in self:
            report.period_name = report.deadline = False
            if not report.date_from or not report.date_to:
                continue
            report.period_name = (
                f"Từ ngày {report.date_from:%d/%m/%Y} "
                f"đến ngày {report.date_to:%d/%m/%Y}"
            )
            rule = report.period_rule_id
            if rule:
                period = rule._to_rule().containing(report.date_from)
                if (period.start, period.end) == (report.date_from, report.date_to):
                    report.period_name = rule._period_name(period)
                    report.deadline = rule._deadline(period)

    @api.depends("form", "period_name", "company_id")
    def _compute_display_name(self):
        for report in self:
            code = report._form_code() or report.form
            report.display_name = (
                f"{code} – {report.period_name or ''} – "
                f"{report.company_id.sudo().name or ''}"
            )

    def _form_code(self):
        """Return the number of the form as it is printed."""
        return self.regime_id[f"code_{self.form}"] if self.form else False

    @api.onchange("period_rule_id")
    def _onchange_period_rule_id(self):
        if self.period_rule_id:
            rule = self.period_rule_id._to_rule()
            today = self.company_id._cchc_local_date(fields.Datetime.now())
            period = rule.before(rule.containing(today))
            self.date_from, self.date_to = period.start, period.end

    def action_previous_period(self):
        """Go to the period before."""
        return self._step_period(-1)

    def action_next_period(self):
        """Go to the period after."""
        return self._step_period(1)

    def _step_period(self, step):
        for report in self:
            if not report.period_rule_id:
                raise UserError(
                    self.env._("Choose the kind of period first, or enter both days.")
                )
            day = (
                report.date_from - timedelta(days=1)
                if step < 0
                else report.date_to + timedelta(days=1)
            )
            period = report.period_rule_id._period_of(day)
            report.write({"date_from": period.start, "date_to": period.end})
        return self.action_compute()

    # ------------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        if not guard.is_unlocked(self.env):
            for vals in vals_list:
                self._check_protected(
                    name
                    for name, value in vals.items()
                    if value and not (name == "state" and value == "draft")
                )
        return super().create(vals_list)

    def write(self, vals):
        if not guard.is_unlocked(self.env):
            self._check_protected(vals)
            self._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_drafts_only(self):
        self._check_draft()

    def _check_protected(self, names):
        if PROTECTED & set(names):
            raise UserError(
                self.env._(
                    "The figures of a report are counted from the dossiers and cannot "
                    "be written directly."
                )
            )

    def _check_draft(self):
        if closed := self.filtered(lambda report: report.state == "closed")[:1]:
            raise UserError(
                self.env._(
                    "%s is closed and cannot be changed any more; later corrections "
                    "are listed beside it.",
                    closed.display_name,
                )
            )

    # ------------------------------------------------------------------
    # Closing
    # ------------------------------------------------------------------
    def action_close(self):
        """Close the period: keep figures and counted dossiers for good.

        :raises AccessError: for who does not lead the agency
        :raises UserError: before the period is over, or while an identity is broken
        """
        self.check_access("write")
        if not self.env.su and not (
            self.env.user.has_group("cchc_onestop.group_leader")
        ):
            raise AccessError(
                self.env._("Only a leader of the agency can close a period.")
            )
        self._check_draft()
        for report in self:
            report._close()
        return True

    def _close(self):
        self.ensure_one()
        if not self._is_over():
            raise UserError(
                self.env._(
                    "%(report)s cannot be closed before the period is over on %(day)s.",
                    report=self.display_name,
                    day=format_date(self.env, self.date_to),
                )
            )
        report = self.sudo()
        report._count()
        broken = [
            check
            for check in report.check_table
            if check["hard"] and check["state"] == "broken"
        ]
        if broken:
            raise UserError(
                self.env._(
                    "%(report)s cannot be closed: “%(check)s” does not hold (%(where)s:"
                    " %(left)s instead of %(right)s).",
                    report=self.display_name,
                    check=broken[0]["title"],
                    **broken[0]["faults"][0],
                )
            )
        self.env.cr.execute(
            SQL(
                "INSERT INTO cchc_statistic_entry (statistic_id, res_id, row_id, cell) "
                "SELECT %s, res_id, row_id, cell FROM (%s) cells",
                report.id,
                tables.by_row(
                    report._classified(report.counted_to), report._by_agency()
                ),
            )
        )
        report = guard.unlocked(report)
        report.write(
            {
                "state": "closed",
                "closed_by_id": self.env.uid,
                "closed_at": fields.Datetime.now(),
            }
        )
        report.checksum = report._digest()

    def _digest(self):
        """Return the checksum over all that the closing keeps."""
        self.ensure_one()
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT encode(sha256(convert_to(coalesce(string_agg(
                       res_id || ':' || row_id || ':' || cell, ',' ORDER BY res_id
                   ), ''), 'UTF8')), 'hex')
              FROM cchc_statistic_entry WHERE statistic_id = %s
            """,
            (self.id,),
        )
        content = {
            "entries": self.env.cr.fetchone()[0],
            "form": self.form,
            "scope": self.scope,
            "company": self.company_id.id,
            "period": [str(self.date_from), str(self.date_to), str(self.counted_to)],
            "layout": self.layout,
            "notes": self.notes,
            "lines": [
                [line.row_id, line.name, line.figures, line.remedy or ""]
                for line in self.line_ids.sorted("sequence")
            ],
            "closed": [self.closed_by_id.id, str(self.closed_at)],
        }
        return seal.checksum(content)

    def _is_intact(self):
        """Return whether the snapshot is still what was closed."""
        self.ensure_one()
        return self.checksum == self.sudo()._digest()

    def action_verify(self):
        """Compare the snapshot with its checksum and say what came out."""
        self.ensure_one()
        self.check_access("read")
        return seal.verdict(
            self._is_intact(),
            self.env._("The snapshot is as it was closed."),
            self.env._(
                "The snapshot was changed after closing: its checksum does not fit."
            ),
        )

    def action_compare(self):
        """List what a closed period would count differently now, per dossier."""
        self.check_access("read")
        for report in self.sudo():
            report._compare()
        return True

    def _compare(self):
        self.ensure_one()
        if self.state != "closed":
            return
        self.env.flush_all()
        fresh = tables.by_row(self._classified(self.counted_to), self._by_agency())
        self.env.cr.execute(
            SQL(
                """
                SELECT coalesce(fresh.res_id, kept.res_id), kept.row_id, kept.cell,
                       fresh.row_id, fresh.cell
                  FROM (%s) fresh
                  FULL JOIN (SELECT * FROM cchc_statistic_entry
                              WHERE statistic_id = %s) kept
                    ON kept.res_id = fresh.res_id
                 WHERE (kept.row_id, kept.cell)
                       IS DISTINCT FROM (fresh.row_id, fresh.cell)
                """,
                fresh,
                self.id,
            )
        )
        differences = self.env.cr.fetchall()
        target = "procedure_id" if self.form == "07b" else "dossier_id"
        report = guard.unlocked(self)
        report.correction_ids.unlink()
        guard.unlocked(self.env["cchc.statistic.correction"]).create(
            [
                {
                    "statistic_id": self.id,
                    target: res_id,
                    "row_before": row_before or 0,
                    "cell_before": cell_before or 0,
                    "row_after": row_after or 0,
                    "cell_after": cell_after or 0,
                }
                for res_id, row_before, cell_before, row_after, cell_after in (
                    differences
                )
            ]
        )
        report.compared_at = fields.Datetime.now()
        # Who looks sees those of dossiers that he may open; read anew under his rules.
        self.invalidate_recordset(["correction_ids"])

    @api.depends("correction_ids")
    def _compute_correction_count(self):
        for report in self:
            report.correction_count = len(report.sudo().correction_ids)

    # ------------------------------------------------------------------
    # Paper
    # ------------------------------------------------------------------
    def _sheet(self):
        """Return all texts of the printed report."""
        self.ensure_one()
        company = self.company_id.sudo()
        return {
            "code": self._form_code(),
            "title": TITLES[self.form],
            "period": self.period_name,
            "range": f"Từ ngày {self.date_from:%d/%m/%Y} "
            f"đến ngày {self.date_to:%d/%m/%Y}",
            "agency": company.name,
            "receiver": self.receiver_name or "……",
            "unit": UNITS.get(self.form, "Số hồ sơ TTHC"),
            "place": company.cchc_place or company.city or "……",
            "day": company._cchc_local_date(
                self.closed_at or self.computed_at or fields.Datetime.now()
            ),
            "notes": (self.notes or "").splitlines(),
            "table": self._table_vals(),
            "draft": self.state == "draft",
            "checksum": self.checksum,
        }

    def action_xlsx(self):
        """Print the report as a workbook."""
        self._count_missing()
        return self.env.ref("cchc_onestop.statistic_xlsx").report_action(self)

    def action_pdf(self):
        """Print the report on paper."""
        self._count_missing()
        return self.env.ref("cchc_onestop.report_statistic").report_action(self)

    def _count_missing(self):
        self.check_access("read")
        for report in self.sudo():
            if not report.layout:
                report._count()


def midnight(day, zone):
    """Return the start of a day in a time zone as naive UTC."""
    local = datetime.combine(day, time.min, tzinfo=zone)
    return local.astimezone(UTC).replace(tzinfo=None)
