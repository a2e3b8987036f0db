"""Nobody talks around an approval: not over the ORM, not over RPC."""

from datetime import datetime, timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, TransactionCase, tagged
from odoo.tools import mute_logger

from ..tools.guard import KEY_NAME
from .common_approval import ApprovalCommon


@tagged("post_install", "-at_install")
class TestApproval(ApprovalCommon, TransactionCase):
    # -- the proper way
    def test_reviewer_approves_and_record_moves_on(self):
        self._by_leader()
        record = self._requested()
        self.assertEqual(record.validation_status, "pending")
        as_leader = record.with_user(self.leader)
        self.assertTrue(as_leader.can_review)
        as_leader.validate_tier()
        review = record.review_ids
        self.assertEqual(review.status, "approved")
        self.assertEqual(review.done_by, self.leader)
        self.assertFalse(review.on_behalf_of_id)
        self.assertTrue(review.reviewed_date)
        record.action_approve()
        self.assertEqual(record.state, "approved")

    def test_leader_approves_by_acting(self):
        self._by_leader()
        record = self._record()
        record.with_user(self.leader).action_approve()
        self.assertEqual(record.state, "approved")
        self.assertEqual(record.review_ids.done_by, self.leader)

    def test_not_approved_is_refused(self):
        self._by_leader()
        record = self._requested()
        with self.assertRaises(ValidationError):
            record.action_approve()
        self.assertEqual(record.state, "draft")

    def test_rejection_needs_a_reason(self):
        self._by_leader()
        record = self._requested()
        as_leader = record.with_user(self.leader)
        action = as_leader.reject_tier()
        self.assertEqual(action["res_model"], "comment.wizard")
        with self._refused(UserError, "reason"):
            as_leader._cchc_decide(record.review_ids, "rejected", "  ")
        wizard = (
            self.env["comment.wizard"]
            .with_user(self.leader)
            .with_context(**action["context"])
            .create({"comment": "Thiếu căn cứ pháp lý"})
        )
        wizard.add_comment()
        self.assertEqual(record.validation_status, "rejected")
        self.assertEqual(record.review_ids.comment, "Thiếu căn cứ pháp lý")
        with self.assertRaises(ValidationError):
            record.action_approve()

    def test_outcomes_are_logged(self):
        self._by_leader()
        record = self._requested()
        record.with_user(self.leader).validate_tier()
        bodies = " ".join(record.sudo().message_ids.mapped("body"))
        self.assertIn("Approval requested: Signature, by Clerk", bodies)
        self.assertIn("Approved: Signature, by Leader", bodies)

    def test_tiers_in_sequence(self):
        first = self._definition(
            review_type="individual",
            reviewer_id=self.deputy.id,
            sequence=20,
            approve_sequence=True,
        )
        second = self._by_leader(sequence=10, approve_sequence=True)
        record = self._requested()
        review = {r.definition_id: r for r in record.review_ids}
        self.assertEqual(review[first].status, "pending")
        self.assertEqual(review[second].status, "waiting")
        with self._refused(AccessError, "not your turn"):
            record.with_user(self.leader).validate_tier()
        wizard = (
            self.env["comment.wizard"]
            .with_user(self.leader)
            .create(
                {
                    "comment": "vội",
                    "validate_reject": "validate",
                    "res_model": record._name,
                    "res_id": record.id,
                    "review_ids": [Command.set(review[second].ids)],
                }
            )
        )
        with self._refused(AccessError, "not your turn"):
            wizard.add_comment()
        record.with_user(self.deputy).validate_tier()
        self.assertEqual(review[second].status, "pending")
        record.with_user(self.leader).validate_tier()
        self.assertEqual(record.validation_status, "validated")

    # -- who is a reviewer
    def test_implied_members_of_the_agency_review(self):
        self._definition(
            review_type="group",
            reviewer_group_id=self.env.ref("cchc_onestop.group_leader").id,
        )
        gone = self._person("gone", "group_leader")
        gone.active = False
        record = self._requested()
        reviewers = record.review_ids._get_reviewers()
        self.assertIn(self.manager, reviewers)
        self.assertIn(self.leader, reviewers)
        self.assertNotIn(gone, reviewers)
        self.assertNotIn(self.stranger, reviewers)
        self.assertNotIn(self.clerk, reviewers)
        self.assertEqual(record.review_ids.reviewer_ids, reviewers)
        with self.assertRaises(AccessError):
            record.with_user(self.stranger).validate_tier()
        record.with_user(self.manager).validate_tier()
        self.assertEqual(record.review_ids.done_by, self.manager)
        self.assertFalse(record.review_ids.reviewer_ids)

    def test_who_decides_is_said_in_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        group = self.env.ref("cchc_onestop.group_leader")
        group.update_field_translations("name", {"vi_VN": "Người lãnh đạo"})
        self._definition(review_type="group", reviewer_group_id=group.id)
        review = self._requested().review_ids
        self.assertEqual(review.with_context(lang="vi_VN").todo_by, "Người lãnh đạo")
        self.assertEqual(review.with_context(lang="en_US").todo_by, "Leader")
        review.with_user(self.leader).action_forward(self.deputy.id, "đi họp")
        self.assertEqual(review.todo_by, "Deputy, passed on by Leader")

    def test_new_member_of_the_group_reviews_at_once(self):
        self._definition(
            review_type="group",
            reviewer_group_id=self.env.ref("cchc_onestop.group_leader").id,
        )
        record = self._requested()
        closed = self._requested(name="Tờ trình 02")
        closed.with_user(self.leader).validate_tier()
        self.colleague.group_ids = [
            Command.link(self.env.ref("cchc_onestop.group_leader").id)
        ]
        self.assertIn(self.colleague, record.review_ids.reviewer_ids)
        self.assertFalse(closed.review_ids.reviewer_ids)
        found = (
            self.env[record._name]
            .with_user(self.colleague)
            .search([("can_review", "=", True)])
        )
        self.assertEqual(found, record)

    def test_field_reviewer(self):
        self._definition(
            review_type="field",
            reviewer_field_id=self.env["ir.model.fields"]
            ._get("cchc.approval.tester", "signer_id")
            .id,
        )
        record = self._requested(signer_id=self.deputy.id)
        Model = self.env[record._name]
        pending = [("can_review", "=", True)]
        self.assertEqual(Model.with_user(self.deputy).search(pending), record)
        self.assertFalse(Model.with_user(self.leader).search(pending))
        record.with_user(self.deputy).validate_tier()
        self.assertEqual(record.validation_status, "validated")

    def test_nobody_left_to_review(self):
        self._by_leader(exclude_requester=True)
        record = self._record(self.leader)
        with self._refused(UserError, "Nobody can decide"):
            record.request_validation()

    def test_requester_excluded(self):
        self._definition(
            review_type="group",
            reviewer_group_id=self.env.ref("cchc_onestop.group_leader").id,
            exclude_requester=True,
        )
        record = self._requested(self.leader)
        as_leader = record.with_user(self.leader)
        self.assertFalse(as_leader.can_review)
        with self._refused(AccessError, "asked for this approval yourself"):
            as_leader.validate_tier()
        with self.assertRaises(ValidationError):
            as_leader.action_approve()
        record.with_user(self.deputy).validate_tier()
        self.assertEqual(record.validation_status, "validated")

    # -- attacks over the ORM
    def test_review_rows_are_closed(self):
        self._by_leader()
        record = self._requested()
        review = record.review_ids
        for user in (self.clerk, self.leader, self.manager):
            mine = review.with_user(user)
            for vals in (
                {"status": "approved"},
                {"done_by": user.id},
                {"requested_by": user.id},
                {"model": False},
                {"comment": "x"},
            ):
                with self.assertRaises(AccessError, msg=f"{user.login} {vals}"):
                    mine.write(vals)
            with self.assertRaises(AccessError):
                mine.unlink()
            with self.assertRaises(AccessError):
                mine.copy({"status": "approved"})
            with self.assertRaises(AccessError):
                record.with_user(user).write(
                    {"review_ids": [Command.delete(review.id)]}
                )
        with self.assertRaises(AccessError):
            review.sudo().write({"status": "approved"})
        self.assertEqual(review.status, "pending")

    def test_reviews_are_not_made_by_hand(self):
        definition = self._by_leader()
        record = self._record()
        vals = {
            "res_id": record.id,
            "definition_id": definition.id,
            "status": "approved",
            "done_by": self.leader.id,
        }
        Review = self.env["tier.review"].with_user(self.clerk)
        with self.assertRaises(AccessError):
            Review.create({**vals, "model": record._name})
        with self.assertRaises(AccessError):
            Review.with_context(default_model=record._name).create(vals)
        with self.assertRaises(AccessError):
            self._record(review_ids=[Command.create(vals)])
        orphan = Review.create({**vals, "model": "res.partner"})
        with self.assertRaises(AccessError):
            orphan.write({"model": record._name})

    def test_defaults_in_the_context_do_not_approve(self):
        self._by_leader()
        record = self._record()
        record.with_context(
            default_status="approved",
            default_done_by=self.leader.id,
            default_forwarded_to_id=self.clerk.id,
        ).request_validation()
        self.assertEqual(record.review_ids.status, "pending")
        self.assertFalse(record.review_ids.done_by)
        self.assertFalse(record.review_ids.forwarded_to_id)

    def test_forged_context_flags(self):
        self._by_leader()
        record = self._requested()
        for flags in (
            {"skip_validation_check": True},
            {"skip_check_state_condition": True},
            {KEY_NAME: True},
            {KEY_NAME: "<cchc guard>"},
            {"tier_validation_defer_compute_can_review": True},
        ):
            with self.assertRaises(AccessError, msg=str(flags)):
                record.with_context(**flags).write({"state": "approved"})
            with self.assertRaises(AccessError, msg=str(flags)):
                record.review_ids.with_context(**flags).write({"status": "approved"})
            with self.assertRaises(ValidationError, msg=str(flags)):
                record.with_context(**flags).write({"amount": 5})

    def test_later_state_is_refused(self):
        self._by_leader()
        with self._refused(AccessError, "later state"):
            self._record(state="approved")
        Tester = self.env["cchc.approval.tester"].with_user(self.clerk)
        with self._refused(AccessError, "later state"):
            Tester.with_context(default_state="approved").create({"name": "x"})
        record = self._record()
        with self._refused(AccessError, "buttons of the form"):
            record.write({"state": "approved"})
        with self.assertRaises(AccessError):
            record.sudo().write({"state": "approved"})
        record.write({"state": "draft"})

    def test_status_of_validation_cannot_be_written(self):
        self._by_leader()
        record = self._requested()
        with self.assertRaises(AccessError):
            record.write({"validation_status": "validated"})
        with self.assertRaises(AccessError):
            self._record(validation_status="validated")

    def test_hiding_the_agency_does_not_hide_the_approval(self):
        self._by_leader(company_id=self.agency.id)
        self.clerk.company_ids = [Command.link(self.other_agency.id)]
        record = self._record().with_context(allowed_company_ids=self.other_agency.ids)
        self.assertTrue(record.need_validation)
        with self.assertRaises(UserError):
            record.action_approve()

    def test_foreign_review_cannot_be_slipped_in(self):
        self._by_leader()
        own = self._definition(
            review_type="individual", reviewer_id=self.clerk.id, active=True
        )
        first = self._requested()
        second = self._requested(name="Tờ trình 02")
        own_review = second.review_ids.filtered(lambda r: r.definition_id == own)
        wizard = (
            self.env["comment.wizard"]
            .with_user(self.clerk)
            .create(
                {
                    "comment": "x",
                    "validate_reject": "validate",
                    "res_model": first._name,
                    "res_id": first.id,
                    "review_ids": [Command.set(own_review.ids)],
                }
            )
        )
        with self.assertRaises(UserError):
            wizard.add_comment()
        self.assertEqual(own_review.status, "pending")

    # -- taking back, removing, forwarding
    def test_only_some_take_the_approval_back(self):
        self._by_leader()
        record = self._requested()
        with self._refused(AccessError, "take it back"):
            record.with_user(self.colleague).restart_validation()
        record.with_user(self.clerk).restart_validation()
        self.assertFalse(record.review_ids)
        self.assertEqual(record.validation_status, "no")
        bodies = " ".join(record.sudo().message_ids.mapped("body"))
        self.assertIn("Approval taken back: Signature, by Clerk", bodies)

    def test_past_approval_is_not_taken_back(self):
        self._by_leader()
        record = self._requested()
        record.with_user(self.leader).validate_tier()
        record.action_approve()
        with self._refused(UserError, "past its approval"):
            record.with_user(self.manager).restart_validation()
        self.assertTrue(record.review_ids)

    def test_cancelling_and_deleting_remove_reviews(self):
        self._by_leader()
        record = self._requested()
        record.action_cancel()
        self.assertFalse(record.review_ids)
        other = self._requested(name="Tờ trình 02")
        review = other.review_ids
        other.unlink()
        self.assertFalse(review.exists())

    def test_passing_on(self):
        self._by_leader()
        record = self._requested()
        review = record.review_ids
        with self.assertRaises(AccessError):
            review.with_user(self.clerk).action_forward(self.clerk.id, "thử")
        mine = review.with_user(self.leader)
        with self._refused(UserError, "reason"):
            mine.action_forward(self.deputy.id, " ")
        for unfit in (self.clerk, self.stranger, self.leader):
            with self._refused(UserError, "cannot take over"):
                mine.action_forward(unfit.id, "đi họp")
        mine.action_forward(self.deputy.id, "đi họp")
        self.assertFalse(record.with_user(self.leader).can_review)
        pending = [("can_review", "=", True)]
        found = self.env[record._name].with_user(self.deputy).search(pending)
        self.assertEqual(found, record)
        record.with_user(self.deputy).validate_tier()
        self.assertEqual(record.review_ids.done_by, self.deputy)

    # -- bounds
    def test_pending_list_is_bounded(self):
        self._by_leader()
        records = self.env["cchc.approval.tester"]
        spent = []
        for number in (3, 12):
            for _one in range(number):
                records |= self._requested()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            as_leader = records.with_user(self.leader)
            self.assertEqual(set(as_leader.mapped("can_review")), {True})
            between = self.env.cr.sql_log_count
            self.env.invalidate_all()
            Users = self.env["res.users"].with_user(self.leader)
            entries = {e["model"]: e for e in Users.review_user_count()}
            self.assertEqual(entries[records._name]["pending_count"], len(records))
            spent.append((between - before, self.env.cr.sql_log_count - between))
        for few, many in zip(*spent, strict=True):
            self.assertLessEqual(many, few)
        # Each model with approvals is asked once, however many there are to decide.
        models = self.env["tier.definition"]._get_tier_validation_model_names()
        self.assertLess(max(spent[0]), 12 * len(models))

    def test_write_without_approval_costs_nothing_extra(self):
        self._by_leader()
        records = self.env["cchc.approval.tester"].create(
            [{"name": f"Tờ trình {n}"} for n in range(50)]
        )
        self.env.flush_all()
        with self.assertQueryCount(2):
            records.write({"amount": 3})
            self.env.flush_all()


@tagged("post_install", "-at_install")
class TestApprovalRpc(ApprovalCommon, HttpCase):
    """The same attacks as a client would send them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._by_leader()

    def _call(self, user, model, method, *args, **kwargs):
        """Call over JSON-RPC with the session of ``user``; return (result, error)."""
        self.authenticate(user.login, user.login)
        with mute_logger("odoo.http"):
            response = self.url_open(
                f"/web/dataset/call_kw/{model}/{method}",
                json={
                    "jsonrpc": "2.0",
                    "method": "call",
                    "params": {
                        "model": model,
                        "method": method,
                        "args": args,
                        "kwargs": kwargs,
                    },
                },
            ).json()
        return response.get("result"), response.get("error")

    def _assert_refused(self, error, *names):
        self.assertTrue(error, "the call went through")
        self.assertIn(error["data"]["name"], [f"odoo.exceptions.{n}" for n in names])

    def test_requester_over_json_rpc(self):
        record = self._requested()
        review = record.review_ids
        name = record._name
        forged = {"skip_validation_check": True, KEY_NAME: {"__class__": "_Key"}}
        calls = [
            ("tier.review", "write", [review.ids, {"status": "approved"}]),
            ("tier.review", "web_save", [review.ids, {"status": "approved"}, {}]),
            ("tier.review", "unlink", [review.ids]),
            ("tier.review", "copy", [review.ids]),
            (
                "tier.review",
                "create",
                [[{"model": name, "res_id": record.id, "status": "approved"}]],
            ),
            (name, "write", [record.ids, {"state": "approved"}]),
            (name, "write", [record.ids, {"validation_status": "validated"}]),
            (name, "write", [record.ids, {"review_ids": [[2, review.id, 0]]}]),
            (name, "create", [[{"name": "x", "state": "approved"}]]),
            (name, "web_save", [[], {"name": "x", "state": "approved"}, {}]),
            (name, "validate_tier", [record.ids]),
        ]
        for model, method, args in calls:
            for context in ({}, forged):
                _result, error = self._call(
                    self.clerk, model, method, *args, context=context
                )
                with self.subTest(model=model, method=method, context=context):
                    self._assert_refused(error, "AccessError", "UserError")
        self.env.invalidate_all()
        self.assertEqual(review.status, "pending")
        self.assertEqual(record.state, "draft")

    def test_private_methods_are_closed(self):
        record = self._requested()
        for method in ("_cchc_decide", "_validate_tier", "_cchc_remove_reviews"):
            _result, error = self._call(
                self.leader, record._name, method, record.ids, []
            )
            self._assert_refused(error, "AccessError")
        self.assertEqual(record.review_ids.status, "pending")

    def test_reviewer_over_json_rpc(self):
        record = self._requested()
        _result, error = self._call(
            self.leader, record._name, "validate_tier", record.ids
        )
        self.assertFalse(error)
        _result, error = self._call(
            self.clerk, record._name, "action_approve", record.ids
        )
        self.assertFalse(error)
        self.env.invalidate_all()
        self.assertEqual(record.state, "approved")
        self.assertEqual(record.review_ids.done_by, self.leader)

    def test_requester_over_json2(self):
        record = self._requested()
        key = (
            self.env["res.users.apikeys"]
            .with_user(self.clerk)
            ._generate(None, "test", datetime.now() + timedelta(days=1))
        )
        for path, body in (
            (
                "tier.review/write",
                {"ids": record.review_ids.ids, "vals": {"status": "approved"}},
            ),
            ("tier.review/unlink", {"ids": record.review_ids.ids}),
            (
                f"{record._name}/write",
                {"ids": record.ids, "vals": {"state": "approved"}},
            ),
        ):
            with mute_logger("odoo.http"):
                response = self.url_open(
                    f"/json/2/{path}",
                    json={**body, "context": {KEY_NAME: True}},
                    headers={"Authorization": f"bearer {key}"},
                )
            with self.subTest(path=path):
                self.assertEqual(response.status_code, 403, response.text)
        self.env.invalidate_all()
        self.assertEqual(record.review_ids.status, "pending")

    def test_stand_in_over_json_rpc(self):
        record = self._requested()
        today = self.agency._cchc_local_date(self.env.cr.now())
        self._away(self.leader, self.deputy, today, today)
        _result, error = self._call(
            self.deputy, record._name, "validate_tier", record.ids
        )
        self.assertFalse(error)
        self.env.invalidate_all()
        self.assertEqual(record.review_ids.done_by, self.deputy)
        self.assertEqual(record.review_ids.on_behalf_of_id, self.leader)
