from odoo import models
from odoo.exceptions import ValidationError

from ..tools import scoring
from ..tools.scoring import ZERO, exact


class CchcIndexAssessmentLineWhatIf(models.Model):
    """What would raise one criterion."""

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.index.assessment.line"  # pylint: disable=consider-merging-classes-inherited

    def _what_if_vals(self):
        """Return the values of the row that shows how this rises; ``None`` at its
        maximum or where it does not apply."""
        self.ensure_one()
        na = self.appraised_na if self.appraisal else self.self_na
        now = exact(self.final_score)
        if na or now >= exact(self.maximum):
            return None
        text = self.env["cchc.index.set"]._text
        ways = []
        gain = exact(self.maximum) - now
        if self.is_filled and not self.is_overridden:
            for step in scoring.steps(self.criterion_id._scoring(), self._declared()):
                points = scoring.rounded(step.gain, self.assessment_id.set_id.decimals)
                if step.needed is None:
                    ways.append(self.env._("up to +%s points", text(points)))
                else:
                    ways.append(
                        self.env._(
                            "%(needed)s more: +%(points)s points",
                            needed=text(step.needed),
                            points=text(points),
                        )
                    )
        return {
            "line_id": self.id,
            "score_now": self.final_score,
            "gain": float(gain),
            "ways": "; ".join(dict.fromkeys(ways))
            or self.env._("up to +%s points", text(gain)),
            "entry_now": self.entry or False,
        }

    def _try(self, text):
        """Return the points that a typed value would give; nothing is written.

        :raises ValidationError: when it cannot be understood or scored
        """
        self.ensure_one()
        found = self._parsed(text)
        if found is None:
            return ZERO
        name = self.criterion_id.display_name
        if found.get("na"):
            if not self.na_allowed:
                raise ValidationError(
                    self.env._(
                        "“%s” applies to every agency: score it instead of leaving it "
                        "out.",
                        name,
                    )
                )
            return None
        declared = scoring.Declared(
            yes=found.get("yes", False),
            achieved=exact(found.get("achieved", 0)),
            planned=exact(found.get("planned", 0)),
            counts={key: exact(n) for key, n in found.get("counts", {}).items()},
            option=found.get("option", ""),
            points=exact(found.get("points", 0)),
            percent=exact(found.get("percent", 0)),
        )
        try:
            points = scoring.score(self.criterion_id._scoring(), declared)
        except scoring.ScoringError as error:
            raise ValidationError(self.criterion_id._sentence(error, name)) from error
        return scoring.rounded(points, self.assessment_id.set_id.decimals)
