from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import OnestopCase, local


@tagged("post_install", "-at_install")
class TestDossierClock(OnestopCase):
    """Due dates, stops, the one extension; a late dossier stays late."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ten_days = cls._new_procedure("9.800010", "Mười ngày làm việc", 10)
        cls.cut = cls._new_procedure(
            "9.800003", "Cắt giảm thời gian", 5, committed=(3, "working_day")
        )

    def test_due_date_is_exact(self):
        """Mon 9-11-2026 + 3 working days is the end of Thu 12-11-2026."""
        with freeze_time(local("09/11/2026 09:15")):
            dossier = self._accepted()
        self.assertEqual(dossier.due_at, local("12/11/2026 17:00"))
        self.assertEqual(dossier.first_due_at, dossier.due_at)
        self.assertEqual(dossier.overdue_from, dossier.due_at)

    def test_two_clocks(self):
        """The appointment follows the promise, the law's date stands beside it."""
        with freeze_time(local("09/11/2026 09:15")):
            dossier = self._accepted(procedure=self.cut)
            dossier.with_user(self.handler).action_pass_step()
            dossier.with_user(self.leader).action_sign()
        self.assertEqual(dossier.due_at, local("12/11/2026 17:00"))
        self.assertEqual(dossier.statutory_due_at, local("16/11/2026 17:00"))
        with freeze_time(local("13/11/2026 09:00")):
            self._explain(dossier)
            dossier.with_user(self.desk).action_pass_step()
        self.assertEqual(dossier.timeliness, "late")
        self.assertIn(dossier.statutory_timeliness, ("early", "on_time"))

    def test_supplement_pause(self):
        """10 working days from Mon 9-11, asked 12-11, complete 17-11: Fri 27-11 less
        the holiday of 24-11 when the calendar knows it, else Thu 26-11."""
        with freeze_time(local("09/11/2026 09:00")):
            dossier = self._accepted(procedure=self.ten_days)
        self.assertEqual(dossier.due_at, local("23/11/2026 17:00"))
        with freeze_time(local("12/11/2026 10:00")):
            dossier.with_user(self.handler).action_request_supplement("Thiếu giấy tờ")
        self.assertEqual(dossier.state, "supplement")
        self.assertFalse(dossier.overdue_from, "the clock stands still")
        self.assertEqual(dossier.supplement_count, 1)
        with freeze_time(local("17/11/2026 10:00")):
            self.assertFalse(dossier.is_overdue)
            dossier.with_user(self.desk).action_resume()
        self.assertEqual(dossier.due_at, local("26/11/2026 17:00"))
        self.assertEqual(dossier.first_due_at, local("23/11/2026 17:00"))
        self.assertEqual(dossier.overdue_from, dossier.due_at)
        event = dossier.event_ids[-1]
        self.assertEqual(event.due_before, local("23/11/2026 17:00"))
        self.assertEqual(event.due_after, local("26/11/2026 17:00"))

    def test_second_supplement_is_refused(self):
        with freeze_time(local("09/11/2026 09:00")):
            dossier = self._accepted(procedure=self.ten_days)
            dossier.with_user(self.handler).action_request_supplement("Thiếu giấy tờ")
            dossier.with_user(self.desk).action_resume()
            with self._refused(UserError, "the most that is allowed"):
                dossier.with_user(self.handler).action_request_supplement("Thiếu nữa")

    def test_late_dossier_stays_late_through_a_supplement(self):
        with freeze_time(local("09/11/2026 09:00")):
            dossier = self._accepted()
        due = dossier.due_at
        with freeze_time(local("13/11/2026 08:00")):
            self.assertTrue(dossier.is_overdue)
            dossier.with_user(self.handler).action_request_supplement("Thiếu giấy tờ")
            self.assertEqual(dossier.late_at, due)
            self.assertTrue(dossier.is_overdue, "late even while the clock stands")
        with freeze_time(local("20/11/2026 08:00")):
            dossier.with_user(self.desk).action_resume()
            self.assertEqual(dossier.due_at, due)
            self.assertTrue(dossier.is_overdue)
            dossier.with_user(self.handler).action_pass_step()
            dossier.with_user(self.leader).action_sign()
            self._explain(dossier)
            dossier.with_user(self.desk).action_pass_step()
        self.assertEqual(dossier.timeliness, "late")
        self.assertEqual(
            dossier.event_ids.filtered(lambda e: e.kind == "miss").at,
            local("13/11/2026 08:00"),
        )

    def test_late_dossier_stays_late_through_an_extension(self):
        with freeze_time(local("09/11/2026 09:00")):
            dossier = self._to_sign()
        with freeze_time(local("13/11/2026 08:00")):
            dossier.with_user(self.leader).action_extend(
                local("20/11/2026 17:00"), "Khối lượng hồ sơ tăng", reason=self.delay
            )
            self.assertEqual(dossier.due_at, local("20/11/2026 17:00"))
            self.assertFalse(dossier.extension_ids.in_time)
            self.assertTrue(dossier.is_overdue)
            self.assertIn(
                dossier,
                self.env["cchc.dossier"].search([("is_overdue", "=", True)]),
            )
            dossier.with_user(self.leader).action_sign()
            self._explain(dossier)
            dossier.with_user(self.desk).action_pass_step()
        self.assertEqual(dossier.timeliness, "late")

    def test_late_dossier_cannot_be_voided(self):
        with freeze_time(local("09/11/2026 09:00")):
            dossier = self._accepted()
        with (
            freeze_time(local("13/11/2026 08:00")),
            self._refused(UserError, "missed its due date"),
        ):
            dossier.with_user(self.desk).action_void("Nhập nhầm")

    def test_extension_once_and_against_the_first_date(self):
        """Extended in time: not overdue before the new date, but statistics count
        against the first appointment unless the rule says otherwise."""
        with freeze_time(local("09/11/2026 09:00")):
            dossier = self._to_sign()
        with freeze_time(local("10/11/2026 09:00")):
            dossier.with_user(self.leader).action_extend(
                local("18/11/2026 17:00"), "Chờ xác minh", reason=self.delay
            )
            with self._refused(UserError, "the most that its deadline rule"):
                dossier.with_user(self.leader).action_extend(
                    local("30/11/2026 17:00"), "Lần hai", reason=self.delay
                )
        self.assertEqual(dossier.first_due_at, local("12/11/2026 17:00"))
        self.assertEqual(dossier.unextended_due_at, local("12/11/2026 17:00"))
        with freeze_time(local("16/11/2026 09:00")):
            self.assertFalse(dossier.is_overdue)
            dossier.with_user(self.leader).action_sign()
            self._explain(dossier)
            dossier.with_user(self.desk).action_pass_step()
        self.assertEqual(dossier.timeliness, "late")

    def test_extension_may_count_when_the_rule_says_so(self):
        rule = self.env.ref("cchc_onestop.cchc_deadline_rule_working_day")
        if rule._filter_used():
            rule = rule.browse(rule.action_new_edition()["res_id"])
            rule.valid_from = "2026-11-01"
        rule.timeliness_basis = "extended"
        with freeze_time(local("09/11/2026 09:00")):
            dossier = self._to_sign()
        self.assertEqual(dossier.deadline_rule_id, rule)
        with self._refused(UserError, "new edition"):
            rule.timeliness_basis = "first"
        with freeze_time(local("10/11/2026 09:00")):
            dossier.with_user(self.leader).action_extend(
                local("18/11/2026 17:00"), "Chờ xác minh", reason=self.delay
            )
        with freeze_time(local("16/11/2026 09:00")):
            dossier.with_user(self.leader).action_sign()
            dossier.with_user(self.desk).action_pass_step()
        self.assertEqual(dossier.timeliness, "early")

    def test_extension_must_be_later(self):
        with freeze_time(local("09/11/2026 09:00")):
            dossier = self._to_sign()
            with self._refused(UserError, "must be later"):
                dossier.with_user(self.leader).action_extend(
                    local("11/11/2026 17:00"), "Sớm hơn", reason=self.delay
                )
            with self._refused(AccessError, "takes the role"):
                dossier.with_user(self.handler).action_extend(
                    local("18/11/2026 17:00"), "Không có quyền", reason=self.delay
                )

    def test_extension_keeps_later_pauses(self):
        """After an extension, the time of a supplement moves the new date too."""
        with freeze_time(local("09/11/2026 09:00")):
            dossier = self._accepted()
            dossier.with_user(self.leader).action_extend(
                local("18/11/2026 17:00"), "Chờ xác minh", reason=self.delay
            )
        with freeze_time(local("11/11/2026 08:00")):
            dossier.with_user(self.handler).action_request_supplement("Thiếu giấy tờ")
        with freeze_time(local("13/11/2026 08:00")):
            dossier.with_user(self.desk).action_resume()
        self.assertEqual(dossier.due_at, local("20/11/2026 17:00"))
        self.assertEqual(dossier.unextended_due_at, local("16/11/2026 17:00"))

    def test_session_decides_between_early_and_on_time(self):
        cases = {
            "12/11/2026 11:30": "early",
            "12/11/2026 14:00": "on_time",
            "12/11/2026 17:00": "on_time",
            "12/11/2026 17:01": "late",
        }
        for moment, expected in cases.items():
            with freeze_time(local("09/11/2026 09:00")):
                dossier = self._to_sign()
                dossier.with_user(self.leader).action_sign()
            with freeze_time(local(moment)):
                if expected == "late":
                    self._explain(dossier)
                dossier.with_user(self.desk).action_pass_step()
            self.assertEqual(dossier.timeliness, expected, moment)

    def test_ready_in_time_fetched_late_is_on_time(self):
        with freeze_time(local("09/11/2026 09:00")):
            dossier = self._ready()
        with freeze_time(local("30/11/2026 09:00")):
            dossier.with_user(self.desk).action_return_result()
        self.assertEqual(dossier.timeliness, "early")
        self.assertEqual(dossier.returned_at, local("30/11/2026 09:00"))

    def test_reissue_keeps_the_start_of_the_clock(self):
        with freeze_time(local("09/11/2026 09:00")):
            dossier = self._accepted()
        with freeze_time(local("10/11/2026 15:00")):
            dossier.with_user(self.desk).action_void("Nhập nhầm thủ tục hành chính")
            replacement = dossier.replaced_by_id.with_user(self.desk)
            self.assertEqual(dossier.state, "void")
            self.assertEqual(replacement.state, "draft")
            replacement.action_accept()
        self.assertNotEqual(replacement.name, dossier.name)
        self.assertEqual(replacement.clock_start_at, local("09/11/2026 09:00"))
        self.assertEqual(replacement.due_at, dossier.due_at)
        self.assertEqual(replacement.replaces_id, dossier)

    def test_reissue_cannot_be_given_another_start(self):
        with freeze_time(local("09/11/2026 09:00")):
            dossier = self._accepted()
        with freeze_time(local("10/11/2026 15:00")):
            dossier.with_user(self.desk).action_void("Nhập nhầm")
            replacement = dossier.replaced_by_id.with_user(self.desk)
            with self._refused(UserError, "keeps the start"):
                replacement.write({"received_at": local("10/11/2026 14:00")})

    def test_received_at_not_in_the_future(self):
        with freeze_time(local("09/11/2026 09:00")):
            draft = self._draft(received_at=local("10/11/2026 09:00"))
            with self._refused(UserError, "lies in the future"):
                draft.action_accept()
            earlier = self._draft(received_at=local("06/11/2026 15:00"))
            earlier.action_accept()
        self.assertEqual(earlier.accepted_at, local("09/11/2026 09:00"))
        self.assertEqual(earlier.clock_start_at, local("06/11/2026 15:00"))
        self.assertEqual(earlier.due_at, local("11/11/2026 17:00"))

    def test_reception_for_another_agency(self):
        """The clock starts when the competent agency has the dossier."""
        with freeze_time(local("09/11/2026 15:30")):
            dossier = self._draft(
                company_id=self.neighbour.id, receiving_company_id=self.commune.id
            )
            dossier.action_accept()
        self.assertEqual(dossier.name, "H50.21-261109-0001")
        self.assertEqual(dossier.accepted_at, local("09/11/2026 15:30"))
        self.assertEqual(dossier.clock_start_at, local("10/11/2026 07:30"))
        self.assertEqual(dossier.due_at, local("13/11/2026 17:00"))
        with freeze_time(local("09/11/2026 15:40")):
            dossier.with_user(self.desk).action_transfer()
        with freeze_time(local("11/11/2026 08:00")):
            dossier.with_user(self.outsider).action_arrive()
        self.assertEqual(dossier.clock_start_at, local("11/11/2026 08:00"))
        self.assertEqual(dossier.due_at, local("16/11/2026 17:00"))
        self.assertEqual(dossier.first_due_at, local("13/11/2026 17:00"))

    def test_remaining_time_in_one_batch(self):
        with freeze_time(local("09/11/2026 09:00")):
            dossiers = self.env["cchc.dossier"].union(
                *(self._accepted() for _index in range(4))
            )
        with freeze_time(local("12/11/2026 15:00")):
            self.env.invalidate_all()
            with self.assertQueryCount(12):
                dossiers.mapped("clock_percent")
            self.assertEqual(set(dossiers.mapped("remaining_hours")), {2.0})
            self.assertEqual(set(dossiers.mapped("clock_status")), {"soon"})
        with freeze_time(local("13/11/2026 08:30")):
            self.env.invalidate_all()
            self.assertEqual(set(dossiers.mapped("clock_status")), {"overdue"})
            self.assertEqual(set(dossiers.mapped("remaining_hours")), {-1.0})

    def test_explanation_ends_with_the_stored_date(self):
        with freeze_time(local("09/11/2026 09:00")):
            dossier = self._accepted(procedure=self.cut)
            page = (
                self.env["cchc.due.explanation"]
                .with_user(self.auditor)
                .create({"dossier_id": dossier.id})
            )
        self.assertEqual(page.committed_due_at, dossier.due_at)
        self.assertEqual(page.statutory_due_at, dossier.statutory_due_at)
        self.assertFalse(page.differs)
        last = page.committed_line_ids[-1]
        self.assertTrue(last.is_due)
        self.assertEqual(last.date, fields.Date.to_date("2026-11-12"))
        self.assertEqual(page.committed_line_ids[0].status, "first")
        self.assertEqual(
            page.committed_line_ids.filtered(lambda line: line.total).mapped("total"),
            ["1", "2", "3"],
        )
