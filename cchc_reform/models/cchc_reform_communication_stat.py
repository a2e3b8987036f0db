from odoo import api, fields, models
from odoo.tools import SQL

#: Sums that mean something within one unit only.
_BY_UNIT = frozenset({"planned:sum", "done:sum"})


class CchcReformCommunicationStat(models.Model):
    """Communications planned beside those done, per channel, unit and month, to be
    looked at in tables and charts.

    A channel with two units (89 sessions, 72 hours) has two rows, so that each sum is
    one of sessions or one of hours; where a group mixes units there is no sum.
    """

    _name = "cchc.reform.communication.stat"
    _description = "Communications Planned and Done"
    _auto = False
    _order = "date desc"
    _rec_name = "label"
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
        "cchc.reform.channel": ["name", "kind", "is_time", "unit1", "unit2"],
    }

    company_id = fields.Many2one("res.company", "Agency", readonly=True)
    plan_id = fields.Many2one("cchc.reform.plan", readonly=True)
    channel_id = fields.Many2one("cchc.reform.channel", readonly=True)
    channel_kind = fields.Selection(
        [("online", "Online"), ("traditional", "Traditional")], readonly=True
    )
    label = fields.Char("Channel and Unit", readonly=True)
    unit = fields.Char(readonly=True)
    date = fields.Date(readonly=True)
    planned = fields.Float(readonly=True, digits=(16, 2))
    done = fields.Float(readonly=True, digits=(16, 2))
    entry_count = fields.Integer("Entries", readonly=True)
    cost = fields.Float(readonly=True)

    @property
    def _table_query(self):
        # What is counted once, entries and cost, stands with the first unit. Ids are
        # told apart by the remainder: entries and targets, first and second unit.
        return SQL(
            """
            SELECT 4 * entry.id + u.place AS id, entry.company_id, entry.plan_id,
                   entry.channel_id, channel.kind AS channel_kind, entry.date,
                   channel.name || ': ' || lower(u.unit) AS label, u.unit,
                   0.0::float AS planned, u.done::float AS done,
                   CASE u.place WHEN 0 THEN 1 ELSE 0 END AS entry_count,
                   CASE u.place WHEN 0 THEN entry.cost ELSE 0 END::float AS cost
              FROM cchc_reform_communication entry
              JOIN cchc_reform_channel channel ON channel.id = entry.channel_id
              CROSS JOIN LATERAL (VALUES
                   (0, channel.unit1, entry.quantity1),
                   (1, channel.unit2, CASE WHEN channel.is_time
                                           THEN entry.minutes / 60.0
                                           ELSE entry.quantity2 END)
                   ) u (place, unit, done)
             WHERE u.unit IS NOT NULL
             UNION ALL
            SELECT 4 * target.id + u.place, target.company_id, target.plan_id,
                   target.channel_id, channel.kind, plan.date_from,
                   channel.name || ': ' || lower(u.unit), u.unit,
                   u.planned::float, 0.0, 0, 0.0
              FROM cchc_reform_communication_target target
              JOIN cchc_reform_plan plan ON plan.id = target.plan_id
                   AND plan.state != 'cancelled'
              JOIN cchc_reform_channel channel ON channel.id = target.channel_id
              CROSS JOIN LATERAL (VALUES
                   (2, channel.unit1, target.planned1),
                   (3, channel.unit2, target.planned2)
                   ) u (place, unit, planned)
             WHERE u.unit IS NOT NULL
            """
        )

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """Return no sum where sessions and hours would be added up."""
        select = super()._read_group_select(aggregate_spec, query)
        if aggregate_spec not in _BY_UNIT:
            return select
        unit = self._field_to_sql(self._table, "unit", query)
        return SQL("CASE WHEN count(DISTINCT lower(%s)) = 1 THEN %s END", unit, select)
