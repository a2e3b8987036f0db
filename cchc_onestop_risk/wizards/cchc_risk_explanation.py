from odoo import api, fields, models

from odoo.addons.cchc_onestop.models.cchc_dossier_row import STEP_ROLES

from ..models.cchc_dossier import BASES, LEVELS
from ..tools import history
from ..tools.sample import mean, quantile


class CchcRiskExplanation(models.TransientModel):
    """“Why this estimate?”: where the dossier stands beside those before it.

    Worked out when it is opened, from the same samples as the estimate.
    """

    _name = "cchc.risk.explanation"
    _description = "Why This Estimate?"

    dossier_id = fields.Many2one(
        "cchc.dossier", required=True, readonly=True, ondelete="cascade"
    )
    chance = fields.Float(readonly=True)
    level = fields.Selection(LEVELS, readonly=True)
    base = fields.Selection(BASES, string="Compared with", readonly=True)
    count = fields.Integer(string="Finished Dossiers", readonly=True)
    sentence = fields.Text(readonly=True)
    history_note = fields.Text(readonly=True)
    left = fields.Float(string="Working Hours Left", readonly=True)
    spent = fields.Float(string="Hours in This Step", readonly=True)
    median = fields.Float(string="Half Needed at Most", readonly=True)
    p80 = fields.Float(string="4 of 5 Needed at Most", readonly=True)
    p90 = fields.Float(string="9 of 10 Needed at Most", readonly=True)
    bottleneck = fields.Char(readonly=True)
    line_ids = fields.One2many(
        "cchc.risk.explanation.line", "explanation_id", readonly=True
    )

    @api.model_create_multi
    def create(self, vals_list):
        dossiers = self.env["cchc.dossier"].browse(
            vals.get("dossier_id") for vals in vals_list
        )
        dossiers.check_access("read")
        return super().create(vals_list)

    @api.model
    def _explain(self, dossier):
        """Make the page of an open dossier."""
        company = dossier.company_id.sudo()
        limits = self.env["cchc.risk.threshold"]._of(company)
        groups = (
            self.env["cchc.risk.model"]
            .sudo()
            ._samples(company.ids, dossier.procedure_id.ids)[company.id]
        )
        found = self.env["cchc.risk.history"]._open(dossier.ids, fields.Datetime.now())
        if not found:
            return self.create(
                {
                    "dossier_id": dossier.id,
                    "sentence": self.env._(
                        "Only open dossiers with a due date are estimated."
                    ),
                }
            )
        row = found[0][0]
        estimate = history.estimate([row], groups, limits.least)[row.id]
        lines = self._lines(dossier, row, groups, limits.least)
        slowest = max(
            (line for line in lines if line["expected"]),
            key=lambda line: line["expected"],
            default=None,
        )
        vals = {
            "dossier_id": dossier.id,
            "chance": estimate.chance,
            "base": estimate.base,
            "count": estimate.count,
            "left": row.left,
            "spent": row.spent,
            "history_note": self._history_note(row, groups, limits),
            "bottleneck": slowest and slowest["name"],
            "line_ids": [
                fields.Command.create({**line, "is_slowest": line is slowest})
                for line in lines
            ],
        }
        if estimate.base == history.NONE:
            vals["sentence"] = self.env._(
                "There is not enough history for an estimate."
            )
        else:
            vals["level"] = history.level(estimate.chance, limits.watch, limits.high)
            vals.update(self._comparison(row, estimate, groups, limits.least))
        return self.create(vals)

    @api.model
    def _comparison(self, row, estimate, groups, least):
        """Return the sentence of the estimate and the times of the others."""
        if estimate.base == history.LATE:
            return {"sentence": self.env._("The due date has passed already.")}
        key, sample = history.pick(groups, row, least)
        query = history.query(key[0], row)
        scale = row.elapsed + row.left if key[0] == history.SECTOR else 1.0
        compared, spent = sample.chosen(query.spent)
        remaining = sample.remaining(query.spent)
        late = sum(1 for hours in remaining if hours > query.left)
        values = {
            "compared": compared,
            "late": late,
            "spent": self._number(spent * scale),
            "left": self._number(row.left),
        }
        if spent < query.spent:
            sentence = self.env._(
                "This dossier has been here for longer than nearly all before it. Of "
                "the %(compared)s that stayed longest, %(late)s took more than the "
                "%(left)s working hours that are left now.",
                **values,
            )
        elif key[0] == history.STEP:
            sentence = self.env._(
                "Of %(compared)s dossiers that stayed in this step for more than "
                "%(spent)s working hours, %(late)s took more than the %(left)s hours "
                "that are left now until their result was ready.",
                **values,
            )
        elif key[0] == history.PROCEDURE:
            sentence = self.env._(
                "Of %(compared)s dossiers of this procedure that were open for more "
                "than %(spent)s working hours, %(late)s took more than the %(left)s "
                "hours that are left now.",
                **values,
            )
        else:
            sentence = self.env._(
                "Of %(compared)s dossiers of this field that were open for an equal "
                "share of their time limit, %(late)s took longer than their limit.",
                **values,
            )
        return {
            "sentence": sentence,
            "median": quantile(remaining, 0.5) * scale,
            "p80": quantile(remaining, 0.8) * scale,
            "p90": quantile(remaining, 0.9) * scale,
        }

    @api.model
    def _history_note(self, row, groups, limits):
        """Return how many finished dossiers each group has, and which one was taken."""
        names = dict(self._fields["base"]._description_selection(self.env))
        key, _sample = history.pick(groups, row, limits.least)
        parts = [
            self.env._(
                "%(group)s: %(count)s",
                group=names[each[0]],
                count=len(groups.get(each, ())),
            )
            for each in history.keys(row.procedure, row.sector, row.role, row.step)
        ]
        return self.env._(
            "Finished dossiers of the last %(months)s months – %(groups)s. At least "
            "%(least)s are needed; taken: %(taken)s.",
            months=limits.months,
            groups="; ".join(parts),
            least=limits.least,
            taken=(names[key[0]] if key else self.env._("none")).lower(),
        )

    @api.model
    def _lines(self, dossier, row, groups, least):
        """Return the steps still to do with the times that they took others."""
        steps = dossier.sudo().step_ids.sorted(lambda step: (step.sequence, step.id))
        lines = []
        for step in steps:
            if step.state not in ("current", "waiting") or step.role == "return":
                continue
            sample = groups.get((history.STEP, row.procedure, step.role, step.name))
            present = step == dossier.sudo().current_step_id
            enough = bool(sample) and len(sample) >= least
            stays = sample.staying(row.spent if present else 0.0) if enough else []
            lines.append(
                {
                    "name": step.name,
                    "role": step.role,
                    "is_present": present,
                    "count": len(sample or ()),
                    "expected": mean(stays) or 0.0,
                    "median": quantile(stays, 0.5) or 0.0,
                    "p80": quantile(stays, 0.8) or 0.0,
                    "p90": quantile(stays, 0.9) or 0.0,
                }
            )
        return lines

    @api.model
    def _number(self, hours):
        return self.env["ir.qweb.field.float"].value_to_html(hours, {"precision": 1})


class CchcRiskExplanationLine(models.TransientModel):
    """A step still to do, with the working hours that it took others."""

    _name = "cchc.risk.explanation.line"
    _description = "Step of an Estimate"
    _order = "id"

    explanation_id = fields.Many2one(
        "cchc.risk.explanation", required=True, ondelete="cascade"
    )
    name = fields.Char(string="Step", readonly=True)
    role = fields.Selection(STEP_ROLES, readonly=True)
    is_present = fields.Boolean(string="Now", readonly=True)
    is_slowest = fields.Boolean(string="Bottleneck", readonly=True)
    count = fields.Integer(string="Dossiers", readonly=True)
    expected = fields.Float(string="Mean Hours", readonly=True)
    median = fields.Float(string="Half", readonly=True)
    p80 = fields.Float(string="4 of 5", readonly=True)
    p90 = fields.Float(string="9 of 10", readonly=True)
