from datetime import date

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from odoo.addons.cchc_onestop.tests.common import OnestopCase


@tagged("post_install", "-at_install")
class TestProgramme(OnestopCase):
    """Programmes with their years and areas (domain text 4.1)."""

    def test_which_programme_is_in_force(self):
        programmes = self.env["cchc.reform.programme"]
        for day, number in (
            (date(2016, 6, 1), "30c/NQ-CP"),
            (date(2020, 12, 31), "30c/NQ-CP"),
            (date(2021, 1, 1), "76/NQ-CP"),
            (date(2026, 11, 22), "76/NQ-CP"),
        ):
            with self.subTest(day=day):
                self.assertEqual(programmes._in_force(day).number, number)
        self.assertFalse(programmes._in_force(date(2031, 1, 1)))

    def test_a_focus_plan_keeps_the_areas_of_its_programme(self):
        focus = self.env.ref("cchc_reform.programme_2026_2030")
        self.assertEqual(focus.area_ids, focus.parent_id.own_area_ids)
        self.assertEqual(len(focus.area_ids), 7)
        self.assertEqual(focus.area_ids.filtered("is_direction").number, "VII")

    def test_areas_of_both_programmes_can_be_compared(self):
        old = self.env.ref("cchc_reform.programme_2011_2020")
        new = self.env.ref("cchc_reform.programme_2021_2030")
        self.assertEqual(old.area_ids.mapped("key"), new.area_ids.mapped("key"))

    def test_one_number_two_resolutions(self):
        known = self.env.ref("cchc_reform.programme_2021_2030")
        other = known.copy({"date": "2013-06-13"})
        self.assertEqual(other.number, known.number)
        self.assertNotEqual(other.display_name, known.display_name)

    def test_a_focus_plan_lies_within_its_programme(self):
        focus = self.env.ref("cchc_reform.programme_2026_2030")
        with self._refused(ValidationError, "lies outside the years"):
            focus.valid_to = "2031-12-31"
        with self._refused(ValidationError, "is a focus plan itself"):
            focus.copy({"date": "2027-01-01", "parent_id": focus.id})
