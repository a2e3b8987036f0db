from odoo import fields, models

from .cchc_reform_initiative import LEVELS


class CchcReformAward(models.Model):
    """Award for reform work (khen thưởng), to a body or a person."""

    _name = "cchc.reform.award"
    _description = "Award"
    _inherit = ["cchc.reform.entry.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Char(
        "Title of the Award", required=True, tracking=True, help="E.g. Giấy khen"
    )
    level = fields.Selection(LEVELS, "Awarded by", required=True, default="province")
    recipient_type = fields.Selection(
        [("collective", "Collective"), ("individual", "Individual")],
        required=True,
        default="collective",
    )
    recipient = fields.Char(required=True)
    user_id = fields.Many2one("res.users", "Person Here", ondelete="set null")
    department_id = fields.Many2one(
        "hr.department", check_company=True, ondelete="set null"
    )
    date = fields.Date(
        "Decided on",
        required=True,
        index=True,
        default=lambda self: fields.Date.context_today(self),
    )
    reason = fields.Char("For")
    decision_id = fields.Many2one(
        "cchc.issued.document", check_company=True, ondelete="restrict"
    )
    decision = fields.Char("Decision No.", help="When it is not in the register")
    note = fields.Text("Notes")
