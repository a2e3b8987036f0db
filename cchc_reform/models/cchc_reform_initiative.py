from odoo import api, fields, models

LEVELS = [
    ("commune", "Commune"),
    ("district", "District (until 30/6/2025)"),
    ("province", "Province"),
    ("national", "National"),
]


class CchcReformInitiative(models.Model):
    """Initiative or new model (sáng kiến, mô hình) of reform and its recognition."""

    _name = "cchc.reform.initiative"
    _description = "Initiative"
    _inherit = ["cchc.reform.entry.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Char("Title", required=True, tracking=True)
    kind = fields.Selection(
        [("initiative", "Initiative"), ("model", "New Model")],
        required=True,
        default="initiative",
    )
    author_names = fields.Char("Authors")
    author_ids = fields.Many2many("res.users", string="Authors Here")
    date = fields.Date(
        "Recognised on",
        required=True,
        index=True,
        default=lambda self: fields.Date.context_today(self),
    )
    year = fields.Integer(compute="_compute_year", store=True, aggregator=None)
    area_id = fields.Many2one("cchc.reform.area", ondelete="restrict")
    level = fields.Selection(LEVELS, "Recognised at", required=True, default="commune")
    is_recognised = fields.Boolean("Recognised", default=True, tracking=True)
    decision_id = fields.Many2one(
        "cchc.issued.document", check_company=True, ondelete="restrict"
    )
    decision = fields.Char("Decision No.", help="When it is not in the register")
    contest = fields.Char(help="Contest in which it took part")
    prize = fields.Char(tracking=True)
    effect = fields.Text(help="What it brought, and where it is used")
    note = fields.Text("Notes")

    @api.depends("date")
    def _compute_year(self):
        for initiative in self:
            initiative.year = initiative.date.year if initiative.date else 0

    @api.onchange("author_ids")
    def _onchange_author_ids(self):
        if self.author_ids and not self.author_names:
            self.author_names = ", ".join(self.author_ids.mapped("name"))
