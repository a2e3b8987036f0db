import hashlib

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date

from odoo.addons.cchc_onestop.tools import seal
from odoo.addons.cchc_onestop.tools.guard import is_unlocked, unlocked

from ..tools import report_docx

#: What was sent stays as it was sent.
FROZEN = ("submitted", "returned")
_CHATTER = ("message_", "activity_", "website_message_")
#: Written by the report itself only.
_OWN = frozenset(
    {"state", "version", "replaces_id", "submitted_at", "submitted_by_id", "checksum"}
    | {"pdf_id", "pdf_checksum", "returned_at", "returned_by_id", "return_reason"}
    | {"collected_at", "collected_by_id", "reminded_at", "missed_at"}
)
#: Columns that the checksum covers.
_SEALED = (
    "title",
    "number",
    "date_from",
    "date_to",
    "due_date",
    "recipients",
    "opening",
)


class CchcReformReport(models.Model):
    """Periodic report on reform: collects its figures by itself, is approved and sent.

    Drafted and approved as every paper; what was sent to the superior is frozen for
    everybody, with its PDF and a checksum. A report that the superior returns stays
    beside its new version, which begins with the texts, typed figures and overrides of
    the old one and collects anew: what was sent is never amended.
    """

    _name = "cchc.reform.report"
    _description = "Reform Report"
    _inherit = ["cchc.approved.mixin"]
    _order = "date_to desc, date_from, company_id, version desc, id desc"
    _check_company_auto = True
    _cchc_signature_group = "cchc_reform.group_leader"
    _cchc_free = frozenset({"number", "date", "signer_id"})

    company_id = fields.Many2one(
        "res.company",
        "Agency",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    rule_id = fields.Many2one(
        "cchc.reform.report.rule",
        "Kind of Report",
        required=True,
        ondelete="restrict",
        index=True,
        default=lambda self: self._default_rule(),
    )
    kind = fields.Selection(related="rule_id.kind", store=True, precompute=True)
    outline_id = fields.Many2one(
        "cchc.reform.report.outline",
        compute="_compute_outline_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        ondelete="restrict",
    )
    covers = fields.Selection(
        [("own", "This agency"), ("below", "This agency and those below")],
        compute="_compute_covers",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="Which agencies the figures are counted over",
    )
    date_from = fields.Date(
        "From",
        compute="_compute_dates",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        tracking=True,
    )
    date_to = fields.Date(
        "To",
        compute="_compute_dates",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        tracking=True,
    )
    due_date = fields.Date(
        "Due",
        compute="_compute_due_date",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help="Day until which it is sent",
    )
    year = fields.Integer(
        compute="_compute_year", store=True, precompute=True, aggregator=None
    )
    topic = fields.Char(help="Of a report on a topic: what it is about")
    period_name = fields.Char(
        "Period", compute="_compute_title", store=True, precompute=True
    )
    title = fields.Char(
        compute="_compute_title",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    opening = fields.Text(
        compute="_compute_title",
        store=True,
        readonly=False,
        precompute=True,
        help="First paragraphs",
    )
    recipients = fields.Text(
        compute="_compute_recipients",
        store=True,
        readonly=False,
        precompute=True,
        help="One a line, as printed below “Nơi nhận”",
    )
    number = fields.Char(
        "Number and Symbol", copy=False, tracking=True, help="E.g. 31/BC-UBND"
    )
    date = fields.Date("Signed on", copy=False, tracking=True)
    signer_id = fields.Many2one("res.users", "Signed by")
    responsible_id = fields.Many2one(
        "res.users", "Officer", default=lambda self: self._default_responsible()
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("approved", "Approved"),
            ("submitted", "Sent"),
            ("returned", "Returned"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    version = fields.Integer(default=1, readonly=True, copy=False, aggregator=None)
    replaces_id = fields.Many2one(
        "cchc.reform.report",
        "New Version of",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
    )
    replaced_by_ids = fields.One2many(
        "cchc.reform.report", "replaces_id", "New Version", readonly=True
    )
    section_ids = fields.One2many(
        "cchc.reform.report.section", "report_id", "Sections", copy=False
    )
    figure_ids = fields.One2many(
        "cchc.reform.report.figure", "report_id", "Figures", copy=False
    )
    annex_ids = fields.One2many(
        "cchc.reform.report.annex", "report_id", "Annexes", copy=False
    )
    empty_sections = fields.Char(
        compute="_compute_empty_sections", help="Sections without any text"
    )
    overridden_count = fields.Integer(compute="_compute_counts")
    offered_count = fields.Integer(compute="_compute_counts")
    collected_at = fields.Datetime("Collected", readonly=True, copy=False)
    collected_by_id = fields.Many2one(
        "res.users", "Collected by", readonly=True, copy=False
    )
    submitted_at = fields.Datetime("Sent at", readonly=True, copy=False)
    submitted_by_id = fields.Many2one("res.users", "Sent by", readonly=True, copy=False)
    is_late = fields.Boolean(
        "Late",
        compute="_compute_is_late",
        search="_search_is_late",
        help="Sent after the due day, or not sent although it is over",
    )
    returned_at = fields.Datetime(readonly=True, copy=False)
    returned_by_id = fields.Many2one(
        "res.users", "Returned by", readonly=True, copy=False
    )
    return_reason = fields.Text("Why It Was Returned", readonly=True, copy=False)
    may_return = fields.Boolean(compute="_compute_may_return")
    may_renew = fields.Boolean(compute="_compute_may_return")
    pdf_id = fields.Many2one(
        "ir.attachment", "PDF", readonly=True, copy=False, ondelete="restrict"
    )
    pdf_checksum = fields.Char("Checksum of the PDF", readonly=True, copy=False)
    checksum = fields.Char(
        "Checksum (SHA-256)",
        readonly=True,
        copy=False,
        help="Over texts, figures, annexes and who sent the report when",
    )
    reminded_at = fields.Date(readonly=True, copy=False)
    missed_at = fields.Date(readonly=True, copy=False)

    _dates = models.Constraint(
        "CHECK (date_to >= date_from)", "A period cannot end before it begins."
    )
    _once = models.UniqueIndex(
        "(company_id, rule_id, date_from) WHERE state <> 'returned' "
        "AND kind <> 'topic'",
        "There is a report of this kind for the period already; open that one.",
    )
    _open_idx = models.Index(
        "(due_date) WHERE state IN ('draft', 'approved')",
    )

    # --- What it is

    @api.model
    def _default_responsible(self):
        user = self.env.user
        return user if user.has_group("cchc_reform.group_officer") else False

    @api.model
    def _default_rule(self):
        """Return the kind of report that the agency has to send next."""
        today = fields.Date.context_today(self)
        return self.env["cchc.reform.report.rule"]._next_due(today, self.env.company)

    @api.model
    def _made(self, company, starts):
        """Return the rules whose report an agency has made already.

        :param starts: ``{rule: first day of the period}``
        """
        found = self.search(
            [
                ("company_id", "=", company.id),
                ("rule_id", "in", [rule.id for rule in starts]),
                ("date_from", "in", list(starts.values())),
                ("state", "!=", "returned"),
            ]
        )
        return found.filtered(
            lambda report: report.date_from == starts[report.rule_id]
        ).rule_id

    @api.depends("rule_id")
    def _compute_outline_id(self):
        for report in self:
            report.outline_id = report.rule_id.outline_id

    @api.depends("company_id")
    def _compute_covers(self):
        for report in self:
            below = report.company_id.sudo().child_ids
            report.covers = "below" if below else "own"

    @api.depends("rule_id")
    def _compute_dates(self):
        today = fields.Date.context_today(self)
        for report in self:
            if report.rule_id and report.kind != "topic":
                window = report.rule_id._last_window(today)
                report.date_from, report.date_to = window.date_from, window.date_to
            else:
                report.date_from = report.date_from or today.replace(day=1)
                report.date_to = report.date_to or today

    @api.depends("rule_id", "date_to", "company_id")
    def _compute_due_date(self):
        for report in self:
            window = None
            if report.date_to and report.rule_id:
                window = report._window()
            if window:
                report.due_date = report.rule_id._due(window, report.company_id)
            elif report.kind == "topic":
                report.due_date = report.due_date or report.date_to
            else:
                report.due_date = False

    def _window(self):
        """Return the window of the rule that ends with the period, ``None`` when the
        days are a person's own."""
        self.ensure_one()
        if self.kind == "topic":
            return None
        window = self.rule_id._to_rule().containing(self.date_to)
        return window if window and window.date_to == self.date_to else None

    @api.depends("date_to")
    def _compute_year(self):
        for report in self:
            report.year = report.date_to.year if report.date_to else 0

    @api.depends("rule_id", "outline_id", "date_from", "date_to", "topic", "company_id")
    def _compute_title(self):
        for report in self:
            if not report.date_from or not report.date_to:
                continue
            if report.kind == "topic":
                name = (
                    f"từ ngày {report.date_from:%d/%m/%Y} "
                    f"đến ngày {report.date_to:%d/%m/%Y}"
                )
            else:
                name = report.rule_id._period_name(report.date_to)
            report.period_name = name
            words = {
                "{period}": name,
                "{agency}": report.company_id.sudo().name or "",
                "{superior}": report._superior_name(),
            }
            title = report.topic if report.kind == "topic" and report.topic else ""
            report.title = title or _put(report.outline_id.title, words)
            report.opening = _put(report.outline_id.basis, words)

    def _superior_name(self):
        company = self.company_id.sudo()
        return company.parent_id.name or company.cchc_superior_name or "cấp trên"

    @api.depends("company_id")
    def _compute_recipients(self):
        for report in self:
            company = report.company_id.sudo()
            lines = [f"{report._superior_name()} (báo cáo)"]
            if company.cchc_level == "commune":
                lines += [
                    "Thường trực Đảng ủy, HĐND",
                    "Chủ tịch, các Phó Chủ tịch UBND",
                ]
            report.recipients = "\n".join([*lines, "Lưu: VT"])

    @api.depends("title", "company_id", "version")
    def _compute_display_name(self):
        for report in self:
            version = f" (lần {report.version})" if report.version > 1 else ""
            report.display_name = f"{report.title or ''}{version}"

    @api.depends("figure_ids.is_overridden", "section_ids.offered")
    def _compute_counts(self):
        for report in self:
            report.overridden_count = len(report.figure_ids.filtered("is_overridden"))
            report.offered_count = len(report.section_ids.filtered("offered"))

    @api.depends("section_ids.body", "section_ids.is_part", "section_ids.sequence")
    def _compute_empty_sections(self):
        for report in self:
            names, part = [], ""
            for section, below in report._outlined():
                if section.is_part:
                    part = f"{section.number}." if section.number else ""
                if not below and not _written(section):
                    name = section.display_name
                    names.append(name if section.is_part else f"{part}{name}")
            report.empty_sections = "; ".join(names)

    def _outlined(self):
        """Return the sections in their order, each with those below it."""
        outlined, part = [], None
        for section in self.section_ids.sorted("sequence"):
            if section.is_part:
                part = []
            elif part is not None:
                part.append(section)
            outlined.append((section, part if section.is_part else []))
        return outlined

    @api.depends("state", "due_date", "submitted_at")
    @api.depends_context("tz")
    def _compute_is_late(self):
        today = fields.Date.context_today(self)
        for report in self:
            day = today
            if report.submitted_at:
                day = report.company_id.sudo()._cchc_local_date(report.submitted_at)
            report.is_late = bool(report.due_date and day > report.due_date)

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        open_late = [("submitted_at", "=", False), ("due_date", "<", today)]
        sent = self.sudo().search(
            [("submitted_at", "!=", False), ("due_date", "!=", False)]
        )
        late = sent.filtered("is_late").ids
        domain = ["|", *(["&", *open_late]), ("id", "in", late)]
        return domain if True in value else ["!", *domain]

    @api.depends("state")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_may_return(self):
        for report in self:
            report.may_return = report._may_return()
            report.may_renew = (
                report.state == "returned" and report.company_id in self.env.companies
            )

    def _may_return(self):
        """Whether the reader may return the report: he works in an agency above."""
        self.ensure_one()
        user = self.env.user
        above = {int(id_) for id_ in self._above_path()} & set(user._get_company_ids())
        return (
            self.state == "submitted"
            and bool(above)
            and any(
                user.has_group(f"cchc_reform.group_{group}")
                for group in ("officer", "leader", "appraiser")
            )
        )

    def _above_path(self):
        """Return the ids of the agencies above."""
        return (self.company_id.sudo().parent_path or "").split("/")[:-2]

    def _companies(self):
        """Return the agencies that the figures cover."""
        self.ensure_one()
        company = self.company_id.sudo()
        if self.covers == "own":
            return company
        return company.search([("id", "child_of", company.id)])

    @api.constrains("rule_id", "date_from", "date_to")
    def _check_period(self):
        for report in self.filtered(lambda report: report.kind != "topic"):
            window = report._window()
            if not window or window.date_from != report.date_from:
                found = report.rule_id._to_rule().window(
                    report.date_to.year, report.date_to.month
                )
                raise ValidationError(
                    self.env._(
                        "%(rule)s of %(year)s runs from %(first)s to %(last)s; for "
                        "other days make a report on a topic.",
                        rule=report.rule_id.name,
                        year=report.date_to.year,
                        first=format_date(self.env, found.date_from),
                        last=format_date(self.env, found.date_to),
                    )
                )

    # --- Drafting

    @api.model_create_multi
    def create(self, vals_list):
        if not is_unlocked(self.env):
            vals_list = [
                {name: value for name, value in vals.items() if name not in _OWN}
                for vals in vals_list
            ]
        reports = super().create(vals_list)
        for report in reports:
            report._lay_out()
        return reports

    def _lay_out(self):
        """Make sections, figures and annexes of the outline."""
        self.ensure_one()
        outline = self.outline_id.sudo()
        sections = self.env["cchc.reform.report.section"].create(
            [
                {
                    "report_id": self.id,
                    "sequence": position,
                    "number": section.number,
                    "name": section.name,
                    "is_part": section.is_part,
                    "template": section.template,
                    "when_empty": section.when_empty,
                }
                for position, section in enumerate(outline.section_ids, start=1)
            ]
        )
        figures = unlocked(self.env["cchc.reform.report.figure"])
        figures.create(
            [
                {
                    "report_id": self.id,
                    "section_id": section.id,
                    "sequence": 100 * section.sequence + position,
                    "key": item.key,
                    "name": item.name,
                    "metric_id": item.metric_id.id,
                    "unit": item.unit,
                    "unit_label": item.unit_label,
                    "in_agencies": item.in_agencies,
                    "source": item.metric_id.with_context(lang="vi_VN").source,
                }
                for section, planned in zip(sections, outline.section_ids, strict=True)
                for position, item in enumerate(planned.item_ids, start=1)
            ]
        )
        self.env["cchc.reform.report.annex"].create(
            [
                {
                    "report_id": self.id,
                    "sequence": position,
                    "kind": annex.kind,
                    "name": annex.name,
                }
                for position, annex in enumerate(outline.annex_ids, start=1)
            ]
        )

    def write(self, vals):
        names = {name for name in vals if not name.startswith(_CHATTER)}
        if names and not is_unlocked(self.env):
            self._check_not_frozen()
            if wrong := names & (_OWN - {"state"}):
                raise AccessError(
                    self.env._(
                        "%s: written by the report itself.", ", ".join(sorted(wrong))
                    )
                )
            if names & {"rule_id", "outline_id"} and self.figure_ids.filtered(
                "is_known"
            ):
                raise UserError(
                    self.env._(
                        "Figures are collected already: make another report instead "
                        "of changing the kind of this one."
                    )
                )
        result = super().write(vals)
        if names & {"rule_id", "outline_id"}:
            for report in self:
                unlocked(report.section_ids).unlink()
                unlocked(report.figure_ids).unlink()
                unlocked(report.annex_ids).unlink()
                report._lay_out()
        return result

    def _check_not_frozen(self):
        if sent := self.filtered(lambda report: report.state in FROZEN)[:1]:
            raise UserError(
                self.env._(
                    "%(report)s was sent on %(day)s and stays as it was sent; a report "
                    "that the superior returns gets a new version.",
                    report=sent.display_name,
                    day=format_date(self.env, sent.submitted_at),
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        self._check_not_frozen()

    def _cchc_check_open(self):
        if not is_unlocked(self.env):
            self._check_not_frozen()
        return super()._cchc_check_open()

    # --- Approving and sending

    def _cchc_check_submission(self):
        if not self.collected_at:
            raise UserError(
                self.env._("Collect the figures of %s first.", self.display_name)
            )
        for figure in self.figure_ids:
            if figure.is_typed and figure.is_known and not figure.source:
                raise UserError(
                    self.env._(
                        "Say where “%s” comes from: it was typed by hand.", figure.name
                    )
                )

    def _cchc_check_amend(self):
        self._check_not_frozen()

    def action_send(self):
        """Send approved reports to the superior; they are frozen from then on.

        :raises UserError: when one is not approved, or has no number or day
        """
        self.check_access("write")
        for report in self:
            report._send()
        return True

    def _send(self):
        self.ensure_one()
        self._check_not_frozen()
        if self.state != "approved":
            raise UserError(
                self.env._(
                    "%s is not approved yet: only what a leader approved is sent.",
                    self.display_name,
                )
            )
        if not self.number or not self.date:
            raise UserError(
                self.env._(
                    "Enter number and day of %s as the clerk gave them.",
                    self.display_name,
                )
            )
        report = unlocked(self.sudo())
        report.write(
            {
                "state": "submitted",
                "submitted_at": fields.Datetime.now(),
                "submitted_by_id": self.env.uid,
            }
        )
        content, _kind = self.env["ir.actions.report"]._render_qweb_pdf(
            "cchc_reform.report_reform_report", self.ids
        )
        pdf = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": f"{self._file_name()}.pdf",
                    "raw": content,
                    "mimetype": "application/pdf",
                    "res_model": self._name,
                    "res_id": self.id,
                }
            )
        )
        report.write(
            {"pdf_id": pdf.id, "pdf_checksum": hashlib.sha256(content).hexdigest()}
        )
        report.checksum = report._digest()
        report.activity_unlink(["mail.mail_activity_data_todo"])

    def _file_name(self):
        """Return a name for files of this report."""
        number = (self.number or "").replace("/", "-")
        return " ".join(filter(None, ["Báo cáo", number, self.period_name])).strip()

    def _to_docx(self):
        """Return the report as the bytes of a Word file."""
        self.ensure_one()
        paper = self.env["report.cchc_reform.report_reform_report"]
        return report_docx.make(paper._get_sheet(self.with_context(lang="vi_VN")))

    def action_docx(self):
        """Download the report as a Word file."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/cchc_reform/report/{self.id}.docx",
            "target": "download",
        }

    def action_pdf(self):
        """Print the report; once it was sent, the PDF that was sent."""
        self.ensure_one()
        self.check_access("read")
        if self.pdf_id:
            return {
                "type": "ir.actions.act_url",
                "url": f"/web/content/{self.pdf_id.id}?download=true",
                "target": "download",
            }
        return self.env.ref("cchc_reform.report_reform_report_action").report_action(
            self
        )

    def action_xlsx(self):
        """Download figures and annexes as a workbook."""
        self.check_access("read")
        return self.env.ref("cchc_reform.report_reform_report_xlsx").report_action(self)

    def _digest(self):
        """Return the checksum over all that was sent."""
        self.ensure_one()
        # As the database keeps it, not as it was reckoned on the way.
        self.env.flush_all()
        self.env.invalidate_all()
        content = {
            **{name: str(self[name] or "") for name in _SEALED},
            "agency": self.company_id.id,
            "date": str(self.date),
            "version": self.version,
            "sent": [str(self.submitted_at), self.submitted_by_id.id],
            "approved": [str(self.approved_at), self.approved_by_id.id],
            "pdf": self.pdf_checksum,
            "sections": [
                [row.number or "", row.name, row.body or ""] for row in self.section_ids
            ],
            "figures": [
                [
                    *(row.key, row.name, row.numerator, row.denominator, row.value),
                    *(row.source or "", str(row.as_of), row.is_overridden),
                    *(row.measured, row.override_reason or ""),
                    *(row.override_by_id.id, str(row.override_at)),
                    *(row.previous_value, row.last_year_value),
                ]
                for row in self.figure_ids
            ],
            "annexes": [[row.kind, row.name, row.table] for row in self.annex_ids],
        }
        return seal.checksum(content)

    def _is_intact(self):
        """Return whether report and PDF are still what was sent."""
        self.ensure_one()
        report = self.sudo()
        content = report.pdf_id.raw or b""
        return (
            report.checksum == report._digest()
            and report.pdf_checksum == hashlib.sha256(content).hexdigest()
        )

    def action_verify(self):
        """Compare the report and its PDF with their checksums and say what came out."""
        self.ensure_one()
        self.check_access("read")
        return seal.verdict(
            self._is_intact(),
            self.env._("The report is as it was sent."),
            self.env._(
                "The report was changed after sending: its checksum does not fit."
            ),
        )

    # --- Returned by the superior

    def _return(self, reason):
        """Return a report that was sent, as an agency above.

        :raises AccessError: for who works in no agency above
        :raises UserError: without a reason, or when it was not sent
        """
        self.ensure_one()
        self.check_access("read")
        if self.state != "submitted":
            raise UserError(
                self.env._(
                    "Only a report that was sent is returned; %s is not.", self.title
                )
            )
        if not self._may_return():
            raise AccessError(
                self.env._("Only the agency above returns %s.", self.display_name)
            )
        if not (reason or "").strip():
            raise UserError(self.env._("Say what is to be mended in the report."))
        report = unlocked(self.sudo())
        report.write(
            {
                "state": "returned",
                "returned_at": fields.Datetime.now(),
                "returned_by_id": self.env.uid,
                "return_reason": reason,
            }
        )
        report._message_log(body=self.env._("Returned: %s", reason))
        if report.responsible_id:
            report.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=report.responsible_id.id,
                summary=self.env._("Report returned: make a new version"),
                note=reason,
            )

    def action_new_version(self):
        """Open the new version of a report that was returned."""
        self.ensure_one()
        self.check_access("write")
        if self.state != "returned":
            raise UserError(
                self.env._(
                    "%s was not returned; only a returned report gets a new version.",
                    self.display_name,
                )
            )
        new = self.replaced_by_ids[:1] or self._new_version()
        return new._get_records_action()

    def _new_version(self):
        self.ensure_one()
        values = {
            name: self[name].id if self._fields[name].relational else self[name]
            for name in (
                *("company_id", "rule_id", "outline_id", "covers", "date_from"),
                *("date_to", "due_date", "topic", "title", "opening", "recipients"),
                *("signer_id", "responsible_id"),
            )
        }
        new = self.create(values)
        unlocked(new).write({"version": self.version + 1, "replaces_id": self.id})
        new._take_over(self)
        new._collect()
        return new

    def _take_over(self, old):
        """Begin with the texts, typed figures and overrides of another report."""
        sections = {(row.number, row.name): row for row in old.section_ids}
        for section in unlocked(self.section_ids):
            if found := sections.get((section.number, section.name)):
                section.write({"body": found.body, "filled": found.filled})
        kept = {row.key: row for row in old.figure_ids}
        for figure in unlocked(self.figure_ids):
            if not (found := kept.get(figure.key)):
                continue
            names = (
                ("override_value", "override_reason", "override_by_id", "override_at")
                if figure.metric_id
                else ("numerator", "denominator", "is_known", "source", "as_of")
            )
            values = {
                name: found[name].id if found._fields[name].relational else found[name]
                for name in names
            }
            figure.write({**values, "is_overridden": found.is_overridden})
        typed = old.figure_ids.filtered(lambda row: row.key == "typed")
        for row in typed:
            section = self.section_ids.filtered(
                lambda one, row=row: one.name == row.section_id.name
            )[:1]
            unlocked(row).copy({"report_id": self.id, "section_id": section.id})


def _written(section):
    return bool((section.body or "").strip())


def _put(text, words):
    """Return a text with its names in braces replaced."""
    for name, word in words.items():
        text = (text or "").replace(name, word)
    return text
