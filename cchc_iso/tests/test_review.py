from datetime import datetime

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.cchc_onestop.tests.common import local
from odoo.addons.cchc_onestop.tools.guard import unlocked

from ..models.cchc_iso_review_input import INPUTS
from .common import IsoCase


@tagged("post_install", "-at_install")
class TestReview(IsoCase):
    """Xem xét của lãnh đạo (TCVN ISO 9001 9.3)."""

    def _review(self, day="10/10/2026 08:00", user=None, **vals):
        return (
            self.env["mgmtsystem.review"]
            .with_user(user or self.secretary)
            .create(
                {
                    "name": "Xem xét của lãnh đạo 2026",
                    "date": local(day),
                    "system_id": self.system.id,
                    "company_id": self.commune.id,
                    "period_from": "2026-01-01",
                    "period_to": "2026-09-30",
                    "chair_id": self.head.id,
                    "user_ids": [
                        Command.set((self.head | self.secretary | self.member).ids)
                    ],
                    **vals,
                }
            )
        )

    def _held(self, **vals):
        review = self._review(**vals)
        review.action_measure()
        review.conclusion = "<p>Hệ thống có hiệu lực</p>"
        with Form(
            self.env["cchc.iso.action.new"]
            .with_user(self.secretary)
            .with_context(default_review_id=review.id)
        ) as form:
            form.name = "Bổ sung máy quét"
            form.output = "resource"
            form.user_id = self.member
            form.date_deadline = "2026-12-31"
        form.save().action_add()
        return review

    def test_every_input_of_the_standard_is_there_with_figures(self):
        with freeze_time(local("05/10/2026 08:00")):
            self._review_with_dossier()

    def _review_with_dossier(self):
        review = self._review()
        self.assertEqual(tuple(review.input_ids.mapped("key")), INPUTS)
        review.action_measure()
        for row in review.input_ids:
            self.assertTrue(row.current_ids, row.key)
        for figure in review.figure_ids:
            self.assertTrue(figure.source and figure.parameters and figure.as_of)
        return review

    def test_measuring_again_shows_the_difference_as_new_rows(self):
        with freeze_time(local("03/07/2026 08:00")):
            dossier = self._draft()
            dossier.action_accept()
            unlocked(dossier.sudo()).write(
                {
                    "state": "done",
                    "is_open": False,
                    "ended_at": datetime(2026, 7, 3, 9),
                    "timeliness": "on_time",
                }
            )
        review = self._review()
        review.action_measure()
        first = self._figure(review, "on_time_share")
        self.assertEqual((first.numerator, first.denominator), (1, 1))
        before = len(review.figure_ids)
        review.action_measure()
        self.assertEqual(len(review.figure_ids), before)
        unlocked(dossier.sudo()).write({"timeliness": "late"})
        review.action_measure()
        second = self._figure(review, "on_time_share")
        self.assertEqual((second.replaces_id, second.version), (first, 2))
        self.assertEqual((first.numerator, first.is_current), (1, False))
        self.assertEqual(second.numerator, 0)
        with self._refused(UserError, "cannot be changed"):
            first.with_user(self.secretary).write({"value": "100 %"})

    def _figure(self, review, code):
        return review.figure_ids.filtered(
            lambda figure: figure.code == code and figure.is_current
        )

    def test_decision_becomes_an_action_in_one_step(self):
        review = self._held()
        action = review.line_ids.action_id
        self.assertEqual(action.user_id, self.member)
        self.assertEqual(str(action.date_deadline), "2026-12-31")
        self.assertFalse(action.stage_id.is_starting)
        self.assertEqual(review.line_ids.output, "resource")
        with self._refused(UserError, "until when"):
            review.write({"line_ids": [Command.create({"name": "Chưa rõ ai làm"})]})
            review.line_ids.filtered(lambda line: not line.action_id).action_make()

    def test_actions_of_the_last_review_appear_by_themselves(self):
        with freeze_time(local("10/10/2026 17:00")):
            first = self._held()
            first.with_user(self.head).button_close()
        with freeze_time(local("10/03/2027 08:00")):
            second = self._review(
                day="10/03/2027 08:00", period_from="2026-10-01", period_to="2027-02-28"
            )
            second.action_measure()
            self.assertEqual(second.previous_id, first)
            self.assertEqual(second.previous_action_ids, first.line_ids.action_id)
            late = self._figure(second, "actions_late")
            self.assertEqual((late.numerator, late.denominator), (1, 1))
            self.assertIn("Bổ sung máy quét", late.detail)

    def test_closed_by_a_leader_and_then_locked(self):
        with freeze_time(local("09/10/2026 08:00")):
            review = self._held()
            with self._refused(UserError, "not held yet"):
                review.with_user(self.head).button_close()
        with freeze_time(local("10/10/2026 17:00")):
            with self._refused(AccessError, "a leader closes"):
                review.with_user(self.secretary).button_close()
            empty = self._review()
            with self._refused(UserError, "not measured yet"):
                empty.with_user(self.head).button_close()
            review.with_user(self.head).button_close()
        self.assertEqual(review.state, "done")
        self.assertEqual(review.closed_by_id, self.head)
        manager = self._new_iso_user("manager", "group_manager")
        for user in (self.secretary, self.head, manager, self.env.user):
            locked = review.with_user(user)
            for change in (
                lambda locked=locked: locked.write({"conclusion": "Khác"}),
                lambda locked=locked: locked.line_ids.write({"name": "Khác"}),
                lambda locked=locked: locked.line_ids.unlink(),
                lambda locked=locked: locked.input_ids[:1].write({"assessment": "K"}),
                lambda locked=locked: locked.action_measure(),
            ):
                with self._refused((UserError, AccessError), "."):
                    change()
        self.assertTrue(review.figure_ids)

    def test_members_and_auditors_read_and_write_nothing(self):
        review = self._held()
        for user in (self.member, self.iso_auditor):
            mine = review.with_user(user)
            self.assertTrue(mine.figure_ids.mapped("value"))
            self.assertTrue(mine.line_ids.mapped("name"))
            with self.assertRaises(AccessError):
                mine.write({"conclusion": "X"})
            with self.assertRaises(AccessError):
                mine.action_measure()
        foreign = self._new_iso_user("foreign", "group_officer", company=self.neighbour)
        self.assertFalse(
            self.env["mgmtsystem.review"]
            .with_user(foreign)
            .search([("id", "=", review.id)])
        )

    def test_notice_goes_out_a_week_before(self):
        with freeze_time(local("08/10/2026 08:00")):
            self.assertTrue(self._review().short_notice)
        with freeze_time(local("01/10/2026 08:00")):
            review = self._review()
            self.assertFalse(review.short_notice)
            review.action_send_notice()
        message = review.message_ids[:1]
        self.assertIn(self.member.partner_id, message.partner_ids)
        self.assertIn("10/10/2026 08:00", message.body)
        with freeze_time(local("08/10/2026 08:00")):
            self.env.invalidate_all()
            self.assertFalse(review.short_notice)

    def test_papers_carry_figures_decisions_and_names(self):
        review = self._held()
        html = self._html("report_review", review)
        for text in ("BM-HT04.02", "Bổ sung máy quét", "9.3.2", "DỰ THẢO"):
            self.assertIn(text, html)
        self.assertIn("Thông báo", self._html("report_review_notice", review))
        content, kind = self.env["ir.actions.report"]._render_xlsx(
            "cchc_iso.review_xlsx", review.ids, {}
        )
        self.assertEqual((kind, content[:2]), ("xlsx", b"PK"))

    def _html(self, name, record):
        html = (
            self.env["ir.actions.report"]
            .with_user(self.member)
            ._render_qweb_html(f"cchc_iso.{name}", record.ids)[0]
        )
        return html.decode()

    def test_plain_review_of_an_office_goes_on_as_before(self):
        manager = self._new_iso_user("manager", "group_manager")
        review = (
            self.env["mgmtsystem.review"]
            .with_user(manager)
            .create({"name": "Họp thường", "date": local("01/10/2026 08:00")})
        )
        review.button_close()
        review.name = "Vẫn sửa được"
        self.assertEqual(review.state, "done")
        self.assertFalse(review.input_ids)

    def test_figures_stay_and_a_copy_shows_what_differs_today(self):
        dossier = self._ended_dossier()
        with freeze_time(local("10/10/2026 17:00")):
            review = self._held()
            review.with_user(self.head).button_close()
        figures = {figure.code: figure.value for figure in review.figure_ids}
        unlocked(dossier.sudo()).write({"timeliness": "late"})
        auditor = review.with_user(self.iso_auditor)
        action = auditor.action_compare()
        compare = self.env[action["res_model"]].browse(action["res_id"])
        line = compare.line_ids.filtered(
            lambda row: row.name == "Dossiers settled late"
        )
        self.assertFalse(line)  # the review speaks of those on time
        line = compare.line_ids.filtered(
            lambda row: row.name == "Dossiers settled on time"
        )
        self.assertEqual(line.value_then, figures["on_time_share"])
        self.assertIn("(1/1)", line.value_then)
        self.assertIn("(0/1)", line.value_now)
        self.assertTrue(line.differs)
        same = compare.line_ids.filtered(
            lambda row: row.name == "Supplements per dossier"
        )
        self.assertFalse(same.differs)
        self.assertEqual(len(compare.line_ids), len(figures))
        self.assertGreaterEqual(compare.difference_count, 1)
        self.assertEqual(
            {figure.code: figure.value for figure in review.figure_ids}, figures
        )
        with self._refused(AccessError, "an auditor measures"):
            review.with_user(self.member).action_compare()

    def _ended_dossier(self):
        with freeze_time(local("03/07/2026 08:00")):
            dossier = self._draft()
            dossier.action_accept()
            unlocked(dossier.sudo()).write(
                {
                    "state": "done",
                    "is_open": False,
                    "ended_at": datetime(2026, 7, 3, 9),
                    "timeliness": "on_time",
                }
            )
        return dossier

    def test_copy_in_another_language_does_not_differ(self):
        with freeze_time(local("10/10/2026 17:00")):
            review = self._review()
            review.with_context(lang="vi_VN").action_measure()
            before = len(review.figure_ids)
            review.with_context(lang="en_US").action_measure()
        self.assertEqual(len(review.figure_ids), before)

    def test_resources_and_providers_are_measured(self):
        """Inputs c7 and d: who worked how much, what stood still and for how long."""
        dossier = self._ended_dossier()
        step = dossier.sudo().step_ids[:1]
        unlocked(step).write(
            {
                "state": "done",
                "done_by_id": self.desk.id,
                "ended_at": datetime(2026, 7, 3, 3),
            }
        )
        unlocked(self.env["cchc.dossier.pause"].sudo()).create(
            {
                "dossier_id": dossier.id,
                "kind": "outage",
                # 08:00 to 10:30 on a working day
                "date_from": datetime(2026, 7, 6, 1),
                "date_to": datetime(2026, 7, 6, 3, 30),
                "content": "Trục liên thông ngừng hoạt động",
            }
        )
        unlocked(self.env["cchc.dossier.pause"].sudo()).create(
            {
                "dossier_id": self._ended_dossier().id,
                "kind": "outage",
                # goes on: counts from 15:00 of the last day until the office closes
                "date_from": datetime(2026, 9, 30, 8),
            }
        )
        with freeze_time(local("10/10/2026 17:00")):
            review = self._review()
            review.action_measure()
        outages = self._figure(review, "outages")
        self.assertEqual(outages.numerator, 2)
        self.assertIn("Trục liên thông", outages.detail)
        lost = self._figure(review, "outage_hours")
        self.assertEqual((lost.numerator, lost.value), (270, "4,50"))
        load = self._figure(review, "steps_per_person")
        people = {name.split(";")[0] for name in load.detail.splitlines()}
        self.assertIn(self.desk.name, people)
        self.assertEqual(load.denominator, len(people))
        staff = self._figure(review, "people")
        employees = self.env["hr.employee"].search_count(
            [("company_id", "=", self.commune.id)]
        )
        self.assertEqual(staff.denominator, employees)

    def test_records_are_counted_for_the_dossiers_beside_them(self):
        self._ended_dossier()
        with freeze_time(local("10/10/2026 17:00")):
            review = self._review()
            review.action_measure()
        row = self._figure(review, "records")
        self.assertLessEqual(row.numerator, row.denominator)
        self.assertEqual(row.denominator, 1)

    def test_paper_keeps_what_was_behind_the_figures_of_then(self):
        with freeze_time(local("10/10/2026 17:00")):
            first = self._held()
            first.with_user(self.head).button_close()
        with freeze_time(local("10/03/2027 08:00")):
            second = self._review(
                day="10/03/2027 08:00", period_from="2026-10-01", period_to="2027-02-28"
            )
            second.action_measure()
            before = self._html("report_review", second)
            action = first.line_ids.action_id
            self.assertIn(action.display_name, before)
            self.assertIn(action.stage_id.name, before)
            action.with_user(self.member).write({"result": "Đã mua", "progress": 100})
            action.with_user(self.head).action_close()
            self.assertEqual(
                self._html("report_review", second).count("31/12/2026"),
                before.count("31/12/2026"),
            )
            self.assertNotIn(action.stage_id.name, self._html("report_review", second))
