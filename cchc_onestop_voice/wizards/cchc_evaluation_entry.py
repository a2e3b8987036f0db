from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.cchc_onestop.models.cchc_evaluation import LEVELS


class CchcEvaluationEntry(models.TransientModel):
    """Many paper slips at once: a line per slip; what cannot be entered stays, with
    what is wrong."""

    _name = "cchc.evaluation.entry"
    _description = "Entry of Paper Slips"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    source = fields.Selection(
        [("counter", "Slip at the Desk"), ("phone", "Telephone, Inquiry")],
        required=True,
        default="counter",
    )
    evaluated_on = fields.Date(
        "Day", help="On which the slips were filled in; empty: now"
    )
    line_ids = fields.One2many("cchc.evaluation.entry.line", "entry_id", "Slips")
    legend = fields.Char("Order of the Answers", compute="_compute_legend")
    done_count = fields.Integer("Entered", readonly=True)

    def _compute_display_name(self):
        for entry in self:
            entry.display_name = self.env._("Entry of Paper Slips")

    def _form(self):
        return self.env["cchc.evaluation"]._form_of(self.source, self.company_id)

    @api.depends("source", "company_id")
    def _compute_legend(self):
        for entry in self:
            criteria = entry._form().line_ids.criterion_id
            entry.legend = ", ".join(criteria.mapped("code"))

    def action_enter(self):
        """Enter every line that can be entered; the others say what is wrong."""
        self.ensure_one()
        lines = self.line_ids
        if not lines:
            raise UserError(self.env._("Type the code of a dossier on each line."))
        done = lines.browse()
        seen = set()
        for line in lines:
            line.problem = line._enter(seen)
            if not line.problem:
                done |= line
        self.done_count += len(done)
        done.unlink()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Entry of Paper Slips"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "current",
        }


class CchcEvaluationEntryLine(models.TransientModel):
    _name = "cchc.evaluation.entry.line"
    _description = "Paper Slip to Be Entered"

    entry_id = fields.Many2one(
        "cchc.evaluation.entry", required=True, ondelete="cascade"
    )
    code = fields.Char("Dossier Code", required=True)
    level = fields.Selection(LEVELS, "Overall", required=True, default="satisfied")
    marks = fields.Char(
        "Answers",
        help="One figure per question in the order of the form: 1 very satisfied, "
        "2 satisfied, 3 dissatisfied, 0 nothing ticked",
    )
    comment = fields.Char()
    problem = fields.Char("What Is Wrong", readonly=True)

    def _enter(self, seen):
        """Enter this slip; return what is wrong, empty when it was entered."""
        self.ensure_one()
        entry = self.entry_id
        code = "".join((self.code or "").split()).upper()
        if code in seen:
            return self.env._("This dossier stands on another line already.")
        seen.add(code)
        dossier = self.env["cchc.dossier"].search(
            [("name", "=", code), ("company_id", "=", entry.company_id.id)], limit=1
        )
        if not dossier:
            return self.env._("No dossier of the agency has this code.")
        if self.env["cchc.evaluation.invitation"]._is_evaluated(dossier):
            return self.env._("This dossier has been evaluated already.")
        criteria = entry._form().line_ids.criterion_id
        marks = "".join((self.marks or "").split())
        if marks and (len(marks) != len(criteria) or set(marks) - set("0123")):
            return self.env._("Type %s figures from 0 to 3, or none.", len(criteria))
        evaluations = self.env["cchc.evaluation"]
        levels = evaluations._levels_of(entry._form(), marks)
        vals = {
            "dossier_id": dossier.id,
            "source": entry.source,
            "level": self.level,
            "comment": self.comment,
            "answer_ids": evaluations._answer_rows(entry._form(), levels),
        }
        if entry.evaluated_on:
            vals["evaluated_at"] = evaluations._moment_of(
                entry.company_id, entry.evaluated_on
            )
        try:
            with self.env.cr.savepoint():
                evaluations.create(vals)
        except UserError as error:
            return str(error)
        return ""
