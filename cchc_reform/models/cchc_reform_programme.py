from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CchcReformProgramme(models.Model):
    """State programme on administrative reform (chương trình tổng thể CCHC).

    Programmes follow each other; a focus plan for a few years stands under one and
    replaces nothing. Numbers recur: two resolutions of different years are both
    76/NQ-CP, so a programme is known by number and date together.
    """

    _name = "cchc.reform.programme"
    _description = "Reform Programme"
    _order = "valid_from desc, id desc"
    _rec_names_search = ["number", "name"]

    name = fields.Char(required=True)
    number = fields.Char(required=True, help="E.g. 76/NQ-CP")
    date = fields.Date("Issued on", required=True)
    issuer = fields.Char()
    valid_from = fields.Date(required=True)
    valid_to = fields.Date(required=True)
    parent_id = fields.Many2one(
        "cchc.reform.programme",
        "Under",
        ondelete="restrict",
        help="Programme whose areas a focus plan keeps",
    )
    child_ids = fields.One2many("cchc.reform.programme", "parent_id", "Focus Plans")
    amended_by = fields.Char(help="Texts that changed it, with their dates")
    own_area_ids = fields.One2many("cchc.reform.area", "programme_id", "Areas")
    area_ids = fields.Many2many(
        "cchc.reform.area", compute="_compute_area_ids", string="Areas in Force"
    )
    target_ids = fields.One2many("cchc.reform.target", "programme_id", "Targets")
    active = fields.Boolean(default=True)
    to_confirm = fields.Boolean(
        "To Be Confirmed", help="Not yet confirmed by the official text"
    )

    _number_uniq = models.Constraint(
        "UNIQUE (number, date)", "There is a programme with this number and date."
    )
    _valid = models.Constraint(
        "CHECK (valid_to >= valid_from)", "A programme cannot end before it begins."
    )

    @api.depends("own_area_ids", "parent_id.own_area_ids")
    def _compute_area_ids(self):
        for programme in self:
            programme.area_ids = (
                programme.own_area_ids or programme.parent_id.own_area_ids
            )

    @api.depends("number", "date", "name")
    def _compute_display_name(self):
        for programme in self:
            day = programme.date.strftime("%d/%m/%Y") if programme.date else ""
            programme.display_name = f"{programme.number or ''} ({day})".strip()

    @api.constrains("parent_id", "valid_from", "valid_to")
    def _check_parent(self):
        if self._has_cycle():
            raise ValidationError(
                self.env._("A programme cannot stand under itself; choose another one.")
            )
        for programme in self:
            parent = programme.parent_id
            if parent.parent_id:
                raise ValidationError(
                    self.env._(
                        "%s is a focus plan itself; choose the programme above it.",
                        parent.display_name,
                    )
                )
            if parent and not (
                parent.valid_from <= programme.valid_from
                and programme.valid_to <= parent.valid_to
            ):
                raise ValidationError(
                    self.env._(
                        "%(plan)s lies outside the years of %(programme)s; correct its "
                        "dates.",
                        plan=programme.display_name,
                        programme=parent.display_name,
                    )
                )

    @api.model
    def _in_force(self, day):
        """Return the programme in force on a day, without focus plans; may be empty."""
        return self.search(
            [
                ("parent_id", "=", False),
                ("valid_from", "<=", day),
                ("valid_to", ">=", day),
            ],
            limit=1,
        )
