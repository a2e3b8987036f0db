"""The half-year of Bến Cát (first six months of 2019), in bulk, read back everywhere.

Received 31,000; settled 29,890, of which 336 late, all in land and construction; in
process 1,110, none late: 336 late = 1.1 % of received.
"""

from collections import namedtuple
from datetime import date, timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import OnestopCase, local

Group = namedtuple("Group", "procedure settled late open")
_END = "28/06/2019 17:30"


@tagged("post_install", "-at_install")
class TestBenCat(OnestopCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.groups = [
            cls._group("Đất đai", "9.810001", 20, 9000, 251, 640),
            cls._group("Hoạt động xây dựng", "9.810002", 15, 2890, 85, 300),
            cls._group("Hộ tịch", "9.810003", 3, 8000, 0, 120),
            cls._group("Chứng thực", "9.810004", 2, 10000, 0, 50),
        ]

    @classmethod
    def _group(cls, sector, code, days, settled, late, opened):
        """Return how many dossiers of a field there are.

        :param settled: dossiers settled, the ``late`` ones among them
        """
        cls.sector = cls.env["cchc.sector"].create({"name": f"{sector} (Bến Cát)"})
        procedure = cls._new_procedure(
            code, f"Thủ tục {sector}", amount=days, valid_from="2018-01-01"
        )
        return Group(procedure, settled, late, opened)

    def _rows(self):
        """Return what the other software says: what, received when, ended when."""
        days = [date(2019, 1, 2) + timedelta(days=n) for n in range(110)]
        # Tuesdays to Thursdays before 22 April, no holiday list in this calendar.
        days = [day for day in days if day.weekday() in (1, 2, 3)]
        rows = []
        for group in self.groups:
            for number in range(group.settled):
                received = local(f"{days[number % len(days)]:%d/%m/%Y} 08:15")
                # Weeks after any due date, or the next morning.
                took = (
                    timedelta(days=60) if number < group.late else timedelta(hours=24)
                )
                rows.append(
                    self._row(group, number, received, "returned", received + took)
                )
            for number in range(group.open):
                # The last working day of the half-year: due afterwards.
                received = local("28/06/2019 09:00")
                rows.append(self._row(group, number, received, "processing"))
        return rows

    def _row(self, group, number, received, state, ended=None):
        return {
            "procedure_id": group.procedure.id,
            "applicant_name": f"Chủ hồ sơ {group.procedure.code} {number}",
            "received_at": received,
            "state": state,
            "ended_at": ended or False,
            "returned_at": ended or False,
        }

    def test_half_year(self):
        with freeze_time(local(_END)):
            rows = self._rows()
            dossiers = self.env["cchc.dossier"].with_user(self.manager)._take_over(rows)
            self.env.flush_all()
            self._check_list(dossiers)
            self._check_pivot()
            self._check_digest()
            self._check_dashboard()
            self._check_report()
        self.assertIsNone(self.env["cchc.dossier.event"]._verify(dossiers[-500:].ids))
        self.assertEqual(len(set(dossiers.mapped("name"))), 31000)

    def _search(self, *domain):
        dossiers = self.env["cchc.dossier"].with_user(self.leader)
        period = [
            ("accepted_at", ">=", local("01/01/2019 00:00")),
            ("accepted_at", "<", local("01/07/2019 00:00")),
        ]
        return dossiers, [*period, *domain]

    def _count(self, *domain):
        dossiers, domain = self._search(*domain)
        return dossiers.search_count(domain)

    def _check_list(self, dossiers):
        """The figures as a leader filters the list."""
        self.assertEqual(len(dossiers), 31000)
        self.assertEqual(self._count(), 31000)
        self.assertEqual(self._count(("ended_at", "!=", False)), 29890)
        self.assertEqual(self._count(("is_open", "=", True)), 1110)
        self.assertEqual(self._count(("is_overdue", "=", True)), 0)
        late = self._count(("timeliness", "=", "late"))
        self.assertEqual(late, 336)
        self.assertEqual(f"{100 * late / self._count():.1f}", "1.1")
        fields_ = (
            self.groups[0].procedure.sector_id + self.groups[1].procedure.sector_id
        )
        self.assertEqual(
            self._count(("timeliness", "=", "late"), ("sector_id", "in", fields_.ids)),
            336,
        )

    def _check_pivot(self):
        """The figures as the pivot reads them, by field and timeliness."""
        dossiers, domain = self._search()
        cells = dossiers.formatted_read_group(
            domain, ["sector_id", "timeliness"], ["__count"]
        )
        table = {
            (cell["sector_id"][0], cell["timeliness"]): cell["__count"]
            for cell in cells
        }
        for group in self.groups:
            sector = group.procedure.sector_id.id
            self.assertEqual(table.get((sector, "late"), 0), group.late)
            self.assertEqual(table[sector, False], group.open)
        self.assertEqual(sum(table.values()), 31000)
        totals = self.env["cchc.dossier.stat"].with_user(self.leader)
        received, ended, in_process, late = totals._read_group(
            [("accepted_on", ">=", "2019-01-01"), ("accepted_on", "<=", "2019-06-30")],
            [],
            ["received:sum", "ended:sum", "in_process:sum", "late:sum"],
        )[0]
        self.assertEqual((received, ended, in_process, late), (31000, 29890, 1110, 336))

    def _check_digest(self):
        """The figures as the leader's morning digest gives them."""
        digest = self.env["cchc.alert.digest"].sudo()
        now = local(_END)
        figures = digest._figures(
            self.commune, now, now + timedelta(hours=6), local("28/06/2019 00:00")
        )
        self.assertEqual(figures["in_process"], 1110)
        self.assertEqual(figures["overdue"], 0)
        self.assertEqual(
            figures["year"],
            {
                "received": 31000,
                "ended": 29890,
                "late": 336,
                "in_process": 1110,
                "late_percent": 1.1,
            },
        )

    def _check_dashboard(self):
        """The figures as the leader's page shows them, the fields among them."""
        data = (
            self.env["cchc.dashboard"]
            .with_user(self.leader)
            .get_data("2019-01-01", "2019-06-30")
        )
        tiles = data["tiles"]
        self.assertEqual(tiles["received"], 31000)
        self.assertEqual(tiles["settled"], 29890)
        self.assertEqual(tiles["late"], 336)
        self.assertEqual(tiles["in_process"], 1110)
        self.assertEqual(tiles["late_percent"], 1.1)
        late = {row["id"]: row["late"] for row in data["sectors"]}
        for group in self.groups:
            self.assertEqual(late[group.procedure.sector_id.id], group.late)

    def _check_report(self):
        """The figures as II.06a of the calendar half-year gives them."""
        report = (
            self.env["cchc.statistic"]
            .with_user(self.leader)
            .create({"date_from": "2019-01-01", "date_to": "2019-06-30"})
        )
        report.action_compute()
        self.assertFalse(report.has_error)
        total = report.line_ids.filtered(lambda line: not line.row_id).figures
        self.assertEqual(
            [total[key] for key in ("c3", "c6", "c7", "c10", "c11", "c13")],
            [31000, 0, 29890, 336, 1110, 0],
        )


@tagged("post_install", "-at_install")
class TestTakeOver(OnestopCase):
    """Dossiers from other software: marked, dated by our rules, never improved."""

    @freeze_time("2026-11-20 03:00:00")
    def _taken(self, **values):
        row = {
            "procedure_id": self.procedure.id,
            "applicant_name": "Nguyễn Thị Hoa",
            "received_at": local("02/11/2026 08:00"),
            "state": "returned",
            "ended_at": local("04/11/2026 09:00"),
            "returned_at": local("04/11/2026 10:00"),
            "external_code": "000.00.21.H50-261102-0007",
            **values,
        }
        return self.env["cchc.dossier"].with_user(self.desk)._take_over([row])

    def test_dates_are_worked_out_here(self):
        dossier = self._taken()
        self.assertEqual(dossier.name, "H50.21-261102-0001")
        self.assertEqual(dossier.due_at, local("05/11/2026 17:00"))
        self.assertEqual(dossier.timeliness, "early")
        self.assertTrue(dossier.imported)
        self.assertEqual(dossier.event_ids.kind, "import")
        self.assertEqual(dossier.event_ids.at, local("20/11/2026 10:00"))
        self.assertTrue(dossier.event_ids.data["replayed"])
        self.assertIsNone(self.env["cchc.dossier.event"]._verify(dossier.ids))

    def test_late_whatever_the_other_software_said(self):
        dossier = self._taken(
            ended_at=local("06/11/2026 07:31"), timeliness="on_time", late_at=False
        )
        self.assertEqual(dossier.timeliness, "late")
        self.assertEqual(dossier.late_at, local("05/11/2026 17:00"))

    @freeze_time("2026-11-20 03:00:00")
    def test_open_ones_go_on_here(self):
        dossier = self._taken(state="processing", ended_at=False, returned_at=False)
        self.assertTrue(dossier.is_overdue)
        self.assertEqual(dossier.user_id, self.handler)
        dossier.with_user(self.handler).action_pass_step()
        dossier.with_user(self.leader).action_sign()
        dossier.with_user(self.desk).action_pass_step()
        self.assertEqual(dossier.timeliness, "late")

    def test_impossible_rows_are_refused(self):
        for values, sentence in (
            ({"ended_at": local("01/11/2026 08:00")}, "ended before it was received"),
            ({"ended_at": local("20/11/2026 11:00")}, "lies in the future"),
            ({"ended_at": False}, "only an ended dossier has an end"),
            ({"state": "draft"}, "state cannot be taken over"),
        ):
            with self._refused(UserError, sentence):
                self._taken(**values)
