from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import sampling


class CchcIsoSampleSize(models.Model):
    """Row of the table that gives the size of a sample for a population.

    No rule of law sets how many dossiers an auditor takes: the table is the agency's
    own. The shipped one is only a beginning, marked as not confirmed.
    """

    _name = "cchc.iso.sample.size"
    _description = "Row of the Table of Sample Sizes"
    _order = "company_id, population_from, id"
    _rec_name = "population_from"

    company_id = fields.Many2one(
        "res.company",
        "Agency",
        ondelete="cascade",
        help="Empty: for agencies that have no table of their own",
    )
    population_from = fields.Integer(required=True, default=1)
    population_to = fields.Integer(help="Empty: no upper end")
    size = fields.Integer("Dossiers to Draw", required=True)
    confirmed = fields.Boolean(
        help="The agency has decided on this row; a shipped row is a usual value only"
    )

    _size_valid = models.Constraint(
        "CHECK (size > 0 AND population_from > 0)",
        "Populations and sample sizes are at least 1.",
    )
    _span_valid = models.Constraint(
        "CHECK (coalesce(population_to, 0) = 0 OR population_to >= population_from)",
        "A row of the table ends after it begins.",
    )

    @api.constrains("company_id", "population_from", "population_to")
    def _check_overlap(self):
        for row in self:
            # An empty upper end is stored as zero.
            other = self.sudo().search(
                [
                    ("company_id", "=", row.company_id.id),
                    ("id", "!=", row.id),
                    "|",
                    ("population_to", "in", (False, 0)),
                    ("population_to", ">=", row.population_from),
                ]
            )
            for one in other:
                if not row.population_to or one.population_from <= row.population_to:
                    raise ValidationError(
                        self.env._(
                            "The rows from %(one)s and from %(other)s overlap; each "
                            "population has one size.",
                            one=row.population_from,
                            other=one.population_from,
                        )
                    )

    @api.model
    def _size_for(self, company, count):
        """Return the size for a population of an agency.

        :return: the size, or ``None`` when the table has no row for it
        """
        rows = self.sudo().search([("company_id", "in", [company.id, False])])
        own = rows.filtered("company_id") or rows
        return sampling.size_for(
            [(row.population_from, row.population_to, row.size) for row in own], count
        )
