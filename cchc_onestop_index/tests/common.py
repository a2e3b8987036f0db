from datetime import date

from freezegun import freeze_time

from odoo import Command

from odoo.addons.cchc_onestop.tests.common import local
from odoo.addons.cchc_onestop_voice.tests.common import VoiceCase

#: The quarter of the tests, and a moment in its last month.
FIRST, LAST = date(2026, 10, 1), date(2026, 12, 31)
NOW = "23/11/2026 09:00"


class IndexCase(VoiceCase):
    """The commune of :class:`VoiceCase`; its quarter is IV/2026."""

    def _at(self, text):
        return freeze_time(local(text))

    def _measure(self, company=None, now=NOW):
        """Return ``{code: Measure}`` of an agency in the quarter."""
        company = company or self.commune
        measures = self.env["cchc.index.component"]._measure(
            company, FIRST, LAST, local(now)
        )
        return {c.code: m for c, m in measures[company.id].items()}

    def _figure(self, code, **kwargs):
        measure = self._measure(**kwargs)[code]
        return measure.numerator, measure.denominator

    def _losses(self, code, user=None, now=NOW):
        """Return what costs points in a component, as a person sees it."""
        losses = self.env["cchc.index.loss"].with_user(user or self.auditor)
        with self._at(now):
            return losses.with_context(
                allowed_company_ids=self.commune.ids,
                cchc_index_from="2026-10-01",
                cchc_index_to="2026-12-31",
            ).search([("component_id.code", "=", code)])

    def _result_file(self, dossier):
        """Give a dossier its electronic result."""
        return (
            self.env["cchc.dossier.document"]
            .sudo()
            .create(
                {
                    "dossier_id": dossier.id,
                    "name": "Kết quả giải quyết",
                    "is_result": True,
                    "source": "efile",
                    "received": True,
                }
            )
        )

    def _review(self, day="2026-11-15", user=None, rule="month"):
        return (
            self.env["cchc.settlement.review"]
            .with_user(user or self.manager)
            .create(
                {
                    "company_id": self.commune.id,
                    "period_rule_id": self.env.ref(
                        f"cchc_onestop.period_rule_{rule}"
                    ).id,
                    "day": day,
                }
            )
        )

    def _line(self, review, number):
        return review.line_ids.filtered(lambda line: line.number == number)

    @classmethod
    def _working_departments(cls):
        cls.commune.cchc_desk_department_ids = [Command.set(cls.department.ids)]
