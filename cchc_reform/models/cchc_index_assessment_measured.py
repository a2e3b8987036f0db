from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.cchc_onestop.tools.guard import unlocked


class CchcIndexAssessmentMeasured(models.Model):
    """What the system can count it fills in itself, while scores are open."""

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.index.assessment"  # pylint: disable=consider-merging-classes-inherited

    measured_at = fields.Datetime("Measured on", readonly=True, copy=False)
    measured_count = fields.Integer(
        "Measured Criteria", compute="_compute_measured_count"
    )

    @api.depends("line_ids.measured_at")
    def _compute_measured_count(self):
        for record in self:
            record.measured_count = len(record.line_ids.filtered("measured_at"))

    def _period(self):
        """Return the first and the last day that the assessment is about."""
        self.ensure_one()
        return date(self.year, 1, 1), date(self.year, 12, 31)

    def action_measure(self):
        """Count anew what the system can count.

        What a person declared otherwise, with his reason, stays beside it.
        """
        self._check_person("agency")
        self._cchc_check_open()
        for record in self:
            if not record._metrics():
                raise UserError(
                    self.env._(
                        "No criterion of “%s” is measured by the system; name the "
                        "figures in its set.",
                        record.set_id.sudo().name,
                    )
                )
            record._measure()
        return True

    def _metrics(self):
        criteria = self.set_id.sudo().criterion_ids
        return (
            criteria.metric_id
            | criteria.metric_planned_id
            | criteria.item_ids.metric_id
        )

    def _measure(self):
        """Measure all criteria that name a figure, with one statement per source."""
        self.ensure_one()
        metrics = self._metrics()
        if not metrics:
            return
        found = self.env["cchc.reform.metric"]._measure(
            metrics.mapped("key"), [self.company_id.id], *self._period()
        )
        figures = {metric: found[self.company_id.id, metric.key] for metric in metrics}
        now = fields.Datetime.now()
        with self._logged(self.env._("Measured by the system")):
            for line in unlocked(self.sudo())._leaves():
                line._take_measured(figures, now)
        unlocked(self.sudo()).measured_at = now
