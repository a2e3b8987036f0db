from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.cchc_onestop.tools.guard import unlocked

from .common import IsoReformCase

KEYS = (
    "iso_declared",
    "iso_audits",
    "iso_reviews",
    "iso_kept_up",
    "iso_documents_overdue",
    "iso_findings_open",
)


@tagged("post_install", "-at_install")
class TestIsoMetric(IsoReformCase):
    """Figures of the quality system, for the leaves VII.4.1 and VII.4.2."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2026-12-01 03:00:00"))
        cls.metrics = cls.env["cchc.reform.metric"].with_user(cls.officer)
        cls.year = (date(2026, 1, 1), date(2026, 12, 31))

    def _measure(self, *keys, companies=None):
        companies = companies or self.commune
        figures = self.metrics._measure(keys or KEYS, companies.ids, *self.year)
        return {key: figure for (_company, key), figure in figures.items()}

    def _held(self, model, day, **values):
        record = self.env[model].create(
            {
                "name": "Thử",
                "date": day,
                "system_id": self.system.id,
                "company_id": self.commune.id,
                **values,
            }
        )
        return unlocked(record.sudo())

    def _audited(self, day="2026-06-10 02:00:00"):
        audit = self._held("mgmtsystem.audit", day)
        audit.write({"report_state": "approved"})
        return audit

    def _reviewed(self, day="2026-11-20 02:00:00"):
        review = self._held("mgmtsystem.review", day)
        review.write({"state": "done"})
        return review

    def _declared(self, first, last=False):
        declaration = self.env["cchc.iso.declaration"].create(
            {
                "system_id": self.system.id,
                "company_id": self.commune.id,
                "number": "12/QĐ-UBND",
                "scope_change": "first",
            }
        )
        unlocked(declaration.sudo()).write(
            {
                "state": "superseded" if last else "published",
                "effective_from": first,
                "ended_on": last,
            }
        )
        return declaration

    def test_nothing_yet(self):
        figures = self._measure()
        self.assertEqual([figures[key].numerator for key in KEYS], [0] * 6)
        self.assertEqual(figures["iso_kept_up"].denominator, 2)

    def test_declared_on_the_last_day(self):
        self._declared("2025-03-01", "2026-02-01")
        self.assertEqual(self._measure("iso_declared")["iso_declared"].value, 0)
        self._declared("2026-03-01")
        self.assertEqual(self._measure("iso_declared")["iso_declared"].value, 1)

    def test_audit_and_review_of_the_year(self):
        self._audited("2025-06-10 02:00:00")
        self.assertEqual(self._measure("iso_kept_up")["iso_kept_up"].numerator, 0)
        self._audited()
        self.assertEqual(self._measure("iso_kept_up")["iso_kept_up"].share, 0.5)
        self._reviewed()
        figures = self._measure()
        self.assertEqual(
            [figures[key].numerator for key in ("iso_audits", "iso_reviews")], [1, 1]
        )
        self.assertEqual(figures["iso_kept_up"].share, 1)

    def test_an_audit_without_a_report_does_not_count(self):
        self._held("mgmtsystem.audit", "2026-06-10 02:00:00")
        self.assertEqual(self._measure("iso_audits")["iso_audits"].value, 0)

    def test_open_nonconformities(self):
        self.env["mgmtsystem.nonconformity"].with_user(self.iso_auditor)._cchc_raise(
            {
                "company": self.commune,
                "name": "Chậm",
                "description": "Chậm",
                "department": self.department,
            }
        )
        found = self._measure("iso_findings_open")
        self.assertEqual(found["iso_findings_open"].value, 1)

    def test_one_statement_for_all(self):
        agencies = self.commune | self.neighbour
        metrics = self.env["cchc.reform.metric"]
        scope = metrics._scope(KEYS, agencies, *self.year)
        self.env.flush_all()
        with self.assertQueryCount(1):
            rows = list(metrics.sudo()._source_iso(scope))
        self.assertEqual(len(rows), 2 * len(KEYS))

    def test_behind_a_figure_are_its_records(self):
        self._declared("2026-03-01")
        self._audited()
        self._reviewed()
        figures = self._measure()
        for key in KEYS:
            metric = self.metrics.search([("key", "=", key)])
            action = metric._action(self.commune.ids, *self.year)
            if key == "iso_kept_up":
                self.assertFalse(action)
                continue
            found = self.env[action["res_model"]].search_count(action["domain"])
            self.assertEqual(found, figures[key].numerator, key)
