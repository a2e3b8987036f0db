from typing import NamedTuple

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class Limits(NamedTuple):
    """What an agency wants of its estimates; chances from 0 to 1."""

    watch: float
    high: float
    least: int
    months: int
    most: int


class CchcRiskThreshold(models.Model):
    """From which chance on a dossier is watched, and which history counts.

    With dates of validity; an agency's own row goes before the one of all agencies.
    """

    _name = "cchc.risk.threshold"
    _description = "Risk Thresholds"
    _order = "valid_from desc, id desc"

    name = fields.Char(required=True, translate=True)
    company_id = fields.Many2one(
        "res.company", string="Agency", index=True, help="Empty: every agency"
    )
    valid_from = fields.Date(required=True, default=fields.Date.context_today)
    valid_to = fields.Date(help="Last day; empty: until further notice")
    watch = fields.Float(
        string="To Watch from (%)",
        default=30.0,
        required=True,
        help="Chance to be late from which a dossier is to be watched",
    )
    high = fields.Float(
        string="At Risk from (%)",
        default=60.0,
        required=True,
        help="Chance to be late from which a dossier is at risk",
    )
    least = fields.Integer(
        string="Finished Dossiers Needed",
        default=50,
        required=True,
        help="Groups with fewer finished dossiers say nothing; the next coarser group "
        "is taken, openly",
    )
    months = fields.Integer(
        string="Months of History",
        default=24,
        required=True,
        help="Dossiers that ended longer ago do not count",
    )
    most = fields.Integer(
        string="Latest Dossiers Taken",
        default=500,
        required=True,
        help="Of each procedure, at most so many of the latest finished dossiers count",
    )

    _dates_in_order = models.Constraint(
        "CHECK (valid_to IS NULL OR valid_to >= valid_from)",
        "The last day cannot come before the first.",
    )
    _levels_in_order = models.Constraint(
        "CHECK (watch > 0 AND watch < high AND high <= 100)",
        "A dossier is watched before it is at risk: 0 % < watch < at risk ≤ 100 %.",
    )
    _history_positive = models.Constraint(
        "CHECK (least >= 10 AND months BETWEEN 1 AND 120 AND most >= least)",
        "At least 10 dossiers are needed, 1 to 120 months count, and no fewer "
        "dossiers are taken than needed.",
    )

    @api.constrains("company_id", "valid_from", "valid_to")
    def _check_overlap(self):
        for row in self:
            others = self.sudo().search(
                Domain("id", "!=", row.id)
                & Domain("company_id", "=", row.company_id.id)
                & (
                    Domain("valid_to", "=", False)
                    | Domain("valid_to", ">=", row.valid_from)
                )
                & (
                    Domain("valid_from", "<=", row.valid_to)
                    if row.valid_to
                    else Domain.TRUE
                ),
                limit=1,
            )
            if others:
                raise ValidationError(
                    self.env._(
                        "“%(name)s” already holds on some of these days: end it the "
                        "day before.",
                        name=others.name,
                    )
                )

    @api.model
    def _of(self, company):
        """Return the :class:`Limits` in force for an agency today."""
        return self._limits(company.id, company._cchc_local_date(fields.Datetime.now()))

    @api.model
    @tools.ormcache("company_id", "day")
    def _limits(self, company_id, day):
        rows = self.sudo().search(
            [
                ("company_id", "in", (company_id, False)),
                ("valid_from", "<=", day),
                "|",
                ("valid_to", "=", False),
                ("valid_to", ">=", day),
            ]
        )
        row = (rows.filtered("company_id") or rows)[:1]
        if not row:
            values = self.default_get(["watch", "high", "least", "months", "most"])
            row = self.new(values)
        return Limits(row.watch / 100, row.high / 100, row.least, row.months, row.most)

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()
