import pickle
from datetime import UTC, date, datetime, time, timedelta
from time import perf_counter

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.working_time import (
    REASONS,
    STATUSES,
    CalendarSnapshot,
    DeadlineRule,
    Stop,
    WorkingTime,
)
from .working_time_data import OFFICE_WEEK, TZ, at, hour, office

EXAMPLES = settings(
    deadline=None,
    max_examples=150,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
THOUSAND = settings(EXAMPLES, max_examples=1000)

HALF_SATURDAY = OFFICE_WEEK[:5] + (((hour(7, 30), hour(11, 30)),), ())
CALENDARS = {
    "office": office(),
    "partial": office(
        week=HALF_SATURDAY,
        partial_leaves=[
            (at("12-11-2026 15:00"), at("13-11-2026 09:00"), "Mất điện"),
            (at("18-11-2026 00:00"), at("19-11-2026 00:00"), "Bão"),
            (at("04-03-2027 06:00"), at("04-03-2027 12:30"), "Họp"),
        ],
        special_days={
            date(2026, 11, 20): ("Sơ kết", ((hour(7), hour(11)),)),
            date(2026, 11, 22): ("Làm bù", ((hour(8), hour(12)),)),
            date(2027, 2, 1): ("Nghỉ", ()),
        },
    ),
    "always": CalendarSnapshot("UTC", (((0, 86400),),) * 7, hours_per_day=24),
    "summer time": CalendarSnapshot(
        "America/New_York", (((hour(1), hour(4)), (hour(20), hour(24))),) * 7
    ),
    "two weeks": CalendarSnapshot("Asia/Ho_Chi_Minh", OFFICE_WEEK + ((),) * 7),
}
WORKING_TIMES = {name: WorkingTime(value) for name, value in CALENDARS.items()}

EPOCH_2026 = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp())
calendars = st.sampled_from(sorted(WORKING_TIMES))
seconds = st.one_of(
    st.integers(0, 2 * 366 * 86400),
    # Whole minutes around the days with something special.
    st.integers(310 * 1440, 340 * 1440).map(lambda minutes: minutes * 60),
).map(lambda offset: EPOCH_2026 + offset)
moments = seconds.map(lambda second: datetime.fromtimestamp(second, TZ))
cutoffs = st.sampled_from([time(15), time(9, 30), time(23)])
clocks = st.sampled_from(["same_time", "end_of_day"])
countings = st.sampled_from(["minute", "day"])
AMOUNTS = {
    "working_hour": st.integers(0, 6000).map(lambda minutes: minutes / 60),
    "working_day": st.one_of(
        st.integers(0, 60), st.integers(0, 40).map(lambda quarters: quarters / 4)
    ),
    "calendar_day": st.integers(0, 90),
    "month": st.integers(0, 12),
    "same_day": st.just(0),
}


@st.composite
def limits(draw):
    """A rule with an amount that suits it."""
    unit = draw(st.sampled_from(sorted(AMOUNTS)))
    values = {"unit": unit, "pause_counting": draw(countings)}
    values["supplement"] = draw(st.sampled_from(["pause", "restart"]))
    values["rest_day_moves"] = draw(st.booleans())
    if draw(st.booleans()):
        modes = ["next_day"]
        if unit == "same_day":
            modes += ["same_day", "transfer"]
        values["cutoff_mode"] = draw(st.sampled_from(modes))
        values["cutoff"] = draw(cutoffs)
    values["clock"] = draw(clocks)
    if values["clock"] == "end_of_day":
        values["first_day_counted"] = draw(st.booleans())
    return DeadlineRule(**values), draw(AMOUNTS[unit])


@st.composite
def pauses(draw, start, kinds=(None,)):
    """Up to four stops around a start, in disorder and overlapping."""
    stops = []
    for _number in range(draw(st.integers(0, 4))):
        begin = start + timedelta(minutes=draw(st.integers(-600, 20000)))
        end = begin + timedelta(minutes=draw(st.integers(0, 9000)))
        stops.append(Stop(begin, end, draw(st.sampled_from(list(kinds)))))
    return stops


def keeps_order(rule):
    """R3 gathers days, so with the same clock time only the date is ordered."""
    return rule.clock == "end_of_day" or rule.unit not in ("calendar_day", "month")


@tagged("post_install", "-at_install")
class TestWorkingTime(BaseCase):
    def setUp(self):
        super().setUp()
        self.office = WORKING_TIMES["office"]

    # Input ------------------------------------------------------------
    def test_a_moment_without_time_zone_is_refused(self):
        naive, aware = datetime(2026, 11, 23, 9, 15), at("23-11-2026 09:15")
        calls = [
            lambda: self.office.add(naive, 1),
            lambda: self.office.elapsed(naive, aware),
            lambda: self.office.add_many([naive], 1),
            lambda: self.office.snap(naive),
            lambda: self.office.due(aware, 1, DeadlineRule(), [(naive, naive)]),
        ]
        for call in calls:
            with self.assertRaisesRegex(ValueError, "has no time zone"):
                call()

    def test_an_amount_that_is_no_limit_is_refused(self):
        start = at("23-11-2026 09:15")
        cases = [
            (-1, "working_day", "cannot be negative"),
            (float("nan"), "working_hour", "must be a number"),
            (float("inf"), "working_day", "must be a number"),
            ("3", "working_day", "must be a number"),
            (None, "working_day", "must be a number"),
            (True, "working_day", "must be a number"),
            (1.5, "month", "must be a whole number"),
            (0.5, "calendar_day", "must be a whole number"),
            (2, "same_day", "takes no amount"),
            (1, "week", "must be one of"),
            (10**7, "working_day", "No due date before the year"),
            (10**7, "calendar_day", "No due date before the year"),
            (10**9, "month", "No due date before the year"),
        ]
        for amount, unit, message in cases:
            with self.subTest(amount=amount, unit=unit):
                with self.assertRaisesRegex(ValueError, message):
                    self.office.add(start, amount, unit)

    def test_a_rule_that_contradicts_itself_is_refused(self):
        cases = [
            ({"unit": "week"}, "unit"),
            ({"clock": "noon"}, "clock"),
            ({"cutoff_mode": "next_day"}, "needs a cut-off hour"),
            ({"cutoff_mode": "same_day", "cutoff": time(15)}, "limit of the same day"),
            ({"first_day_counted": True, "clock": "same_time"}, "first day"),
            ({"supplement": "forget"}, "supplement"),
            ({"pause_counting": "year"}, "pauses"),
        ]
        for values, message in cases:
            with self.subTest(values=values):
                with self.assertRaisesRegex(ValueError, message):
                    DeadlineRule(**values)

    def test_a_calendar_that_makes_no_sense_is_refused(self):
        cases = [
            (("Mars/Olympus", OFFICE_WEEK), {}, "no time zone named"),
            (("UTC", OFFICE_WEEK[:3]), {}, "seven or fourteen"),
            (("UTC", (((0, 90000),),) * 7), {}, "not inside one day"),
            (("UTC", OFFICE_WEEK), {"hours_per_day": 0}, "between 0 and 24"),
        ]
        for args, values, message in cases:
            with self.subTest(args=args):
                with self.assertRaisesRegex(ValueError, message):
                    CalendarSnapshot(*args, **values)

    def test_a_calendar_without_hours_gives_no_date(self):
        empty = WorkingTime(CalendarSnapshot("UTC", ((),) * 7))
        start = at("23-11-2026 09:15")
        with self.assertRaisesRegex(ValueError, "check the time limit and the hours"):
            empty.add(start, 1)
        self.assertEqual(empty.elapsed(start, start + timedelta(days=400)), 0)

    def test_a_stop_that_ends_before_it_starts_is_refused(self):
        stop = (at("13-11-2026 10:00"), at("12-11-2026 10:00"))
        with self.assertRaisesRegex(ValueError, "before it starts"):
            self.office.due(at("09-11-2026 10:00"), 3, DeadlineRule(), [stop])

    def test_far_dates_extend_the_timeline(self):
        working_time = WorkingTime(office())
        due = working_time.add(at("23-11-2026 09:15"), 5000)
        self.assertEqual(due.year, 2046)
        self.assertEqual(working_time.add(at("03-01-1990 09:15"), 1).year, 1990)
        for year in ("1890", "2450"):
            with self.assertRaisesRegex(ValueError, "outside the years"):
                working_time.add(at(f"01-06-{year} 10:00"), 1)

    def test_a_snapshot_is_a_key_and_travels(self):
        self.assertEqual(office(), office())
        self.assertEqual(hash(office()), hash(office()))
        self.assertNotEqual(office(), office(hours_per_day=7.5))
        for value in (office(), DeadlineRule(cutoff=time(15), cutoff_mode="next_day")):
            self.assertEqual(pickle.loads(pickle.dumps(value)), value)
        copy = pickle.loads(pickle.dumps(self.office))
        start = at("23-11-2026 09:15")
        self.assertEqual(copy.add(start, 3), self.office.add(start, 3))

    # Hours ------------------------------------------------------------
    def test_start_outside_office_hours_runs_from_the_next_opening(self):
        cases = {
            "09-11-2026 06:00": "09-11-2026 07:30",
            "09-11-2026 12:00": "09-11-2026 13:30",
            "09-11-2026 17:00": "10-11-2026 07:30",
            "07-11-2026 09:00": "09-11-2026 07:30",
            "09-11-2026 10:00": "09-11-2026 10:00",
        }
        for start, opening in cases.items():
            with self.subTest(start=start):
                self.assertEqual(self.office.snap(at(start)), at(opening))
                self.assertEqual(
                    self.office.add(at(start), 1, "working_hour"),
                    at(opening) + timedelta(hours=1),
                )

    def test_session_of_a_due_moment(self):
        cases = {
            "09-11-2026 17:00": "09-11-2026 13:30",
            "09-11-2026 13:30": "09-11-2026 13:30",
            "09-11-2026 11:30": "09-11-2026 07:30",
            "09-11-2026 10:00": "09-11-2026 07:30",
            "08-11-2026 23:59": "08-11-2026 00:00",
        }
        for due, session in cases.items():
            with self.subTest(due=due):
                self.assertEqual(self.office.session_start(at(due)), at(session))

    def test_special_days_replace_the_hours_of_the_weekday(self):
        partial = WORKING_TIMES["partial"]
        cases = {"20-11-2026": 4, "21-11-2026": 4, "22-11-2026": 4, "01-02-2027": 0}
        for day, hours in cases.items():
            start = at(f"{day} 00:00")
            self.assertEqual(partial.elapsed(start, start + timedelta(days=1)), hours)
        self.assertFalse(partial.is_working_day(date(2026, 11, 18)))
        self.assertTrue(partial.is_working_day(date(2026, 11, 22)))
        lines = partial.explain(at("17-11-2026 10:00"), 5)
        self.assertEqual(
            [(line.date.day, line.status, line.reason, line.names) for line in lines],
            [
                (17, "first", "first_day", ()),
                (18, "skipped", "holiday", ("Bão",)),
                (19, "counted", "working_day", ()),
                (20, "counted", "special_hours", ("Sơ kết",)),
                (21, "counted", "working_day", ()),
                (22, "counted", "makeup_day", ("Làm bù",)),
                (23, "counted", "working_day", ()),
            ],
        )

    # Stops ------------------------------------------------------------
    def test_an_open_stop_freezes_the_due_date(self):
        rule = DeadlineRule()
        start, asked = at("09-11-2026 10:00"), at("12-11-2026 10:00")
        frozen = self.office.due(start, 10, rule, [(asked, None)])
        self.assertEqual(frozen, at("23-11-2026 17:00"))
        until = at("17-11-2026 10:00")
        due = self.office.due(start, 10, rule, [(asked, None)], until=until)
        self.assertEqual(due, at("27-11-2026 17:00"))

    def test_a_restart_counts_from_the_last_completed_stop(self):
        rule = DeadlineRule(supplement="restart")
        stops = [
            (at("10-11-2026 10:00"), at("11-11-2026 10:00")),
            (at("12-11-2026 10:00"), at("16-11-2026 10:00")),
            (at("17-11-2026 08:00"), at("18-11-2026 08:00"), "pause"),
            (at("19-11-2026 08:00"), None),
        ]
        due = self.office.due(at("09-11-2026 10:00"), 3, rule, stops)
        self.assertEqual(due, at("20-11-2026 17:00"))
        lines = self.office.explain(at("09-11-2026 10:00"), 3, rule=rule, stops=stops)
        self.assertEqual(
            [(line.date.day, line.reason) for line in lines],
            [(day, "before_restart") for day in range(9, 16)]
            + [
                (16, "restart"),
                (17, "working_day"),
                (18, "paused"),
                (19, "working_day"),
                (20, "working_day"),
            ],
        )

    def test_add_pauses_moves_a_date_by_working_time(self):
        start, due = at("09-11-2026 10:00"), at("12-11-2026 16:00")
        stops = [
            (at("10-11-2026 16:00"), at("11-11-2026 08:00")),  # 1 h + 0.5 h
            (at("11-11-2026 07:45"), at("11-11-2026 08:30")),  # 0.5 h more
        ]
        moved = self.office.add_pauses(start, due, stops)
        self.assertEqual(moved, at("13-11-2026 08:30"))

    # Properties -------------------------------------------------------
    @EXAMPLES
    @given(calendars, moments, st.integers(0, 10**6), limits())
    def test_a_later_start_is_never_due_earlier(self, name, start, gap, limit):
        rule, amount = limit
        clock = WORKING_TIMES[name]
        first = clock.add(start, amount, rule.unit, rule)
        second = clock.add(start + timedelta(seconds=gap), amount, rule.unit, rule)
        if keeps_order(rule):
            self.assertLessEqual(first, second)
        self.assertLessEqual(first.date(), second.date())

    @EXAMPLES
    @given(calendars, moments, limits(), st.integers(0, 12))
    def test_a_longer_limit_is_never_due_earlier(self, name, start, limit, more):
        rule, amount = limit
        assume(rule.unit != "same_day")
        clock = WORKING_TIMES[name]
        first = clock.add(start, amount, rule.unit, rule)
        second = clock.add(start, amount + more, rule.unit, rule)
        if keeps_order(rule):
            self.assertLessEqual(first, second)
        self.assertLessEqual(first.date(), second.date())

    @EXAMPLES
    @given(calendars, moments, st.integers(0, 30000))
    def test_elapsed_gives_back_the_hours_added(self, name, start, minutes):
        clock = WORKING_TIMES[name]
        due = clock.add(start, minutes / 60, "working_hour")
        self.assertAlmostEqual(clock.elapsed(start, due), minutes / 60, 9)
        self.assertAlmostEqual(clock.elapsed(due, start), -minutes / 60, 9)
        self.assertEqual(clock.remaining(start, due), clock.elapsed(start, due))

    @EXAMPLES
    @given(calendars, moments, st.integers(1, 200), clocks)
    def test_elapsed_gives_back_the_days_added(self, name, start, days, mode):
        clock = WORKING_TIMES[name]
        rule = DeadlineRule(clock=mode)
        due = clock.add(start, days, "working_day", rule)
        self.assertEqual(clock.elapsed(start, due, "working_day"), days)
        rule = DeadlineRule(unit="calendar_day", clock=mode, rest_day_moves=False)
        due = clock.add(start, days, "calendar_day", rule)
        self.assertEqual(clock.elapsed(start, due, "calendar_day"), days)
        due = clock.add(start, days, "month", rule)
        self.assertEqual(clock.elapsed(start, due, "month"), days)

    @EXAMPLES
    @given(calendars, st.lists(seconds, max_size=20), limits())
    def test_a_batch_equals_one_by_one(self, name, starts, limit):
        rule, amount = limit
        clock = WORKING_TIMES[name]
        moments = [datetime.fromtimestamp(start, TZ) for start in starts]
        singles = [clock.add(moment, amount, rule.unit, rule) for moment in moments]
        self.assertEqual(clock.add_many(moments, amount, rule.unit, rule), singles)
        self.assertEqual(
            clock.add_many(starts, amount, rule.unit, rule),
            [int(due.timestamp()) for due in singles],
        )
        pairs = list(zip(moments, reversed(moments), strict=True))
        plain = list(zip(starts, reversed(starts), strict=True))
        for unit in ("working_hour", "working_day", "calendar_day", "month"):
            singles = [clock.elapsed(begin, end, unit) for begin, end in pairs]
            self.assertEqual(clock.elapsed_many(pairs, unit), singles)
            self.assertEqual(clock.elapsed_many(plain, unit), singles)

    @EXAMPLES
    @given(calendars, moments, st.data())
    def test_pauses_by_the_minute_keep_the_remaining_time(self, name, start, data):
        clock = WORKING_TIMES[name]
        unit = "working_hour"
        if name in ("office", "partial", "two weeks"):
            # Days that close at 24:00 are due a second earlier.
            unit = data.draw(st.sampled_from(["working_hour", "working_day"]))
        rule = DeadlineRule(unit=unit, clock="same_time", pause_counting="minute")
        amount = data.draw(st.integers(1, 40))
        plain = due = clock.due(start, amount, rule)
        stops, asked = [], start
        for _number in range(data.draw(st.integers(0, 4))):
            asked += timedelta(minutes=data.draw(st.integers(0, 9000)))
            complete = asked + timedelta(minutes=data.draw(st.integers(0, 9000)))
            if asked >= due or not clock.remaining(asked, due):
                break
            stops.append((asked, complete))
            moved = clock.due(start, amount, rule, data.draw(st.permutations(stops)))
            self.assertEqual(
                clock.remaining(complete, moved), clock.remaining(asked, due)
            )
            self.assertEqual(clock.add_pauses(start, plain, stops), moved)
            due, asked = moved, complete

    @EXAMPLES
    @given(calendars, moments, st.data())
    def test_pauses_by_the_day_keep_the_remaining_days(self, name, start, data):
        clock = WORKING_TIMES[name]
        rule = DeadlineRule(clock=data.draw(clocks), pause_counting="day")
        amount = data.draw(st.integers(1, 40))
        due, asked = clock.due(start, amount, rule), start
        stops = []
        for _number in range(data.draw(st.integers(0, 4))):
            asked += timedelta(minutes=data.draw(st.integers(0, 9000)))
            complete = asked + timedelta(minutes=data.draw(st.integers(1, 9000)))
            left = clock.remaining(asked, due, "working_day")
            if asked >= due or left < 1:
                break
            stops.append((asked, complete))
            moved = clock.due(start, amount, rule, stops)
            self.assertEqual(clock.remaining(complete, moved, "working_day"), left)
            due, asked = moved, complete

    @EXAMPLES
    @given(calendars, moments, limits(), st.data())
    def test_a_stop_never_shortens_and_a_late_one_is_void(
        self, name, start, limit, data
    ):
        rule, amount = limit
        assume(keeps_order(rule))
        clock = WORKING_TIMES[name]
        stops = data.draw(pauses(start, (None, "pause", "restart")))
        plain = clock.due(start, amount, rule)
        due = clock.due(start, amount, rule, stops)
        self.assertGreaterEqual(due, plain)
        late = Stop(max(due, *(stop.end for stop in stops), start), None, "restart")
        late = late._replace(end=late.start + timedelta(days=30))
        self.assertEqual(clock.due(start, amount, rule, [*stops, late]), due)

    @THOUSAND
    @given(calendars, moments, limits(), st.data())
    def test_the_explanation_ends_on_the_due_date(self, name, start, limit, data):
        rule, amount = limit
        clock = WORKING_TIMES[name]
        stops = data.draw(pauses(start, (None, "pause", "restart")))
        due = clock.due(start, amount, rule, stops)
        lines = clock.explain(start, amount, rule.unit, rule, stops)
        self.assertEqual(lines[-1].due, due)
        days = [line.date for line in lines]
        self.assertEqual(days[0], start.astimezone(due.tzinfo).date())
        # An office that closes at 24:00 closes on the day before.
        last = {due.date(), (due - timedelta(seconds=1)).date()}
        self.assertIn(days[-1], last)
        self.assertEqual(days, [days[0] + timedelta(days=n) for n in range(len(days))])
        for line in lines:
            self.assertIn(line.status, STATUSES)
            self.assertIn(line.reason, REASONS)
            self.assertEqual(line.weekday, line.date.weekday())
        self.assertTrue(all(line.due is None for line in lines[:-1]))
        totals = [line.total for line in lines]
        self.assertEqual(totals, sorted(totals))
        self.assertEqual({line.in_seconds for line in lines}, {lines[-1].in_seconds})
        if rule.unit == "working_hour":
            self.assertTrue(lines[-1].in_seconds)
            self.assertEqual(totals[-1], round(amount * 3600))
            self.assertEqual(sum(line.seconds for line in lines), totals[-1])
        elif rule.unit in ("working_day", "calendar_day") and amount == int(amount):
            self.assertEqual(totals[-1], amount)

    @THOUSAND
    @given(calendars, moments, limits())
    def test_the_explanation_counts_by_itself(self, name, start, limit):
        rule, amount = limit
        clock = WORKING_TIMES[name]
        lines = clock.explain(start, amount, rule.unit, rule)
        self.assertEqual(lines[-1].due, clock.add(start, amount, rule.unit, rule))

    # Speed ------------------------------------------------------------
    def test_a_hundred_thousand_due_dates_take_no_time(self):
        """A wide bound: only another order of growth can break it."""
        starts = [EPOCH_2026 + (n * 7919) % (366 * 86400) for n in range(100_000)]
        limits = {"working_day": 5, "working_hour": 16, "calendar_day": 30}
        for unit, amount in limits.items():
            begin = perf_counter()
            dues = self.office.add_many(starts, amount, unit)
            self.assertLess(perf_counter() - begin, 3, unit)
            self.assertEqual(len(dues), len(starts))
