from odoo import api, fields, models


class CchcReformReportOutlineAnnex(models.Model):
    """Table behind a report (phụ lục)."""

    _name = "cchc.reform.report.outline.annex"
    _description = "Annex of an Outline"
    _order = "outline_id, sequence, id"

    outline_id = fields.Many2one(
        "cchc.reform.report.outline", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer(default=10)
    kind = fields.Selection(selection="_get_kinds", required=True)
    name = fields.Char("Title of the Annex", required=True)

    @api.model
    def _get_kinds(self):
        """Return the tables there are; ``cchc.reform.report._annex_<kind>`` makes one.
        An addon adds its own here."""
        return [
            ("figures", self.env._("Figures of the Report")),
            ("task_area", self.env._("Tasks by Area")),
            ("task_status", self.env._("Tasks by Status")),
            ("task_list", self.env._("List of Tasks")),
            ("communication", self.env._("Communications by Channel")),
            ("inspection", self.env._("Inspections")),
            ("agencies", self.env._("Agencies Below")),
        ]
