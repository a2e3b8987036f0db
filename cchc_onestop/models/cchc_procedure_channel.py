from odoo import api, fields, models

CHANNELS = [
    ("counter", "At the Desk"),
    ("online", "Online"),
    ("post", "By Post"),
    ("kiosk", "Smart Kiosk"),
]


class CchcProcedureChannel(models.Model):
    """Way of carrying out a procedure (cách thức thực hiện) with its own times."""

    _name = "cchc.procedure.channel"
    _description = "Channel of a Procedure"
    _inherit = ["cchc.frozen.mixin"]
    _order = "version_id, sequence, id"
    _rec_name = "channel"
    _frozen_owner = "version_id"

    version_id = fields.Many2one(
        "cchc.procedure.version", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    channel = fields.Selection(CHANNELS, required=True, default="counter")
    note = fields.Text(help="Where and how, as published")
    time_limit_ids = fields.One2many(
        "cchc.procedure.time.limit", "channel_id", "Time Limits"
    )

    _channel_uniq = models.Constraint(
        "UNIQUE (version_id, channel)",
        "The version already has this channel; add the time limit to it.",
    )

    @api.depends("channel")
    def _compute_display_name(self):
        labels = dict(self._fields["channel"]._description_selection(self.env))
        for row in self:
            row.display_name = labels.get(row.channel, "")
