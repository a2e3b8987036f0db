"""A leader who must sign passes the signature on to another leader, with a reason."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, HttpCase, tagged
from odoo.tools import mute_logger

from .common import OnestopCase


class ForwardCase:
    """The leader has to sign in person; mix into a test case."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        shipped = cls.env["tier.definition"].search([("model", "=", "cchc.dossier")])
        shipped.active = False
        cls.env["tier.definition"].create(
            {
                "name": "Ký duyệt kết quả",
                "model_id": cls.env["ir.model"]._get_id("cchc.dossier"),
                "review_type": "individual",
                "reviewer_id": cls.leader.id,
                "company_id": cls.commune.id,
            }
        )


@tagged("post_install", "-at_install")
class TestApprovalForward(ForwardCase, OnestopCase):
    def _form(self, dossier, user):
        action = dossier.with_user(user).forward_tier()
        return Form(
            self.env[action["res_model"]]
            .with_user(user)
            .with_context(**action["context"])
        )

    def test_passed_on_and_signed_by_the_other(self):
        dossier = self._to_sign()
        form = self._form(dossier, self.leader)
        allowed = form.allowed_user_ids[:]
        self.assertIn(self.deputy, allowed)
        for other in (self.leader, self.handler, self.desk, self.outsider):
            self.assertNotIn(other, allowed)
        form.user_id = self.deputy
        form.reason = "Đi họp tại tỉnh"
        form.save().action_confirm()
        review = dossier.sudo().review_ids
        self.assertEqual(review.forwarded_by_id, self.leader)
        self.assertEqual(review.forwarded_to_id, self.deputy)
        self.assertEqual(review.todo_by, "Deputy, passed on by Leader")
        event = dossier.event_ids[-1]
        self.assertEqual(event.kind, "approval")
        self.assertEqual(event.user_id, self.leader)
        self.assertEqual(event.content, "Passed on to Deputy: Đi họp tại tỉnh")
        self.env.invalidate_all()
        self.assertFalse(dossier.with_user(self.leader).can_review)
        with self._refused(AccessError, "not a reviewer"):
            dossier.with_user(self.leader).action_sign()
        dossier.with_user(self.deputy).action_sign()
        self.assertTrue(dossier.signed_at)
        self.assertEqual(review.done_by, self.deputy)
        self.assertEqual(review.todo_by, "Deputy, passed on by Leader")
        self.assertIsNone(self.env["cchc.dossier.event"]._verify(dossier.ids))

    def test_only_who_must_sign_passes_on(self):
        dossier = self._to_sign()
        for user in (self.deputy, self.handler, self.manager):
            with self._refused(AccessError, "not a reviewer"):
                dossier.with_user(user).forward_tier()
            self.assertFalse(dossier.with_user(user).can_review)
            with self._refused(AccessError, "not a reviewer"):
                dossier.sudo().review_ids.with_user(user).action_forward(
                    self.deputy.id, "Thử"
                )
        self.assertTrue(dossier.with_user(self.leader).can_review)
        dossier.with_user(self.leader).action_sign()
        with self._refused(UserError, "no approval that waits"):
            dossier.with_user(self.leader).forward_tier()

    def test_button_is_shown_to_who_must_sign(self):
        view = self.env["cchc.dossier"].with_user(self.leader)
        arch = view.get_view(view_type="form")["arch"]
        self.assertRegex(arch, r'name="forward_tier"[^>]*not can_review')


@tagged("post_install", "-at_install")
class TestApprovalForwardRpc(ForwardCase, OnestopCase, HttpCase):
    def test_nothing_is_passed_on_over_rpc(self):
        dossier = self._to_sign()
        review = dossier.sudo().review_ids
        self.authenticate(self.handler.login, self.handler.login)
        for model, method, args in (
            ("tier.review", "action_forward", [review.ids, self.handler.id, "Thử"]),
            ("tier.review", "write", [review.ids, {"forwarded_to_id": 1}]),
            ("tier.review", "write", [review.ids, {"forwarded_by_id": 1}]),
            ("cchc.dossier", "forward_tier", [dossier.ids]),
        ):
            with mute_logger("odoo.http"):
                answer = self.url_open(
                    f"/web/dataset/call_kw/{model}/{method}",
                    json={
                        "jsonrpc": "2.0",
                        "method": "call",
                        "params": {
                            "model": model,
                            "method": method,
                            "args": args,
                            "kwargs": {},
                        },
                    },
                ).json()
            self.assertEqual(
                answer["error"]["data"]["name"],
                "odoo.exceptions.AccessError",
                method,
            )
        self.env.invalidate_all()
        self.assertFalse(review.forwarded_to_id)
