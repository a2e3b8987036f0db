from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.cchc_onestop.tools import replay
from odoo.addons.cchc_onestop.tools.guard import unlocked

#: Days within which a new issue is read.
DAYS = 7


class CchcIsoDocumentAck(models.Model):
    """One person's confirmation of having read one issue of a document."""

    _name = "cchc.iso.document.ack"
    _description = "Read Confirmation"
    _inherit = ["cchc.guarded.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "read_at desc, id"
    _rec_name = "issue_id"

    issue_id = fields.Many2one(
        "document.page.history",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    page_id = fields.Many2one(
        related="issue_id.page_id", store=True, index=True, string="Document"
    )
    company_id = fields.Many2one(related="issue_id.company_id", store=True)
    user_id = fields.Many2one(
        "res.users",
        "Person",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    department_id = fields.Many2one("hr.department", readonly=True)
    due_date = fields.Date("To Be Read by", readonly=True)
    read_at = fields.Datetime("Read on", readonly=True)
    is_read = fields.Boolean("Read", compute="_compute_is_read", store=True)
    is_mine = fields.Boolean(compute="_compute_is_mine")

    _issue_user_uniq = models.UniqueIndex(
        "(issue_id, user_id)", "This person confirms the issue once only."
    )
    _unread_idx = models.Index("(user_id) WHERE read_at IS NULL")

    @api.depends("read_at")
    def _compute_is_read(self):
        for ack in self:
            ack.is_read = bool(ack.read_at)

    @api.depends_context("uid")
    @api.depends("user_id")
    def _compute_is_mine(self):
        for ack in self:
            ack.is_mine = ack.user_id == self.env.user

    @api.depends("issue_id", "user_id")
    def _compute_display_name(self):
        for ack in self:
            ack.display_name = f"{ack.issue_id.display_name} - {ack.user_id.name}"

    @api.model
    def _cchc_ask(self, issues):
        """Ask the recipients of these issues to read them; each once per issue."""
        issues = issues.sudo()
        users = issues.page_id.recipient_ids._cchc_users()
        known = {
            (issue.id, user.id)
            for issue, user in self.sudo()._read_group(
                [("issue_id", "in", issues.ids)], ["issue_id", "user_id"]
            )
        }
        vals_list = []
        for issue in issues:
            due = (issue.effective_from or fields.Date.today()) + timedelta(days=DAYS)
            for user in users.get(issue.page_id.id, ()):
                if (issue.id, user.id) not in known:
                    employee = user.with_company(issue.company_id).employee_id
                    vals_list.append(
                        {
                            "issue_id": issue.id,
                            "user_id": user.id,
                            "department_id": employee.department_id.id,
                            "due_date": due,
                        }
                    )
        acks = unlocked(self.sudo().with_context(mail_create_nosubscribe=True)).create(
            vals_list
        )
        acks = self.sudo().browse(acks.ids)
        acks._cchc_make_activities()
        return acks

    def _cchc_make_activities(self):
        if not self:
            return
        activity_type = self.env.ref("cchc_iso.mail_activity_type_read")
        model = self.env["ir.model"]._get_id(self._name)
        self.env["mail.activity"].sudo().with_context(
            mail_activity_quick_update=True
        ).create(
            [
                {
                    "res_model_id": model,
                    "res_id": ack.id,
                    "activity_type_id": activity_type.id,
                    "user_id": ack.user_id.id,
                    "date_deadline": ack.due_date,
                    "summary": ack.issue_id.display_name,
                    "automated": True,
                }
                for ack in self
            ]
        )

    def _cchc_drop_open(self):
        """Nobody has to read any more what is out of force."""
        self.sudo().filtered(lambda ack: not ack.read_at).activity_unlink(
            ["cchc_iso.mail_activity_type_read"]
        )

    def action_read(self):
        """Confirm having read the issues; each person for himself only."""
        for ack in self:
            ack.check_access("read")
            if ack.user_id != self.env.user:
                raise AccessError(
                    self.env._(
                        "Only %s can confirm having read this.", ack.user_id.name
                    )
                )
        todo = self.filtered(lambda ack: not ack.read_at).sudo()
        unlocked(todo).write({"read_at": replay.now(self.env)})
        todo.activity_feedback(["cchc_iso.mail_activity_type_read"])
        return True

    def action_open_issue(self):
        """Open the issue to be read."""
        self.ensure_one()
        return self.issue_id._cchc_open()
