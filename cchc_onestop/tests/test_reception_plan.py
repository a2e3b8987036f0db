from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import OnestopCase


@tagged("post_install", "-at_install")
class TestReceptionPlan(OnestopCase):
    """What reception needs of the catalogue is read once, and never out of date."""

    def _accept_some(self, count):
        drafts = self.env["cchc.dossier"].with_user(self.desk)
        for _each in range(count):
            drafts |= self._draft()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        drafts.action_accept()
        self.env.flush_all()
        return drafts, self.cr.sql_log_count - before

    def test_queries_do_not_grow_with_the_number(self):
        self._accept_some(1)
        _one, few = self._accept_some(1)
        _many, more = self._accept_some(8)
        # One for the further numbers of the series, which are taken together.
        self.assertLessEqual(more, few + 2)
        self.assertLessEqual(few, 45)

    def test_nobody_follows_what_he_receives(self):
        dossier = self._draft().with_context(tracking_disable=False)
        self.assertFalse(dossier.message_follower_ids)

    def test_new_process_is_followed_at_once(self):
        first = self._accepted()
        self.assertEqual(first.user_id, self.handler)
        amended = self.env["cchc.process"].create(
            {
                "version_id": first.version_id.id,
                "company_id": self.commune.id,
                "valid_from": "2025-01-01",
                "step_ids": [
                    Command.create(
                        {
                            "name": "Tiếp nhận",
                            "role": "receive",
                            "planned_amount": 0.5,
                        }
                    ),
                    Command.create(
                        {
                            "name": "Thụ lý khác",
                            "role": "handle",
                            "planned_amount": 4.0,
                            "user_ids": [Command.set(self.colleague.ids)],
                        }
                    ),
                ],
            }
        )
        amended.action_publish()
        second = self._accepted()
        self.assertEqual(second.process_id, amended)
        self.assertEqual(second.user_id, self.colleague)

    def test_a_person_who_left_gets_no_dossier(self):
        dossier = self._accepted()
        self.assertEqual(dossier.user_id, self.handler)
        # who still has work is not archived
        dossier.with_user(self.handler).action_pass_step()
        self.handler.sudo().active = False
        self.assertFalse(self._accepted().user_id)

    def test_repealed_procedure_is_refused_at_once(self):
        self._accepted()
        self.procedure.repealed_from = "2025-01-01"
        draft = self._draft()
        with self._refused(UserError, "repealed"):
            draft.action_accept()

    def test_token_is_not_typed_in(self):
        with self._refused(UserError, "not typed in"):
            self.procedure.with_user(self.catalogue).plan_token = "x"

    def test_rows_belong_to_the_agencies_of_their_dossier(self):
        dossier = self._draft()
        row = (
            self.env["cchc.dossier.document"]
            .with_user(self.desk)
            .create(
                {
                    "dossier_id": dossier.id,
                    "name": "Giấy tờ thêm",
                    "company_id": self.neighbour.id,
                }
            )
        )
        self.assertEqual(row.company_id, self.commune)
        self.assertEqual(row.receiving_company_id, self.commune)
