"""Who is told of what, when, and only once."""

from datetime import datetime, timedelta

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..tools.alert_plan import KINDS
from ..tools.guard import unlocked
from .common import OnestopCase, local


class AlertCase(OnestopCase):
    """A dossier accepted on Monday 9 November 2026 at 9:15, due on Thursday 17:00."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["cchc.alert.rule"].search([]).active = False
        cls.head = cls._new_user("head", "group_handler")
        cls.department.manager_id = cls.env["hr.employee"].search(
            [("user_id", "=", cls.head.id)]
        )
        cls.Alert = cls.env["cchc.alert"]

    def _rule(self, kind, *levels, **values):
        """Return a rule; levels are pairs of receiver and delay."""
        return self.env["cchc.alert.rule"].create(
            {
                "name": kind,
                "kind": kind,
                "level_ids": [
                    Command.create(
                        {"level": number, "receiver": receiver, "delay": delay}
                    )
                    for number, (receiver, delay) in enumerate(
                        levels or [("handler", 0)], start=1
                    )
                ],
                **values,
            }
        )

    def _received(self, at="09/11/2026 09:15", **values):
        with freeze_time(local(at)):
            return self._accepted(**values).sudo()

    def _sweep(self, at):
        """Sweep at a local time; return the alerts that were given."""
        before = self.Alert.search([])
        with freeze_time(local(at)):
            while self.env["cchc.alert.replan"]._batch():
                pass
            while self.Alert._sweep_batch(fields.Datetime.now(), 100):
                pass
        self.env.invalidate_all()
        return (self.Alert.search([]) - before).sorted("id")

    def _next(self, dossier):
        """Return when the dossier is looked at next, as local time."""
        dossier.invalidate_recordset(["alert_next_at"])
        at = dossier.alert_next_at
        return at and (at + timedelta(hours=7)).strftime("%d/%m %H:%M:%S")


@tagged("post_install", "-at_install")
class TestAlertKinds(AlertCase):
    def test_not_assigned(self):
        self._rule("not_assigned", ("department_head", 0), ("leader", 4), amount=2)
        dossier = self._received()
        unlocked = dossier.with_context(tracking_disable=True)
        self.assertFalse(self._sweep("10/11/2026 16:00"), "it has a handler")
        other = self._received(procedure=self._procedure_without_handler())
        self.assertFalse(other.user_id)
        self.assertEqual(self._next(other), "09/11 11:15:00")
        alert = self._sweep("09/11/2026 11:15")
        self.assertEqual(alert.dossier_id, other)
        with freeze_time(local("09/11/2026 13:40")):
            other.with_user(self.leader).action_assign(self.handler)
        self.assertEqual(alert.state, "closed")
        self.assertFalse(self._sweep("10/11/2026 16:00"))
        self.assertTrue(unlocked.exists())

    def _procedure_without_handler(self):
        procedure = self._new_procedure("9.800077", "Không người thụ lý")
        self.env["cchc.process.step"].search(
            [("process_id.version_id.procedure_id", "=", procedure.id)]
        ).filtered(lambda step: step.role == "handle")._unsealed().user_ids = False
        return procedure

    def test_step_due_soon_and_late(self):
        self._rule("step_soon", amount=1)
        self._rule("step_late", ("handler", 0), ("department_head", 4))
        dossier = self._received()
        self.assertEqual(self._next(dossier), "10/11 08:45:00")
        soon = self._sweep("10/11/2026 08:45")
        self.assertEqual(soon.kind, "step_soon")
        self.assertEqual(soon.user_ids, self.handler)
        self.assertEqual(self._next(dossier), "10/11 09:45:01")
        self.assertFalse(self._sweep("10/11/2026 09:45"), "still in time")
        late = self._sweep("10/11/2026 09:46")
        self.assertEqual((late.kind, late.level), ("step_late", 1))
        self.assertEqual(self._next(dossier), "10/11 15:45:01")
        climbed = self._sweep("10/11/2026 15:46")
        self.assertEqual((climbed.kind, climbed.level), ("step_late", 2))
        self.assertEqual(climbed.user_ids, self.head)
        with freeze_time(local("11/11/2026 08:00")):
            dossier.with_user(self.handler).action_pass_step()
        self.assertEqual(set((soon | late | climbed).mapped("state")), {"closed"})

    def test_due_soon_by_hours_and_by_share(self):
        self._rule("due_soon", amount=4)
        self._rule("due_soon", basis="percent", percent=80)
        dossier = self._received()
        self.assertEqual(self._next(dossier), "12/11 09:21:00")
        share = self._sweep("12/11/2026 09:21")
        self.assertEqual(share.rule_id.basis, "percent")
        self.assertEqual(self._next(dossier), "12/11 11:00:00")
        hours = self._sweep("12/11/2026 11:00")
        self.assertEqual(hours.rule_id.basis, "hours")
        self.assertEqual(hours.base_at, dossier.due_at)

    def test_no_warning_of_what_was_close_from_the_start(self):
        self._rule("due_soon", amount=40)
        self._rule("due_today")
        dossier = self._received()
        self.assertEqual(self._next(dossier), "12/11 07:00:00")

    def test_due_today_in_the_morning_only(self):
        self._rule("due_today")
        dossier = self._received()
        self.assertFalse(self._sweep("12/11/2026 06:59"))
        alert = self._sweep("12/11/2026 07:00")
        self.assertEqual(alert.kind, "due_today")
        second = self._received()
        self.assertFalse(
            self._sweep("12/11/2026 17:01").filtered(lambda a: a.dossier_id == second),
            "after the date has passed it is no warning any more",
        )
        self.assertTrue(dossier.late_at)

    def test_overdue_climbs_from_handler_to_head_of_agency(self):
        self._rule(
            "overdue",
            ("handler", 0),
            ("department_head", 4),
            ("leader", 8),
            ("manager", 16),
        )
        dossier = self._received()
        told = []
        for at in (
            "12/11/2026 17:00",
            "12/11/2026 17:01",
            "13/11/2026 11:29",  # not yet four hours
            "13/11/2026 11:31",
            "16/11/2026 08:01",
            "17/11/2026 08:31",
        ):
            alerts = self._sweep(at)
            told.append((sum(alerts.mapped("level")), alerts.user_ids))
        nobody = self.env["res.users"]
        self.assertEqual(
            told,
            [
                (0, nobody),
                (1, self.handler),
                (0, nobody),
                (2, self.head),
                (3, self.deputy | self.leader),
                (4, self.manager),
            ],
        )
        self.assertTrue(dossier.late_at)
        self.assertIn("miss", dossier.event_ids.mapped("kind"))

    def test_overdue_again(self):
        self._rule("overdue_again", repeat_every=3)
        days = self._received()
        self.assertEqual(self._next(days), "12/11 17:00:01")
        self._sweep("12/11/2026 17:01")
        self.assertEqual(self._next(days), "17/11 17:00:00")
        first = self._sweep("17/11/2026 17:20")
        self.assertEqual(first.occurrence, 1)
        self.assertEqual(self._next(days), "20/11 17:00:00")
        missed = self._sweep("01/12/2026 08:00")
        self.assertEqual(
            missed.occurrence, 4, "only the latest of those missed meanwhile"
        )
        self.assertEqual(self._next(days), "03/12 17:00:00")

    def test_overdue_again_in_calendar_days(self):
        self._rule("overdue_again", repeat_every=2, repeat_unit="calendar_day")
        dossier = self._received()
        self._sweep("12/11/2026 17:01")
        self.assertEqual(self._next(dossier), "14/11 17:00:00")
        self.assertEqual(self._sweep("14/11/2026 17:00").occurrence, 1)

    def test_supplement_expiring(self):
        self._rule("supplement_expiring", ("handler", 0), ("desk", 2), amount=8)
        self._rule("due_soon", amount=4)
        dossier = self._received()
        dossier.deadline_rule_id.supplement_limit_days = 5
        with freeze_time(local("10/11/2026 08:00")):
            dossier.with_user(self.handler).action_request_supplement(
                content="Thiếu giấy khai sinh"
            )
        self.assertTrue(dossier.supplement_expires_at)
        self.assertFalse(self._sweep("12/11/2026 10:00"), "the clock stands still")
        expires = dossier.supplement_expires_at + timedelta(hours=7)
        at = (expires - timedelta(hours=1)).strftime("%d/%m/%Y %H:%M")
        alerts = self._sweep(at)
        self.assertEqual(set(alerts.mapped("kind")), {"supplement_expiring"})
        self.assertEqual(alerts.user_ids, self.handler | self.desk)

    def test_stop_of_the_clock_closes_and_moves_warnings(self):
        self._rule("due_soon", amount=4)
        dossier = self._received()
        alert = self._sweep("12/11/2026 11:30")
        with freeze_time(local("12/11/2026 14:30")):
            dossier.with_user(self.handler).action_request_supplement(content="Thiếu")
        self.assertEqual(alert.state, "closed")
        self.assertFalse(self._next(dossier))
        with freeze_time(local("17/11/2026 08:00")):
            dossier.with_user(self.handler).action_resume()
        self.assertTrue(dossier.alert_next_at)
        again = self._sweep("17/12/2026 08:00")
        self.assertFalse(
            again.filtered(lambda a: a.kind == "due_soon"),
            "a warning that was not given in time is not given afterwards",
        )

    def test_ended_dossier_is_silent(self):
        self._rule("overdue")
        with freeze_time(local("09/11/2026 09:15")):
            dossier = self._ready().sudo()
        self.assertFalse(self._next(dossier))
        self.assertFalse(self._sweep("01/12/2026 08:00"))

    # -- apology
    def _apology_rule(self):
        self._rule("propose_apology", ("handler", 0), amount=8)
        self.env["cchc.alert.level"].create(
            {
                "rule_id": self.env["cchc.alert.rule"].search([]).id,
                "level": 1,
                "receiver": "leader",
            }
        )

    def test_proposed_once_with_a_new_date(self):
        self._apology_rule()
        dossier = self._received(
            procedure=self._new_procedure("9.800078", "Nhiều việc", amount=2)
        )
        # due Wednesday 17:00; on Tuesday 16:30 handling is late, its 8 hours and the
        # 2.5 hours of signature and registry are still to be done
        self.assertFalse(self._sweep("10/11/2026 16:29"))
        alert = self._sweep("10/11/2026 16:31")
        self.assertEqual(alert.kind, "propose_apology")
        self.assertEqual(alert.user_ids, self.handler | self.leader | self.deputy)
        self.assertGreater(alert.proposed_due_at, dossier.due_at)
        self.assertFalse(self._sweep("10/11/2026 16:50"))
        action = alert.with_user(self.leader).action_propose_extension()
        self.assertEqual(action["context"]["default_move"], "extend")
        self.assertEqual(action["context"]["default_due_at"], alert.proposed_due_at)
        with freeze_time(local("11/11/2026 08:00")):
            dossier.with_user(self.leader).action_extend(
                due_at=alert.proposed_due_at,
                content="Cần xác minh thêm",
                reason=self.delay,
            )
        self.assertEqual(alert.state, "closed")
        with self._refused(UserError, "does not propose"):
            alert.with_user(self.leader).action_propose_extension()
        self.assertFalse(
            self._sweep("20/11/2026 12:00").filtered(
                lambda a: a.kind == "propose_apology"
            ),
            "a dossier is extended once",
        )

    def test_not_proposed_while_it_can_be_met(self):
        self._apology_rule()
        procedure = self._new_procedure("9.800079", "Thụ lý lâu")
        self.env["cchc.process.step"].search(
            [
                ("process_id.version_id.procedure_id", "=", procedure.id),
                ("role", "=", "handle"),
            ]
        )._unsealed().planned_amount = 21
        dossier = self._received(procedure=procedure)
        # 8 hours left on Wednesday 16:30, 3.25 hours of steps: it can be met …
        self.assertFalse(self._sweep("11/11/2026 16:31"))
        # … until handling gets late on Thursday 7:45
        self.assertEqual(self._next(dossier), "12/11 07:45:01")
        alert = self._sweep("12/11/2026 08:00")
        self.assertEqual(alert.kind, "propose_apology")

    def test_not_proposed_at_the_signature(self):
        self._apology_rule()
        with freeze_time(local("09/11/2026 09:15")):
            self._to_sign()
        self.assertFalse(self._sweep("12/11/2026 15:00"))


@tagged("post_install", "-at_install")
class TestAlertGiven(AlertCase):
    # -- once
    def test_given_once(self):
        self._rule("overdue")
        dossier = self._received()
        self.assertEqual(len(self._sweep("12/11/2026 17:01")), 1)
        for at in ("12/11/2026 17:02", "13/11/2026 09:00"):
            dossier._cchc_schedule_alerts()
            self.assertFalse(self._sweep(at))
        self.assertFalse(self._next(dossier))

    def test_index_refuses_a_second(self):
        self._rule("overdue")
        self._received()
        alert = self._sweep("12/11/2026 17:01")
        vals = alert.copy_data()[0] | {"base_at": alert.base_at}
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.env.cr.savepoint(),
        ):
            unlocked(self.Alert).create(
                {
                    **vals,
                    "dossier_id": alert.dossier_id.id,
                    "rule_id": alert.rule_id.id,
                    "company_id": alert.company_id.id,
                    "kind": alert.kind,
                    "level": alert.level,
                    "occurrence": alert.occurrence,
                    "fired_at": alert.fired_at,
                }
            )

    def test_new_rule_reaches_open_dossiers(self):
        dossier = self._received()
        self.assertEqual(self._next(dossier), "12/11 17:00:01")
        self.assertFalse(self._sweep("12/11/2026 17:01"))
        self.assertFalse(self._next(dossier))
        with freeze_time(local("13/11/2026 10:00")):
            rule = self._rule("overdue")
        self.assertEqual(self.env["cchc.alert.replan"].search_count([]), 1)
        alert = self._sweep("13/11/2026 10:01")
        self.assertEqual(alert.rule_id, rule)
        with freeze_time(local("13/11/2026 10:02")):
            rule.level_ids.receiver = "leader"
        self.assertFalse(self._sweep("13/11/2026 10:03"), "it has been given")

    def test_rule_change_goes_on_where_it_stopped(self):
        dossiers = self.env["cchc.dossier"]
        for _number in range(5):
            dossiers |= self._received()
        Replan = self.env["cchc.alert.replan"]
        with freeze_time(local("10/11/2026 08:00")):
            while Replan._batch():
                pass
            rule = self._rule("due_today")
            rule.name = "Trong ngày"
            self.assertEqual(Replan._batch(limit=3), 3)
            self.assertEqual(len(Replan.search([])), 1)
            planned = [self._next(dossier) for dossier in dossiers.sorted("id")]
            self.assertEqual(planned, ["12/11 07:00:00"] * 3 + ["12/11 17:00:01"] * 2)
            self.assertEqual(Replan._batch(limit=3), 2)
            self.assertEqual({self._next(d) for d in dossiers}, {"12/11 07:00:00"})
            self.assertFalse(Replan._batch(limit=3))
        self.assertFalse(Replan.search([]))

    def test_rule_of_another_agency(self):
        self._rule("overdue", company_id=self.neighbour.id)
        self._received()
        self.assertFalse(self._sweep("12/11/2026 17:01"))

    def test_a_broken_calendar_holds_up_nobody_else(self):
        self._rule("due_soon", amount=4)
        broken, sound = self._received(), self._received()
        empty = self._new_calendar("Không có giờ làm việc")
        empty.attendance_ids = [Command.clear()]
        unlocked(broken).calendar_id = empty
        self.env.flush_all()
        with self.assertLogs(
            "odoo.addons.cchc_onestop.models.cchc_dossier_alert", "ERROR"
        ) as logs:
            given = self._sweep("12/11/2026 17:01")
        self.assertIn("UBND xã Hải Trường", logs.output[0])
        self.assertEqual(self._next(broken), "12/11 18:01:00")
        self.assertFalse(given)
        self.assertTrue(sound.late_at)
        self.assertFalse(self._next(sound))

    def test_cron_in_batches(self):
        self._rule("overdue")
        for _number in range(7):
            self._received()
        with (
            freeze_time(local("12/11/2026 17:01")),
            self.enter_registry_test_mode(),
            self.registry.cursor() as cr,
        ):
            self.env(cr=cr)["cchc.alert"]._cron_sweep(batch=3)
        self.assertEqual(self.Alert.search_count([("kind", "=", "overdue")]), 7)

    # -- people
    def test_stand_in_is_told_in_place_of_the_absent(self):
        self._rule("overdue", ("handler", 0), ("leader", 0.5))
        with freeze_time(local("09/11/2026 08:00")):
            for absent, stand_in in (
                (self.handler, self.colleague),
                (self.leader, self.manager),
            ):
                self.env["cchc.substitution"].create(
                    {
                        "user_id": absent.id,
                        "substitute_id": stand_in.id,
                        "date_from": "2026-11-13",
                        "date_to": "2026-11-13",
                        "company_id": self.commune.id,
                        "reason": "Đi học",
                    }
                )
        first, second = self._received(), self._received()
        self.assertEqual(first.user_id, self.handler)
        alerts = self._sweep("13/11/2026 10:00")
        self.assertEqual(alerts.dossier_id, first | second)
        told = {alert.level: alert.user_ids for alert in alerts}
        self.assertEqual(told[1], self.colleague)
        self.assertEqual(told[2], self.manager | self.deputy)

    def test_activity_without_a_mail_for_each(self):
        self._rule("due_soon", amount=4)
        self._rule("overdue", ("handler", 0), ("leader", 8))
        dossier = self._received()
        mails = self.env["mail.mail"].search_count([])
        self._sweep("12/11/2026 11:00")
        activity = dossier.activity_ids
        self.assertEqual(activity.user_id, self.handler)
        self.assertEqual(activity.date_deadline.isoformat(), "2026-11-12")
        self.assertIn("17:00 12/11/2026", activity.summary)
        self._sweep("12/11/2026 17:01")
        self.assertEqual(len(dossier.activity_ids), 1, "the latest takes its place")
        self.assertIn("Overdue", dossier.activity_ids.summary)
        self._sweep("16/11/2026 10:00")
        self.assertEqual(
            dossier.activity_ids.user_id, self.handler | self.leader | self.deputy
        )
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        with freeze_time(local("16/11/2026 11:00")):
            dossier.with_user(self.desk).action_withdraw(content="Rút hồ sơ")
        self.assertFalse(dossier.activity_ids)

    def test_rule_without_activity(self):
        self._rule("overdue", activity=False)
        dossier = self._received()
        self.assertTrue(self._sweep("12/11/2026 17:01"))
        self.assertFalse(dossier.activity_ids)

    def test_who_sees_and_notes_alerts(self):
        self._rule("overdue")
        self._received()
        alert = self._sweep("12/11/2026 17:01")
        mine = self.Alert.with_user(self.handler).search(
            [("user_ids", "in", self.handler.ids)]
        )
        self.assertEqual(mine, alert)
        mine.action_seen()
        self.assertEqual(alert.seen_by_id, self.handler)
        self.assertEqual(alert.state, "seen")
        self.assertFalse(self.Alert.with_user(self.outsider).search([]))
        with self.assertRaises(AccessError):
            alert.with_user(self.outsider).action_seen()
        for user in (self.handler, self.manager):
            with self.assertRaises(UserError):
                alert.with_user(user).write({"closed_at": fields.Datetime.now()})
            with self.assertRaises(AccessError):
                alert.with_user(user).unlink()
        with self.assertRaises(UserError):
            alert.write({"kind": "due_soon"})
        with self.assertRaises(UserError):
            alert.dossier_id.with_user(self.handler).write({"alert_next_at": False})

    def test_rule_form(self):
        with Form(
            self.env["cchc.alert.rule"].with_user(self.manager),
            "cchc_onestop.cchc_alert_rule_view_form",
        ) as form:
            form.name = "Sắp đến hạn"
            form.kind = "due_soon"
            form.amount = 6
            with form.level_ids.new() as line:
                line.receiver = "handler"
        self.assertEqual(form.record.timing, "6 working hours before")
        with self.assertRaises(AccessError):
            form.record.with_user(self.handler).write({"amount": 1})
        with self._refused(ValidationError, "tells nobody"):
            form.record.level_ids = [Command.clear()]

    def test_every_kind_has_a_default_rule(self):
        rules = self.env["cchc.alert.rule"].with_context(active_test=False)
        shipped = rules.search([("company_id", "=", False)])
        # other addons ship rules for kinds of their own
        kinds = {kind for kind, _label in KINDS}
        self.assertLessEqual(kinds, set(shipped.mapped("kind")))

    # -- cost
    def test_planning_takes_the_same_queries_for_any_number(self):
        self._rule("due_soon", amount=4)
        self._rule("overdue", ("handler", 0), ("leader", 8))
        dossiers = self.env["cchc.dossier"].sudo()
        spent = []
        for number in (2, 10):
            for _one in range(number):
                dossiers |= self._received()
            self.env.flush_all()
            dossiers.mapped("due_at")
            before = self.env.cr.sql_log_count
            with freeze_time(local("09/11/2026 10:00")):
                dossiers._cchc_schedule_alerts()
            spent.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(spent[1], spent[0])
        self.assertLessEqual(spent[1], 6)

    def test_sweep_is_one_indexed_statement(self):
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        self.env.cr.execute(
            "EXPLAIN SELECT id FROM cchc_dossier WHERE alert_next_at <= %s "
            "ORDER BY alert_next_at LIMIT 500",
            (datetime(2026, 11, 12),),
        )
        plan = " ".join(row[0] for row in self.env.cr.fetchall())
        self.assertIn("cchc_dossier_alert_next_idx", plan)
