from uuid import uuid4

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, Command, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

ALL_DAY = [
    Command.create(
        {
            "name": f"{day} {period}",
            "dayofweek": str(day),
            "day_period": period,
            "hour_from": begin,
            "hour_to": end,
        }
    )
    for day in range(7)
    for period, begin, end in (("morning", 0, 12), ("afternoon", 12, 24))
]


@tagged("post_install", "-at_install", "cchc_concurrency")
class TestTwoOfficers(BaseCase):
    """Two connections press “call next”: nobody is called twice."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            calendar = env["resource.calendar"].create(
                {
                    "name": "Cả ngày",
                    "tz": "Asia/Ho_Chi_Minh",
                    "attendance_ids": [Command.clear(), *ALL_DAY],
                }
            )
            company = env["res.company"].create(
                {"name": f"UBND xã {uuid4()}", "resource_calendar_id": calendar.id}
            )
            counters = env["cchc.counter"].create(
                [
                    {"number": number, "name": f"{number}", "company_id": company.id}
                    for number in (1, 2)
                ]
            )
            service = env["cchc.queue.service"].create(
                {
                    "name": "Hộ tịch",
                    "letter": "A",
                    "company_id": company.id,
                    "last_minutes": 0,
                    "counter_ids": [Command.set(counters.ids)],
                }
            )
            kiosk = env["cchc.queue.display"].create(
                {"name": "Cửa", "kind": "kiosk", "company_id": company.id}
            )
            for _each in range(6):
                env["cchc.queue.ticket"]._take(service)
            self.company, self.service = company.id, service.id
            self.one, self.two = counters.ids
            self.kiosk, self.calendar = kiosk.id, calendar.id
        self.addCleanup(self._clean)

    def _clean(self):
        """Remove by SQL what was committed: the ORM rightly refuses."""
        with self.registry.cursor() as cr:
            for table in ("cchc_queue_event", "cchc_queue_ticket"):
                cr.execute(
                    f"DELETE FROM {table} WHERE company_id = %s", (self.company,)
                )
            cr.execute(
                "DELETE FROM cchc_number WHERE series = %s", (f"queue/{self.service}",)
            )
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["cchc.queue.display"].browse(self.kiosk).unlink()
            env["cchc.queue.service"].browse(self.service).unlink()
            env["cchc.counter"].browse((self.one, self.two)).unlink()
            env["res.company"].browse(self.company).active = False

    def _env(self, cr):
        return api.Environment(
            cr, SUPERUSER_ID, {"allowed_company_ids": [self.company]}
        )

    def _names(self, env, ids):
        return env["cchc.queue.ticket"].browse(ids).mapped("name")

    def test_at_the_same_instant_two_numbers(self):
        with self.registry.cursor() as first, self.registry.cursor() as second:
            mine, theirs = self._env(first), self._env(second)
            # both have looked before either calls
            mine["cchc.counter"].browse(self.one).waiting_count  # noqa: B018
            theirs["cchc.counter"].browse(self.two).waiting_count  # noqa: B018
            ids = [
                mine["cchc.counter"].browse(self.one).action_call_next(),
                theirs["cchc.counter"].browse(self.two).action_call_next(),
            ]
            names = [*self._names(mine, ids[0]), *self._names(theirs, ids[1])]
            self.assertEqual(names, ["A001", "A002"])

    def test_who_comes_just_after_a_commit_takes_the_one_behind(self):
        with self.registry.cursor() as second:
            theirs = self._env(second)
            theirs["cchc.counter"].browse(self.two).waiting_count  # noqa: B018
            with self.registry.cursor() as first:
                self._env(first)["cchc.counter"].browse(self.one).action_call_next()
            called = theirs["cchc.counter"].browse(self.two).action_call_next()
            self.assertEqual(self._names(theirs, called), ["A002"])
            second.commit()
        with self.registry.cursor() as cr:
            states = self._env(cr)["cchc.queue.ticket"].search(
                [("company_id", "=", self.company), ("state", "=", "called")]
            )
        self.assertEqual(len(states), 2)

    def test_two_windows_of_one_counter_call_one_number(self):
        with self.registry.cursor() as second:
            theirs = self._env(second)
            counter = theirs["cchc.counter"].browse(self.one)
            self.assertFalse(counter.ticket_id)
            with self.registry.cursor() as first:
                self._env(first)["cchc.counter"].browse(self.one).action_call_next()
            with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
                counter.action_call_next()
        with self.registry.cursor() as cr:
            called = self._env(cr)["cchc.queue.ticket"].search_count(
                [("company_id", "=", self.company), ("state", "=", "called")]
            )
        self.assertEqual(called, 1)

    def test_a_tap_that_comes_twice_is_one_ticket(self):
        key = uuid4().hex

        def tap(env):
            kiosk = env["cchc.queue.display"].browse(self.kiosk)
            service = env["cchc.queue.service"].browse(self.service)
            nobody = env["cchc.queue.priority"]
            return kiosk._take(service, nobody, key).id

        with self.registry.cursor() as second:
            theirs = self._env(second)
            theirs["cchc.queue.display"].browse(self.kiosk).name  # noqa: B018
            with self.registry.cursor() as first:
                given = tap(self._env(first))
            with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
                tap(theirs)
            second.rollback()
            theirs.invalidate_all()
            self.assertEqual(tap(theirs), given)
