from odoo import api, fields, models


class CchcIsoChecklistTemplate(models.Model):
    """Questions asked in audits: of clauses of an edition, or of every process.

    Those shipped are a start in our own words; an office changes them and adds its
    own (``company_id``).
    """

    _name = "cchc.iso.checklist.template"
    _description = "Checklist Template"
    _order = "sequence, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", "Agency", help="Empty: for all")
    edition_id = fields.Many2one(
        "cchc.iso.edition",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env["cchc.iso.edition"]._current(),
    )
    kind = fields.Selection(
        [("clause", "Clauses"), ("process", "Process of a Procedure")],
        required=True,
        default="clause",
    )
    line_ids = fields.One2many(
        "cchc.iso.checklist.template.line", "template_id", "Questions", copy=True
    )
    line_count = fields.Integer("Number of Questions", compute="_compute_line_count")

    @api.depends("line_ids")
    def _compute_line_count(self):
        for template in self:
            template.line_count = len(template.line_ids)
