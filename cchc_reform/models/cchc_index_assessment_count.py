from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.cchc_onestop.tools.guard import is_unlocked

from .cchc_index_assessment import logging_noted


class CchcIndexAssessmentCount(models.Model):
    """How many of a part of a criterion an agency declares."""

    _name = "cchc.index.assessment.count"
    _description = "Count of a Part"
    _order = "line_id, sequence, item_id, id"
    _rec_name = "item_id"

    line_id = fields.Many2one(
        "cchc.index.assessment.line", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="line_id.company_id", store=True)
    superior_id = fields.Many2one(related="line_id.superior_id", store=True)
    assessment_state = fields.Selection(related="line_id.assessment_state", store=True)
    item_id = fields.Many2one(
        "cchc.index.item", "Part", required=True, ondelete="restrict"
    )
    sequence = fields.Integer(related="item_id.sequence", store=True)
    points = fields.Float(related="item_id.points")
    limit = fields.Float(related="item_id.limit")
    count = fields.Float("Number", digits=(16, 4), aggregator=None)

    measured = fields.Float(digits=(16, 4), readonly=True, aggregator=None)
    is_measured = fields.Boolean(readonly=True)

    _item_uniq = models.Constraint("UNIQUE (line_id, item_id)", "A part counts once.")

    @api.model_create_multi
    def create(self, vals_list):
        if is_unlocked(self.env):
            return super().create(vals_list)
        lines = self.env["cchc.index.assessment.line"].browse(
            {vals["line_id"] for vals in vals_list if vals.get("line_id")}
        )
        with self._changing(lines):
            records = super(CchcIndexAssessmentCount, logging_noted(self)).create(
                vals_list
            )
            if alien := records.filtered(
                lambda row: row.item_id.criterion_id != row.line_id.criterion_id
            )[:1]:
                raise UserError(
                    self.env._("“%s” is no part of this criterion.", alien.item_id.name)
                )
        return records

    def write(self, vals):
        if is_unlocked(self.env):
            return super().write(vals)
        if set(vals) - {"count"}:
            raise UserError(self.env._("Only the number of a part is changed."))
        with self._changing(self.line_id):
            return super(CchcIndexAssessmentCount, logging_noted(self)).write(vals)

    def unlink(self):
        if is_unlocked(self.env):
            return super().unlink()
        with self._changing(self.line_id):
            return super().unlink()

    def _changing(self, lines):
        """Check that the lines may change, and note what it does to their scores."""
        return lines._changing_declared()
