from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from odoo.addons.cchc_onestop.tests.common import local

from ..tools.petition_moves import CLOSED, MOVES
from .common import CONTENT, VoiceCase


@tagged("post_install", "-at_install")
class TestPetition(VoiceCase):
    """Phản ánh, kiến nghị: terms in working time, moves, log, publication."""

    def test_terms_in_working_days(self):
        # Mon 09-11-2026, on a calendar without holidays
        petition = self._petition()
        dues = {
            "decide_due_at": "11/11/2026",
            "supplement_due_at": "16/11/2026",
            "answer_due_at": "30/11/2026",
        }
        for field, day in dues.items():
            with self.subTest(field=field):
                due = petition._local(petition[field])
                self.assertEqual(f"{due:%d/%m/%Y}", day)
        self.assertEqual(petition.next_due_at, petition.decide_due_at)
        self.assertEqual(petition.state, "received")
        self.assertRegex(petition.name, r"^PA-H50\.21-2026-\d{4}$")

    def test_terms_are_data_with_dates(self):
        term = self.env.ref("cchc_onestop_voice.petition_term_answer")
        term.valid_to = "2026-11-08"
        term.copy({"amount": 10, "valid_from": "2026-11-09", "valid_to": False})
        due = self._petition().answer_due_at
        self.assertEqual(f"{due:%d/%m}", "23/11")
        older = self._petition(received_at=local("06/11/2026 09:00"))
        self.assertEqual(f"{older.answer_due_at:%d/%m}", "27/11")

    def test_codes_go_on_and_begin_anew_each_year(self):
        first, second = self._petition(), self._petition()
        numbers = [int(p.name.rsplit("-", 1)[1]) for p in (first, second)]
        self.assertEqual(numbers[1], numbers[0] + 1)
        other = self._petition(at="04/01/2027 09:00")
        self.assertEqual(other.name, "PA-H50.21-2027-0001")

    def test_only_the_officer_is_shown_fields_to_fill_in(self):
        petition = self._accepted_petition()
        petition.action_assign(self.handler)
        with self._refused(AssertionError, "readonly"):
            Form(petition.with_user(self.handler)).subject_kind = "delay"
        with Form(petition.with_user(self.handler)) as form:
            form.answer, form.upheld = "Đã chấn chỉnh.", "upheld"
        with Form(petition) as form:
            form.concerned_agency = "UBND xã"
        leader = petition.with_user(self.leader)
        self.assertFalse(leader.may_edit or leader.is_officer)
        self.assertTrue(petition.may_edit)

    def test_a_dialog_says_which_move_it_makes(self):
        petition = self._accepted_petition()
        action = petition.with_context(move="assign").action_ask()
        self.assertEqual(action["name"], "Assign")

    def test_the_board_shows_all_states_in_their_order(self):
        self._accepted_petition()
        groups = self.env["cchc.petition"].with_context(read_group_expand=True)
        found = groups.web_read_group(
            [("company_id", "=", self.commune.id)], ["state"], ["__count"]
        )["groups"]
        self.assertEqual(
            [group["state"] for group in found],
            [state for state, _label in groups._fields["state"].selection],
        )

    def test_answer_approved_by_a_leader_published_and_rated(self):
        petition = self._accepted_petition()
        with freeze_time(local("12/11/2026 09:00")):
            with self._refused(UserError, "Write the answer first"):
                petition.action_submit_answer()
            petition.answer = "Đã chấn chỉnh."
            with self._refused(UserError, "upheld or found untrue"):
                petition.action_submit_answer()
            petition.upheld = "upheld"
            petition.action_submit_answer()
            with self._refused(ValidationError, "under validation"):
                petition.answer = "Khác"
            with self._refused(UserError, "waits for approval"):
                petition.action_refuse("x")
            with self.assertRaises(AccessError):
                petition.validate_tier()
            petition.with_user(self.leader).validate_tier()
        self.assertEqual(petition.state, "answered")
        self.assertEqual(petition.approved_by_id, self.leader)
        self.assertEqual(petition.result, "answered")
        self.assertEqual(f"{petition.publish_due_at:%d/%m}", "16/11")
        with freeze_time(local("13/11/2026 09:00")):
            with self._refused(UserError, "public text"):
                petition.action_publish()
            petition.write(
                {
                    "public_subject": "Đi lại nhiều lần",
                    "public_content": "Ông Nguyễn Văn An phản ánh đi lại nhiều lần",
                    "public_answer": "Đã chấn chỉnh.",
                }
            )
            with self._refused(UserError, "still holds “Nguyễn Văn An”"):
                petition.action_publish()
            petition.public_content = "Người dân phản ánh phải đi lại nhiều lần"
            petition.action_publish()
            petition.action_rate("dissatisfied")
            with self._refused(UserError, "already"):
                petition.action_rate("satisfied")
        self.assertFalse(petition.is_late)
        self.assertFalse(petition.next_due_at)
        self.assertEqual(petition.satisfied, "dissatisfied")
        self.assertEqual(
            petition.event_ids.mapped("move"),
            [
                "register",
                "accept",
                "approval",
                "submit",
                "approve",
                "answer",
                "publish",
                "rate",
            ],
        )
        self.assertEqual(
            petition.event_ids.filtered(lambda e: e.move == "answer").user_id,
            self.leader,
        )

    def test_sent_back_and_submitted_again(self):
        petition = self._accepted_petition()
        petition.write({"answer": "Sơ sài", "upheld": "partly"})
        petition.action_submit_answer()
        reviews = petition.with_user(self.leader)._cchc_reviews_to_decide()
        petition.with_user(self.leader)._cchc_decide(reviews, "rejected", "Viết rõ hơn")
        self.assertEqual(petition.state, "processing")
        self.assertIn("Viết rõ hơn", petition.event_ids[-1].text)
        petition.action_take_back()
        petition.answer = "Cụ thể hơn"
        petition.action_submit_answer()
        petition.with_user(self.leader).validate_tier()
        self.assertEqual(petition.state, "answered")

    def test_late_stays_late(self):
        petition = self._petition()
        with freeze_time(local("12/11/2026 08:00")):
            self.env.invalidate_all()
            self.assertTrue(petition.is_late)
            petitions = self.env["cchc.petition"]
            self.assertIn(petition, petitions.search([("is_late", "=", True)]))
            petition.action_accept()
        self.assertEqual(petition.late_at, petition.decide_due_at)
        with freeze_time(local("12/11/2026 09:00")):
            petition.action_refuse("Không rõ nội dung")
            self.assertTrue(petition.is_late)
            on_time = self._petition(at="12/11/2026 08:30")
            self.assertNotIn(on_time, petitions.search([("is_late", "=", True)]))
            self.assertIn(on_time, petitions.search([("is_late", "=", False)]))

    def test_asking_late_for_more_is_late(self):
        petition = self._accepted_petition()
        with freeze_time(local("17/11/2026 09:00")):
            petition.action_ask_more("Cho biết mã hồ sơ")
        self.assertEqual(petition.late_at, petition.supplement_due_at)
        self.assertFalse(petition.next_due_at)

    def test_what_asking_does_to_the_term(self):
        term = self.env.ref("cchc_onestop_voice.petition_term_answer")
        for on_supplement, expected in (
            ("pause", "03/12"),
            ("restart", "07/12"),
            ("run", "30/11"),
        ):
            with self.subTest(on_supplement=on_supplement):
                term.on_supplement = on_supplement
                petition = self._accepted_petition()
                with freeze_time(local("11/11/2026 09:00")):
                    petition.action_ask_more("Cho biết mã hồ sơ")
                with freeze_time(local("16/11/2026 09:00")):
                    petition.action_resume("Đã gửi")
                due = petition._local(petition.answer_due_at)
                self.assertEqual(f"{due:%d/%m}", expected)
                self.assertEqual(petition.next_due_at, petition.answer_due_at)

    def test_complaints_are_transferred_with_where_to(self):
        petition = self._petition()
        with self._refused(UserError, "as what"):
            petition.action_transfer("Là khiếu nại", None, "Thanh tra")
        with self._refused(UserError, "where"):
            petition.action_transfer("Là khiếu nại", "complaint", " ")
        with self._refused(UserError, "Give the reason"):
            petition.action_transfer("", "complaint", "Thanh tra")
        wizard = self.env["cchc.petition.move"].with_user(self.officer)
        action = petition.with_context(move="transfer").action_ask()
        with Form(wizard.with_context(**action["context"])) as form:
            form.regime = "denunciation"
            form.to = "Ủy ban Kiểm tra"
            form.text = "Là tố cáo"
        form.save().action_confirm()
        self.assertEqual(petition.state, "transferred")
        self.assertEqual(
            (petition.regime, petition.transferred_to, petition.result),
            ("denunciation", "Ủy ban Kiểm tra", "transferred"),
        )
        self.assertTrue(petition.closed_at)

    def test_every_move_only_from_its_states(self):
        ways = {
            "accept": lambda p: p.action_accept(),
            "assign": lambda p: p.action_assign(self.handler),
            "ask_more": lambda p: p.action_ask_more("x"),
            "resume": lambda p: p.action_resume("x"),
            "refuse": lambda p: p.action_refuse("x"),
            "transfer": lambda p: p.action_transfer("x", "complaint", "y"),
            "keep": lambda p: p.action_keep("x"),
            "withdraw_page": lambda p: p.action_withdraw_page("x"),
            "rate": lambda p: p.action_rate("satisfied"),
        }
        refused = self._petition()
        refused.action_refuse("Không rõ")
        for key, way in ways.items():
            with self.subTest(move=key), self._refused(UserError, "possible only"):
                way(refused)
        received = self._petition()
        for key, way in ways.items():
            if "received" not in MOVES[key].sources:
                with self.subTest(move=key), self._refused(UserError, "possible only"):
                    way(received)
        for move in MOVES.values():
            if move.key not in ("publish", "rate", "withdraw_page"):
                self.assertFalse(set(move.sources) & set(CLOSED), move.key)

    def test_nobody_writes_around_the_moves(self):
        petition = self._accepted_petition()
        for user in (self.officer, self.manager, self.leader):
            for vals in (
                {"state": "published"},
                {"content": "Khác"},
                {"late_at": False},
                {"answer_due_at": "2030-01-01 00:00:00"},
                {"satisfied": "satisfied"},
                {"answered_at": "2026-11-10 00:00:00"},
                {"received_at": "2026-11-10 00:00:00"},
            ):
                with self._refused((UserError, AccessError), "."):
                    petition.with_user(user).write(vals)
            with self._refused((UserError, AccessError), "."):
                petition.with_user(user).unlink()
            with self._refused((UserError, AccessError), "."):
                petition.event_ids[0].with_user(user).write({"text": "Khác"})
        with self._refused(UserError, "never deleted"):
            petition.sudo().unlink()
        with self._refused(UserError, "written by the actions"):
            petition.event_ids[0].sudo().write({"text": "Khác"})
        with self._refused(UserError, "ever deleted"):
            petition.event_ids[0].sudo().unlink()
        for vals in (
            {"state": "published"},
            {"published_at": "2026-11-10 00:00:00"},
            {"name": "PA-1"},
        ):
            with self._refused((UserError, AccessError), "."):
                self._petition(**vals)

    def test_sender_is_named_or_anonymous(self):
        anonymous = self._petition(sender_kind="anonymous", sender_name=False)
        self.assertEqual(anonymous._get_sender_text(), "Không ghi tên")
        with self._refused(ValidationError, "another agency"):
            dossier = self._accepted()
            self._petition(dossier_id=dossier.id, company_id=self.neighbour.id)

    def test_entered_by_form(self):
        dossier = self._accepted()
        with Form(self.env["cchc.petition"].with_user(self.officer)) as form:
            form.subject = "Chậm trả"
            form.subject_kind = "delay"
            form.sender_name = "Lê Thị Bé"
            form.content = CONTENT
            form.dossier_id = dossier
        petition = form.save()
        self.assertEqual(petition.procedure_id, self.procedure)
        self.assertTrue(petition.is_behaviour)
        self.assertEqual(dossier.with_user(self.leader).petition_count, 1)
