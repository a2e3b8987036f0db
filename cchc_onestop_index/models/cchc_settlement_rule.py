from datetime import date

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class CchcSettlementRule(models.Model):
    """Thresholds and bands of the nine indices; law is data with dates.

    TT 01/2018/TT-VPCP Đ.13-15; the text of its successor has not been seen.
    """

    _name = "cchc.settlement.rule"
    _description = "Thresholds of the Nine Indices"
    _order = "valid_from desc, id desc"

    name = fields.Char(required=True)
    valid_from = fields.Date(required=True, default=fields.Date.context_today)
    valid_to = fields.Date()
    legal_basis = fields.Char()
    to_confirm = fields.Boolean(
        "To Be Confirmed", help="A default that the agency has to confirm"
    )
    active = fields.Boolean(default=True)
    equal_minutes = fields.Integer(
        "Unit As Long as Planned (minutes)",
        default=30,
        help="Index 2: a unit that was at most so much earlier than planned took as "
        "long as it should",
    )
    desk_commune = fields.Float(
        "Settled at the Desk: Commune (%)", digits=(5, 2), default=100
    )
    desk_other = fields.Float(
        "Settled at the Desk: Other (%)", digits=(5, 2), default=50
    )
    desk_province = fields.Float(
        "Settled at the Desk: Province, Ministry (%)", digits=(5, 2), default=20
    )
    petition_share = fields.Float(
        "Petitions Answered in Time (%)", digits=(5, 2), default=90
    )
    online_procedures = fields.Float("Procedures Online (%)", digits=(5, 2), default=20)
    online_half = fields.Float(
        "Online Dossiers for 1 Point (%)", digits=(5, 2), default=15
    )
    online_full = fields.Float(
        "Online Dossiers for 2 Points (%)", digits=(5, 2), default=30
    )
    slip_very_satisfied = fields.Integer("Points for Very Satisfied", default=2)
    slip_satisfied = fields.Integer("Points for Satisfied", default=1)
    slip_dissatisfied = fields.Integer("Points for Dissatisfied", default=0)
    band_ids = fields.One2many("cchc.settlement.band", "rule_id", "Bands", copy=True)

    _dates_valid = models.Constraint(
        "CHECK (valid_to IS NULL OR valid_to >= valid_from)",
        "A rule cannot end before it begins.",
    )
    _shares_valid = models.Constraint(
        "CHECK (least(desk_commune, desk_other, desk_province, petition_share, "
        "online_procedures, online_half, online_full) >= 0 AND greatest(desk_commune, "
        "desk_other, desk_province, petition_share, online_procedures, online_half, "
        "online_full) <= 100)",
        "Shares lie between 0 and 100 %.",
    )

    @api.constrains("valid_from", "valid_to", "active")
    def _check_overlap(self):
        for rule in self.filtered("active"):
            later = Domain("valid_from", "<=", rule.valid_to or date.max)
            ends = Domain("valid_to", "=", False)
            ends |= Domain("valid_to", ">=", rule.valid_from)
            if self.search_count(Domain("id", "!=", rule.id) & later & ends, limit=1):
                raise ValidationError(
                    self.env._("Only one rule holds on a day: end the earlier one.")
                )

    @api.model
    def _on(self, day):
        """Return the rule of a day; empty when there is none."""
        return self.sudo().search(
            Domain("valid_from", "<=", day)
            & (Domain("valid_to", "=", False) | Domain("valid_to", ">=", day)),
            limit=1,
        )

    @api.model
    def _bands(self, scope, period):
        """Return the pairs (least value, name) of a scope at the end of a period."""
        rule = self._on(period["date_to"])
        bands = rule.band_ids.filtered(lambda band: band.scope == scope)
        return [(band.start, band.name) for band in bands]

    def _desk_share(self, level):
        """Return the share that must be settled at the desk of a level (index 5)."""
        self.ensure_one()
        return {
            "commune": self.desk_commune,
            "province": self.desk_province,
            "ministry": self.desk_province,
        }.get(level, self.desk_other)
