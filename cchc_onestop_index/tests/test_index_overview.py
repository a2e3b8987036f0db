from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Date
from odoo.tests import tagged

from odoo.addons.cchc_onestop.tests.common import local

from .common import NOW, IndexCase


@tagged("post_install", "-at_install")
class TestIndexOverview(IndexCase):
    """Weekly preview, its page and its message."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.company"].search([]).cchc_index_day = "off"
        cls.commune.cchc_index_day = "0"

    def _take(self, text=NOW):
        return self.env["cchc.index.snapshot"]._take(self.commune, local(text))

    def _data(self, user):
        overview = self.env["cchc.index.overview"].with_user(user)
        return overview.with_context(allowed_company_ids=user.company_id.ids).get_data()

    def test_preview_of_a_week_is_replaced(self):
        with self._at("09/11/2026 08:00"):
            self._accepted()
        first = self._take("23/11/2026 09:00")
        second = self._take("24/11/2026 09:00")
        self.assertFalse(first.exists())
        self.assertEqual(second.week, Date.to_date("2026-11-23"))
        self.assertEqual(second.period_name, "Quý IV năm 2026")

    def test_change_and_forecast(self):
        with self._at("09/11/2026 08:00"):
            self._accepted()
        self._take("10/11/2026 09:00")
        last = self._take("17/11/2026 09:00")  # late by now
        self.assertTrue(last.has_change)
        self.assertLess(last.change, -20)  # progress and satisfaction
        self.assertTrue(last.has_forecast)
        self.assertLess(last.forecast, last.points)

    def test_only_common_components_are_compared(self):
        self._take("10/11/2026 09:00")
        with self._at("11/11/2026 08:00"):
            self._accepted()
        last = self._take("17/11/2026 09:00")
        before = self.env["cchc.index.snapshot"].search(
            [("company_id", "=", self.commune.id)], order="week", limit=1
        )
        self.assertLess(before.known_maximum, last.known_maximum)
        self.assertLess(abs(last.change), 7)
        self.assertFalse(last.has_forecast)

    def test_nobody_writes_previews(self):
        snapshot = self._take()
        with self._refused(UserError, "counted by the system"):
            snapshot.points = 100
        with self._refused(UserError, "counted by the system"):
            snapshot.line_ids[:1].points = 100

    def test_page_of_a_leader(self):
        with self._at("09/11/2026 08:00"):
            self._accepted()
        self._take()
        data = self._data(self.leader)
        self.assertEqual(data["week"], "2026-11-23")
        losing = [line for line in data["lines"] if line["lost"]]
        self.assertEqual(losing[0]["code"], "DOSSIER_ON_TIME")
        self.assertEqual(losing[0]["figure"], "0 / 1")
        overview = self.env["cchc.index.overview"].with_user(self.leader)
        action = overview.open_losses(losing[0]["id"])
        losses = self.env["cchc.index.loss"].with_user(self.leader)
        losses = losses.with_context(**action["context"])
        with self._at(NOW):
            found = losses.search(action["domain"])
        self.assertEqual(len(found), 1)
        self.assertAlmostEqual(found.cost, 20)

    def test_page_is_not_for_officers(self):
        self._take()
        for user in (self.desk, self.handler, self.catalogue):
            with self._refused(AccessError, "."):
                self._data(user)

    def test_page_before_the_first_preview(self):
        self.assertIsNone(self._data(self.leader)["week"])

    def test_province_sees_totals_only(self):
        self._take()
        head = self._new_user("head", "group_leader", company=self.province)
        data = self._data(head)
        self.assertEqual(
            [row["agency"] for row in data["ranking"]], [self.commune.name]
        )
        lines = self.env["cchc.index.snapshot.line"].with_user(head)
        self.assertFalse(lines.search([("company_id", "=", self.commune.id)]))
        snapshot = self.env["cchc.index.snapshot"].with_user(self.outsider)
        with self._refused(AccessError, "."):
            snapshot.search([])

    def test_queries_of_the_page_do_not_grow(self):
        self._take()
        self._data(self.leader)

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._data(self.leader)
            return self.env.cr.sql_log_count - before

        few = count()
        with self._at("09/11/2026 08:00"):
            for _number in range(3):
                self._accepted()
        self._take()
        self.assertLessEqual(count(), few + 1)

    # -- scheduled
    def _cron(self, text):
        with self._at(text), self.enter_registry_test_mode():
            self.env.ref("cchc_onestop_index.ir_cron_snapshot").method_direct_trigger()
            self.env.ref("cchc_onestop_index.ir_cron_digest").method_direct_trigger()
        self.env.invalidate_all()

    def _digests(self):
        return self.env["cchc.index.digest"].search(
            [("company_id", "=", self.commune.id)]
        )

    def test_monday_morning(self):
        with self._at("09/11/2026 08:00"):
            self._accepted()
        self.commune.cchc_index_recipient_ids = [
            Command.set((self.leader | self.manager).ids)
        ]
        self._cron("23/11/2026 06:30")
        self.assertFalse(self._digests())
        self._cron("23/11/2026 07:30")
        self._cron("23/11/2026 08:30")
        digests = self._digests()
        self.assertEqual(digests.user_id, self.leader | self.manager)
        self.assertEqual(len(digests), 2)
        self.assertIn("0 / 1", digests[0].mail_id.body_html)
        self.assertIn("23/11/2026", digests[0].mail_id.subject)
        self._cron("30/11/2026 07:30")
        self.assertEqual(len(self._digests()), 4)

    def test_who_leads_no_more_holds_up_nobody(self):
        with self._at("09/11/2026 08:00"):
            self._accepted()
        self.commune.cchc_index_recipient_ids = [
            Command.set((self.leader | self.deputy).ids)
        ]
        self.deputy.group_ids = [
            Command.unlink(self.env.ref("cchc_onestop.group_leader").id)
        ]
        self._cron("23/11/2026 07:30")
        self.assertEqual(self._digests().user_id, self.leader)

    def test_agency_without_dossiers_is_left_alone(self):
        self._cron("23/11/2026 07:30")
        self.assertFalse(self.commune.cchc_index_week)
        self.assertFalse(self._digests())

    def test_missed_monday_is_made_up_for(self):
        with self._at("09/11/2026 08:00"):
            self._accepted()
        self._cron("25/11/2026 10:00")
        self.assertEqual(self.commune.cchc_index_week, Date.to_date("2026-11-23"))

    def test_recipients_are_leaders(self):
        with self._refused(ValidationError, "no leader"):
            self.commune.cchc_index_recipient_ids = [Command.link(self.desk.id)]

    def test_count_anew_is_for_leaders(self):
        snapshots = self.env["cchc.index.snapshot"]
        with self._refused(AccessError, "Leaders"):
            snapshots.with_user(self.desk).action_refresh()
        snapshots.with_user(self.leader).action_refresh()
        taken = snapshots.search([("company_id", "=", self.commune.id)])
        self.assertEqual(len(taken), 1)
        self.assertLess(Date.today() - taken.week, timedelta(days=8))
