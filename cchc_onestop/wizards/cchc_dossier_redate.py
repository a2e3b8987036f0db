from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CchcDossierRedate(models.TransientModel):
    """Re-dates open dossiers after a calendar change, after a look at the list.

    A holiday announced late or a swapped Saturday moves due dates of open dossiers.
    Exactly those shown are moved, both dates are written into their ledgers; ended
    dossiers and those that missed their date before stay as they are.
    """

    _name = "cchc.dossier.redate"
    _description = "Re-date Open Dossiers"

    calendar_ids = fields.Many2many("resource.calendar", required=True)
    content = fields.Char(
        string="Reason",
        help="Written into the event log, e.g. the notice that changed the calendar",
    )
    line_ids = fields.One2many("cchc.dossier.redate.line", "wizard_id", readonly=True)
    moved_count = fields.Integer(compute="_compute_counts")
    missed_count = fields.Integer(
        readonly=True,
        help="Open dossiers that missed their date before the change: they stay late",
    )

    @api.depends("line_ids")
    def _compute_counts(self):
        for wizard in self:
            wizard.moved_count = len(wizard.line_ids)

    @api.model_create_multi
    def create(self, vals_list):
        wizards = super().create(vals_list)
        for wizard in wizards:
            wizard._preview()
        return wizards

    def _preview(self):
        """List what the calendars, as they are now, would move."""
        self.ensure_one()
        dossiers = self.env["cchc.dossier"]
        moved = dossiers._redating(self.calendar_ids)
        self.write(
            {
                "missed_count": dossiers.sudo().search_count(
                    dossiers._open_domain()
                    & Domain("calendar_id", "in", self.calendar_ids.ids)
                    & Domain("late_at", "!=", False)
                ),
                "line_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {
                                "dossier_id": dossier.id,
                                "due_before": dossier.due_at,
                                "due_after": dates.get("due_at", dossier.due_at),
                            }
                        )
                        for dossier, dates in moved
                    ),
                ],
            }
        )

    def action_apply(self):
        """Re-date the dossiers shown.

        :raises UserError: without a reason, or when the list has changed meanwhile
        """
        self.ensure_one()
        if not (self.content or "").strip():
            raise UserError(
                self.env._(
                    "Give the reason (e.g. the number of the notice): it is written "
                    "into the event log of each dossier."
                )
            )
        dossiers = self.env["cchc.dossier"]
        dossiers._check_may_redate()
        moved = dossiers._redating(self.calendar_ids)
        shown = {line.dossier_id: line.due_after for line in self.line_ids}
        now = {d: dates.get("due_at", d.due_at) for d, dates in moved}
        if shown != now:
            self._preview()
            raise UserError(
                self.env._(
                    "The calendar or the open dossiers have changed since the list was "
                    "made: look at the new list and confirm again."
                )
            )
        dossiers._apply_redating(moved, self.content)
        return {"type": "ir.actions.act_window_close"}


class CchcDossierRedateLine(models.TransientModel):
    """A dossier that the calendar change moves."""

    _name = "cchc.dossier.redate.line"
    _description = "Dossier to Re-date"

    wizard_id = fields.Many2one(
        "cchc.dossier.redate", required=True, ondelete="cascade"
    )
    dossier_id = fields.Many2one("cchc.dossier", required=True, ondelete="cascade")
    procedure_id = fields.Many2one(related="dossier_id.procedure_id")
    due_before = fields.Datetime()
    due_after = fields.Datetime()
