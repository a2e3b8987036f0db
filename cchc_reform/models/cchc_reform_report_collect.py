from odoo import fields, models

from odoo.addons.cchc_onestop.tools.guard import unlocked

from ..tools import report_window
from ..tools.figure import add_up


class CchcReformReport(models.Model):
    """Collecting: figures of the period, of the one before and of a year before,
    annexes, and the sentences of the sections."""

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.reform.report"  # pylint: disable=consider-merging-classes-inherited

    def action_collect(self):
        """Collect the figures of drafts as they are now."""
        self.check_access("write")
        for report in self:
            report._cchc_check_open()
            report._collect()
        return True

    def _collect(self):
        self.ensure_one()
        now = fields.Datetime.now()
        rows = unlocked(self.figure_ids)
        measured = rows.filtered("metric_id")
        by_agency = self._measured(measured, self.date_from, self.date_to)
        earlier = {
            name: self._earlier(measured, days)
            for name, days in (
                (
                    "previous",
                    report_window.before(self.date_from, self.date_to),
                ),
                (
                    "last_year",
                    report_window.year_before(self.date_from, self.date_to),
                ),
            )
        }
        for figure in measured:
            found = add_up(of_agency[figure.key] for of_agency in by_agency.values())
            figure.write(
                {
                    "numerator": found.numerator,
                    "denominator": found.denominator or 0,
                    "is_known": True,
                    "as_of": found.as_of or now,
                    **self._earlier_values(figure, earlier),
                }
            )
        for figure in rows - measured:
            figure.write(self._earlier_values(figure, earlier))
        self._collect_annexes(by_agency)
        unlocked(self.section_ids)._fill(
            {figure.key: figure._to_value() for figure in rows if figure.key != "typed"}
        )
        unlocked(self).write({"collected_at": now, "collected_by_id": self.env.uid})

    def _measured(self, figures, date_from, date_to):
        """Return ``{company_id: {key: Figure}}`` of a period.

        Measured with the rights of the system: the report is that of the agency.
        """
        keys = figures.mapped("key")
        companies = self._companies()
        found = (
            self.env["cchc.reform.metric"]
            .sudo()
            ._measure(
                figures.metric_id.mapped("key"), companies.ids, date_from, date_to
            )
        )
        names = {figure.key: figure.metric_id.key for figure in figures}
        return {
            company_id: {key: found[company_id, names[key]] for key in keys}
            for company_id in companies.ids
        }

    def _earlier(self, measured, days):
        """Return ``{key: (value, known)}`` of an earlier period, in the units of the
        report: as stated in what was sent for exactly these days, else measured."""
        sent = self.sudo().search(
            [
                ("company_id", "=", self.company_id.id),
                ("date_from", "=", days[0]),
                ("date_to", "=", days[1]),
                ("state", "=", "submitted"),
                ("kind", "!=", "topic"),
            ],
            order="version desc",
            limit=1,
        )
        if sent and sent.covers == self.covers:
            stated = {
                figure.key: (figure.value, figure.has_value)
                for figure in sent.figure_ids
            }
            missing = measured.filtered(lambda figure: figure.key not in stated)
        else:
            stated, missing = {}, measured
        if missing:
            by_agency = self._measured(missing, *days)
            for figure in missing:
                found = add_up(row[figure.key] for row in by_agency.values()).value
                scale = 100 if figure.unit == "share" else 1
                known = found is not None
                stated[figure.key] = (float(found * scale) if known else 0.0, known)
        return stated

    def _earlier_values(self, figure, earlier):
        values = {}
        for name, stated in earlier.items():
            value, known = stated.get(figure.key, (0.0, False))
            values |= {f"{name}_value": value, f"has_{name}": known}
        return values
