from odoo import api, fields, models
from odoo.fields import Domain


class CchcIndexSnapshotLine(models.Model):
    """One component in a weekly preview: numerator, denominator, points."""

    _name = "cchc.index.snapshot.line"
    _description = "Component of a Weekly Preview"
    _inherit = ["cchc.guarded.mixin"]
    _order = "snapshot_id desc, sequence, id"
    _rec_name = "component_id"

    snapshot_id = fields.Many2one(
        "cchc.index.snapshot",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="snapshot_id.company_id", store=True, precompute=True, index=True
    )
    week = fields.Date(related="snapshot_id.week", store=True, precompute=True)
    component_id = fields.Many2one(
        "cchc.index.component", required=True, readonly=True, ondelete="restrict"
    )
    sequence = fields.Integer(
        related="component_id.sequence", store=True, precompute=True
    )
    code = fields.Char(related="component_id.code")
    group = fields.Selection(related="component_id.group", store=True, precompute=True)
    state = fields.Selection(
        [
            ("known", "Counted"),
            ("hand", "Entered by hand"),
            ("policy", "By policy"),
            ("unknown", "Not known"),
        ],
        required=True,
        readonly=True,
    )
    is_counted = fields.Boolean(readonly=True)
    numerator = fields.Integer(readonly=True, aggregator=None)
    denominator = fields.Integer(readonly=True, aggregator=None)
    figure = fields.Char(compute="_compute_figure", string="Counted")
    points = fields.Float(readonly=True, digits=(6, 2), aggregator="avg")
    points_text = fields.Char(compute="_compute_figure", string="Points Reached")
    maximum = fields.Float(
        "Most Points", readonly=True, digits=(6, 2), aggregator="avg"
    )
    lost = fields.Float(
        "Points Lost", readonly=True, digits=(6, 2), help="Known components only"
    )
    unit = fields.Float(
        "One More Brings", readonly=True, digits=(8, 4), aggregator=None
    )
    reason = fields.Text("Why, What to Do", compute="_compute_reason")

    @api.depends("state", "is_counted")
    @api.depends_context("lang")
    def _compute_reason(self):
        """Say why it is not known, and how to make it known."""
        for line in self:
            if line.state == "policy":
                line.reason = self.env._(
                    "Does not apply to communes: all points by policy."
                )
            elif line.state == "unknown" and line.is_counted:
                line.reason = self.env._("Nothing of this kind in the period.")
            elif line.state == "unknown":
                line.reason = line.component_id.how_known or self.env._(
                    "Not counted here."
                )
            else:
                line.reason = False

    def _guarded_sentence(self):
        return self.env._("The preview of the index is counted by the system.")

    def _compute_figure(self):
        for line in self:
            line.figure = (
                f"{line.numerator} / {line.denominator}" if line.is_counted else "–"
            )
            known = line.state != "unknown"
            line.points_text = f"{line.points:.2f}".replace(".", ",") if known else "–"

    def action_open_losses(self):
        """Open what costs points in this component."""
        self.ensure_one()
        return self.env["cchc.index.loss"]._open_list(
            self.company_id,
            Domain("component_id", "=", self.component_id.id),
            self.component_id.name,
            self.snapshot_id,
        )

    def action_enter(self):
        """Open the form that enters the figure read elsewhere."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Enter a Figure"),
            "res_model": "cchc.index.input",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "current",
            "context": {
                "default_company_id": self.company_id.id,
                "default_component_id": self.component_id.id,
                "default_date_from": self.snapshot_id.date_from,
                "default_date_to": self.snapshot_id.date_to,
            },
        }
