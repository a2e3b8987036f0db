from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CchcIsoDocumentRecipient(models.Model):
    """Who gets a document: a department, a person or an office outside.

    Paper copies bear a number, the soft copy the letter “M” (bản mềm).
    """

    _name = "cchc.iso.document.recipient"
    _description = "Recipient of a Document"
    _order = "page_id, sequence, id"
    _check_company_auto = True

    page_id = fields.Many2one(
        "document.page", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="page_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    department_id = fields.Many2one("hr.department", check_company=True)
    user_id = fields.Many2one("res.users", "Person")
    outside = fields.Char("Outside Recipient")
    name = fields.Char("Recipient", compute="_compute_name")
    medium = fields.Selection(
        [("soft", "Soft Copy (M)"), ("paper", "Paper")],
        "Kind of Copy",
        required=True,
        default="soft",
    )
    copy_no = fields.Char(
        "Copy No.",
        compute="_compute_copy_no",
        store=True,
        readonly=False,
        precompute=True,
    )
    must_read = fields.Boolean(
        "Must Confirm", default=True, help="Confirms having read each new issue"
    )

    @api.depends("department_id", "user_id", "outside")
    def _compute_name(self):
        for recipient in self:
            recipient.name = (
                recipient.user_id.name
                or recipient.department_id.name
                or recipient.outside
            )

    @api.depends("medium")
    def _compute_copy_no(self):
        for recipient in self:
            if recipient.medium == "soft":
                recipient.copy_no = "M"
            elif recipient.copy_no == "M":
                recipient.copy_no = False

    @api.depends("name", "copy_no")
    def _compute_display_name(self):
        for recipient in self:
            recipient.display_name = " ".join(
                filter(None, [recipient.copy_no, recipient.name])
            )

    @api.constrains("department_id", "user_id", "outside")
    def _check_somebody(self):
        for recipient in self:
            if not recipient.name:
                raise ValidationError(
                    self.env._(
                        "Name the department, the person or the outside office that "
                        "gets “%s”.",
                        recipient.page_id.name,
                    )
                )

    def _cchc_users(self):
        """Return ``{page id: active users}`` who confirm having read its issues."""
        recipients = self.sudo().filtered("must_read")
        employees = (
            self.env["hr.employee"]
            .sudo()
            .search(
                [
                    ("department_id", "child_of", recipients.department_id.ids),
                    ("user_id", "!=", False),
                ]
            )
            if recipients.department_id
            else self.env["hr.employee"].sudo()
        )
        result = {}
        for recipient in recipients:
            users = recipient.user_id
            if recipient.department_id and not users:
                path = recipient.department_id.parent_path
                users = employees.filtered(
                    lambda employee, path=path: (
                        employee.department_id.parent_path or ""
                    ).startswith(path)
                ).user_id
            page = recipient.page_id.id
            result[page] = result.get(page, self.env["res.users"].sudo()) | (
                users.filtered(lambda user: user.active and not user.share)
            )
        return result
