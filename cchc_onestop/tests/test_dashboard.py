from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_statistic import NOW, StatisticCase

START, END = date(2026, 3, 15), date(2026, 6, 14)


@tagged("post_install", "-at_install")
class TestDashboard(StatisticCase):
    """The leader's page: the same figures as reports and lists."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time(NOW):
            cls._generate(600, [cls.commune, cls.neighbour])

    def setUp(self):
        super().setUp()
        self.startPatcher(freeze_time(NOW))

    def _data(self, user=None, start=START, end=END, **values):
        user = user or self.leader
        return (
            self.env["cchc.dashboard"]
            .with_user(user)
            .with_context(allowed_company_ids=user.company_id.ids)
            .get_data(str(start), str(end), **values)
        )

    def test_tiles_open_as_many_dossiers(self):
        data = self._data()
        dossiers = self.env["cchc.dossier"].with_user(self.leader)
        for key, domain in data["domains"].items():
            if key not in ("counted", "causes"):
                self.assertEqual(dossiers.search_count(domain), data["tiles"][key], key)

    def test_causes_open_as_many_dossiers(self):
        data = self._data()
        dossiers = self.env["cchc.dossier"].with_user(self.leader)
        self.assertGreater(len(data["causes"]), 1)
        for row in data["causes"]:
            domain = [*data["domains"]["causes"], ("late_reason_id", "=", row["id"])]
            self.assertEqual(dossiers.search_count(domain), row["number"], row)

    def test_tiles_agree_with_the_report(self):
        tiles = self._data()["tiles"]
        total = self._figures(self._report(start=START, end=END))["Tổng cộng"]
        self.assertEqual(tiles["received"], total["c4"] + total["c5"])
        self.assertEqual(tiles["settled"], total["c7"])

    def test_rows_add_up_to_the_tiles(self):
        data = self._data()
        for key in ("received", "settled", "late"):
            for table in ("sectors", "departments", "months"):
                self.assertEqual(
                    sum(row[key] for row in data[table]),
                    data["tiles"][key],
                    (key, table),
                )
        tiles = data["tiles"]
        self.assertEqual(
            sum(row["number"] for row in data["causes"]),
            tiles["late"] + tiles["overdue"],
        )
        self.assertEqual(
            sum(row["in_process"] for row in data["officers"]), tiles["in_process"]
        )

    def test_one_field(self):
        whole = self._data()
        row = whole["sectors"][0]
        data = self._data(sector_id=row["id"])
        self.assertEqual(data["tiles"]["received"], row["received"])
        self.assertEqual(len(data["sectors"]), 1)

    def test_under_the_rules_of_the_reader(self):
        own = self._data()["tiles"]["received"]
        foreign = self._data(user=self.outsider)["tiles"]["received"]
        self.assertTrue(own and foreign)
        found = self.env["cchc.dossier"].search_count(
            [
                ("company_id", "in", (self.commune | self.neighbour).ids),
                ("parent_id", "=", False),
                ("state", "!=", "void"),
                ("accepted_at", ">=", "2026-03-14 17:00:00"),
                ("accepted_at", "<", "2026-06-14 17:00:00"),
            ]
        )
        self.assertEqual(own + foreign, found)
        self.assertEqual(self._data(user=self.clerk)["tiles"]["received"], 0)
        nobody = self.env.ref("base.public_user")
        with self.assertRaises(AccessError):
            self.env["cchc.dashboard"].with_user(nobody).get_data(
                "2026-01-01", "2026-02-01"
            )

    def test_a_fixed_number_of_statements(self):
        self._data()
        self.env.invalidate_all()
        with self.assertQueryCount(16):
            self._data()

    def test_periods_to_choose(self):
        choices = self.env["cchc.dashboard"].with_user(self.leader).get_choices()
        names = [period["name"] for period in choices["periods"]]
        self.assertIn("Quý I năm 2027", names)
        self.assertIn("Quý IV năm 2026", names)
        month = self.env["cchc.dashboard"].with_user(self.leader)
        self.assertEqual(
            month.get_month("2026-12-01"),
            ["2026-11-30 17:00:00", "2026-12-31 17:00:00"],
        )
