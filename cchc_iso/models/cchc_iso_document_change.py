from odoo import api, fields, models
from odoo.exceptions import UserError


class CchcIsoDocumentChange(models.Model):
    """Request to change a document, and the row of the revision table it becomes.

    Anybody of the agency may ask (phiếu yêu cầu sửa đổi); the secretary takes the
    request into the issue in preparation or declines it.
    """

    _name = "cchc.iso.document.change"
    _description = "Change of a Document"
    _order = "id"
    _rec_name = "request"
    _check_company_auto = True

    page_id = fields.Many2one(
        "document.page",
        "Document",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
        domain=[("doc_type_id", "!=", False)],
    )
    company_id = fields.Many2one(related="page_id.company_id", store=True, index=True)
    issue_id = fields.Many2one(
        "document.page.history", index="btree_not_null", ondelete="cascade"
    )
    issue_no = fields.Integer(related="issue_id.issue_no", store=True)
    request = fields.Char(
        "Requested Change", required=True, help="Yêu cầu sửa đổi, bổ sung"
    )
    part = fields.Char("Page or Part Concerned")
    description = fields.Text("What Was Changed", help="Mô tả nội dung sửa đổi")
    requester_id = fields.Many2one(
        "res.users", "Requested by", default=lambda self: self.env.user, readonly=True
    )
    requested_on = fields.Date(default=fields.Date.context_today, readonly=True)
    state = fields.Selection(
        [("open", "Open"), ("taken", "In an Issue"), ("declined", "Declined")],
        default="open",
        required=True,
        readonly=True,
        index=True,
    )
    answer = fields.Char(help="Why it was declined")

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals["state"] = "taken" if vals.get("issue_id") else "open"
            if vals.get("issue_id") and not vals.get("page_id"):
                issue = self.env["document.page.history"].browse(vals["issue_id"])
                vals["page_id"] = issue.page_id.id
            if not self.env.su or not vals.get("requester_id"):
                vals["requester_id"] = self.env.uid
        changes = super().create(vals_list)
        changes.issue_id._cchc_check_open()
        return changes

    def write(self, vals):
        self.issue_id._cchc_check_open()
        result = super().write(vals)
        if "issue_id" in vals:
            self.issue_id._cchc_check_open()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_open_only(self):
        self.issue_id._cchc_check_open()

    def action_take(self):
        """Take the requests into the issue in preparation, which is begun if needed."""
        for page in self.page_id:
            requests = self.filtered(
                lambda change, page=page: (
                    change.page_id == page and change.state == "open"
                )
            )
            issue = page.draft_issue_id or page._cchc_draft_issue()
            requests.write({"issue_id": issue.id, "state": "taken"})

    def action_decline(self):
        """Decline the requests; the reason has been written down."""
        for change in self.filtered(lambda change: change.state == "open"):
            if not change.answer:
                raise UserError(
                    self.env._(
                        "Write into “Answer” why “%s” is declined.", change.request
                    )
                )
            change.state = "declined"
