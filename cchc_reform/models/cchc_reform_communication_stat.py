from odoo import fields, models
from odoo.tools import SQL


class CchcReformCommunicationStat(models.Model):
    """Communications planned beside those done, per channel and month, to be looked at
    in tables and charts."""

    _name = "cchc.reform.communication.stat"
    _description = "Communications Planned and Done"
    _auto = False
    _order = "date desc"
    _rec_name = "channel_id"
    _depends = {
        "cchc.reform.communication": [
            "company_id",
            "plan_id",
            "channel_id",
            "date",
            "quantity1",
            "quantity2",
            "minutes",
            "cost",
        ],
        "cchc.reform.communication.target": [
            "company_id",
            "plan_id",
            "channel_id",
            "planned1",
            "planned2",
        ],
        "cchc.reform.plan": ["date_from", "state"],
        "cchc.reform.channel": ["kind", "is_time"],
    }

    company_id = fields.Many2one("res.company", "Agency", readonly=True)
    plan_id = fields.Many2one("cchc.reform.plan", readonly=True)
    channel_id = fields.Many2one("cchc.reform.channel", readonly=True)
    channel_kind = fields.Selection(
        [("online", "Online"), ("traditional", "Traditional")], readonly=True
    )
    date = fields.Date(readonly=True)
    planned1 = fields.Float("Planned", readonly=True)
    done1 = fields.Float("Done", readonly=True)
    planned2 = fields.Float("Planned (2nd Unit)", readonly=True)
    done2 = fields.Float("Done (2nd Unit)", readonly=True)
    entry_count = fields.Integer("Entries", readonly=True)
    cost = fields.Float(readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT entry.id, entry.company_id, entry.plan_id, entry.channel_id,
                   channel.kind AS channel_kind, entry.date,
                   0.0 AS planned1, entry.quantity1::float AS done1,
                   0.0 AS planned2,
                   CASE WHEN channel.is_time THEN entry.minutes / 60.0
                        ELSE entry.quantity2 END::float AS done2,
                   1 AS entry_count, entry.cost::float AS cost
              FROM cchc_reform_communication entry
              JOIN cchc_reform_channel channel ON channel.id = entry.channel_id
             UNION ALL
            SELECT -target.id, target.company_id, target.plan_id, target.channel_id,
                   channel.kind, plan.date_from,
                   target.planned1::float, 0.0, target.planned2::float, 0.0, 0, 0.0
              FROM cchc_reform_communication_target target
              JOIN cchc_reform_plan plan ON plan.id = target.plan_id
                   AND plan.state != 'cancelled'
              JOIN cchc_reform_channel channel ON channel.id = target.channel_id
            """
        )
