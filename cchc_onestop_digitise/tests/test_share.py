from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from odoo.addons.cchc_onestop.tools import guard

from .common import DigitiseCase


@tagged("post_install", "-at_install")
class TestShare(DigitiseCase):
    """Digitised dossiers over those with parts to digitise."""

    def _totals(self, user=None, **domain):
        stat = self.env["cchc.digitise.stat"].with_user(user or self.leader)
        self.env.flush_all()
        rows = stat._read_group(
            [("sector_id", "=", self.sector.id)],
            ["company_id"],
            [
                "dossiers:sum",
                "digitised:sum",
                "percent:avg",
                "parts_required:sum",
                "parts_digitised:sum",
                "at_reception:sum",
                "at_settlement:sum",
                "reused:sum",
                "results_due:sum",
                "results_digitised:sum",
            ],
        )
        return {company: tuple(values) for company, *values in rows}

    def test_numerator_and_denominator(self):
        self._accepted()
        whole, late, missing = self._case(), self._case(), self._case()
        self._drop(self._part(whole, "GCN"))
        late.with_user(self.handler).action_pass_step()
        self._drop(self._part(late, "GCN"), user=self.handler)
        self._drop(self._part(missing, "TK"))
        void = self._case()
        void.with_user(self.desk)._move("void", reason="Nhập nhầm")
        totals = self._totals()
        self.assertEqual(list(totals), [self.commune])
        self.assertEqual(totals[self.commune][:2], (3, 2))
        self.assertAlmostEqual(totals[self.commune][2], 200 / 3, 2)
        self.assertEqual(totals[self.commune][3:], (3, 2, 1, 1, 0, 0, 0))

    def test_results(self):
        dossier = self._ready(procedure=self.certified)
        self.assertEqual(self._totals()[self.commune][-2:], (1, 0))
        dossier.action_add_result()
        self._drop(dossier.document_ids.filtered("is_result"))
        self.assertEqual(self._totals()[self.commune][-2:], (1, 1))

    def test_agencies_see_their_own(self):
        dossier = self._case()
        guard.unlocked(dossier.sudo()).write({"company_id": self.neighbour.id})
        self.assertFalse(self._totals())
        self.assertEqual(list(self._totals(self.outsider)), [self.neighbour])

    def test_one_statement_however_many(self):
        for _number in range(3):
            self._case()
        self._totals()
        with self.assertQueryCount(1):
            self.env["cchc.digitise.stat"].with_user(self.leader)._read_group(
                [("sector_id", "=", self.sector.id)], ["sector_id"], ["digitised:sum"]
            )

    def test_the_dashboard_and_what_is_behind(self):
        done = self._case()
        self._drop(self._part(done, "GCN"))
        missing = self._case()
        self._accepted()
        today = str(fields.Date.context_today(self.desk.with_user(self.desk)))
        dashboard = self.env["cchc.dashboard"].with_user(self.leader)
        with freeze_time(fields.Datetime.now() + timedelta(minutes=1)):
            data = dashboard.with_context(
                allowed_company_ids=self.commune.ids
            ).get_digitised(today, today, self.sector.id)
        self.assertEqual(
            (data["digitised"], data["missing"], data["percent"]), (1, 1, 50.0)
        )
        dossiers = self.env["cchc.dossier"].with_user(self.leader)
        self.assertEqual(dossiers.search(data["domains"]["digitised"]), done)
        self.assertEqual(dossiers.search(data["domains"]["missing"]), missing)

    def test_states_are_found(self):
        done, missing, free = self._case(), self._case(), self._accepted()
        self._drop(self._part(done, "GCN"))
        dossiers = self.env["cchc.dossier"].with_user(self.desk)
        ids = [("id", "in", (done | missing | free).ids)]
        for state, expected in (("done", done), ("missing", missing), ("none", free)):
            found = dossiers.search([*ids, ("digitise_state", "=", state)])
            self.assertEqual(found, expected, state)
            self.assertEqual(found.digitise_state, state)
        parts = self.env["cchc.dossier.document"].with_user(self.desk)
        found = parts.search(
            [("dossier_id", "in", ids[0][2]), ("digital_state", "=", "missing")]
        )
        self.assertEqual(found.dossier_id, missing)
