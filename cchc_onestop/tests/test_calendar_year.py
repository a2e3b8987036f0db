from datetime import date
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common_calendar import CalendarCase
from .working_time_data import HOLIDAYS_2026, MAKE_UP_2026, at


@tagged("post_install", "-at_install")
class TestCalendarYear(CalendarCase):
    def setUp(self):
        super().setUp()
        Year = self.env["cchc.calendar.year"].with_user(self.administrator)
        self.year = Year.create({"calendar_id": self.calendar.id, "year": 2026})
        self.calls = []

    def _new_year(self, **values):
        values = {"calendar_id": self.calendar.id, **values}
        return (
            self.env["cchc.calendar.year"].with_user(self.administrator).create(values)
        )

    def _watch_changes(self):
        """Note the calls of the hook that the dossiers hang on."""
        calls = self.calls

        def noted(calendar, date_from, date_to):
            calls.append((calendar, date_from, date_to))

        hook = "_cchc_calendar_changed"
        self.startPatcher(patch.object(self.registry["resource.calendar"], hook, noted))

    def _holidays(self):
        return self.env["resource.calendar.leaves"].search(
            [("calendar_id", "=", self.calendar.id)]
        )

    # Shipped ------------------------------------------------------------
    def test_shipped_years(self):
        shipped = {year.year: year for year in self.office.cchc_year_ids}
        self.assertEqual(
            {number: year.working_day_count for number, year in shipped.items()},
            {2024: 251, 2025: 250, 2026: 249, 2027: 249, 2028: 248},
        )
        confirmed = {n for n, year in shipped.items() if year.state == "confirmed"}
        self.assertEqual(confirmed, {2024, 2025, 2026})
        self.assertFalse(shipped[2026].with_user(self.officer)._dates()[0] & set())
        clock = self.office._cchc_working_time()
        for day in HOLIDAYS_2026:
            self.assertFalse(clock.is_working_day(day), day)
        for day in MAKE_UP_2026:
            self.assertTrue(clock.is_working_day(day), day)
        # A proposal counts for nothing.
        self.assertTrue(clock.is_working_day(date(2027, 2, 8)))
        for number in (2024, 2025, 2026):
            start, end = at(f"01-01-{number} 00:00"), at(f"31-12-{number} 23:59")
            counted = clock.elapsed(start, end, "working_day")
            # The first day is not counted, and it is no working day.
            self.assertEqual(counted, shipped[number].working_day_count)

    def test_swap_of_2_january_2026_is_flagged(self):
        shipped = self.office.cchc_year_ids.filtered(lambda year: year.year == 2026)
        flagged = shipped.line_ids.filtered("to_confirm").mapped("date")
        self.assertEqual(flagged, [date(2026, 1, 2), date(2026, 1, 10)])

    # Proposal -------------------------------------------------------------
    def test_proposal_takes_the_shipped_days_before_those_of_the_library(self):
        self.year.action_propose()
        lines = {line.date: line for line in self.year.line_ids}
        self.assertLessEqual(set(HOLIDAYS_2026) | set(MAKE_UP_2026), set(lines))
        self.assertEqual(lines[date(2026, 11, 24)].source, "law")
        self.assertEqual(lines[date(2026, 8, 22)].kind, "makeup")
        self.assertEqual(lines[date(2026, 8, 22)].swapped_date, date(2026, 8, 31))
        self.assertEqual(self.year.working_day_count, 249)
        self.assertEqual(self.year.state, "draft")
        self.assertFalse(self._holidays())

    def test_proposal_of_the_library_alone(self):
        year = self._new_year(year=2029)
        year.action_propose()
        lines = {line.date: line for line in year.line_ids}
        self.assertEqual({line.source for line in year.line_ids}, {"library"})
        self.assertTrue(all(line.to_confirm for line in year.line_ids))
        self.assertEqual(lines[date(2029, 9, 4)].kind, "compensatory")
        self.assertEqual(lines[date(2029, 9, 2)].kind, "holiday")
        # Swaps that the library knows (there are none of 2029).
        guess = self._new_year(year=2025)._library_days()
        self.assertEqual(guess[date(2025, 5, 2)]["kind"], "bridge")
        self.assertEqual(guess[date(2025, 5, 2)]["swapped_date"], date(2025, 4, 26))
        self.assertEqual(guess[date(2025, 4, 26)]["kind"], "makeup")
        self.assertEqual(guess[date(2025, 4, 26)]["swapped_date"], date(2025, 5, 2))

    def test_proposing_twice_keeps_what_was_edited(self):
        self.year.action_propose()
        line = self.year.line_ids.filtered(lambda line: line.date == date(2026, 9, 1))
        line.name = "Quốc khánh (nghỉ trước)"
        count = len(self.year.line_ids)
        self.year.action_propose()
        self.assertEqual(len(self.year.line_ids), count)
        self.assertEqual(line.name, "Quốc khánh (nghỉ trước)")

    # Confirmation -----------------------------------------------------------
    @freeze_time("2025-12-20 03:00:00")
    def test_confirmation_makes_the_days_count(self):
        self.year.action_propose()
        self.year.notice_number = "123/TB-UBND"
        self._watch_changes()
        self.year.action_confirm()
        self.assertEqual(self.year.state, "confirmed")
        self.assertEqual(self.year.confirmed_by_id, self.administrator)
        self.assertEqual(str(self.year.confirmed_at), "2025-12-20 03:00:00")
        self.assertFalse(self.year.to_confirm_count)
        self.assertEqual(
            self.calls, [(self.calendar, date(2026, 1, 1), date(2026, 11, 24))]
        )
        holiday = self._holidays().filtered(lambda leave: "Văn hóa" in leave.name)
        self.assertEqual(
            (str(holiday.date_from), str(holiday.date_to)),
            ("2026-11-23 17:00:00", "2026-11-24 16:59:59"),
        )
        self.assertEqual(holiday.company_id, self.agency)
        clock = self.calendar._cchc_working_time()
        self.assertEqual(clock.add(at("23-11-2026 09:15"), 3), at("27-11-2026 17:00"))
        self.assertEqual(clock.add(at("21-08-2026 10:00"), 2), at("24-08-2026 17:00"))
        makeup = self.calendar.cchc_special_day_ids
        self.assertEqual(set(makeup.mapped("date")), set(MAKE_UP_2026))
        self.assertEqual(set(makeup.mapped("notice_number")), {"123/TB-UBND"})

    def test_confirming_again_updates_and_never_doubles(self):
        self.year.action_propose()
        self.year.action_confirm()
        before = self._holidays()
        self.year.action_reopen()
        self._watch_changes()
        self.year.action_confirm()
        self.assertEqual(self._holidays(), before)
        self.assertEqual(self.calls, [])
        # A notice moves the swap by a week.
        self.year.action_reopen()
        lines = {line.date: line for line in self.year.line_ids}
        lines[date(2026, 8, 31)].unlink()
        lines[date(2026, 8, 22)].date = "2026-08-29"
        lines[date(2026, 11, 24)].name = "Ngày Văn hóa"
        self.year.line_ids = [
            Command.create(
                {"date": "2026-09-03", "name": "Nghỉ hoán đổi", "kind": "bridge"}
            )
        ]
        # Until it is confirmed the earlier days count.
        clock = self.calendar._cchc_working_time()
        self.assertTrue(clock.is_working_day(date(2026, 8, 22)))
        self.year.action_confirm()
        clock = self.calendar._cchc_working_time()
        expected = {22: False, 29: True, 31: True}
        for day, works in expected.items():
            self.assertEqual(clock.is_working_day(date(2026, 8, day)), works, day)
        self.assertFalse(clock.is_working_day(date(2026, 9, 3)))
        self.assertEqual(len(self._holidays()), len(before))
        self.assertIn("Ngày Văn hóa", self._holidays().mapped("name"))
        self.assertEqual(
            self.calls, [(self.calendar, date(2026, 8, 22), date(2026, 9, 3))]
        )

    def test_a_holiday_entered_before_is_not_doubled(self):
        self._new_holiday("2026-11-23 17:00:00", "2026-11-24 16:59:59")
        self.year.action_propose()
        self.year.action_confirm()
        self.assertEqual(
            len(self._holidays()),
            len(self.year.line_ids.filtered(lambda line: line.kind != "makeup")),
        )

    def test_times_follow_the_zone_of_the_calendar(self):
        self.year.action_propose()
        self.year.action_confirm()
        self.year.action_reopen()
        self.calendar.tz = "Asia/Tokyo"
        self.year.action_confirm()
        holiday = self._holidays().filtered(lambda leave: "Văn hóa" in leave.name)
        self.assertEqual(str(holiday.date_from), "2026-11-23 15:00:00")
        clock = self.calendar._cchc_working_time()
        self.assertFalse(clock.is_working_day(date(2026, 11, 24)))

    def test_confirmed_list_cannot_be_changed_under_the_counter(self):
        self.year.action_propose()
        self.year.action_confirm()
        line = self.year.line_ids[0]
        with self.assertRefused(UserError, "reopen it"):
            line.date = "2026-12-24"
        with self.assertRefused(UserError, "reopen it"):
            line.unlink()
        with self.assertRefused(UserError, "reopen it"):
            self.year.line_ids = [
                Command.create({"date": "2026-12-24", "name": "Nghỉ thêm"})
            ]
        with self.assertRefused(UserError, "reopen it"):
            self.year.action_propose()
        with self.assertRefused(UserError, "keeps its number"):
            self.year.year = 2027
        with self.assertRefused(UserError, "stays on record"):
            self.year.unlink()

    def test_confirmation_goes_by_the_button_only(self):
        with self.assertRefused(AccessError, "by its button only"):
            self.year.state = "confirmed"
        with self.assertRefused(AccessError, "by its button only"):
            self.year.confirmed_by_id = self.manager
        with self.assertRefused(AccessError, "starts as a proposal"):
            self._new_year(year=2027, state="confirmed")
        Year = self.env["cchc.calendar.year"].with_user(self.administrator)
        with self.assertRefused(AccessError, "starts as a proposal"):
            Year.with_context(default_state="confirmed", cchc_guard=True).create(
                {"calendar_id": self.calendar.id, "year": 2027}
            )

    def test_lists_that_make_no_sense_are_refused(self):
        with self.assertRefused(UserError, "has no days"):
            self.year.action_confirm()
        cases = [
            ({"date": "2025-12-24"}, "does not lie in 2026"),
            ({"date": "2026-11-25", "kind": "makeup"}, "working day anyway"),
        ]
        for values, message in cases:
            with self.subTest(values=values):
                with self.assertRefused(ValidationError, message):
                    self.year.line_ids = [Command.create({"name": "Ngày", **values})]

    @mute_logger("odoo.sql_db")
    def test_one_year_and_one_day_only_once(self):
        with self.assertRaises(UniqueViolation) as caught, self.env.cr.savepoint():
            self._new_year(year=2026)
        self.assertIn("calendar_year_uniq", str(caught.exception))
        self.year.line_ids = [Command.create({"date": "2026-12-24", "name": "Nghỉ"})]
        with self.assertRaises(UniqueViolation) as caught, self.env.cr.savepoint():
            self.year.line_ids = [
                Command.create({"date": "2026-12-24", "name": "Nghỉ nữa"})
            ]
        self.assertIn("year_date_uniq", str(caught.exception))

    # People -----------------------------------------------------------------
    def test_who_may_do_what(self):
        self.year.action_propose()
        read = self.year.with_user(self.officer)
        self.assertEqual(read.working_day_count, 249)
        with self.assertRefused(AccessError, "."):
            read.action_confirm()
        with self.assertRefused(AccessError, "."):
            read.action_reopen()
        with self.assertRefused(AccessError, "."):
            self.year.with_user(self.stranger).action_confirm()
        with self.assertRefused(AccessError, "."):
            self.year.with_user(self.stranger).line_ids.read(["name"])
        self.year.with_user(self.manager).action_confirm()
        self.assertEqual(self.year.confirmed_by_id, self.manager)
        shared = self.office.cchc_year_ids.filtered(lambda year: year.year == 2027)
        self.assertTrue(shared.with_user(self.stranger).line_ids)

    def test_the_calendar_opens_on_the_year(self):
        action = self.year.with_user(self.officer).action_open_days()
        self.assertEqual(action["context"]["initial_date"], "2026-01-01")
        self.assertEqual(action["context"]["search_default_year_id"], self.year.id)

    def test_an_administrator_confirms_the_next_year_by_form(self):
        Year = self.env["cchc.calendar.year"].with_user(self.administrator)
        with freeze_time("2027-12-01"), Form(Year) as form:
            self.assertEqual(form.year, 2027)
            self.assertEqual(form.calendar_id, self.calendar)
            form.notice_number = "8662/VPCP"
            with form.line_ids.new() as line:
                line.date = "2027-09-02"
                line.name = "Quốc khánh"
        form.record.action_confirm()
        clock = self.calendar._cchc_working_time()
        self.assertFalse(clock.is_working_day(date(2027, 9, 2)))

    # Other changes of a calendar -----------------------------------------------
    def test_every_change_of_the_calendar_reaches_the_dossiers(self):
        self._watch_changes()
        holiday = self._new_holiday("2026-11-23 17:00:00", "2026-11-24 16:59:59")
        self.assertEqual(
            self.calls.pop(), (self.calendar, date(2026, 11, 23), date(2026, 11, 24))
        )
        self.calls.clear()  # a second one when hr_holidays had shifted the holiday
        holiday.date_to = "2026-11-25 16:59:59"
        self.assertEqual(
            self.calls.pop(), (self.calendar, date(2026, 11, 23), date(2026, 11, 25))
        )
        Day = self.env["cchc.calendar.day"].with_user(self.administrator)
        Day.create(
            {"calendar_id": self.calendar.id, "date": "2026-11-28", "name": "Bù"}
        )
        self.assertEqual(
            self.calls.pop(), (self.calendar, date(2026, 11, 28), date(2026, 11, 28))
        )
        quiet = self.calendar.with_context(cchc_calendar_quiet=True, cchc_guard=True)
        quiet.attendance_ids[0].hour_from = 8
        self.assertEqual(self.calls.pop(), (self.calendar, None, None))
        self.assertFalse(self.calls)
