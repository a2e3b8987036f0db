import threading
from datetime import UTC, date, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from ..tools.working_time import DeadlineRule
from .common_calendar import CalendarCase
from .working_time_data import TZ, at

EXAMPLES = settings(
    deadline=None,
    max_examples=60,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
EPOCH = int(datetime(2026, 8, 1, tzinfo=UTC).timestamp())
moments = st.integers(0, 60 * 1440).map(
    lambda minute: datetime.fromtimestamp(EPOCH + 60 * minute, TZ)
)


@tagged("post_install", "-at_install")
class TestResourceCalendar(CalendarCase):
    def hours(self, day, calendar=None):
        """Working hours of one day by the engine and by Odoo."""
        calendar = calendar or self.calendar
        start = at(f"{day} 00:00")
        end = start + timedelta(days=1)
        ours = calendar._cchc_working_time().elapsed(start, end)
        self.assertAlmostEqual(ours, calendar.get_work_hours_count(start, end), 6)
        return ours

    # What the engine is built from ------------------------------------
    def test_shipped_calendar_gives_the_due_dates_of_2026(self):
        clock = self.office._cchc_working_time()
        cases = [
            ("23-11-2026 09:15", 3, "27-11-2026 17:00"),
            ("28-08-2026 10:00", 3, "07-09-2026 17:00"),
            ("21-08-2026 10:00", 2, "24-08-2026 17:00"),
            ("13-02-2026 10:00", 5, "27-02-2026 17:00"),
            ("24-04-2026 10:00", 3, "04-05-2026 17:00"),
            ("09-11-2026 10:00", 10, "23-11-2026 17:00"),
        ]
        for start, amount, due in cases:
            with self.subTest(start=start):
                self.assertEqual(clock.add(at(start), amount), at(due))

    def test_holiday_from_midnight_is_a_day_off_with_its_name(self):
        self._new_holiday("2026-11-23 17:00:00", "2026-11-24 16:59:59", name="Văn hóa")
        self.assertEqual(self.hours("24-11-2026"), 0)
        lines = self.calendar._cchc_working_time().explain(at("23-11-2026 09:15"), 1)
        self.assertEqual(lines[1].reason, "holiday")
        self.assertEqual(lines[1].names, ("Văn hóa",))
        self.assertEqual(
            self.calendar._cchc_snapshot().days_off, ((date(2026, 11, 24), "Văn hóa"),)
        )

    def test_part_of_a_day_off(self):
        self._new_holiday("2026-11-24 03:00:00", "2026-11-25 01:00:00")
        self.assertEqual(self.hours("24-11-2026"), 2.5)  # 7:30 to 10:00
        self.assertEqual(self.hours("25-11-2026"), 7.0)  # from 8:00

    def test_leave_of_a_person_is_no_holiday(self):
        resource = self.env["resource.resource"].create(
            {"name": "Người", "calendar_id": self.calendar.id}
        )
        self._new_holiday(
            "2026-11-23 17:00:00", "2026-11-24 16:59:59", resource_id=resource.id
        )
        self._new_holiday(
            "2026-11-24 17:00:00", "2026-11-25 16:59:59", time_type="other"
        )
        self.assertEqual(self.hours("24-11-2026"), 7.5)
        self.assertEqual(self.hours("25-11-2026"), 7.5)

    def test_holiday_for_the_whole_agency_but_not_of_another(self):
        self.env["resource.calendar.leaves"].with_company(self.neighbour).create(
            {
                "name": "Nghỉ",
                "date_from": "2026-11-23 17:00:00",
                "date_to": "2026-11-24 16:59:59",
            }
        )
        clock = self.calendar._cchc_working_time()
        self.assertTrue(clock.is_working_day(date(2026, 11, 24)))
        clock = self.foreign_calendar._cchc_working_time()
        self.assertFalse(clock.is_working_day(date(2026, 11, 24)))

    def test_holidays_of_the_shared_calendar_are_for_the_staff_of_every_agency(self):
        resource = self.env["resource.resource"].create(
            {
                "name": "Người",
                "company_id": self.neighbour.id,
                "calendar_id": self.office.id,
                "tz": "Asia/Ho_Chi_Minh",
            }
        )
        start, end = at("23-11-2026 00:00"), at("28-11-2026 00:00")
        calendar = self.office.with_user(self.officer)
        self.assertEqual(calendar.get_work_hours_count(start, end), 30)
        worked = self.office._work_intervals_batch(start, end, resource)[resource.id]
        days = {begin.date().day for begin, _end, _meta in worked}
        self.assertEqual(days, {23, 25, 26, 27})

    def test_reception_only_hours_do_not_count(self):
        desk = {
            "name": "Thứ Bảy",
            "dayofweek": "5",
            "day_period": "morning",
            "hour_from": 7.5,
            "hour_to": 11.5,
        }
        self.calendar.attendance_ids = [Command.create(desk)]
        self.assertEqual(self.hours("28-11-2026"), 4)
        self.calendar.attendance_ids.filtered(
            lambda line: line.dayofweek == "5"
        ).cchc_reception_only = True
        clock = self.calendar._cchc_working_time()
        self.assertFalse(clock.is_working_day(date(2026, 11, 28)))
        self.assertEqual(
            clock.add(at("27-11-2026 16:00"), 2, "working_hour"), at("30-11-2026 08:30")
        )

    def test_half_day_and_make_up_day_for_odoo_as_well(self):
        Day = self.env["cchc.calendar.day"].with_user(self.administrator)
        values = {"calendar_id": self.calendar.id, "name": "Ngày"}
        Day.create({**values, "date": "2026-11-27", "kind": "half_day"})
        Day.create(
            {
                **values,
                "date": "2026-11-28",
                "kind": "makeup",
                "swapped_date": "2026-11-26",
            }
        )
        Day.create({**values, "date": "2026-11-26", "kind": "off"})
        self.assertEqual(
            [self.hours(f"{day}-11-2026") for day in (25, 26, 27, 28, 29)],
            [7.5, 0, 4, 7.5, 0],
        )
        due = self.calendar.plan_hours(12, at("26-11-2026 08:00"))
        self.assertEqual(due, at("30-11-2026 08:00"))
        data = self.calendar.get_work_duration_data(
            at("26-11-2026 00:00"), at("30-11-2026 00:00")
        )
        self.assertEqual(data, {"days": 1.5, "hours": 11.5})
        lunch = self.calendar._attendance_intervals_batch(
            at("26-11-2026 00:00"), at("30-11-2026 00:00"), lunch=True
        )
        self.assertFalse(list(lunch[False]))

    def test_special_hours_are_entered_by_form(self):
        with Form(self.env["cchc.calendar.day"].with_user(self.administrator)) as form:
            form.date = "2026-11-28"
            form.name = "Làm bù"
            self.assertEqual(form.calendar_id, self.calendar)
            self.assertEqual((form.morning_from, form.afternoon_to), (7.5, 17.0))
            form.afternoon_to = 16.5
        day = form.record
        self.assertEqual(self.hours("28-11-2026"), 7)
        day.with_user(self.administrator).kind = "half_day"
        self.assertEqual(self.hours("28-11-2026"), 4)
        day.with_user(self.administrator).unlink()
        self.assertEqual(self.hours("28-11-2026"), 0)

    def test_hours_that_make_no_sense_are_refused(self):
        Day = self.env["cchc.calendar.day"].with_user(self.administrator)
        values = {
            "calendar_id": self.calendar.id,
            "name": "Ngày",
            "date": "2026-11-28",
            "kind": "hours",
        }
        cases = [
            ({"morning_from": 12, "morning_to": 7}, "follow each other"),
            ({"afternoon_from": 10}, "follow each other"),
            ({"afternoon_to": 25}, "follow each other"),
            ({"kind": "off", "morning_from": 8, "morning_to": 11}, "clear its hours"),
            (
                {
                    "morning_from": 0,
                    "morning_to": 0,
                    "afternoon_from": 0,
                    "afternoon_to": 0,
                },
                "enter them",
            ),
        ]
        for change, message in cases:
            with self.subTest(change=change):
                with self.assertRefused(ValidationError, message):
                    Day.create({**values, **change})

    def test_calendars_without_office_hours_are_refused(self):
        with self.assertRefused(UserError, "no working calendar"):
            self.env["resource.calendar"]._cchc_working_time()
        self.calendar.attendance_ids.unlink()
        with self.assertRefused(UserError, "no office hours that count"):
            self.calendar._cchc_working_time()
        self.foreign_calendar.schedule_type = "flexible"
        with self.assertRefused(UserError, "flexible schedule"):
            self.foreign_calendar._cchc_working_time()

    # The engine in memory ----------------------------------------------
    def test_the_engine_is_built_once_and_anew_after_each_change(self):
        clock = self.calendar._cchc_working_time()
        foreign = self.foreign_calendar._cchc_working_time()
        self.env.invalidate_all()
        calendar = self.calendar.with_user(self.officer)
        calendar.read(["cchc_token"])
        with self.assertQueryCount(0):
            self.assertIs(calendar._cchc_working_time(), clock)
        Day = self.env["cchc.calendar.day"].with_user(self.administrator)
        holiday = self._new_holiday("2026-11-23 17:00:00", "2026-11-24 16:59:59")
        changes = [
            lambda: holiday.write({"date_to": "2026-11-25 16:59:59"}),
            lambda: holiday.write({"name": "Tên khác"}),
            holiday.unlink,
            lambda: Day.create(
                {
                    "calendar_id": self.calendar.id,
                    "date": "2026-11-28",
                    "name": "Bù",
                }
            ),
            lambda: self.calendar.attendance_ids[0].write({"hour_from": 8}),
            lambda: self.calendar.attendance_ids[0].unlink(),
            lambda: self.calendar.write({"tz": "UTC"}),
            lambda: self.calendar.write({"cchc_hours_per_day": 7}),
        ]
        seen = {clock, self.calendar._cchc_working_time()}
        self.assertEqual(len(seen), 2)
        for change in changes:
            change()
            engine = self.calendar._cchc_working_time()
            self.assertNotIn(engine, seen)
            seen.add(engine)
        self.assertIs(self.foreign_calendar._cchc_working_time(), foreign)
        self.calendar.name = "Tên"
        self.assertIs(self.calendar._cchc_working_time(), engine)

    def test_a_change_that_is_rolled_back_leaves_no_trace(self):
        before = self.calendar._cchc_working_time()
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            self._new_holiday("2026-11-23 17:00:00", "2026-11-24 16:59:59")
            self.assertEqual(self.hours("24-11-2026"), 0)
            raise ZeroDivisionError
        self.assertIs(self.calendar._cchc_working_time(), before)
        self.assertEqual(self.hours("24-11-2026"), 7.5)
        self._new_holiday("2026-11-24 17:00:00", "2026-11-25 16:59:59")
        self.assertEqual(self.hours("24-11-2026"), 7.5)
        self.assertEqual(self.hours("25-11-2026"), 0)

    def test_threads_share_an_engine_that_grows(self):
        clock = self.calendar._cchc_working_time()
        start, results = at("23-11-2026 09:15"), []

        def work(number):
            dues = [clock.add(start, days) for days in range(1, 900, 7)]
            results.append((number, dues))

        threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(len(results), 4)
        expected = [clock.add(start, days) for days in range(1, 900, 7)]
        for _number, dues in results:
            self.assertEqual(dues, expected)

    # Agencies -----------------------------------------------------------
    def test_a_new_agency_has_the_shipped_office_hours(self):
        self.assertEqual(self.province.resource_calendar_id, self.office)
        self.assertFalse(self.office.company_id)
        own = self.env["res.company"].create(
            {"name": "Xã Ba", "resource_calendar_id": self.calendar.id}
        )
        self.assertEqual(own.resource_calendar_id, self.calendar)
        self.assertEqual(self.calendar.company_id, self.agency)

    def test_stock_hours_are_replaced_and_fitted_ones_are_not(self):
        stock = self.env["resource.calendar"].create(
            {
                "name": "Standard",
                "company_id": self.neighbour.id,
                "attendance_ids": self.calendar._get_default_attendance_ids(),
            }
        )
        self.neighbour.resource_calendar_id = stock
        self.env["res.company"]._cchc_use_office_hours()
        self.assertEqual(self.neighbour.resource_calendar_id, self.office)
        self.assertEqual(self.agency.resource_calendar_id, self.calendar)

    def test_only_administrators_change_their_own_calendar(self):
        self.calendar.with_user(self.administrator).cchc_hours_per_day = 7.5
        line = self.calendar.attendance_ids[0]
        line.with_user(self.administrator).cchc_reception_only = True
        with self.assertRefused(AccessError, "."):
            self.calendar.with_user(self.stranger).cchc_hours_per_day = 7
        with self.assertRefused(AccessError, "."):
            line.with_user(self.stranger).hour_from = 9
        with self.assertRefused(AccessError, "."):
            self.calendar.with_user(self.officer).cchc_hours_per_day = 7
        values = {"calendar_id": self.calendar.id, "date": "2026-11-28", "name": "Bù"}
        with self.assertRefused(AccessError, "."):
            self.env["cchc.calendar.day"].with_user(self.officer).create(values)
        with self.assertRefused(AccessError, "."):
            self.env["cchc.calendar.day"].with_user(self.stranger).create(values)

    # Agreement with Odoo --------------------------------------------------
    def _fill_calendar(self):
        self._new_holiday("2026-08-30 17:00:00", "2026-09-02 16:59:59")
        self._new_holiday("2026-08-12 07:00:00", "2026-08-13 02:15:00")
        self.env["cchc.calendar.day"].create(
            [
                {
                    "calendar_id": self.calendar.id,
                    "name": name,
                    "date": day,
                    "kind": kind,
                }
                for name, day, kind in (
                    ("Bù", "2026-08-22", "makeup"),
                    ("Nửa ngày", "2026-08-20", "half_day"),
                    ("Nghỉ", "2026-09-10", "off"),
                )
            ]
        )
        return self.calendar._cchc_working_time()

    def test_hours_agree_with_odoo(self):
        clock = self._fill_calendar()

        @EXAMPLES
        @given(moments, st.integers(1, 60 * 60))
        def check(start, minutes):
            due = clock.add(start, minutes / 60, "working_hour")
            odoo = self.calendar.plan_hours(minutes / 60, start, compute_leaves=True)
            self.assertLess(abs(due - odoo), timedelta(seconds=1))

        check()

    def test_elapsed_hours_agree_with_odoo(self):
        clock = self._fill_calendar()

        @EXAMPLES
        @given(moments, st.integers(0, 30 * 1440))
        def check(start, minutes):
            end = start + timedelta(minutes=minutes)
            odoo = self.calendar.get_work_hours_count(start, end)
            self.assertAlmostEqual(clock.elapsed(start, end), odoo, 6)

        check()

    def test_working_days_agree_with_odoo(self):
        clock = self._fill_calendar()
        rule = DeadlineRule(first_day_counted=True)

        @EXAMPLES
        @given(moments, st.integers(1, 25))
        def check(start, days):
            due = clock.add(start, days, "working_day", rule)
            odoo = self.calendar.plan_days(days, start, compute_leaves=True)
            self.assertEqual(due.date(), odoo.date())
            # R2: the same count from the midnight after the start.
            midnight = datetime.combine(start.date(), datetime.min.time(), TZ)
            odoo = self.calendar.plan_days(
                days, midnight + timedelta(days=1), compute_leaves=True
            )
            self.assertEqual(clock.add(start, days).date(), odoo.date())

        check()
