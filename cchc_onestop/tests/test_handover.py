"""Work is handed over for days or for good, and nothing is left without an owner."""

from freezegun import freeze_time

from odoo.exceptions import AccessError, RedirectWarning, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import OnestopCase, local

NOW = "09/11/2026 09:00"  # a Monday


@tagged("post_install", "-at_install")
class TestHandover(OnestopCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.third = cls._new_user("third", "group_handler", name="Thu Ba")
        cls.Handover = cls.env["cchc.handover"]

    def _listed(self, user=None, by=None, **values):
        """Return a draft whose open work is listed, for two days from Tuesday."""
        user = user or self.handler
        record = self.Handover.with_user(by or user).create(
            {
                "user_id": user.id,
                "company_id": self.commune.id,
                "date_from": "2026-11-10",
                "date_to": "2026-11-11",
                "reason": "Nghỉ phép",
                **values,
            }
        )
        record.action_list()
        return record

    def _handed(self, takers, **values):
        """Hand over so many dossiers on Monday; ``takers`` by line."""
        dossiers = self.env["cchc.dossier"]
        with freeze_time(local(NOW)):
            for _taker in takers:
                dossiers |= self._accepted()
            record = self._listed(substitute_id=self.colleague.id, **values)
            for line, taker in zip(record.line_ids, takers, strict=True):
                line.taker_id = taker
            record.action_confirm()
        return record, dossiers

    def _mine(self, user, at):
        self.env.invalidate_all()
        with freeze_time(local(at)):
            found = (
                self.env["cchc.dossier"]
                .with_user(user)
                .search([("is_my_work", "=", True)])
            )
            self.assertEqual(found, found.filtered("is_my_work"))
            return found

    # -- listing and proposing
    @freeze_time(local(NOW))
    def test_listed_by_due_date_with_load(self):
        late = self._accepted()
        soon = self._accepted()
        self.env["cchc.dossier"].flush_model()
        self.env.cr.execute(
            "UPDATE cchc_dossier SET due_at = '2026-11-10 03:00' WHERE id = %s",
            (soon.id,),
        )
        self.env.invalidate_all()
        for _number in range(3):
            dossier = self._accepted()
            dossier.with_user(self.manager).action_assign(self.colleague)
        record = self._listed()
        self.assertEqual(record.line_ids.dossier_id, soon | late)
        rows = {row.user_id: row for row in record.candidate_ids}
        self.assertEqual(rows[self.colleague].open_count, 3)
        self.assertEqual(rows[self.third].open_count, 0)
        self.assertNotIn(self.handler, rows)
        self.assertNotIn(self.outsider, rows)
        # the one of the department with the least on the hands
        self.assertNotEqual(record.substitute_id, self.colleague)
        self.assertTrue(all(line.taker_id for line in record.line_ids))

    @freeze_time(local(NOW))
    def test_give_all_to_one_and_keep_what_was_chosen(self):
        self._accepted()
        self._accepted()
        record = self._listed()
        row = record.candidate_ids.filtered(lambda row: row.user_id == self.third)
        row.action_give_all()
        self.assertEqual(record.line_ids.taker_id, self.third)
        self.assertEqual(row.given_count, 2)
        record.line_ids[0].taker_id = self.colleague
        self._accepted()
        record.action_list()
        self.assertEqual(len(record.line_ids), 3)
        self.assertIn(self.colleague, record.line_ids.taker_id)

    # -- an absence
    def test_done_by_the_taker_on_behalf_and_the_rest_comes_back(self):
        record, dossiers = self._handed([self.third, self.colleague])
        to_third = record.line_ids.filtered(lambda line: line.taker_id == self.third)
        one, other = to_third.dossier_id, dossiers - to_third.dossier_id
        # Monday: not yet
        self.assertFalse(self._mine(self.third, "09/11/2026 10:00"))
        with freeze_time(local("09/11/2026 10:00")):
            with self._refused(AccessError, "is in the hands of"):
                one.with_user(self.third).action_pass_step()
        # Tuesday
        self.assertEqual(self._mine(self.third, "10/11/2026 08:00"), one)
        self.assertEqual(self._mine(self.colleague, "10/11/2026 08:00"), other)
        self.assertEqual(self._mine(self.handler, "10/11/2026 08:00"), dossiers)
        self.env.invalidate_all()
        with freeze_time(local("10/11/2026 08:30")):
            self.assertEqual(one.taken_by_id, self.third)
            one.with_user(self.third).action_pass_step()
        event = one.event_ids.filtered(lambda event: event.kind == "send_to_sign")
        self.assertEqual(event.user_id, self.third)
        self.assertEqual(event.on_behalf_of_id, self.handler)
        # Wednesday evening nothing has come back, Thursday the other one has
        with freeze_time(local("11/11/2026 23:00")):
            self._cron()
            self.assertEqual(record.state, "confirmed")
        with freeze_time(local("12/11/2026 00:30")):
            self._cron()
        self.env.invalidate_all()
        self.assertEqual(record.state, "ended")
        states = {line.dossier_id: line.state for line in record.line_ids}
        self.assertEqual(states, {one: "done", other: "back"})
        self.assertEqual((record.done_count, record.back_count), (1, 1))
        self.assertEqual(to_third.done_by_id, self.third)
        self.assertFalse(self._mine(self.colleague, "12/11/2026 08:00"))
        self.assertEqual(self._mine(self.handler, "12/11/2026 08:00"), other)
        kinds = other.event_ids.sorted("sequence").mapped("kind")
        self.assertEqual(kinds, ["accept", "hand_over", "hand_back"])
        told = self.env["mail.message"].search(
            [
                ("model", "=", "cchc.handover"),
                ("res_id", "=", record.id),
                ("partner_ids", "in", self.handler.partner_id.ids),
            ]
        )
        self.assertIn("1 came back", " ".join(told.mapped("body")))

    def _cron(self):
        cron = self.env.ref("cchc_onestop.cron_handover")
        self.env.invalidate_all()
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def test_what_comes_in_meanwhile_has_an_owner(self):
        self._handed([self.third])
        with freeze_time(local("10/11/2026 09:00")):
            fresh = self._accepted()
        self.assertEqual(fresh.user_id, self.handler)
        self.assertEqual(self._mine(self.colleague, "10/11/2026 10:00"), fresh)
        with freeze_time(local("10/11/2026 10:00")):
            fresh.with_user(self.colleague).action_pass_step()
        event = fresh.event_ids.filtered(lambda event: event.kind == "send_to_sign")
        self.assertEqual(event.on_behalf_of_id, self.handler)

    def test_back_early(self):
        record, dossiers = self._handed([self.third])
        with freeze_time(local("10/11/2026 14:00")):
            record.with_user(self.handler).action_end()
            # pressed twice
            record.with_user(self.handler).action_end()
        self.assertEqual(record.state, "ended")
        self.assertEqual(record.line_ids.state, "back")
        self.assertEqual(record.substitution_ids.state, "revoked")
        self.assertFalse(self._mine(self.third, "10/11/2026 15:00"))
        self.assertEqual(dossiers.event_ids.mapped("kind").count("hand_back"), 1)

    def test_another_taker_while_it_runs(self):
        record, dossiers = self._handed([self.third])
        with freeze_time(local("10/11/2026 08:00")):
            record.line_ids.with_user(self.leader).taker_id = self.colleague
        self.assertEqual(self._mine(self.colleague, "10/11/2026 09:00"), dossiers)
        self.assertFalse(self._mine(self.third, "10/11/2026 09:00"))

    def test_a_taker_who_falls_ill_is_replaced_by_his_stand_in(self):
        record, dossiers = self._handed([self.third])
        with freeze_time(local("10/11/2026 08:00")):
            self.env["cchc.substitution"].create(
                {
                    "user_id": self.third.id,
                    "substitute_id": self.desk.id,
                    "date_from": "2026-11-10",
                    "date_to": "2026-11-11",
                    "scope": "steps",
                    "company_id": self.commune.id,
                    "reason": "Ốm",
                }
            )
        self.assertEqual(self._mine(self.desk, "10/11/2026 09:00"), dossiers)
        with freeze_time(local("10/11/2026 09:30")):
            self.assertEqual(dossiers.with_user(self.desk)._actor(), self.handler)
        self.assertEqual(record.open_count, 1)

    @freeze_time(local(NOW))
    def test_refused_with_one_sentence(self):
        self._accepted()
        record = self._listed(substitute_id=self.colleague.id)
        record.line_ids.taker_id = False
        with self._refused(UserError, "List Open Work"):
            record.line_ids.create({"handover_id": record.id})
        self.env["cchc.substitution"].create(
            {
                "user_id": self.third.id,
                "substitute_id": self.desk.id,
                "date_from": "2026-11-11",
                "date_to": "2026-11-12",
                "scope": "both",
                "company_id": self.commune.id,
                "reason": "Đi học",
            }
        )
        record.line_ids.taker_id = self.third
        with self._refused(UserError, "is away himself from 11/11/2026"):
            record.action_confirm()
        record.line_ids.taker_id = self.auditor
        with self._refused(UserError, "does not work on dossiers"):
            record.action_confirm()
        # who takes what comes in must be there as well
        record.write({"substitute_id": self.third.id})
        record.line_ids.taker_id = self.colleague
        with self._refused(UserError, "choose a stand-in who is present"):
            record.action_confirm()
        record.write({"substitute_id": self.colleague.id})
        record.line_ids.taker_id = self.colleague
        with self._refused(UserError, "only by its buttons"):
            record.state = "confirmed"
        record.action_confirm()
        record.action_confirm()  # pressed twice
        self.assertEqual(len(record.substitution_ids), 1)
        with self._refused(UserError, "stays on record"):
            record.date_to = "2026-11-30"
        with self._refused(UserError, "stays on record"):
            record.unlink()
        past = self._listed(user=self.third, by=self.manager, date_from="2026-11-02")
        with self._refused(UserError, "for today or later"):
            past.action_confirm()

    @freeze_time(local(NOW))
    def test_only_oneself_or_a_leader(self):
        with self._refused(AccessError, "."):
            self._listed(by=self.colleague)
        record = self._listed(by=self.leader, substitute_id=self.colleague.id)
        record.action_confirm()
        self.assertEqual(record.confirmed_by_id, self.leader)
        self.assertEqual(record.substitution_ids.substitute_id, self.colleague)
        with self._refused(AccessError, "."):
            record.with_user(self.third).action_end()
        self.assertFalse(
            self.Handover.with_user(self.outsider).search([("id", "=", record.id)])
        )

    @freeze_time(local(NOW))
    def test_form_proposes_and_prints(self):
        self._accepted()
        with Form(self.Handover.with_user(self.handler)) as form:
            form.date_from = "2026-11-10"
            form.date_to = "2026-11-12"
            form.reason = "Tập huấn"
        record = form.record
        record.action_list()
        with Form(record) as form:
            with form.line_ids.edit(0) as line:
                line.taker_id = self.third
                line.note = "Gọi cho chủ hồ sơ"
        record.action_confirm()
        report = (
            self.env["ir.actions.report"]
            ._render_qweb_html("cchc_onestop.report_handover", record.ids)[0]
            .decode()
        )
        dossier = record.line_ids.dossier_id
        for text in (
            "Biên bản bàn giao công việc",
            "từ ngày 10/11/2026 đến hết ngày 12/11/2026",
            dossier.name,
            "Gọi cho chủ hồ sơ",
            "Thu Ba",
        ):
            self.assertIn(text, report)

    # -- approvals
    def test_signatures_go_to_another_leader(self):
        self.env["tier.definition"].search(
            [("model", "=", "cchc.dossier")]
        ).active = False
        self.env["tier.definition"].create(
            {
                "name": "Ký",
                "model_id": self.env["ir.model"]._get_id("cchc.dossier"),
                "review_type": "individual",
                "reviewer_id": self.leader.id,
                "company_id": self.commune.id,
            }
        )
        with freeze_time(local(NOW)):
            dossier = self._to_sign()
            record = self._listed(
                user=self.leader, substitute_id=self.deputy.id, sign_substitute_id=False
            )
            review = dossier.review_ids
            self.assertEqual(record.line_ids.review_id, review)
            with self._refused(UserError, "signs or approves"):
                record.action_confirm()
            record.sign_substitute_id = self.colleague
            with self._refused(ValidationError, "is not a leader"):
                record.action_confirm()
            record.sign_substitute_id = self.deputy
            record.action_confirm()
        self.assertEqual(record.line_ids.taker_id, self.deputy)
        with freeze_time(local("10/11/2026 08:00")):
            dossier.with_user(self.deputy).action_sign()
        self.env.invalidate_all()
        self.assertEqual(review.on_behalf_of_id, self.leader)
        self.assertEqual(record.line_ids.state, "done")
        self.assertEqual(record.line_ids.done_by_id, self.deputy)

    # -- for good
    def test_who_leaves_hands_over_first(self):
        with freeze_time(local(NOW)):
            mine = self._accepted()
            waiting = self._accepted()
            waiting.with_user(self.handler).action_pass_step()
            waiting.with_user(self.leader).action_sign()  # waits at the desk
        employee = self.env["hr.employee"].search([("user_id", "=", self.handler.id)])
        for leaving in (employee, self.handler):
            with self.assertRaises(RedirectWarning) as caught:
                leaving.action_archive()
            self.assertIn("1 open step", caught.exception.args[0])
            self.assertEqual(
                caught.exception.args[1],
                self.env.ref("cchc_onestop.cchc_handover_action_leave").id,
            )
            self.assertEqual(
                caught.exception.args[3]["default_user_id"], self.handler.id
            )
        # The desk officer holds the steps of two dossiers: one now, one planned.
        self.assertEqual(
            self.desk._cchc_open_steps().mapped("state"),
            ["waiting", "waiting", "current", "waiting"],
        )
        with freeze_time(local(NOW)):
            record = self._listed(by=self.manager, kind="leave", date_to=False)
            record.line_ids.taker_id = self.third
            record.action_confirm()
        self.assertEqual(record.state, "ended")
        self.assertEqual(
            (mine.user_id, mine.current_step_id.user_id), (self.third,) * 2
        )
        self.assertEqual(record.line_ids.state, "given")
        event = mine.event_ids.sorted("sequence")[-1]
        self.assertEqual(event.kind, "hand_over")
        self.assertIn("for good", event.content)
        employee.action_archive()
        self.handler.action_archive()
        with freeze_time(local("10/11/2026 08:00")):
            mine.with_user(self.third).action_pass_step()
        self.assertEqual(mine.state, "to_sign")

    @freeze_time(local(NOW))
    def test_planned_steps_and_approvals_find_a_new_owner(self):
        self.env["tier.definition"].search(
            [("model", "=", "cchc.dossier")]
        ).active = False
        self.env["tier.definition"].create(
            {
                "name": "Ký",
                "model_id": self.env["ir.model"]._get_id("cchc.dossier"),
                "review_type": "individual",
                "reviewer_id": self.leader.id,
                "company_id": self.commune.id,
            }
        )
        dossier = self._to_sign()
        leaving = self._listed(
            user=self.leader, by=self.manager, kind="leave", date_to=False
        )
        self.assertIn("Approval rules name the person: Ký.", leaving.other_matters)
        self.assertEqual(leaving.line_ids.taker_id, self.deputy)
        leaving.line_ids.taker_id = self.colleague
        with self._refused(UserError, "cannot take over"):
            leaving.action_confirm()
        leaving.line_ids.taker_id = self.deputy
        leaving.action_confirm()
        self.leader.action_archive()
        dossier.with_user(self.deputy).action_sign()
        self.assertTrue(dossier.signed_at)
        self._accepted()
        desk = self._listed(
            user=self.desk, by=self.manager, kind="leave", date_to=False
        )
        self.assertIn("current", desk.line_ids.step_id.mapped("state"))
        self.assertIn("waiting", desk.line_ids.step_id.mapped("state"))

    # -- cost
    def test_the_list_costs_the_same_for_many(self):
        self._handed([self.third] * 3)
        domain = [("is_my_work", "=", True)]
        with freeze_time(local("10/11/2026 08:00")):
            self.env.invalidate_all()
            model = self.env["cchc.dossier"].with_user(self.third)
            model.search(domain)  # rules
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            model.search(domain)
            few = self.cr.sql_log_count - before
        with freeze_time(local("09/11/2026 11:00")):
            self._accepted()
        self.env.invalidate_all()
        with freeze_time(local("10/11/2026 08:00")), self.assertQueryCount(few):
            model.search(domain)
