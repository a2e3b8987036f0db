from odoo import api, fields, models

#: What was done under plans, in both units, up to a day.
_DONE = ["quantity1:sum", "quantity2:sum", "minutes:sum"]


class CchcReformCommunicationTarget(models.Model):
    """What a plan of communications plans of a channel, and what was done of it."""

    _name = "cchc.reform.communication.target"
    _description = "Planned Communications"
    _order = "plan_id, channel_sequence, id"
    _check_company_auto = True

    plan_id = fields.Many2one(
        "cchc.reform.plan", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="plan_id.company_id", store=True, index=True)
    channel_id = fields.Many2one(
        "cchc.reform.channel", required=True, ondelete="restrict"
    )
    channel_sequence = fields.Integer(
        "Order", related="channel_id.sequence", store=True, aggregator=None
    )
    planned1 = fields.Float("Planned", digits=(16, 2))
    unit1 = fields.Char(related="channel_id.unit1")
    planned2 = fields.Float("Planned (2nd Unit)", digits=(16, 2))
    unit2 = fields.Char(related="channel_id.unit2")
    done1 = fields.Float("Done", digits=(16, 2), compute="_compute_done")
    done2 = fields.Float("Done (2nd Unit)", digits=(16, 2), compute="_compute_done")
    share1 = fields.Float("Done of Planned", compute="_compute_done")
    is_met = fields.Boolean(
        "Met",
        compute="_compute_done",
        help="All that was planned of this channel is done",
    )

    _channel_uniq = models.UniqueIndex(
        "(plan_id, channel_id)", "This channel stands in the plan already."
    )
    _planned = models.Constraint(
        "CHECK (planned1 >= 0 AND planned2 >= 0 AND planned1 + planned2 > 0)",
        "Enter how much of the channel is planned.",
    )

    def _compute_done(self):
        done = {}
        for plan, channel, *sums in self.env["cchc.reform.communication"]._read_group(
            [
                ("plan_id", "in", self.plan_id.ids),
                ("channel_id", "in", self.channel_id.ids),
            ],
            ["plan_id", "channel_id"],
            _DONE,
        ):
            done[plan, channel] = sums
        for target in self:
            key = target.plan_id._origin, target.channel_id._origin
            first, second, minutes = done.get(key, (0, 0, 0))
            if target.channel_id.is_time:
                second = minutes / 60
            target.done1, target.done2 = first, second
            target.share1 = (
                first / target.planned1
                if target.planned1
                else second / target.planned2
                if target.planned2
                else 0
            )
            target.is_met = first >= target.planned1 and second >= target.planned2

    @api.model_create_multi
    def create(self, vals_list):
        targets = super().create(vals_list)
        targets.plan_id._cchc_check_open()
        return targets

    def write(self, vals):
        self.plan_id._cchc_check_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_approved(self):
        self.plan_id._cchc_check_open()

    def action_entries(self):
        """Open what was done of the channel under the plan."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cchc_reform.cchc_reform_communication_action"
        )
        return {
            **action,
            "domain": [
                ("plan_id", "=", self.plan_id.id),
                ("channel_id", "=", self.channel_id.id),
            ],
            "context": {
                "default_plan_id": self.plan_id.id,
                "default_channel_id": self.channel_id.id,
            },
        }
