from odoo import api, models
from odoo.exceptions import UserError, ValidationError

from ..tools import entry, scoring
from ..tools.scoring import exact


class CchcIndexAssessmentLineMeasured(models.Model):
    """A criterion that the system measures: its figure, and what is declared beside."""

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.index.assessment.line"  # pylint: disable=consider-merging-classes-inherited

    def _take_measured(self, figures, now):
        """Keep what was measured, and declare it unless a person said otherwise.

        :param figures: ``{metric: Figure}``
        """
        self.ensure_one()
        differs = self.differs
        vals, declared = self._measured_vals(figures)
        counts = {
            row: figures[row.item_id.metric_id].numerator
            for row in self.count_ids
            if row.item_id.metric_id in figures
        }
        if not vals and not counts:
            return
        for row, number in counts.items():
            row.write({"measured": float(number), "is_measured": True})
            if not differs:
                row.count = float(number)
        figure = figures.get(self.criterion_id.metric_id)
        vals["measured_at"] = figure and figure.as_of or now
        if not differs and (declared or counts):
            vals |= {**declared, "is_filled": True}
        self.write(vals)

    def _measured_vals(self, figures):
        """Return what was measured and what it declares: two dicts of values."""
        criterion = self.criterion_id
        figure = figures.get(criterion.metric_id)
        if figure is None:
            return {}, {}
        planned = figures.get(criterion.metric_planned_id)
        below = planned.numerator if planned else figure.denominator
        achieved = float(figure.numerator)
        vals = {
            "measured_achieved": achieved,
            "measured_planned": float(below or 0),
        }
        if self.rule == scoring.BOOLEAN:
            return vals, {"answer": "yes" if achieved else "no"}
        if self.rule == scoring.SURVEY:
            share = figure.share
            percent = float(scoring.rounded(share * 100, 4)) if share else 0.0
            return vals, {"percent": percent}
        if self.rule in scoring.OF_RATIO:
            if below is not None and not below:
                # nothing there to have a rate of: a person says what that gives
                return vals, {}
            declared = {"achieved": achieved}
            if below is not None:
                declared["planned"] = float(below)
            return vals, declared
        return {}, {}

    @api.depends(
        "measured_at",
        "measured_achieved",
        "measured_planned",
        "answer",
        "achieved",
        "planned",
        "percent",
        "is_na",
        "is_filled",
        "count_ids.count",
        "count_ids.measured",
    )
    def _compute_differs(self):
        for line in self:
            line.differs = bool(line.measured_at) and line._is_other()

    def _is_other(self):
        """Whether what is declared is not what was measured."""
        self.ensure_one()
        if self.is_na:
            return True
        if any(row.is_measured and row.count != row.measured for row in self.count_ids):
            return True
        if not self.criterion_id.metric_id:
            return False
        if self.rule == scoring.BOOLEAN:
            return (self.answer == "yes") != bool(self.measured_achieved)
        if self.rule == scoring.SURVEY:
            if not self.measured_planned:
                return bool(self.percent)
            share = exact(self.measured_achieved) / exact(self.measured_planned)
            return exact(self.percent) != scoring.rounded(share * 100, 4)
        if self.rule in scoring.OF_RATIO:
            if not self.is_filled:
                return False
            return self.achieved != self.measured_achieved or (
                self._measures_planned() and self.planned != self.measured_planned
            )
        return False

    def _measures_planned(self):
        """Whether the figure below the line is measured, too."""
        criterion = self.criterion_id
        return bool(criterion.metric_planned_id or criterion.metric_id.unit == "share")

    @api.depends("measured_at", "measured_achieved", "measured_planned", "rule")
    def _compute_measured_text(self):
        for line in self:
            if not line.measured_at:
                line.measured_text = False
            elif line.count_ids:
                line.measured_text = "; ".join(
                    f"{row.item_id.name}: {entry.plain(row.measured)}"
                    for row in line.count_ids
                    if row.is_measured
                )
            elif line._measures_planned():
                line.measured_text = (
                    f"{entry.plain(line.measured_achieved)}"
                    f"/{entry.plain(line.measured_planned)}"
                )
            else:
                line.measured_text = entry.plain(line.measured_achieved)

    @api.constrains(
        "answer",
        "achieved",
        "planned",
        "percent",
        "is_na",
        "count_ids",
        "declared_reason",
    )
    def _check_difference(self):
        for line in self:
            if line.differs and not (line.declared_reason or "").strip():
                raise ValidationError(
                    self.env._(
                        "The system measured %(figure)s for “%(name)s”: give the "
                        "reason why something else is declared.",
                        figure=line.measured_text,
                        name=line.criterion_id.display_name,
                    )
                )

    def action_measured(self):
        """Open exactly what the system counted."""
        self.ensure_one()
        metric = (
            self.criterion_id.sudo().metric_id
            or self.sudo().count_ids.filtered("is_measured").item_id.metric_id[:1]
        )
        action = metric.with_env(self.env)._action(
            [self.company_id.id], *self.assessment_id._period()
        )
        if not action:
            raise UserError(
                self.env._("“%s” counts nothing that can be opened.", metric.name)
            )
        return action

    def action_use_measured(self):
        """Declare what was measured again."""
        for line in self:
            line._check_may_write({"achieved"})
            vals = {"declared_reason": False}
            if line.rule == scoring.BOOLEAN:
                vals["answer"] = "yes" if line.measured_achieved else "no"
            elif line.rule == scoring.SURVEY:
                share = (
                    exact(line.measured_achieved) / exact(line.measured_planned)
                    if line.measured_planned
                    else scoring.ZERO
                )
                vals["percent"] = float(scoring.rounded(share * 100, 4))
            elif line.rule in scoring.OF_RATIO:
                vals["achieved"] = line.measured_achieved
                if line._measures_planned():
                    vals["planned"] = line.measured_planned
            vals["is_na"] = False
            vals["count_ids"] = line._count_commands(
                {
                    row.item_id.id: row.measured
                    for row in line.count_ids
                    if row.is_measured
                }
            )
            line.write(vals)
        return True
