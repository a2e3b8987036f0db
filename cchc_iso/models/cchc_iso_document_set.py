from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.cchc_onestop.tools.guard import is_unlocked, unlocked

_CHATTER = ("message_", "activity_", "website_message_", "review_ids")
#: What comes with the signature of the decision, after the list was submitted.
_WITH_SIGNATURE = frozenset(
    {"number", "date", "signer_id", "signer_name", "file", "file_name"}
)
#: What may still change in each state after the draft.
_FREE = {
    "review": _WITH_SIGNATURE,
    "approved": _WITH_SIGNATURE,
    "issued": frozenset({"file", "file_name"}),
    "replaced": frozenset({"file", "file_name"}),
}


class CchcIsoDocumentSet(models.Model):
    """Set of documents that the head of the agency issues by a decision.

    Usually renewed yearly; each line keeps the issue of its day. The secretary fills
    and submits it, a leader approves it, then it gets the number and the day of its
    decision. Issued, the list no longer changes, and the set before it is replaced.
    """

    _name = "cchc.iso.document.set"
    _description = "Document Set"
    _inherit = ["cchc.approval.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"
    _rec_name = "number"
    _check_company_auto = True
    _state_from = ["review"]
    _state_to = ["approved"]
    _cchc_approval_required = True
    _cchc_signature_group = "cchc_iso.group_leader"

    number = fields.Char(
        "Decision No.", copy=False, tracking=True, help="E.g. 493/QĐ-UBND"
    )
    name = fields.Char("Subject", required=True)
    date = fields.Date("Signed on", copy=False, tracking=True)
    signer_id = fields.Many2one("res.users", "Signed by")
    signer_name = fields.Char(
        "Signatory",
        compute="_compute_signer_name",
        store=True,
        readonly=False,
        precompute=True,
    )
    company_id = fields.Many2one(
        "res.company",
        "Agency",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    system_id = fields.Many2one(
        "mgmtsystem.system",
        required=True,
        check_company=True,
        default=lambda self: self.env["mgmtsystem.system"]._cchc_for(),
    )
    file = fields.Binary("Decision File", attachment=True, copy=False)
    file_name = fields.Char(copy=False)
    replaces_id = fields.Many2one(
        "cchc.iso.document.set",
        check_company=True,
        copy=False,
        default=lambda self: self._default_replaces_id(),
        domain="[('state', '=', 'issued'), ('company_id', '=', company_id)]",
        ondelete="restrict",
    )
    replaced_by_ids = fields.One2many("cchc.iso.document.set", "replaces_id")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("review", "In Approval"),
            ("approved", "Approved"),
            ("issued", "Issued"),
            ("replaced", "Replaced"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    line_ids = fields.One2many(
        "cchc.iso.document.set.line", "set_id", "Documents", copy=False
    )
    document_count = fields.Integer(
        "Documents in It", compute="_compute_document_count"
    )
    outdated_count = fields.Integer(
        "Issued anew since",
        compute="_compute_document_count",
        help="Documents of which a newer issue is in force than the set names",
    )

    @api.model
    def _default_replaces_id(self):
        """Return the set of the agency that is issued now."""
        return self.search(
            [("state", "=", "issued"), ("company_id", "=", self.env.company.id)],
            limit=1,
        )

    @api.depends("number", "name", "date")
    def _compute_display_name(self):
        for record in self:
            record.display_name = " - ".join(filter(None, [record.number, record.name]))

    @api.depends("signer_id")
    def _compute_signer_name(self):
        for record in self:
            record.signer_name = record.signer_id.name or record.signer_name

    @api.depends("line_ids.issue_id")
    def _compute_document_count(self):
        for record in self:
            record.document_count = len(record.line_ids)
            record.outdated_count = len(
                record.line_ids.filtered(
                    lambda line: (
                        line.page_id.issue_id and line.page_id.issue_id != line.issue_id
                    )
                )
            )

    # --- What was submitted stays

    @api.model
    def _cchc_guarded_states(self):
        return {"review", "approved", "issued", "replaced"}

    def _get_under_validation_exceptions(self):
        return [*super()._get_under_validation_exceptions(), *_WITH_SIGNATURE]

    def _get_after_validation_exceptions(self):
        return [*super()._get_after_validation_exceptions(), *_WITH_SIGNATURE]

    def write(self, vals):
        names = {name for name in vals if not name.startswith(_CHATTER)}
        names -= {"state", "validation_status"}
        if names and not is_unlocked(self.env):
            for state, records in self.grouped("state").items():
                if names - _FREE.get(state, names):
                    records._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_drafts_only(self):
        self._check_draft()

    def _check_draft(self):
        if is_unlocked(self.env):
            return
        closed = self.filtered(lambda record: record.state != "draft")[:1]
        if not closed:
            return
        if closed.state in ("review", "approved"):
            raise UserError(
                self.env._(
                    "The set %s was submitted with these very documents: take it back "
                    "to draft to change it.",
                    closed.display_name,
                )
            )
        raise UserError(
            self.env._(
                "The set %s is issued and does not change any more: make a new one "
                "that replaces it.",
                closed.display_name,
            )
        )

    # --- Life

    def action_fill(self):
        """Put every document of the system with an issue in force into the list."""
        self.ensure_one()
        self._check_draft()
        pages = self.env["document.page"].search(
            Domain("system_id", "=", self.system_id.id)
            & Domain("company_id", "=", self.company_id.id)
            & Domain("document_state", "in", ["in_force", "to_come"]),
            order="code",
        )
        known = {line.page_id: line for line in self.line_ids}
        self.env["cchc.iso.document.set.line"].create(
            [
                {"set_id": self.id, "page_id": page.id}
                for page in pages
                if page not in known
            ]
        )
        for line in self.line_ids:
            line.issue_id = line._latest_issue()

    def action_submit(self):
        """Ask the leaders to approve the list.

        :raises UserError: without documents, or with one that was never approved
        """
        self.check_access("write")
        for record in self:
            record._check_draft()
            record._check_lines()
        self.flush_recordset()
        unlocked(self).write({"state": "review"})
        for record in self:
            if not record.request_validation():
                raise UserError(
                    self.env._(
                        "No approval rule applies to %(record)s: ask an administrator "
                        "to define who approves it.",
                        record=record.display_name,
                    )
                )

    def _check_lines(self):
        """Refuse a list that is empty or names a document without approved issue."""
        self.ensure_one()
        if not self.line_ids:
            raise UserError(self.env._("%s has no documents yet.", self.display_name))
        for line in self.line_ids:
            if line.issue_id.state != "approved":
                raise UserError(
                    self.env._(
                        "%s has no approved issue: take it out of the list, or have it "
                        "approved first.",
                        line.page_id.display_name,
                    )
                )

    def _cchc_decide(self, reviews, status, comment=False):
        """After the last approval the set waits for its decision; sent back, it is a
        draft again."""
        result = super()._cchc_decide(reviews, status, comment)
        record = self.sudo()
        if status == "rejected":
            record._cchc_back_to_draft()
        elif record.validation_status == "validated":
            unlocked(record).write({"state": "approved"})
        return result

    def restart_validation(self):
        """Taken back from its approval, a set is a draft again."""
        result = super().restart_validation()
        for record in self.filtered(lambda r: r.state == "review"):
            record.sudo()._cchc_back_to_draft()
        return result

    def _cchc_back_to_draft(self):
        self._cchc_remove_reviews("removed")
        unlocked(self).write({"state": "draft"})

    def action_draft(self):
        """Make a set that was submitted a draft again; it needs a new approval."""
        self.check_access("write")
        if any(record.state not in ("review", "approved") for record in self):
            raise UserError(
                self.env._("Only a set that is not issued yet goes back to draft.")
            )
        self._cchc_remove_reviews("restarted")
        unlocked(self).write({"state": "draft"})

    def action_issue(self):
        """Note the decision that issued the approved list; the set before is replaced.

        :raises UserError: before the approval, or without number and day
        """
        self.check_access("write")
        for record in self:
            if record.state != "approved":
                raise UserError(
                    self.env._(
                        "%s is issued after its approval: submit it first.",
                        record.display_name,
                    )
                )
            if not record.number or not record.date:
                raise UserError(
                    self.env._(
                        "%s: enter the number and the day of the decision.", record.name
                    )
                )
            record._check_lines()
            unlocked(record).write({"state": "issued"})
            if record.replaces_id:
                unlocked(record.replaces_id).write({"state": "replaced"})

    def action_print(self):
        """Print the list of documents (Danh mục tài liệu)."""
        return self.env.ref("cchc_iso.document_set_report").report_action(self)


class CchcIsoDocumentSetLine(models.Model):
    """Document in a set, with the issue that the decision issued."""

    _name = "cchc.iso.document.set.line"
    _description = "Document in a Set"
    _order = "set_id, sequence, code, id"
    _check_company_auto = True

    set_id = fields.Many2one(
        "cchc.iso.document.set", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="set_id.company_id", store=True)
    sequence = fields.Integer(related="page_id.doc_type_id.sequence", store=True)
    page_id = fields.Many2one(
        "document.page",
        "Document",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain=[("doc_type_id", "!=", False)],
    )
    code = fields.Char(related="page_id.code", store=True)
    doc_type_id = fields.Many2one(related="page_id.doc_type_id")
    department_id = fields.Many2one(related="page_id.department_id")
    issue_id = fields.Many2one(
        "document.page.history",
        compute="_compute_issue_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
    )
    issue_no = fields.Integer(related="issue_id.issue_no")
    effective_from = fields.Date(related="issue_id.effective_from")

    _page_uniq = models.UniqueIndex(
        "(set_id, page_id)", "The document is in the set already."
    )

    @api.depends("page_id")
    def _compute_issue_id(self):
        for line in self:
            line.issue_id = line._latest_issue()

    def _latest_issue(self):
        """Return the latest approved issue of the document, in force or to come."""
        return self.page_id.issue_ids.filtered(
            lambda issue: issue.state == "approved" and not issue.effective_to
        ).sorted("issue_no")[-1:]

    @api.constrains("page_id", "issue_id")
    def _check_issue(self):
        for line in self:
            if line.issue_id and line.issue_id.page_id != line.page_id:
                raise ValidationError(
                    self.env._(
                        "%(issue)s is no issue of %(document)s.",
                        issue=line.issue_id.display_name,
                        document=line.page_id.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.set_id._check_draft()
        return lines

    def write(self, vals):
        if not is_unlocked(self.env):
            self.set_id._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_drafts_only(self):
        self.set_id._check_draft()
