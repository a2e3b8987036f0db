from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..models.cchc_calendar_year import WEEKDAYS
from ..models.cchc_dossier_clock import naive

_CLOCKS = [("committed", "Committed time"), ("statutory", "Statutory time")]


class CchcDueExplanation(models.TransientModel):
    """“Why this date?”: each day from the start of the clock, counted or skipped.

    The engine walks the days one by one, another way than the one that fixed the due
    date, so the page is also a check of the date it explains.
    """

    _name = "cchc.due.explanation"
    _description = "Why This Date?"

    dossier_id = fields.Many2one(
        "cchc.dossier", required=True, readonly=True, ondelete="cascade"
    )
    start_at = fields.Datetime(related="dossier_id.clock_start_at")
    extension_ids = fields.One2many(related="dossier_id.extension_ids")
    committed_due_at = fields.Datetime(readonly=True)
    statutory_due_at = fields.Datetime(readonly=True)
    committed_line_ids = fields.One2many(
        "cchc.due.explanation.line",
        "explanation_id",
        domain=[("clock", "=", "committed")],
        readonly=True,
    )
    statutory_line_ids = fields.One2many(
        "cchc.due.explanation.line",
        "explanation_id",
        domain=[("clock", "=", "statutory")],
        readonly=True,
    )
    differs = fields.Boolean(
        readonly=True,
        help="The calendar has changed since the date was fixed, and the dossier has "
        "not been re-dated",
    )

    @api.model_create_multi
    def create(self, vals_list):
        pages = super().create(vals_list)
        for page in pages:
            page._fill()
        return pages

    def _fill(self):
        """Have the engine explain both clocks of the dossier."""
        self.ensure_one()
        dossier = self.dossier_id
        if not dossier.clock_start_at or not dossier.deadline_rule_id:
            raise UserError(
                self.env._(
                    "%s has no due date to explain: it is not accepted, or its "
                    "procedure states no time.",
                    dossier.display_name,
                )
            )
        vals = {}
        for clock, _label in _CLOCKS:
            lines = dossier._explain(clock)
            vals[f"{clock}_due_at"] = naive(lines[-1].due)
            vals[f"{clock}_line_ids"] = [
                Command.create(
                    {
                        "clock": clock,
                        **self.env["cchc.due.explanation.line"]._from_engine(line),
                    }
                )
                for line in lines
            ]
        vals["differs"] = (
            vals["committed_due_at"] != dossier.unextended_due_at
            or vals["statutory_due_at"] != dossier.statutory_due_at
        )
        self.write(vals)

    def action_print(self):
        """Print the explanation."""
        return self.env.ref("cchc_onestop.report_due_explanation").report_action(self)


class CchcDueExplanationLine(models.TransientModel):
    """One day of the explanation."""

    _name = "cchc.due.explanation.line"
    _description = "Day of an Explanation"
    _order = "id"

    explanation_id = fields.Many2one(
        "cchc.due.explanation", required=True, ondelete="cascade"
    )
    clock = fields.Selection(_CLOCKS, required=True)
    date = fields.Date()
    weekday = fields.Selection(WEEKDAYS)
    status = fields.Selection(
        [
            ("first", "Start"),
            ("counted", "Counted"),
            ("partly", "Partly counted"),
            ("skipped", "Not counted"),
        ]
    )
    reason = fields.Char()
    total = fields.Char(string="Counted so far")
    is_due = fields.Boolean()

    @api.model
    def _from_engine(self, line):
        """Return the values of a line of the deadline engine, in words."""
        return {
            "date": line.date,
            "weekday": str(line.weekday),
            "status": line.status,
            "reason": self._reason_text(line),
            "total": self._total_text(line.total, line.in_seconds),
            "is_due": bool(line.due),
        }

    @api.model
    def _total_text(self, total, in_hours):
        if not total:
            return ""
        if in_hours:
            return self.env._(
                "%(hours)s h %(minutes)02d",
                hours=total // 3600,
                minutes=total % 3600 // 60,
            )
        return str(total)

    @api.model
    def _reason_text(self, line):
        """Return why the day is counted or not, with the name of the holiday."""
        texts = {
            "first_day": self.env._("day of acceptance, not counted"),
            "working_day": self.env._("working day"),
            "makeup_day": self.env._("make-up working day"),
            "special_hours": self.env._("working day with special hours"),
            "calendar_day": self.env._("calendar day"),
            "weekly_rest": self.env._("weekly rest day"),
            "holiday": self.env._("public holiday"),
            "day_off": self.env._("day off"),
            "outside_hours": self.env._("outside office hours"),
            "after_cutoff": self.env._("received after the cut-off hour"),
            "same_day": self.env._("same day"),
            "paused": self.env._("clock stopped"),
            "pause_made_up": self.env._("time of the stop given back"),
            "before_restart": self.env._("before the supplement was complete"),
            "restart": self.env._("supplement complete, counted anew"),
            "last_day_moved": self.env._("last day moved from a rest day"),
        }
        text = texts[line.reason]
        if line.names:
            text = f"{text}: {', '.join(line.names)}"
        return text
