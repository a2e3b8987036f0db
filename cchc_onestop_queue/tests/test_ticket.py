from contextlib import contextmanager

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.cchc_onestop.tests.common import local

from .common import NOW, QueueCase


@tagged("post_install", "-at_install")
class TestTicket(QueueCase):
    """Lấy số, gọi số, phục vụ: order, moves, times, what stays on record."""

    def test_numbers_run_per_service_and_day(self):
        names = [self._take(service).name for service in (self.civil,) * 2]
        names.append(self._take(self.land).name)
        self.assertEqual(names, ["A001", "A002", "B001"])
        self.assertEqual(self._take(at="26/11/2026 08:00").name, "A001")

    def test_same_request_gives_same_ticket(self):
        key = "k" * 32
        first = self._take(request_key=key)
        self.assertEqual(self._take(request_key=key), first)
        self.assertNotEqual(self._take(request_key="l" * 32), first)

    def test_tickets_in_hours_only(self):
        for at, words in (
            ("25/11/2026 07:14", "closed"),
            ("25/11/2026 11:16", "ends soon"),
            ("25/11/2026 12:30", "closed"),
            ("28/11/2026 09:00", "closed"),
        ):
            with self.subTest(at=at), self.assertRaisesRegex(UserError, words):
                self._take(at=at)
        # a quarter of an hour before the doors open
        self.assertEqual(self._take(at="25/11/2026 13:16").name, "A001")

    def test_no_tickets_on_a_holiday(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Ngày Văn hóa Việt Nam",
                "calendar_id": self.calendar.id,
                "date_from": local("25/11/2026 00:00"),
                "date_to": local("25/11/2026 23:59"),
            }
        )
        with self.assertRaisesRegex(UserError, "closed"):
            self._take()

    def test_tickets_of_a_day_run_out(self):
        self.civil.daily_limit = 2
        self._take()
        self._take()
        with self.assertRaisesRegex(UserError, "All tickets"):
            self._take()
        self.assertEqual(self._take(self.land).name, "B001")

    def test_precedence_is_a_head_start(self):
        """NĐ 63/2010 Đ.18 k.8: served earlier, but nobody waits for ever."""
        early = self._take(at="25/11/2026 08:00")
        later = self._take(at="25/11/2026 08:20")
        old = self._take(at="25/11/2026 08:40", priority=self.elderly)
        called = []
        for _each in range(3):
            called.append(self._call(at="25/11/2026 08:45"))
            called[-1].action_done()
        self.assertEqual(
            [each.name for each in called], [early.name, old.name, later.name]
        )

    def test_precedence_is_data_with_dates(self):
        self.elderly.valid_to = "2026-11-24"
        kinds = self.env["cchc.queue.priority"]
        with freeze_time(local(NOW)):
            self.assertNotIn(self.elderly, kinds._in_force(self.commune))
        with freeze_time(local("24/11/2026 09:00")):
            self.assertIn(self.elderly, kinds._in_force(self.commune))

    def test_a_counter_calls_what_it_serves(self):
        self._take(self.land)
        self.assertFalse(self._call(self.one))
        self.assertEqual(self._call(self.two).name, "B001")

    def test_life_keeps_its_times(self):
        ticket = self._take(at="25/11/2026 08:00")
        called = self._call(at="25/11/2026 08:10")
        self.assertEqual(called, ticket)
        with freeze_time(local("25/11/2026 08:11")):
            called.action_recall()
        with freeze_time(local("25/11/2026 08:12")):
            called.action_start()
        with freeze_time(local("25/11/2026 08:20")):
            called.action_done()
        self.assertEqual(called.state, "done")
        self.assertAlmostEqual(called.wait_minutes, 10.0)
        self.assertAlmostEqual(called.serve_minutes, 8.0)
        self.assertEqual(called.in_goal, 1.0)
        self.assertEqual(called.first_called_at, local("25/11/2026 08:10"))
        self.assertEqual(called.hour, "08")
        self.assertEqual(
            called.event_ids.mapped("kind"),
            ["taken", "called", "recalled", "started", "done"],
        )
        self.assertEqual(called.event_ids[1:].user_id, self.desk)
        self.assertEqual(called.event_ids[1:].counter_id, self.one)

    def test_late_call_is_not_in_good_time(self):
        self.civil.wait_goal = 9
        self._take(at="25/11/2026 08:00")
        self.assertEqual(self._call(at="25/11/2026 08:10").in_goal, 0.0)

    def test_calling_next_ends_who_is_served_but_not_who_is_called(self):
        for _each in range(2):
            self._take()
        first = self._call()
        with self.assertRaisesRegex(UserError, "A001 has been called"):
            self._call()
        first.action_start()
        self.assertEqual(self._call().name, "A002")
        self.assertEqual(first.state, "done")

    def test_who_missed_the_call_comes_back(self):
        first = self._take(at="25/11/2026 08:00")
        self._take(at="25/11/2026 08:01")
        with freeze_time(local("25/11/2026 08:05")):
            called = self._call(at="25/11/2026 08:05")
            called.action_no_show()
            called.action_back()
        self.assertEqual(self._call(at="25/11/2026 08:06").name, "A002")
        self.assertEqual(called.state, "waiting")
        with (
            freeze_time(local("26/11/2026 08:00")),
            self.assertRaisesRegex(UserError, "another day"),
        ):
            called.action_back()
        self.assertEqual(first.event_ids[-1].kind, "back")

    def test_passed_on_is_the_next_there(self):
        ticket = self._take(at="25/11/2026 08:00")
        self._take(self.land, at="25/11/2026 07:40")
        called = self._call(self.one, at="25/11/2026 08:05")
        with freeze_time(local("25/11/2026 08:06")):
            called.action_start()
        with freeze_time(local("25/11/2026 08:10")):
            called.action_pass(self.two.id)
        self.assertEqual(called.state, "passed")
        again = self._call(self.two, at="25/11/2026 08:12", user=self.second)
        self.assertEqual(again, ticket)
        with freeze_time(local("25/11/2026 08:15")):
            again.action_start()
        with freeze_time(local("25/11/2026 08:18")):
            again.action_done()
        # four minutes here, three there; the wait ended at the first call
        self.assertAlmostEqual(again.serve_minutes, 7.0)
        self.assertAlmostEqual(again.wait_minutes, 5.0)

    def test_foreign_counters_are_refused(self):
        self._take()
        called = self._call()
        with self.assertRaises(AccessError):
            called.action_pass(self.foreign.id)
        with self.assertRaisesRegex(UserError, "another agency"):
            called.sudo().action_pass(self.foreign.id)

    def test_out_of_turn_only_at_a_free_counter(self):
        self._take()
        second = self._as_desk(self._take())
        with freeze_time(local(NOW)):
            second.action_call(self.one.id)
            self.assertEqual(second.state, "called")
            with self.assertRaisesRegex(UserError, "still at this counter"):
                self._as_desk(self._take()).action_call(self.one.id)

    def test_nothing_goes_round_the_buttons(self):
        ticket = self._as_desk(self._take())
        for vals in ({"state": "done"}, {"rank_at": "2020-01-01"}, {"number": 9}):
            with self.assertRaisesRegex(UserError, "buttons of the desk"):
                ticket.write(vals)
        with self.assertRaises(UserError):
            ticket.with_user(self.manager).sudo().unlink()
        with self.assertRaises(UserError):
            ticket.sudo().event_ids.write({"at": "2020-01-01"})
        with self.assertRaises(UserError):
            ticket.sudo().event_ids.unlink()
        with self.assertRaises(UserError):
            self._as_desk(self.env["cchc.queue.ticket"]).create({"name": "A999"})
        with self.assertRaises(AccessError):
            ticket.with_user(self.handler).action_cancel()
        with self.assertRaises(AccessError):
            self.one.with_user(self.handler).action_call_next()

    def test_the_token_is_nobodys_business(self):
        ticket = self._take()
        self.assertGreaterEqual(len(ticket.token), 32)
        with self.assertRaises(AccessError):
            self._as_desk(ticket).read(["token"])

    def test_estimate(self):
        """What those ahead take, shared among the counters that take people."""
        self._shift(self.one)
        self._shift(self.two, user_id=self.second.id)
        for _each in range(4):
            last = self._take(at="25/11/2026 08:00")
        with freeze_time(local("25/11/2026 08:01")):
            self.assertEqual(last.ahead_count, 3)
            self.assertEqual(last.estimate, 9)
            self.env["cchc.roster.shift"].search(
                [("counter_id", "=", self.two.id)]
            ).absence = "Ốm"
            last.invalidate_recordset()
            self.assertEqual(last.estimate, 18)

    def test_estimate_learns_from_recent_visits(self):
        for minute in range(5):
            self._take(at=f"25/11/2026 08:{minute:02d}")
            called = self._call(at=f"25/11/2026 08:{minute + 10}")
            with freeze_time(local(f"25/11/2026 08:{minute + 10}")):
                called.action_start()
            with freeze_time(local(f"25/11/2026 09:{minute + 10}")):
                called.action_done()
        with freeze_time(local("25/11/2026 09:30")):
            minutes = (self.civil | self.land)._minutes_each()
        self.assertEqual(minutes, {self.civil.id: 60.0, self.land.id: 15.0})

    def test_night_ends_what_was_left(self):
        waiting = self._take()
        serving = self._take()
        with freeze_time(local(NOW)):
            self._as_desk(serving).action_call(self.one.id)
            self._as_desk(serving).action_start()
        with freeze_time(local("25/11/2026 23:00")), self._cron() as tickets:
            tickets._cron_close()
        self.assertEqual(waiting.state, "waiting")
        with freeze_time(local("26/11/2026 00:30")), self._cron() as tickets:
            tickets._cron_close(batch=1)
        self.env.invalidate_all()
        self.assertEqual(waiting.state, "unserved")
        self.assertEqual(serving.state, "done")
        self.assertEqual(serving.serve_minutes, 0)
        self.assertEqual(waiting.event_ids[-1].kind, "unserved")

    @contextmanager
    def _cron(self):
        """The tickets as a scheduled action sees them, in a cursor of its own."""
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            yield self.env(cr=cr)["cchc.queue.ticket"]

    def test_the_panel_is_a_bounded_number_of_queries(self):
        self._shift(self.one)
        for _each in range(12):
            self._take()
        counters = self._as_desk(self.env["cchc.counter"])
        with freeze_time(local(NOW)):
            counters.get_panel()
            self.env.invalidate_all()
            self.env.flush_all()
            with self.assertQueryCount(60):
                panel = counters.get_panel()
        self.assertEqual(panel["counter"]["id"], self.one.id)
        self.assertEqual(panel["counter"]["waiting"], 12)
        self.assertEqual(len(panel["counter"]["line"]), 8)

    def test_the_panel_shows_the_line_as_it_is_called(self):
        self._take(at="25/11/2026 08:00")
        self._take(at="25/11/2026 08:10")
        self._take(at="25/11/2026 08:20", priority=self.elderly)
        counters = self._as_desk(self.env["cchc.counter"])
        with freeze_time(local("25/11/2026 08:25")):
            line = counters.get_panel(self.one.id)["counter"]["line"]
            self.assertEqual([each["name"] for each in line], ["A003", "A001", "A002"])
            self.assertEqual(line[0]["waited"], 5)
            called = counters.browse(self.one.id).action_call_next()
            panel = counters.get_panel(self.one.id)["counter"]
        self.assertEqual(panel["current"]["id"], called)
        self.assertEqual(panel["current"]["name"], "A003")
        self.assertEqual([each["name"] for each in panel["line"]], ["A001", "A002"])

    def test_reception_keeps_the_ticket(self):
        self._take(priority=self.elderly)
        called = self._call()
        with freeze_time(local("25/11/2026 08:05")):
            action = called.action_receive()
            self.assertEqual(called.state, "serving")
            dossier = self._draft(
                **{
                    name.removeprefix("default_"): value
                    for name, value in action["context"].items()
                }
            )
        self.assertEqual(dossier.queue_ticket_id, called.sudo())
        self.assertEqual(dossier.priority, "2")
        self.assertEqual(called.dossier_ids, dossier)
        self.assertIn("dossier", called.event_ids.mapped("kind"))
        with freeze_time(local("25/11/2026 08:15")):
            action = dossier.with_user(self.desk).action_finish_ticket()
        self.assertEqual(called.state, "done")
        self.assertEqual(action["params"], {"counter_id": self.one.id})

    def test_a_result_is_found_by_the_code_of_its_receipt(self):
        dossier = self._accepted()
        with freeze_time(local(NOW)):
            ticket = self._take(receipt=f" {dossier.name.lower()} ")
            scanned = self._take(receipt=f"Mã hồ sơ: {dossier.name}")
            other = self._take(receipt="H50.21-000000-0000")
        self.assertEqual(ticket.dossier_id, dossier)
        self.assertEqual(scanned.dossier_id, dossier)
        self.assertFalse(other.dossier_id)
