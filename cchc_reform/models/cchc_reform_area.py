from odoo import api, fields, models

AREA_KEYS = [
    ("institution", "Institutions"),
    ("procedure", "Administrative procedures"),
    ("organisation", "Organisation"),
    ("civil_service", "Civil service"),
    ("finance", "Public finance"),
    ("digital", "Digital government"),
    ("direction", "Direction"),
]


class CchcReformArea(models.Model):
    """Area of reform (lĩnh vực CCHC): one of the six of a programme, or the direction
    of reform as a seventh, by which plans, reports, inspections and scores are told."""

    _name = "cchc.reform.area"
    _description = "Area of Reform"
    _order = "programme_id, sequence, id"

    programme_id = fields.Many2one(
        "cchc.reform.programme", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer(default=10)
    number = fields.Char(required=True, help="As printed in plans, e.g. I")
    name = fields.Char(required=True)
    key = fields.Selection(
        AREA_KEYS,
        required=True,
        help="What stays the same from programme to programme, so that years can be "
        "compared",
    )
    is_direction = fields.Boolean(compute="_compute_is_direction", store=True)

    _key_uniq = models.Constraint(
        "UNIQUE (programme_id, key)", "A programme has each area once."
    )

    @api.depends("key")
    def _compute_is_direction(self):
        for area in self:
            area.is_direction = area.key == "direction"

    @api.depends("number", "name")
    def _compute_display_name(self):
        for area in self:
            area.display_name = f"{area.number}. {area.name}" if area.name else ""
