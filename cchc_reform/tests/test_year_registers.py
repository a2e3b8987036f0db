from freezegun import freeze_time
from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import ReformCase


@tagged("post_install", "-at_install")
@freeze_time("2026-08-10 03:00:00")
class TestYearRegisters(ReformCase):
    """Training, appointments, initiatives, awards, indices of others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = cls.env(user=cls.officer.id)

    def _list(self, **values):
        return self.own["cchc.reform.appointment"].create(
            {
                "is_list": True,
                "date_from": "2026-01-01",
                "date": "2026-06-30",
                "total": 28,
                "new_count": 7,
                "again_count": 18,
                "extended_count": 2,
                "rotated_count": 1,
                **values,
            }
        )

    def test_appointments_of_nghia_lo_add_up(self):
        # 002_efdf774528209ba3.txt: 28 = 7 new + 18 again + 2 extended + 1 rotated
        entry = self._list()
        self.assertTrue(entry.is_balanced)
        self.assertFalse(entry.warning)
        entry.rotated_count = 0
        self.assertFalse(entry.is_balanced)
        self.assertEqual(
            entry.warning, "28 appointments, but 7 + 18 + 2 = 27: 1 are missing."
        )
        entry.again_count = 20
        self.assertIn("1 too many", entry.warning)

    def test_a_person_in_the_period_of_a_list_is_part_of_it(self):
        entry = self._list()
        form = Form(
            self.own["cchc.reform.appointment"].with_context(default_is_list=False)
        )
        form.person = "Lê Văn A"
        form.kind = "rotated"
        form.date = "2026-03-01"
        person = form.save()
        self.assertEqual((person.total, person.rotated_count), (1, 1))
        self.assertTrue(person.is_covered)
        self.assertFalse(entry.warning)
        second = person.copy({"person": "Lê Văn B"})
        entry.invalidate_recordset()
        self.assertIn("Rotation: 2 > 1", entry.warning)
        second.date = "2026-07-01"
        second.invalidate_recordset()
        self.assertFalse(second.is_covered)
        second.kind = "new"
        self.assertEqual((second.rotated_count, second.new_count), (0, 1))

    def test_lists_do_not_overlap(self):
        self._list()
        with self.assertRaisesRegex(ValidationError, "nobody is counted twice"):
            self._list(date_from="2026-06-30", date="2026-12-31")

    def test_an_appointment_names_the_person(self):
        with self.assertRaisesRegex(ValidationError, "Enter who is appointed"):
            self.own["cchc.reform.appointment"].create({"kind": "new"})

    def test_a_class_in_seconds(self):
        # 001_436c0453bfb773a8.txt (TX. Bến Cát): 210 officials
        form = Form(self.own["cchc.reform.training"])
        form.name = "Tập huấn thi đua, khen thưởng"
        form.persons = 210
        training = form.save()
        self.assertEqual(training.organiser, self.commune.name)
        training.participant_ids = self.member
        self.assertEqual(training.persons, 210)
        with (
            self.assertRaises(CheckViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            training.certificate_count = 211
            training.flush_recordset()

    def test_initiatives_of_hai_truong(self):
        # 003_b55b15e027c9510e.txt: two models with prizes, 2022 and 2023
        initiatives = self.own["cchc.reform.initiative"].create(
            [
                {
                    "name": f"Mô hình {year}",
                    "kind": "model",
                    "date": f"{year}-10-01",
                    "contest": "Hội thi sáng kiến CCHC",
                    "prize": "Giải Ba",
                }
                for year in (2022, 2023)
            ]
        )
        self.assertEqual(initiatives.mapped("year"), [2022, 2023])

    def test_scores_of_unlike_indices_make_no_mean(self):
        sipas = self.env.ref("cchc_reform.external_index_sipas")
        papi = self.env.ref("cchc_reform.external_index_papi")
        results = self.own["cchc.external.index.result"]
        for index, year, value in (
            (sipas, 2031, 80),
            (sipas, 2032, 90),
            (papi, 2032, 40),
        ):
            results.create({"index_id": index.id, "year": year, "value": value})
        domain = [("year", "in", (2031, 2032))]
        by_index = results._read_group(domain, ["index_id"], ["value:avg"])
        self.assertEqual(dict(by_index), {sipas: 85, papi: 40})
        by_year = results._read_group(domain, ["year"], ["value:avg"])
        self.assertEqual(dict(by_year)[2031], 80)
        self.assertFalse(dict(by_year)[2032])

    def test_results_of_other_indices(self):
        sipas = self.env.ref("cchc_reform.external_index_sipas")
        results = self.own["cchc.external.index.result"]
        results.create({"index_id": sipas.id, "year": 2024, "value": 82.66})
        last = results.create(
            {"index_id": sipas.id, "year": 2025, "value": 85, "rank": 2, "rank_of": 16}
        )
        self.assertAlmostEqual(last.change, 2.34)
        with (
            self.assertRaises(UniqueViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            last.copy()
        with (
            self.assertRaises(CheckViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            last.rank = 17
            last.flush_recordset()

    def test_agencies_apart(self):
        other = self._new_reform_user("far", "group_officer", company=self.neighbour)
        records = [
            self._list(),
            self.own["cchc.reform.training"].create({"name": "A"}),
            self.own["cchc.reform.initiative"].create({"name": "A"}),
            self.own["cchc.reform.award"].create({"name": "A", "recipient": "B"}),
        ]
        for record in records:
            self.assertFalse(record.with_user(other).search([("id", "=", record.id)]))
            with self.assertRaises(AccessError):
                record.with_user(self.stranger).write({"note": "x"})
