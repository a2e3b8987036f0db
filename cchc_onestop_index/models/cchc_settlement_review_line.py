from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.cchc_onestop.tools.guard import is_unlocked, unlocked

from ..tools import sources


class CchcSettlementReviewLine(models.Model):
    """One index of an evaluation: scored by the system, appraised by a person."""

    _name = "cchc.settlement.review.line"
    _description = "Index of an Evaluation"
    _inherit = ["cchc.guarded.mixin"]
    _order = "review_id desc, number, id"
    _rec_name = "index_id"
    _guarded_free = frozenset({"note"})

    review_id = fields.Many2one(
        "cchc.settlement.review", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="review_id.company_id", store=True, precompute=True
    )
    state = fields.Selection(related="review_id.state")
    is_editable = fields.Boolean(related="review_id.is_editable")
    index_id = fields.Many2one(
        "cchc.settlement.index", required=True, readonly=True, ondelete="restrict"
    )
    # a text, so that lists show the whole name
    title = fields.Text("Name of the Index", compute="_compute_title")
    number = fields.Integer(
        "No.",
        related="index_id.number",
        store=True,
        precompute=True,
        aggregator=None,
    )
    maximum = fields.Float(related="index_id.maximum", digits=(4, 1), aggregator=None)
    is_known = fields.Boolean(readonly=True)
    own_points = fields.Float(
        "Self-Scored", digits=(4, 1), readonly=True, aggregator=None
    )
    own_text = fields.Char("Self-Scored Points", compute="_compute_texts")
    total_points = fields.Integer("Sum of Points", readonly=True, aggregator=None)
    known_count = fields.Integer("Counted", readonly=True, aggregator=None)
    is_appraised = fields.Boolean("Was Appraised", readonly=True)
    appraised_points = fields.Float(
        "Points of the Appraisal",
        digits=(4, 1),
        readonly=True,
        aggregator=None,
    )
    appraised_text = fields.Char("Appraised Points", compute="_compute_texts")
    appraise_reason = fields.Text("Reason of the Appraisal", readonly=True)
    appraised_by_id = fields.Many2one("res.users", "Appraised by", readonly=True)
    appraised_at = fields.Datetime("Appraised on", readonly=True)
    is_final_known = fields.Boolean(compute="_compute_final", store=True)
    final_points = fields.Float(
        digits=(4, 1), compute="_compute_final", store=True, aggregator=None
    )
    reason = fields.Text("Why, What to Do", compute="_compute_reason")
    note = fields.Char("Remarks")

    @api.depends("index_id.name")
    def _compute_title(self):
        for line in self:
            line.title = line.index_id.name

    @api.depends("is_known", "own_points", "is_appraised", "appraised_points")
    def _compute_final(self):
        for line in self:
            line.is_final_known = line.is_known or line.is_appraised
            line.final_points = (
                line.appraised_points if line.is_appraised else line.own_points
            )

    @api.depends("is_known", "known_count", "review_id.dossier_count", "index_id")
    @api.depends_context("lang")
    def _compute_reason(self):
        """Say what is not known, and how to make it known."""
        for line in self:
            missing = line.review_id.dossier_count - line.known_count
            if not line.is_known:
                line.reason = line.index_id.how_known or self.env._("Not known here.")
            elif line.number in sources.PER_DOSSIER and missing > 0:
                line.reason = self.env._(
                    "Not known of %(missing)s of %(number)s dossiers: left out.",
                    missing=missing,
                    number=line.review_id.dossier_count,
                )
            else:
                line.reason = False

    @api.depends("is_known", "own_points", "is_appraised", "appraised_points")
    def _compute_texts(self):
        for line in self:
            line.own_text = _decimal(line.own_points) if line.is_known else "–"
            line.appraised_text = (
                _decimal(line.appraised_points) if line.is_appraised else ""
            )

    def _guarded_sentence(self):
        return self.env._("The evaluation is scored by the system, not typed.")

    def write(self, vals):
        if not is_unlocked(self.env):
            self.review_id._cchc_check_open()
        return super().write(vals)

    def _appraise(self, value, reason):
        """Enter the appraised points with the reason.

        :raises UserError: without a reason, or outside 0 and the standard points
        """
        self.ensure_one()
        self.check_access("write")
        self.review_id._cchc_check_open()
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the index is appraised so."))
        if not 0 <= value <= self.maximum:
            raise UserError(
                self.env._(
                    "The points of an index lie between 0 and %s.",
                    _decimal(self.maximum),
                )
            )
        unlocked(self).write(
            {
                "is_appraised": True,
                "appraised_points": value,
                "appraise_reason": reason.strip(),
                "appraised_by_id": self.env.uid,
                "appraised_at": fields.Datetime.now(),
            }
        )
        self.review_id._message_log(
            body=self.env._(
                "Index %(number)s appraised with %(points)s (scored %(own)s): "
                "%(reason)s",
                number=self.number,
                points=_decimal(value),
                own=self.own_text,
                reason=reason.strip(),
            )
        )

    def action_appraise(self):
        """Open the form that asks for points and reason."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Appraise"),
            "res_model": "cchc.settlement.appraise",
            "view_mode": "form",
            "target": "new",
            "context": {"default_line_id": self.id},
        }

    def action_withdraw_appraisal(self):
        """Let the self-scored points stand."""
        self.check_access("write")
        self.review_id._cchc_check_open()
        unlocked(self).write(
            {
                "is_appraised": False,
                "appraised_points": 0.0,
                "appraise_reason": False,
                "appraised_by_id": False,
                "appraised_at": False,
            }
        )
        return True

    def action_open(self):
        """Open what lost points in this index, by the reader's own rules."""
        self.ensure_one()
        self.check_access("read")
        review = self.review_id
        if self.number in sources.PER_DOSSIER:
            return review._open_cell(self.number, "lost", self.index_id.name)
        if self.number == 4:
            return self._open_records(
                "cchc.evaluation",
                [
                    ("company_id", "=", review.company_id.id),
                    ("evaluated_at", ">=", review.date_from),
                    (
                        "evaluated_at",
                        "<",
                        fields.Date.add(review.date_to, days=1),
                    ),
                ],
            )
        if self.number == 8:
            return self._open_records(
                "cchc.petition", [("company_id", "=", review.company_id.id)]
            )
        return review.action_open_dossiers()

    def _open_records(self, model, domain):
        return {
            "type": "ir.actions.act_window",
            "name": self.index_id.name,
            "res_model": model,
            "views": [(False, "list"), (False, "form")],
            "domain": [
                (name, operator, fields.Date.to_string(value))
                if name == "evaluated_at"
                else (name, operator, value)
                for name, operator, value in domain
            ],
            "context": {"create": False},
        }


def _decimal(value):
    """Return points with one decimal as papers write them: ``1,8``."""
    return f"{value:.1f}".replace(".", ",")
