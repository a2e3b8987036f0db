import hashlib
import json
from datetime import UTC, datetime, time, timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_date

from ..tools import guard
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
    # Counting
    # ------------------------------------------------------------------
    def action_compute(self):
        """Count the drafts from the dossiers as they are now."""
        self.check_access("write")
        self._check_draft()
        for report in self:
            report.sudo()._count()
        return True

    def _agencies(self):
        """Return the agencies that the report covers."""
        self.ensure_one()
        if self.scope == "own":
            return self.company_id
        return (
            self.env["res.company"]
            .sudo()
            .search([("id", "child_of", self.company_id.id)])
        )

    def _bounds(self, now=None):
        """Return the period in the time of each agency; it never reaches beyond now."""
        self.ensure_one()
        now = now or self.counted_to or fields.Datetime.now()
        agencies = {}
        for company in self._agencies().sudo():
            agencies.setdefault(company._cchc_tz(), []).append(company.id)
        return [
            tables.Bounds(
                tuple(ids),
                midnight(self.date_from, zone),
                min(midnight(self.date_to + timedelta(days=1), zone), now),
            )
            for zone, ids in agencies.items()
        ]

    def _period_end(self):
        """Return the moment at which the period is over in the reporting agency."""
        self.ensure_one()
        return midnight(
            self.date_to + timedelta(days=1), self.company_id.sudo()._cchc_tz()
        )

    def _classified(self, now=None):
        """Return the statement that puts each dossier (II.07b: procedure) into its
        cell, as it is counted up to ``now``."""
        self.ensure_one()
        if self.form == "07b":
            company = self.company_id.sudo()
            ancestors = [int(id_) for id_ in company.parent_path.split("/")[:-1]]
            return tables.procedures(company.id, ancestors, self.date_to)
        return tables.classified(
            self._table_kind(), self._bounds(now), self.regime_id.sudo()._choices()
        )

    def _table_kind(self):
        return "06" if self.form in ("06a", "06b") else self.form

    def _by_agency(self):
        return self.scope == "all"

    def _columns(self):
        """Return the columns of figures; those of II.07a depend on the reasons."""
        self.ensure_one()
        if self.form == "07a":
            reasons = self.env["cchc.reason"].search([("kind", "=", "late")])
            return tables.columns_07a([(r.id, r.code or r.name) for r in reasons])
        return {
            "07b": tables.COLUMNS_07B,
            "766": tables.COLUMNS_766,
        }.get(self.form, tables.COLUMNS_06)

    def _count(self):
        """Count the report and write its lines, checks and footnotes."""
        self.ensure_one()
        now = min(fields.Datetime.now(), self._period_end())
        self.env.flush_all()
        remedy = self.form == "07a"
        statement = tables.counted(self._classified(now), self._by_agency(), remedy)
        self.env.cr.execute(statement)
        rows, totals, texts = {}, {}, {}
        for row_id, cell, number, remedies, is_total in self.env.cr.fetchall():
            target = totals if is_total else rows.setdefault(row_id, {})
            target[cell] = target.get(cell, 0) + number
            if not is_total:
                texts.setdefault(row_id, set()).update(filter(None, remedies or ()))
        columns = self._columns()
        lines = self._line_vals(columns, rows, totals, texts)
        report = guard.unlocked(self)
        report.line_ids.unlink()
        report.write(
            {
                "line_ids": [fields.Command.create(vals) for vals in lines],
                "layout": [_column_vals(column) for column in columns],
                "notes": "\n".join(self._footnotes()),
                "computed_at": fields.Datetime.now(),
                "counted_to": now,
            }
        )
        report.checks = self._check(rows, totals)

    def _line_vals(self, columns, rows, totals, texts):
        model = "res.company" if self._by_agency() else "cchc.sector"
        found = self.env[model].sudo().with_context(active_test=False)
        if self._by_agency():
            owners = self._agencies().sorted(
                lambda c: (c.cchc_unit_code or "~", c.name)
            )
            if self.company_id.id not in rows:
                owners -= self.company_id
        else:
            owners = found.search([("id", "in", list(rows))])
        lines = [
            {
                "sequence": index,
                "row_id": owner.id,
                "name": owner.with_context(lang="vi_VN").name,
                "figures": tables.figures(columns, rows.get(owner.id, {})),
                "remedy": "; ".join(sorted(texts.get(owner.id, ()))),
            }
            for index, owner in enumerate(owners, start=1)
        ]
        lines.append(
            {
                "sequence": len(lines) + 1,
                "row_id": 0,
                "name": TOTAL,
                "figures": tables.figures(columns, totals),
            }
        )
        return lines

    def _footnotes(self):
        notes = self.regime_id.sudo()._notes(self.form)
        if self.form == "07a":
            reasons = self.env["cchc.reason"].sudo().search([("kind", "=", "late")])
            notes += [
                f"{reason.code}) {reason.with_context(lang='vi_VN').name}"
                for reason in reasons
                if reason.code
            ]
        if self.form != "07b" and not self._is_over():
            notes.insert(0, "Kỳ báo cáo chưa kết thúc: số liệu đến thời điểm lập biểu.")
        return notes

    def _is_over(self):
        return self._period_end() <= fields.Datetime.now()

    # ------------------------------------------------------------------
    # Identities
    # ------------------------------------------------------------------
    def _check(self, rows, totals):
        """Return the identities of the report with whether they hold.

        :return: list of ``{key, title, hard, state, faults}``; a fault names the row
            and both numbers
        """
        lines = self.line_ids.sorted("sequence")
        numbers = {
            column["key"]: str(index)
            for index, column in enumerate(self.layout, start=3)
        }
        checks = []
        for left, right in tables.IDENTITIES.get(self._table_kind(), ()):
            title = f"({numbers[left]}) = " + " + ".join(
                f"({numbers[key]})" for key in right
            )
            faults = [
                _fault(line.name, line.figures[left], sum(map(line.figures.get, right)))
                for line in lines
                if line.figures[left] != sum(map(line.figures.get, right))
            ]
            checks.append(_result(f"{left}_{right[0]}", title, faults))
        checks.append(self._check_totals(lines))
        unclear = sum(
            number
            for cell, number in totals.items()
            if self.form != "07b" and cell % 10 == tables.UNKNOWN
        )
        checks.append(
            _result(
                "one_cell",
                "one_cell",
                [_fault(TOTAL, unclear, 0)] if unclear else [],
            )
        )
        if self._table_kind() == "06":
            checks.append(self._check_carried(lines))
        if self.form == "06b":
            checks.append(self._check_bodies(lines))
        return checks

    def _check_totals(self, lines):
        *bodies, total = lines
        faults = [
            _fault(
                " – ".join(column["path"]),
                total.figures[column["key"]],
                sum(line.figures[column["key"]] for line in bodies),
            )
            for column in self.layout
            if total.figures[column["key"]]
            != sum(line.figures[column["key"]] for line in bodies)
        ]
        return _result("totals", "totals", faults)

    def _check_carried(self, lines):
        """Carried over equals what the closed period before left open."""
        before = self.sudo().search(
            [
                ("company_id", "=", self.company_id.id),
                ("form", "=", self.form),
                ("scope", "=", self.scope),
                ("state", "=", "closed"),
                ("date_to", "=", self.date_from - timedelta(days=1)),
            ],
            limit=1,
            order="closed_at desc",
        )
        if not before:
            return _result("carried", "carried", [], state="none")
        left = {line.row_id: line for line in before.line_ids}
        now = {line.row_id: line for line in lines}
        faults = []
        for row_id in sorted({*left, *now}):
            carried = row_id in now and now[row_id].figures["c6"] or 0
            remaining = row_id in left and left[row_id].figures["c11"] or 0
            if carried != remaining:
                line = now.get(row_id) or left[row_id]
                faults.append(_fault(line.name, carried, remaining))
        return _result("carried", "carried", faults, hard=False)

    def _check_bodies(self, lines):
        """The row of a body equals the total of that body's closed II.06a."""
        closed = {
            report.company_id.id: report
            for report in self.sudo().search(
                [
                    ("company_id", "in", [line.row_id for line in lines]),
                    ("form", "=", "06a"),
                    ("state", "=", "closed"),
                    ("date_from", "=", self.date_from),
                    ("date_to", "=", self.date_to),
                ]
            )
        }
        faults = []
        for line in lines:
            report = closed.get(line.row_id)
            if not report:
                continue
            own = report.line_ids.filtered(lambda row: not row.row_id).figures
            for column in self.layout:
                key = column["key"]
                if line.figures[key] != own[key]:
                    where = f"{line.name} – {' – '.join(column['path'])}"
                    faults.append(_fault(where, line.figures[key], own[key]))
        state = None if closed else "none"
        return _result("bodies", "bodies", faults, hard=False, state=state)

    @api.depends("checks")
    def _compute_check_table(self):
        titles = {
            "totals": self.env._("The total row equals the sum of the rows"),
            "one_cell": self.env._("Every dossier stands in exactly one cell"),
            "carried": self.env._(
                "Carried over = left open by the closed period before"
            ),
            "bodies": self.env._("Each row equals the closed II.06a of that agency"),
        }
        for report in self:
            checks = report.checks or []
            report.check_table = [
                {**check, "title": titles.get(check["title"], check["title"])}
                for check in checks
            ]
            report.has_error = any(check["state"] == "broken" for check in checks)

    # ------------------------------------------------------------------
    # Tables
    # ------------------------------------------------------------------
    @api.depends("layout", "line_ids.figures", "correction_ids")
    def _compute_table(self):
        for report in self:
            report.table = report._table_vals() if report.layout else False

    def _table_vals(self):
        """Return the table as screens, workbooks and printed pages show it."""
        self.ensure_one()
        own = self.layout
        title = AGENCY_TITLE if self._by_agency() else ROW_TITLES.get(self.form)
        paths = [("TT",), (title,), *(tuple(column["path"]) for column in own)]
        remedies = self.form == "07a"
        if remedies:
            paths += [("Biện pháp khắc phục",), ("Ghi chú",)]
        corrected = self._corrected_cells()
        return {
            "columns": [column["key"] for column in own],
            "head": tables.headings(paths),
            "numbers": [str(index) for index in range(1, len(paths) + 1)],
            "remedies": remedies,
            "rows": [
                {
                    "id": line.row_id,
                    "name": line.name,
                    "total": not line.row_id,
                    "figures": [line.figures[column["key"]] for column in own],
                    "corrections": [
                        corrected.get((line.row_id, column["key"]), 0) for column in own
                    ],
                    "remedy": line.remedy or "",
                }
                for line in self.line_ids.sorted("sequence")
            ],
        }

    def _corrected_cells(self):
        """Return ``{(row, column): difference}`` by the later corrections."""
        changes = {}
        for row in self.sudo().correction_ids:
            for row_id, cell, sign in (
                (row.row_before, row.cell_before, -1),
                (row.row_after, row.cell_after, 1),
            ):
                for column in self._stored_columns() if row_id else ():
                    if column.counts(cell):
                        for where in (row_id, 0):
                            key = where, column.key
                            changes[key] = changes.get(key, 0) + sign
        return {key: change for key, change in changes.items() if change}

    def _stored_columns(self):
        return [
            tables.Column(
                column["key"],
                tuple(column["path"]),
                _codes(column["received"]),
                _codes(column["standing"]),
            )
            for column in self.layout or ()
        ]

    @api.depends("line_ids.figures")
    def _compute_headline(self):
        for report in self:
            total = report.line_ids.filtered(lambda line: not line.row_id)[:1]
            found = total.figures or {}
            kind = report.form and report._table_kind()
            report.received = found.get("c3", found.get("total", 0))
            report.settled = found.get({"766": "c9"}.get(kind, "c7"), 0)
            report.late = found.get({"766": "c12", "07a": "total"}.get(kind, "c10"), 0)
            if kind == "07b":
                report.settled = report.late = 0

    # ------------------------------------------------------------------
    # What is behind a figure
    # ------------------------------------------------------------------
    def open_cell(self, row_id, key):
        """Open the dossiers (II.07b: procedures) that a figure counts.

        :param int row_id: field or agency of the row; 0 for the total
        :param str key: column
        :raises UserError: when the reader sees only totals of this agency
        """
        self.ensure_one()
        self.check_access("read")
        if self.state == "draft":
            self.sudo()._count()
        line = self.line_ids.filtered(lambda line: line.row_id == row_id)
        figure = line.figures.get(key, 0) if line else 0
        column = next((c for c in self._stored_columns() if c.key == key), None)
        if column is None:
            raise UserError(self.env._("The report has no such column any more."))
        action = {
            "type": "ir.actions.act_window",
            "name": f"{self._form_code()} – {line.name or TOTAL} – "
            f"{', '.join(column.path)}",
            "view_mode": "list,form",
            "views": [(False, "list"), (False, "form")],
            "context": {"create": False, "active_test": False},
        }
        if self.form == "07b":
            self.env.cr.execute(self._cell_statement(row_id, column))
            ids = [row[0] for row in self.env.cr.fetchall()]
            return {
                **action,
                "res_model": "cchc.procedure",
                "domain": [("id", "in", ids)],
            }
        domain = [("statistic_cell", "=", f"{self.id}/{row_id}/{key}")]
        if figure and not self.env["cchc.dossier"].search_count(domain, limit=1):
            raise UserError(
                self.env._(
                    "You see the totals of %(agency)s, not its dossiers: ask that "
                    "agency, or an administrator for the right to see details.",
                    agency=line.name if self._by_agency() else self.company_id.name,
                )
            )
        return {
            **action,
            "res_model": "cchc.dossier",
            "domain": domain,
            "views": [
                (self.env.ref("cchc_onestop.cchc_dossier_view_list").id, "list"),
                (self.env.ref("cchc_onestop.cchc_dossier_view_form").id, "form"),
            ],
        }

    def _cell_statement(self, row_id, column):
        """Return the statement for the ids behind a figure, of the snapshot when the
        period is closed."""
        self.ensure_one()
        if self.state == "closed":
            rows = SQL(
                "SELECT res_id, row_id, cell FROM cchc_statistic_entry "
                "WHERE statistic_id = %s",
                self.id,
            )
        else:
            rows = tables.by_row(self._classified(self.counted_to), self._by_agency())
        return SQL(
            "SELECT res_id FROM (%s) cells WHERE %s AND %s AND %s",
            rows,
            SQL("row_id = %s", row_id) if row_id else SQL("TRUE"),
            _has_code(SQL("cell / 10"), column.received),
            _has_code(SQL("cell %% 10"), column.standing),
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
        text = json.dumps(content, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def _is_intact(self):
        """Return whether the snapshot is still what was closed."""
        self.ensure_one()
        return self.checksum == self.sudo()._digest()

    def action_verify(self):
        """Compare the snapshot with its checksum and say what came out."""
        self.ensure_one()
        self.check_access("read")
        intact = self._is_intact()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if intact else "danger",
                "sticky": not intact,
                "message": self.env._("The snapshot is as it was closed.")
                if intact
                else self.env._(
                    "The snapshot was changed after closing: its checksum does not fit."
                ),
            },
        }

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


def _column_vals(column):
    return {
        "key": column.key,
        "path": list(column.path),
        "received": None if column.received is None else sorted(column.received),
        "standing": None if column.standing is None else sorted(column.standing),
    }


def _codes(codes):
    return None if codes is None else frozenset(codes)


def _has_code(expression, codes):
    if codes is None:
        return SQL("TRUE")
    return SQL("%s = ANY(%s)", expression, sorted(codes))


def _result(key, title, faults, hard=True, state=None):
    """Return one identity as the panel shows it; at most ten faults are named."""
    return {
        "key": key,
        "title": title,
        "hard": hard,
        "state": state or ("broken" if faults else "holds"),
        "faults": faults[:10],
    }


def _fault(where, left, right):
    return {"where": where, "left": left, "right": right}
