from odoo import api, fields, models

from odoo.addons.cchc_onestop.tools.guard import unlocked

from ..tools import scoring
from ..tools.scoring import ZERO, exact


class CchcIndexAssessmentPreview(models.Model):
    """What the year will come to, going by what is scored and by the year before."""

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.index.assessment"  # pylint: disable=consider-merging-classes-inherited

    preview_ids = fields.One2many(
        "cchc.index.preview", "assessment_id", "Previews", readonly=True
    )
    forecast = fields.Float(
        "Forecast of the Year",
        digits=(16, 4),
        compute="_compute_forecast",
        help="What is not scored yet taken as in the year before",
    )

    @api.depends("final_total", "line_ids.is_filled", "line_ids.previous_score")
    def _compute_forecast(self):
        for record in self:
            record.forecast = float(record._forecast_total() or ZERO)

    def _forecast_total(self):
        """Return the points that the year comes to, ``None`` when nothing applies.

        A criterion that nobody has scored yet counts as in the year before, one that
        is new then nothing; so does a survey without a result.
        """
        self.ensure_one()
        if self.appraisal:
            return self._final()
        pairs = []
        for line in self._leaves():
            leaf, points = line._pair(False)
            if not line.is_filled:
                points = min(exact(line.previous_score), leaf.maximum)
            pairs.append((leaf, points))
        total = scoring.add_up(pairs)
        survey = self._survey_share()
        if survey is None:
            survey = (
                self.sudo().previous_id._survey_share() if self.previous_id else None
            )
        return self._weigh(total, survey)

    @api.model
    def _current(self, company, domain=()):
        """Return the last assessment of an agency, one of a year to come only where
        there is no other."""
        this_year = fields.Date.context_today(self).year
        domain = [("company_id", "=", company.id), *domain]
        order = "year desc, id desc"
        return self.search(
            [*domain, ("year", "<=", this_year)], order=order, limit=1
        ) or self.search(domain, order=order, limit=1)

    @api.model
    def _forecast(self, company):
        """Return how the index of an agency stands, for the leader's page.

        :param company: the agency
        :return: ``False`` without an assessment, else a dict: ``assessment``,
            ``year``, ``state``, ``score`` (as scored so far), ``forecast``,
            ``maximum``, ``previous`` and ``previous_year`` (``None`` without one),
            ``unfilled`` (criteria), ``rank`` (text), ``as_of`` (moment)
        """
        record = self._current(company)
        if not record:
            return False
        before = record.sudo().previous_id
        return {
            "assessment": record,
            "year": record.year,
            "state": record.state,
            "score": record.final_total,
            "forecast": record.forecast,
            "maximum": record.maximum,
            "previous": before.final_total if before else None,
            "previous_year": before.year if before else None,
            "unfilled": record.unfilled_count,
            "rank": record.rank_text,
            "as_of": record.measured_at or record.write_date,
        }

    @api.model
    def _cron_preview(self):
        """Measure the open self-scores and write down how they stand; once a week."""
        running = self.sudo().search(
            [("state", "=", "draft"), ("review_ids", "=", False)]
        )
        today = fields.Date.context_today(self)
        for record in running:
            record._measure()
            record._write_preview(today)
            self.env["ir.cron"]._commit_progress(1)

    def _write_preview(self, day):
        self.ensure_one()
        previews = unlocked(self.env["cchc.index.preview"].sudo())
        vals = {
            "self_total": self.self_total,
            "forecast": self.forecast,
            "filled_count": len(self._leaves().filtered("is_filled")),
        }
        there = self.preview_ids.filtered(lambda row: row.day == day)
        if there:
            unlocked(there.sudo()).write(vals)
        else:
            previews.create({"assessment_id": self.id, "day": day, **vals})

    def action_preview_graph(self):
        """Open the trend of the previews, with today's."""
        self.ensure_one()
        if self.state == "draft":
            self._write_preview(fields.Date.context_today(self))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Trend of %s", self.year),
            "res_model": "cchc.index.preview",
            "view_mode": "graph,list",
            "domain": [("assessment_id", "=", self.id)],
        }
