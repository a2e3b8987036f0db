from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import human_size

from odoo.addons.cchc_onestop.tools.guard import is_unlocked, unlocked

OUTCOMES = [
    ("going", "Goes On"),
    ("done", "Completed"),
    ("cancelled", "Not Carried Out"),
    ("adjusted", "Adjusted"),
]


#: What the entry works out by itself.
_COMPUTED = {"is_corrected", "has_evidence"}
EVIDENCE_KINDS = [
    ("plan", "Plan"),
    ("report", "Report"),
    ("decision", "Decision"),
    ("letter", "Official Letter"),
    ("minutes", "Minutes"),
    ("picture", "Pictures"),
    ("figures", "Figures of a System"),
    ("other", "Other"),
]
EVIDENCE_FORMS = [
    ("signed", "Digitally signed file"),
    ("scan", "Scan"),
    ("file", "Working file"),
    ("paper", "Paper"),
    ("link", "Link"),
]


class CchcReformProgress(models.Model):
    """Entry of progress on a task: kept, never overwritten.

    What was wrong is corrected by a further entry that names it; both stay. Giving a
    task up, or changing it, needs the document of an authority.
    """

    _name = "cchc.reform.progress"
    _description = "Progress of a Task"
    _order = "day desc, id desc"
    _rec_name = "day"

    task_id = fields.Many2one(
        "cchc.reform.task", required=True, ondelete="cascade", index=True
    )
    plan_id = fields.Many2one(
        related="task_id.plan_id", store=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="task_id.company_id", store=True, index=True)
    day = fields.Date(
        "Date", required=True, default=lambda self: fields.Date.context_today(self)
    )
    period_end = fields.Date(
        "For the Quarter until",
        help="Of a task due each quarter: the quarter whose result this is",
    )
    user_id = fields.Many2one(
        "res.users",
        "Entered by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
    )
    outcome = fields.Selection(OUTCOMES, required=True, default="going")
    percent = fields.Integer("Progress (%)", aggregator=None)
    actual = fields.Float(digits=(16, 4), aggregator=None)
    has_actual = fields.Boolean("With a Figure")
    text = fields.Text("What Was Done", required=True)
    authority = fields.Char(
        help="Document (number, date) that cancels or changes the task",
    )
    attachment_ids = fields.Many2many("ir.attachment", string="Evidence")
    document_ids = fields.Many2many(
        "cchc.issued.document",
        "cchc_reform_progress_document_rel",
        "progress_id",
        "document_id",
        string="Documents That Came Out",
        help="From the register of issued documents",
    )
    product_text = fields.Char(
        "Product",
        help="What came out: number and date of the document, or where it is found",
    )
    evidence_kind = fields.Selection(EVIDENCE_KINDS, "Kind of Evidence")
    evidence_form = fields.Selection(EVIDENCE_FORMS, "Form of Evidence")
    evidence_place = fields.Char("Kept at", help="Folder, system or archive")
    evidence_size = fields.Integer(
        "Size of Files", compute="_compute_evidence_size", help="In bytes"
    )
    evidence_size_text = fields.Char("Size", compute="_compute_evidence_size")
    has_evidence = fields.Boolean(
        "With Evidence", compute="_compute_has_evidence", store=True
    )
    checked_by_id = fields.Many2one("res.users", "Evidence Checked by", readonly=True)
    checked_on = fields.Date(readonly=True)
    corrects_id = fields.Many2one(
        "cchc.reform.progress", ondelete="restrict", index="btree_not_null"
    )
    correction_ids = fields.One2many("cchc.reform.progress", "corrects_id")
    is_quarterly = fields.Boolean(compute="_compute_is_quarterly")
    is_corrected = fields.Boolean(compute="_compute_is_corrected", store=True)

    _percent = models.Constraint(
        "CHECK (percent BETWEEN 0 AND 100)", "Progress lies between 0 and 100 %."
    )

    @api.depends("task_id.deadline_type")
    def _compute_is_quarterly(self):
        for entry in self:
            entry.is_quarterly = entry.task_id.deadline_type == "quarterly"

    @api.depends("correction_ids")
    def _compute_is_corrected(self):
        for entry in self:
            entry.is_corrected = bool(entry.correction_ids)

    @api.depends("attachment_ids", "product_text", "document_ids")
    def _compute_has_evidence(self):
        for entry in self:
            entry.has_evidence = entry._cchc_has_evidence()

    def _cchc_has_evidence(self):
        """Whether something shows what came out."""
        self.ensure_one()
        return bool(
            self.attachment_ids
            or self.sudo().document_ids
            or (self.product_text or "").strip()
        )

    @api.depends("attachment_ids.file_size")
    def _compute_evidence_size(self):
        for entry in self:
            size = sum(entry.sudo().attachment_ids.mapped("file_size"))
            entry.evidence_size = size
            entry.evidence_size_text = human_size(size) if size else False

    @api.constrains("outcome", "has_evidence")
    def _check_evidence(self):
        for entry in self:
            if entry.outcome == "done" and not entry.has_evidence:
                raise ValidationError(
                    self.env._(
                        "“%s” is done when its product is there: attach the file, or "
                        "write number and date of the document that came out.",
                        entry.task_id.name,
                    )
                )

    @api.constrains("outcome", "authority")
    def _check_authority(self):
        for entry in self:
            if entry.outcome in ("cancelled", "adjusted") and not entry.authority:
                raise ValidationError(
                    self.env._(
                        "“%s” was approved: name the document that allows to give it "
                        "up or to change it.",
                        entry.task_id.name,
                    )
                )

    @api.constrains("corrects_id")
    def _check_corrects(self):
        for entry in self.filtered("corrects_id"):
            if entry.corrects_id.task_id != entry.task_id:
                raise ValidationError(
                    self.env._("An entry corrects one of the same task.")
                )
            if len(entry.corrects_id.correction_ids) > 1:
                raise ValidationError(
                    self.env._(
                        "The entry of %s is corrected already; correct the later one.",
                        entry.corrects_id.day.strftime("%d/%m/%Y"),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not is_unlocked(self.env):
                vals.pop("user_id", None)
            if vals.get("outcome") == "done":
                vals.setdefault("percent", 100)
        entries = super().create(vals_list)
        entries._check_may_report()
        entries._keep_attachments()
        today = fields.Date.context_today(self)
        for entry in entries:
            if entry.day > today:
                raise UserError(
                    self.env._(
                        "%s lies in the future: enter what was done up to today.",
                        entry.day.strftime("%d/%m/%Y"),
                    )
                )
            if entry.has_actual:
                unlocked(entry.task_id.sudo()).actual = entry.actual
        self.env["cchc.alert"].sudo()._close_task_alerts(entries.task_id)
        return entries

    def _keep_attachments(self):
        """Have the files of an entry read by whoever reads the entry."""
        for entry in self:
            files = entry.sudo().attachment_ids.filtered(
                lambda file: not file.res_id and file.create_uid == self.env.user
            )
            files.write({"res_model": self._name, "res_id": entry.id})

    def _check_may_report(self):
        """Raise unless the plan runs and the person leads the task or keeps plans."""
        if is_unlocked(self.env):
            return
        for entry in self.sudo():
            task = entry.task_id
            if task.plan_id and task.plan_id.state != "approved":
                raise UserError(
                    self.env._(
                        "Progress is entered on approved plans; %s is not.",
                        task.plan_id.display_name,
                    )
                )
            if task.has_parts:
                raise UserError(
                    self.env._(
                        "“%s” has parts: report on each of them.", task.display_name
                    )
                )
            if not task.with_user(self.env.user)._cchc_may_report():
                raise AccessError(
                    self.env._(
                        "“%(task)s” is led by %(department)s: whoever works there "
                        "reports on it.",
                        task=task.name,
                        department=task.lead_department_id.name,
                    )
                )

    def write(self, vals):
        if set(vals) - _COMPUTED and not is_unlocked(self.env):
            raise AccessError(
                self.env._(
                    "An entry of progress is not changed: correct it by a new one."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not is_unlocked(self.env):
            raise AccessError(
                self.env._(
                    "An entry of progress is not deleted: correct it by a new one."
                )
            )

    def action_check(self):
        """Note that the officer has looked at the evidence and takes it."""
        self.check_access("read")
        if not self.env.user.has_group("cchc_reform.group_officer"):
            raise AccessError(
                self.env._("Evidence is checked by whoever keeps the plans.")
            )
        for entry in self:
            if not entry.has_evidence:
                raise UserError(
                    self.env._(
                        "The entry of %s has no evidence to be checked.",
                        entry.day.strftime("%d/%m/%Y"),
                    )
                )
        unlocked(self.sudo().filtered(lambda entry: not entry.checked_by_id)).write(
            {
                "checked_by_id": self.env.uid,
                "checked_on": fields.Date.context_today(self),
            }
        )
        return True
