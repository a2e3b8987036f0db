"""Many dossiers at once: what is possible is said before, what failed afterwards."""

from unittest.mock import patch

from freezegun import freeze_time
from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models import cchc_bulk
from .common import OnestopCase, local
from .test_dossier_import import work_off

NOW = "09/11/2026 09:00"
#: What a second try is told.
DONE = {"accept": "accepted already", "sign": "signed already"}


@tagged("post_install", "-at_install")
class TestBulk(OnestopCase):
    def _bulk(self, dossiers, move, user=None):
        action = getattr(dossiers.with_user(user or self.desk), f"action_bulk_{move}")()
        bulk = self.env["cchc.bulk"].browse(action["res_id"])
        return bulk.with_user(user or self.desk)

    def _line(self, bulk, dossier):
        return bulk.line_ids.filtered(lambda line: line.dossier_id == dossier)

    @freeze_time(local(NOW))
    def test_accept_the_complete_and_keep_the_rest(self):
        good = self._draft() | self._draft()
        lacking = self._draft()
        lacking.document_ids.filtered("required")[0].received = False
        nameless = self._draft()
        nameless.applicant_name = False
        before = self._accepted()
        events = before.event_ids
        bulk = self._bulk(good | lacking | nameless | before, "accept")
        self.assertEqual((bulk.possible_count, bulk.impossible_count), (2, 3))
        self.assertIn("Tờ khai", self._line(bulk, lacking).message)
        self.assertIn("name of the owner", self._line(bulk, nameless).message)
        self.assertIn("accepted already", self._line(bulk, before).message)
        self.assertEqual(set(good.mapped("state")), {"draft"}, "a check moves nothing")
        bulk.action_confirm()
        self.assertEqual(set(good.mapped("state")), {"accepted"})
        self.assertEqual(len(set(good.mapped("name"))), 2)
        self.assertEqual((lacking.state, nameless.state), ("draft", "draft"))
        self.assertEqual(before.event_ids, events)
        self.assertEqual((bulk.done_count, bulk.impossible_count), (2, 3))
        self.assertIn("Tờ khai", bulk.report)
        # a double click, or a request repeated after a lost answer
        bulk.action_confirm()
        self.assertEqual([len(dossier.event_ids) for dossier in good], [1, 1])
        # mended and tried again
        action = bulk.action_open_failing()
        failing = self.env["cchc.dossier"].search(action["domain"])
        self.assertEqual(failing, lacking | nameless | before)
        lacking.document_ids.received = True
        again = bulk.browse(bulk.action_try_again()["res_id"])
        self.assertEqual((again.possible_count, again.impossible_count), (1, 2))
        again.action_confirm()
        self.assertEqual(lacking.state, "accepted")

    @freeze_time(local(NOW))
    def test_assign_to_a_person(self):
        dossiers = self._accepted() | self._accepted()
        signed = self._to_sign()
        bulk = self._bulk(dossiers | signed, "assign", self.leader)
        self.assertIn("possible only from", self._line(bulk, signed).message)
        with self._refused(UserError, "Choose the person"):
            bulk.action_confirm()
        bulk.write({"taker_id": self.colleague.id, "content": "Chia lại việc"})
        bulk.action_confirm()
        self.assertEqual(dossiers.user_id, self.colleague)
        self.assertIn("Chia lại việc", dossiers[0].event_ids.mapped("content"))
        elsewhere = self._bulk(dossiers, "assign", self.leader)
        elsewhere.taker_id = self.outsider
        elsewhere.action_confirm()
        self.assertEqual(elsewhere.failed_count, 2)
        self.assertIn("does not belong to", elsewhere.line_ids[0].message)
        self.assertEqual(dossiers.user_id, self.colleague)

    @freeze_time(local(NOW))
    def test_pass_on_only_what_is_in_my_hands(self):
        mine, other = self._accepted(), self._accepted()
        other.with_user(self.manager).action_assign(self.colleague)
        bulk = self._bulk(mine | other, "pass", self.handler)
        self.assertIn("in the hands of Colleague", self._line(bulk, other).message)
        bulk.action_confirm()
        self.assertEqual((mine.state, other.state), ("to_sign", "accepted"))

    @freeze_time(local(NOW))
    def test_moved_meanwhile_is_left_alone(self):
        mine, other = self._accepted(), self._accepted()
        bulk = self._bulk(mine | other, "pass", self.handler)
        other.with_user(self.handler).action_pass_step()
        events = len(other.event_ids)
        bulk.action_confirm()
        self.assertEqual((bulk.done_count, bulk.failed_count), (1, 1))
        self.assertIn("moved meanwhile", self._line(bulk, other).message)
        self.assertEqual(len(other.event_ids), events)

    @freeze_time(local(NOW))
    def test_sign_and_return(self):
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
        dossiers = self._to_sign() | self._to_sign()
        bulk = self._bulk(dossiers, "sign", self.deputy)
        self.assertFalse(bulk.possible_count)
        self.assertIn("not a reviewer", bulk.line_ids[0].message)
        with self._refused(UserError, "None of these dossiers"):
            bulk.action_confirm()
        bulk = self._bulk(dossiers, "sign", self.leader)
        bulk.action_confirm()
        self.assertEqual(bulk.done_count, 2)
        self.assertTrue(all(dossiers.mapped("signed_at")))
        self._bulk(dossiers, "pass").action_confirm()
        self.assertEqual(set(dossiers.mapped("state")), {"done"})
        bulk = self._bulk(dossiers | self._accepted(), "return")
        self.assertEqual((bulk.possible_count, bulk.impossible_count), (2, 1))
        bulk.action_confirm()
        self.assertEqual(set(dossiers.mapped("state")), {"returned"})
        # an unpaid fee is told although the result was handed over
        self.assertIn("Not paid yet", bulk.line_ids.filtered("message")[0].message)

    @freeze_time(local(NOW))
    def test_the_check_says_what_the_move_says(self):
        """Whatever the state and the person: the check refuses exactly what fails."""
        made = {
            "draft": self._draft(),
            "accepted": self._accepted(),
            "to_sign": self._to_sign(),
            "signed": self._to_sign(),
            "done": self._ready(),
            "returned": self._ready(),
        }
        made["signed"].with_user(self.leader).action_sign()
        made["returned"].with_user(self.desk).action_return_result()
        people = (self.desk, self.handler, self.colleague, self.leader, self.auditor)
        for user in people:
            for state, dossier in made.items():
                for move in dossier._bulk_moves():
                    own = dossier.with_user(user)
                    said = self._sentence(own._bulk_check, move)
                    with self.env.cr.savepoint() as savepoint:
                        did = self._sentence(self._do, own, move)
                        savepoint.rollback()
                    self.env.invalidate_all()
                    with self.subTest(user=user.login, state=state, move=move):
                        if state == "returned" or did != said:
                            self.assertEqual(bool(said), bool(did), (said, did))
                        else:
                            self.assertEqual(said, did)

    def _do(self, dossier, move):
        if move == "accept" and dossier.accepted_at:
            raise UserError(DONE[move])
        if move == "sign" and dossier.signed_at:
            raise UserError(DONE[move])
        if move == "assign":
            return dossier.action_assign(self.colleague)
        return getattr(dossier, f"action_{move}")()

    def _sentence(self, work, *arguments):
        """Return the refusal of some work, empty when it is done."""
        try:
            with self.env.cr.savepoint():
                work(*arguments)
        except (AccessError, UserError) as error:
            return str(error.args[0])
        finally:
            self.env.invalidate_all()
        return ""

    @freeze_time(local(NOW))
    def test_many_go_to_a_job(self):
        dossiers = self.env["cchc.dossier"]
        for _number in range(5):
            dossiers |= self._accepted()
        with patch.object(cchc_bulk, "AT_ONCE", 2), patch.object(cchc_bulk, "BATCH", 2):
            bulk = self._bulk(dossiers, "pass", self.handler)
            dossiers[0].with_user(self.handler).action_pass_step()
            action = bulk.action_confirm()
            self.assertEqual(action["res_model"], "cchc.job")
            self.assertEqual(bulk.state, "running")
            # pressed twice: the same job
            self.assertEqual(bulk.action_confirm()["res_id"], action["res_id"])
            work_off(self, bulk)
        self.assertEqual(bulk.state, "done")
        self.assertEqual((bulk.done_count, bulk.failed_count), (4, 1))
        self.assertEqual(set(dossiers.mapped("state")), {"to_sign"})
        self.assertEqual(bulk.job_id.action_outcome()["res_id"], bulk.id)

    @freeze_time(local(NOW))
    def test_nobody_else_sees_or_writes_it(self):
        bulk = self._bulk(self._accepted(), "pass", self.handler)
        other = bulk.with_user(self.colleague)
        with self._refused(AccessError, "."):
            other.action_confirm()
        self.assertFalse(other.search([]))
        with self._refused(UserError, "stays as it was"):
            bulk.state = "done"
        with self._refused(UserError, "stays as it was"):
            bulk.line_ids.status = "possible"
        with self._refused(UserError, "Choose dossiers in a list"):
            bulk.create({"move": "sign"})

    def test_a_page_of_it_has_its_buttons_too(self):
        view = self.env["cchc.bulk"].with_user(self.desk).get_view(view_type="form")
        arch = etree.fromstring(view["arch"])
        self.assertFalse(arch.xpath("//footer"))
        names = set(arch.xpath("/form/header/button/@name"))
        self.assertLessEqual(
            {"action_confirm", "action_try_again", "action_open_failing"}, names
        )
