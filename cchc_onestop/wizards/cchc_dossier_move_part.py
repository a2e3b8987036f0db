from odoo import fields, models


class CchcDossierMovePart(models.TransientModel):
    """A part of the dossier that the applicant is asked for (form 02)."""

    _name = "cchc.dossier.move.part"
    _description = "Part Asked for"
    _order = "id"

    move_id = fields.Many2one("cchc.dossier.move", required=True, ondelete="cascade")
    asked = fields.Boolean(string="Ask for It")
    name = fields.Char(string="Part", required=True)
    originals = fields.Integer()
    certified = fields.Integer(string="Certified Copies")
    copies = fields.Integer(string="Photocopies")
    note = fields.Char()
