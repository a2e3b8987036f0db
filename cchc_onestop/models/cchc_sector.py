from odoo import fields, models
from odoo.fields import Domain


class CchcSector(models.Model):
    """Field of administration (lĩnh vực): groups the procedures of the catalogue."""

    _name = "cchc.sector"
    _description = "Field of Administration"
    _order = "sequence, name, id"
    _rec_names_search = ["name", "code"]

    code = fields.Char(
        index="btree_not_null",
        help="Code of the field in the national list (mã lĩnh vực)",
    )
    name = fields.Char(required=True, index="trigram")
    sequence = fields.Integer(default=100)
    active = fields.Boolean(default=True)
    procedure_ids = fields.One2many("cchc.procedure", "sector_id", "Procedures")
    procedure_count = fields.Integer(
        "Procedures in the Catalogue", compute="_compute_procedure_count"
    )
    in_force_count = fields.Integer("In Force", compute="_compute_procedure_count")

    _code_uniq = models.UniqueIndex(
        "(code) WHERE code IS NOT NULL", "Another field already has this code."
    )
    _name_uniq = models.UniqueIndex(
        "(lower(name))", "Another field already has this name."
    )

    def _compute_procedure_count(self):
        own = Domain("sector_id", "in", self.ids)
        counts = self._count_procedures(own)
        in_force = self._count_procedures(own & Domain("state", "=", "in_force"))
        for sector in self:
            sector.procedure_count = counts.get(sector, 0)
            sector.in_force_count = in_force.get(sector, 0)

    def _count_procedures(self, domain):
        groups = self.env["cchc.procedure"]._read_group(
            domain, ["sector_id"], ["__count"]
        )
        return dict(groups)

    def action_open_procedures(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cchc_onestop.cchc_procedure_action"
        )
        action["domain"] = [("sector_id", "=", self.id)]
        action["context"] = {"default_sector_id": self.id}
        return action
