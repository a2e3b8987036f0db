from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.cchc_onestop.tests.common import local

from .common import NOW, QueueCase


@tagged("post_install", "-at_install")
class TestRoster(QueueCase):
    """NĐ 118/2025 Đ.11 k.8: stand-in staff, so that reception never stops."""

    def setUp(self):
        super().setUp()
        frozen = freeze_time(local(NOW))
        frozen.start()
        self.addCleanup(frozen.stop)

    def _away(self, user, first="2026-11-26", last="2026-11-26", **values):
        """The stand-in of somebody, who is away on these days."""
        return self.env["cchc.substitution"].create(
            {
                "user_id": user.id,
                "substitute_id": self.second.id,
                "date_from": first,
                "date_to": last,
                "company_id": self.commune.id,
                "scope": "steps",
                "reason": "Nghỉ phép",
                **values,
            }
        )

    def _seat(self, shift):
        shift.invalidate_recordset()
        return shift.present_id, shift.status

    def test_substitute_steps_in_and_out_again(self):
        shift = self._shift(day="2026-11-26", substitute_id=self.reserve.id)
        self.assertEqual(self._seat(shift), (self.desk, "present"))
        link = self._away(self.desk)
        self.assertEqual(self._seat(shift), (self.reserve, "substitute"))
        self.assertEqual(shift.reason, "Nghỉ phép")
        link.action_revoke()
        self.assertEqual(self._seat(shift), (self.desk, "present"))

    def test_leave_of_the_employee_counts_for_its_half_day(self):
        morning = self._shift(day="2026-11-26")
        afternoon = self._shift(day="2026-11-26", half="afternoon")
        employee = self.env["hr.employee"].search([("user_id", "=", self.desk.id)])
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Nghỉ ốm",
                "resource_id": employee.resource_id.id,
                "company_id": self.commune.id,
                "date_from": local("26/11/2026 07:30"),
                "date_to": local("26/11/2026 11:30"),
            }
        )
        self.assertEqual(self._seat(morning)[1], "gap")
        self.assertEqual(self._seat(afternoon)[1], "present")

    def test_stand_in_of_the_work_sits_there_when_no_other_is_named(self):
        shift = self._shift(day="2026-11-26")
        self._away(self.desk)
        self.assertEqual(self._seat(shift), (self.second, "substitute"))

    def test_one_substitute_covers_one_counter(self):
        first = self._shift(self.one, substitute_id=self.reserve.id)
        second = self._shift(
            self.two, user_id=self.second.id, substitute_id=self.reserve.id
        )
        (first | second).absence = "Ốm"
        self.assertEqual(self._seat(first), (self.reserve, "substitute"))
        self.assertEqual(second.status, "gap")

    def test_absent_substitute_leaves_a_gap(self):
        shift = self._shift(day="2026-11-26", substitute_id=self.reserve.id)
        self._away(self.desk)
        self._away(self.reserve)
        # the stand-in for the work is free, and takes the counter
        self.assertEqual(self._seat(shift), (self.second, "substitute"))
        self._shift(self.two, day="2026-11-26", user_id=self.second.id)
        self.assertEqual(self._seat(shift)[1], "gap")

    def test_handover_counts_as_absence(self):
        shift = self._shift(day="2026-11-26", substitute_id=self.reserve.id)
        record = self.env["cchc.handover"].create(
            {
                "user_id": self.desk.id,
                "company_id": self.commune.id,
                "date_from": "2026-11-26",
                "date_to": "2026-11-27",
                "reason": "Tập huấn",
            }
        )
        record.with_user(self.manager).action_list()
        self.assertEqual(self._seat(shift), (self.desk, "present"))
        record.with_user(self.manager).action_confirm()
        self.assertEqual(self._seat(shift), (self.reserve, "substitute"))

    def test_nobody_at_two_counters(self):
        self._shift(self.one)
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            self._shift(self.two)

    def test_substitute_does_not_sit_elsewhere(self):
        self._shift(self.one, substitute_id=self.reserve.id)
        with self.assertRaisesRegex(ValidationError, "Reserve sits at a counter"):
            self._shift(self.two, user_id=self.reserve.id)

    def test_who_is_away_is_not_put_on_the_roster(self):
        self._away(self.desk)
        with self.assertRaisesRegex(ValidationError, "away on 26/11/2026"):
            self._shift(day="2026-11-26")

    def test_only_desk_officers_of_the_agency(self):
        for day, user in (("26", self.colleague), ("27", self.outsider)):
            with self.assertRaisesRegex(ValidationError, "no desk officer"):
                self._shift(day=f"2026-11-{day}", user_id=user.id)

    def test_closed_days_have_no_shifts(self):
        with self.assertRaisesRegex(ValidationError, "closed on 28/11/2026"):
            self._shift(day="2026-11-28")
        shift = self._shift(day="2026-11-26")
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Nghỉ lễ",
                "calendar_id": self.calendar.id,
                "date_from": local("26/11/2026 00:00"),
                "date_to": local("26/11/2026 23:59"),
            }
        )
        self.assertEqual(self._seat(shift)[1], "closed")

    def test_absence_is_reported_and_the_substitute_is_there_at_once(self):
        shift = self._shift(substitute_id=self.reserve.id)
        action = shift.with_user(self.head).action_report_absent()
        form = Form(
            self.env["cchc.roster.absence"]
            .with_user(self.head)
            .with_context(**action["context"])
        )
        form.reason = "Ốm"
        form.save().action_confirm()
        self.assertEqual(self._seat(shift), (self.reserve, "substitute"))
        self.assertEqual(self.one.present_id, self.reserve)
        self.assertEqual(self.one.seat_status, "substitute")
        # colleagues see who sits there, not why
        seen = shift.with_user(self.reserve)
        self.assertEqual((seen.present_id, seen.status), (self.reserve, "substitute"))
        with self.assertRaises(AccessError):
            seen.read(["reason"])
        panel = self._as_desk(self.env["cchc.counter"], self.reserve).get_panel()
        self.assertEqual(panel["counter"]["id"], self.one.id)
        self.assertEqual(panel["counter"]["stands_in_for"], "Desk")
        shift.with_user(self.head).action_report_present()
        self.assertEqual(self._seat(shift), (self.desk, "present"))

    def test_the_head_is_told_of_gaps_once_and_no_longer_when_filled(self):
        shift = self._shift(day="2026-11-26")
        far = self._shift(day="2026-12-10")
        (shift | far).write({"absence": "Tập huấn"})
        shifts = self.env["cchc.roster.shift"]
        for _each in range(2):
            shifts._cron_gaps()
        self.assertEqual(shift.activity_ids.user_id, self.head)
        self.assertEqual(len(shift.activity_ids), 1)
        self.assertIn("Quầy 1", shift.activity_ids.summary)
        self.assertFalse(far.activity_ids)
        shift.substitute_id = self.reserve
        shifts._cron_gaps()
        self.assertFalse(shift.activity_ids)

    def test_managers_are_told_where_no_head_is_named(self):
        self.commune.cchc_desk_head_id = False
        shift = self._shift(day="2026-11-26")
        shift.absence = "Ốm"
        self.env["cchc.roster.shift"]._cron_gaps()
        self.assertEqual(shift.activity_ids.user_id, self.manager)

    def test_what_is_over_stays(self):
        shift = self._shift(day="2026-11-26")
        with freeze_time(local("26/11/2026 12:00")):
            with self.assertRaisesRegex(UserError, "over and stays"):
                shift.with_user(self.head).user_id = self.second
            with self.assertRaisesRegex(UserError, "stays on record"):
                shift.with_user(self.head).unlink()

    def test_search_by_who_is_there(self):
        shift = self._shift(day="2026-11-26", substitute_id=self.reserve.id)
        planned = self._shift(day="2026-11-26", half="afternoon")
        shift.absence = "Ốm"
        shifts = self.env["cchc.roster.shift"].with_user(self.head)
        mine = [("company_id", "=", self.commune.id)]
        self.assertEqual(shifts.search([("status", "=", "substitute"), *mine]), shift)
        self.assertEqual(
            shifts.search([("present_id", "=", self.desk.id), *mine]), planned
        )
        self.assertFalse(shifts.search([("status", "=", "gap"), *mine]))


@tagged("post_install", "-at_install")
class TestRosterWeek(QueueCase):
    """The usual week makes shifts; weeks are copied and printed."""

    def setUp(self):
        super().setUp()
        frozen = freeze_time(local(NOW))
        frozen.start()
        self.addCleanup(frozen.stop)
        self.env["cchc.roster.template"].with_user(self.head).create(
            [
                {
                    "company_id": self.commune.id,
                    "counter_id": counter.id,
                    "weekday": str(weekday),
                    "half": half,
                    "user_id": user.id,
                    "substitute_id": self.reserve.id,
                }
                for counter, user in ((self.one, self.desk), (self.two, self.second))
                for weekday in range(5)
                for half in ("morning", "afternoon")
            ]
        )

    def _week(self, **values):
        weeks = self.env["cchc.roster.week"].with_user(self.head)
        return weeks.with_context(allowed_company_ids=self.commune.ids).create(
            {"date": "2026-12-02", **values}
        )

    def test_a_week_from_the_usual_one(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Nghỉ lễ",
                "calendar_id": self.calendar.id,
                "date_from": local("01/12/2026 00:00"),
                "date_to": local("01/12/2026 23:59"),
            }
        )
        week = self._week()
        self.assertEqual(str(week.monday), "2026-11-30")
        self.assertEqual(week.missing_count, 16)
        action = week.action_generate()
        shifts = week._shifts()
        # four open days of two counters and two half-days
        self.assertEqual(len(shifts), 16)
        self.assertEqual(self.env[action["res_model"]].search(action["domain"]), shifts)
        self.assertEqual(set(shifts.mapped("status")), {"present"})
        # again: nothing is doubled, what was changed stays
        shifts[0].user_id = self.manager
        week.action_generate()
        self.assertEqual(week._shifts(), shifts)
        self.assertEqual(shifts[0].user_id, self.manager)

    def test_somebody_away_is_planned_and_his_substitute_shows(self):
        self.env["cchc.substitution"].create(
            {
                "user_id": self.desk.id,
                "substitute_id": self.second.id,
                "date_from": "2026-12-02",
                "date_to": "2026-12-02",
                "company_id": self.commune.id,
                "scope": "steps",
                "reason": "Nghỉ phép",
            }
        )
        week = self._week()
        week.action_generate()
        week = self._week()
        self.assertEqual(
            (week.shift_count, week.substitute_count, week.gap_count), (20, 2, 0)
        )

    def test_only_what_is_to_come(self):
        week = self._week(date="2026-11-25")
        week.action_generate()
        # Wednesday's morning is running and counts
        self.assertEqual(len(week._shifts()), 12)
        self.assertEqual(str(min(week._shifts().mapped("date"))), "2026-11-25")

    def test_copy_of_the_week_before(self):
        first = self._week()
        first.action_generate()
        first._shifts().filtered(lambda shift: shift.counter_id == self.two).unlink()
        second = self._week(date="2026-12-09", weeks=2)
        second.action_copy()
        self.assertEqual(len(second._shifts()), 10)
        self.assertEqual(second._shifts().counter_id, self.one)
        with self.assertRaisesRegex(UserError, "no shifts to copy"):
            self._week(date="2027-03-03").action_copy()

    def test_others_look_and_print_only(self):
        week = self.env["cchc.roster.week"].with_user(self.desk)
        week = week.with_context(allowed_company_ids=self.commune.ids).create(
            {"date": "2026-12-02"}
        )
        with self.assertRaises(AccessError):
            week.action_generate()
        self.assertEqual(week.action_print()["type"], "ir.actions.report")

    def test_paper(self):
        week = self._week()
        week.action_generate()
        shift = week._shifts()[0]
        shift.absence = "Ốm"
        report = self.env["ir.actions.report"].with_user(self.desk)
        desk = (
            self.env["cchc.roster.week"]
            .with_user(self.desk)
            .create({"date": "2026-12-02", "company_id": self.commune.id})
        )
        html = report._render_qweb_html("cchc_onestop_queue.report_roster", desk.ids)[
            0
        ].decode()
        self.assertIn("từ ngày 30/11/2026 đến ngày 06/12/2026", html)
        self.assertIn("Sáng: 07:30 - 11:30; Chiều: 13:30 - 17:00", html)
        self.assertIn("(thay Desk)", html)
        self.assertIn("Chức vụ second", html)
        self.assertNotIn("Thứ Bảy", html)
        pdf, kind = report.with_context(force_report_rendering=True)._render_qweb_pdf(
            "cchc_onestop_queue.report_roster", desk.ids
        )
        self.assertEqual(kind, "pdf")
        self.assertTrue(pdf.startswith(b"%PDF"))
