from odoo import api, fields, models


class CchcDisposalMember(models.Model):
    """A member of the council that judges a disposal list (hội đồng xét hủy)."""

    _name = "cchc.disposal.member"
    _description = "Member of the Disposal Council"
    _order = "list_id, sequence, id"

    list_id = fields.Many2one(
        "cchc.disposal.list", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="list_id.company_id")
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True)
    post = fields.Char()
    role = fields.Selection(
        [("chair", "Chair"), ("member", "Member"), ("secretary", "Secretary")],
        required=True,
        default="member",
    )

    @api.model_create_multi
    def create(self, vals_list):
        members = super().create(vals_list)
        members.list_id._cchc_check_open()
        return members

    def write(self, vals):
        self.list_id._cchc_check_open()
        result = super().write(vals)
        self.list_id._cchc_check_open()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_of_draft(self):
        self.list_id._cchc_check_open()
