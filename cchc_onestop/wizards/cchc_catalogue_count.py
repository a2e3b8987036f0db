from odoo import Command, api, fields, models
from odoo.tools import format_date

from ..models.cchc_procedure import LEVELS


class CchcCatalogueCount(models.TransientModel):
    """Counts the procedures in force per field on any day; each figure opens them."""

    _name = "cchc.catalogue.count"
    _description = "Procedures in Force per Field"

    date = fields.Date("On", required=True, default=fields.Date.context_today)
    company_id = fields.Many2one(
        "res.company", "Agency", required=True, default=lambda self: self.env.company
    )
    level = fields.Selection(
        LEVELS,
        "Level of Settlement",
        default=lambda self: self.env.company.cchc_level,
        help="Empty: procedures of all levels",
    )
    line_ids = fields.One2many(
        "cchc.catalogue.count.line",
        "wizard_id",
        "Fields",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    procedure_count = fields.Integer("Procedures in Force", compute="_compute_totals")
    sector_count = fields.Integer("Number of Fields", compute="_compute_totals")

    @api.depends("date", "company_id")
    def _compute_display_name(self):
        for wizard in self:
            wizard.display_name = self.env._(
                "Procedures in force on %s",
                format_date(self.env, wizard.date) if wizard.date else "",
            )

    @api.depends("line_ids.in_force")
    def _compute_totals(self):
        for wizard in self:
            wizard.procedure_count = sum(wizard.line_ids.mapped("in_force"))
            wizard.sector_count = len(wizard.line_ids)

    def _stat(self):
        """Return the model of procedures in force on the day, for the agency."""
        self.ensure_one()
        return (
            self.env["cchc.catalogue.stat"]
            .with_company(self.company_id)
            .with_context(cchc_date=fields.Date.to_string(self.date))
        )

    def _domain(self):
        return [("level", "=", self.level)] if self.level else []

    @api.depends("date", "company_id", "level")
    def _compute_line_ids(self):
        for wizard in self:
            groups = (
                wizard._stat()._read_group(
                    wizard._domain(), ["sector_id"], ["in_force:sum"]
                )
                if wizard.date and wizard.company_id
                else []
            )
            wizard.line_ids = [
                Command.clear(),
                *(
                    Command.create({"sector_id": sector.id, "in_force": count})
                    for sector, count in groups
                ),
            ]

    @api.model
    def action_open_today(self):
        """Open the count of today."""
        wizard = self.create({})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Procedures in Force"),
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
        }

    def action_count(self):
        """Save the day and count."""
        return True

    def _open_procedures(self, sector=None):
        """Open the procedures that a figure counts, as they were on the day."""
        domain = [("sector_id", "=", sector.id)] if sector else []
        rows = self._stat().search_fetch([*self._domain(), *domain], ["procedure_id"])
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "cchc.procedure",
            "view_mode": "list,kanban,form",
            "domain": [("id", "in", rows.procedure_id.ids)],
            "context": {"cchc_date": fields.Date.to_string(self.date)},
        }

    def action_open_procedures(self):
        self.ensure_one()
        return self._open_procedures()

    def action_open_pivot(self):
        """Open the rows behind the figures as pivot and list."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "cchc.catalogue.stat",
            "view_mode": "pivot,list",
            "domain": self._domain(),
            "context": {"cchc_date": fields.Date.to_string(self.date)},
        }

    def action_export(self):
        self.ensure_one()
        return self.env.ref("cchc_onestop.catalogue_count_report").report_action(self)


class CchcCatalogueCountLine(models.TransientModel):
    """One field of administration with its number of procedures in force."""

    _name = "cchc.catalogue.count.line"
    _description = "Procedures in Force of a Field"
    _order = "wizard_id, sector_id, id"

    wizard_id = fields.Many2one(
        "cchc.catalogue.count", required=True, ondelete="cascade", index=True
    )
    sector_id = fields.Many2one("cchc.sector", "Field", readonly=True)
    in_force = fields.Integer("Procedures in Force", readonly=True)

    def action_open_procedures(self):
        self.ensure_one()
        return self.wizard_id._open_procedures(self.sector_id)
