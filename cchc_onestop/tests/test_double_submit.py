"""The same request twice, after a double click or a lost answer, happens once."""

from freezegun import freeze_time

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import local
from .common_fees import FeeCase

NOW = "09/11/2026 09:00"


@tagged("post_install", "-at_install")
class TestDoubleSubmit(FeeCase, HttpCase):
    """Over HTTP, as the web client sends it."""

    def _press(self, user, records, method, **context):
        """Press a button; return its answer, or the sentence of the refusal."""
        self.authenticate(user.login, user.login)
        # refusals are what is tested here; Odoo logs them
        with mute_logger("odoo.http"):
            answer = self.opener.post(
                f"{self.base_url()}/web/dataset/call_button/{records._name}/{method}",
                json={
                    "jsonrpc": "2.0",
                    "method": "call",
                    "params": {
                        "model": records._name,
                        "method": method,
                        "args": [records.ids],
                        "kwargs": {"context": {"lang": "en_US", **context}},
                    },
                },
                timeout=60,
            ).json()
        if "error" in answer:
            return f"refused: {answer['error']['data']['message']}"
        return answer["result"]

    def _twice(self, user, dossier, method, **context):
        """Press twice; return both answers, and check that it happened once."""
        first = self._press(user, dossier, method, **context)
        self.env.invalidate_all()
        self.assertNotIn("refused", str(first))
        kinds = dossier.event_ids.mapped("kind")
        kept = (dossier.state, dossier.current_step_id, dossier.name, dossier.due_at)
        second = self._press(user, dossier, method, **context)
        self.env.invalidate_all()
        self.assertEqual(dossier.event_ids.mapped("kind"), kinds, method)
        self.assertEqual(
            (dossier.state, dossier.current_step_id, dossier.name, dossier.due_at), kept
        )
        return first, second

    @freeze_time(local(NOW))
    def test_every_move_of_a_dossier(self):
        dossier = self._draft()
        first, second = self._twice(self.desk, dossier, "action_accept")
        self.assertEqual(first, second)
        code = dossier.name
        step = dossier.current_step_id.id
        first, second = self._twice(
            self.handler, dossier, "action_pass_step", cchc_step=step
        )
        self.assertEqual(first, second)
        self._twice(self.leader, dossier, "action_sign")
        step = dossier.current_step_id.id
        self._twice(self.desk, dossier, "action_pass_step", cchc_step=step)
        self.assertEqual(dossier.state, "done")
        _first, second = self._twice(self.desk, dossier, "action_return_result")
        self.assertIn("“Result Returned”", second)
        self.assertEqual(dossier.name, code)
        # one code was taken for one acceptance
        self.assertEqual(
            self.env["cchc.number"].search_count([("value", "=", code)]), 1
        )

    @freeze_time(local(NOW))
    def test_one_person_with_two_steps_passes_one(self):
        """Who has the next step as well does not pass both by a double click."""
        dossier = self._accepted()
        step = dossier.current_step_id
        following = dossier._next_step()
        self.env.cr.execute(
            "UPDATE cchc_dossier_step SET role = 'handle', user_id = %s WHERE id = %s",
            (self.handler.id, following.id),
        )
        self.env.invalidate_all()
        self._twice(self.handler, dossier, "action_pass_step", cchc_step=step.id)
        self.assertEqual(dossier.current_step_id, following)

    @freeze_time(local(NOW))
    def test_moved_by_somebody_else_is_said(self):
        dossier = self._accepted()
        step = dossier.current_step_id.id
        dossier.with_user(self.handler).action_pass_step()
        answer = self._press(self.leader, dossier, "action_pass_step", cchc_step=step)
        self.assertIn("was moved meanwhile", answer)

    @freeze_time(local(NOW))
    def test_signing_without_tiers(self):
        self.env["tier.definition"].search(
            [("model", "=", "cchc.dossier")]
        ).active = False
        dossier = self._to_sign()
        first, second = self._twice(self.leader, dossier, "action_sign")
        self.assertEqual(first, second)
        self.assertEqual(dossier.event_ids.mapped("kind").count("sign"), 1)
        answer = self._press(self.deputy, dossier, "action_sign")
        self.assertIn("has been signed already", answer)

    @freeze_time(local(NOW))
    def test_assigning_twice(self):
        dossier = self._accepted()
        for _time in range(2):
            wizard = (
                self.env["cchc.dossier.move"]
                .with_user(self.leader)
                .create(
                    {
                        "dossier_ids": dossier.ids,
                        "move": "assign",
                        "user_id": self.colleague.id,
                    }
                )
            )
            self._press(self.leader, wizard, "action_confirm")
        self.env.invalidate_all()
        self.assertEqual(dossier.event_ids.mapped("kind").count("assign"), 1)

    def test_moves_that_ask_for_something(self):
        """Each wizard confirmed twice makes its move once."""
        reason = self.env.ref("cchc_onestop.reason_late_dd")
        moves = {
            "request_supplement": (self._accepted, self.handler),
            "withdraw": (self._accepted, self.desk),
            "stop": (self._accepted, self.leader),
            "void": (self._accepted, self.desk),
            "send_back": (self._to_sign, self.leader),
            "refuse": (self._draft, self.desk),
            "ask_completion": (self._draft, self.desk),
            "extend": (self._accepted, self.leader),
        }
        for move, (make, user) in moves.items():
            with freeze_time(local(NOW)), self.subTest(move=move):
                dossier = make()
                values = {"dossier_ids": dossier.ids, "move": move, "content": "Lý do"}
                if move == "extend":
                    values |= {
                        "reason_id": reason.id,
                        "due_at": local("20/11/2026 17:00"),
                    }
                wizard = self.env["cchc.dossier.move"].with_user(user).create(values)
                first = self._press(user, wizard, "action_confirm")
                self.assertNotIn("refused", str(first))
                self.env.invalidate_all()
                events = len(dossier.event_ids)
                papers = len(dossier.paper_ids)
                second = self._press(user, wizard, "action_confirm")
                self.env.invalidate_all()
                self.assertIn("refused", str(second))
                self.assertEqual(len(dossier.event_ids), events)
                self.assertEqual(len(dossier.paper_ids), papers)

    def test_paying_twice_gives_one_receipt(self):
        dossier = self._owing()
        with freeze_time(local("09/11/2026 10:00")):
            payments = self.env["cchc.payment"].with_user(self.cashier)
            one = payments.prepare(dossier)
            other = payments.prepare(dossier)
            for _time in range(2):
                answer = self._press(self.cashier, one, "action_pay")
                self.assertNotIn("refused", str(answer))
            self.env.invalidate_all()
            self.assertEqual(len(one.receipt_ids), 1)
            # the form was saved twice, since the first answer was lost
            answer = self._press(self.cashier, other, "action_pay")
            self.assertIn("refused", str(answer))
        self.env.invalidate_all()
        self.assertEqual(other.state, "draft")
        self.assertEqual(dossier.event_ids.mapped("kind").count("pay"), 1)
