from odoo import fields, models


class CchcPetitionEvent(models.Model):
    """One move of a petition; nobody changes or deletes it."""

    _name = "cchc.petition.event"
    _description = "Move of a Petition"
    _inherit = ["cchc.guarded.mixin"]
    _order = "id"
    _log_access = False
    _guarded_kept = True

    petition_id = fields.Many2one(
        "cchc.petition", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="petition_id.company_id", store=True, precompute=True
    )
    at = fields.Datetime(required=True, readonly=True)
    written_at = fields.Datetime(
        "Written Down at",
        required=True,
        readonly=True,
        default=fields.Datetime.now,
        help="Later than the move for what is taken over from the past",
    )
    user_id = fields.Many2one(
        "res.users", "Who", readonly=True, default=lambda self: self.env.user
    )
    move = fields.Selection(
        [
            ("register", "Registered"),
            ("accept", "Accepted"),
            ("assign", "Assigned"),
            ("ask_more", "Asked for more"),
            ("resume", "Completed by the sender"),
            ("refuse", "Returned"),
            ("transfer", "Transferred"),
            ("submit", "Answer submitted"),
            ("approve", "Answer approved"),
            ("send_back", "Answer sent back"),
            ("approval", "Approval"),
            ("answer", "Answered"),
            ("publish", "Published"),
            ("keep", "Not published"),
            ("withdraw_page", "Taken off the page"),
            ("rate", "Rated by the sender"),
        ],
        required=True,
        readonly=True,
    )
    from_state = fields.Char(readonly=True)
    to_state = fields.Char(readonly=True)
    text = fields.Text(readonly=True)
    due_at = fields.Datetime("Next Due", readonly=True)
    is_late = fields.Boolean("Late", readonly=True, help="A due date had passed")
