from contextlib import contextmanager

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.cchc_onestop.tests.common import local

from .common import VoiceCase

SECRET = "Ý kiến không ai khác được đọc"


@tagged("post_install", "-at_install")
class TestAnonymity(VoiceCase):
    """Who settled a dossier never reads its slip, whatever way he asks.

    ``settler`` is the handler with each further role in turn: what he does here is what
    a client does over RPC.
    """

    ROLES = (
        (),
        ("group_desk",),
        ("group_leader",),
        ("group_auditor",),
        ("group_catalogue",),
        ("group_cashier",),
        ("group_manager",),
    )
    MODELS = (
        "cchc.evaluation",
        "cchc.evaluation.answer",
        "cchc.evaluation.followup",
    )

    def setUp(self):
        super().setUp()
        self.dossier = self._returned()
        public = self.env.ref("base.public_user")
        slips = self.env["cchc.evaluation"].with_user(public).sudo()
        self.slip = slips.create(
            {
                "dossier_id": self.dossier.id,
                "level": "dissatisfied",
                "source": "online",
                "comment": SECRET,
            }
        )
        self.followup = self.slip.followup_ids
        self.env.flush_all()
        self.records = {
            "cchc.evaluation": self.slip,
            "cchc.evaluation.answer": self.slip.answer_ids,
            "cchc.evaluation.followup": self.followup,
        }
        for records in self.records.values():
            self.assertTrue(records)

    @contextmanager
    def _as_role(self, groups):
        """Give the settler further roles for a while, and the right to export."""
        with self.subTest(groups=groups), self.env.cr.savepoint() as savepoint:
            self.handler.group_ids += self.env["res.groups"].union(
                self.env.ref("base.group_allow_export"),
                *(self.env.ref(f"cchc_onestop.{group}") for group in groups),
            )
            self.env.flush_all()
            yield self.handler
            savepoint.rollback()
            self.env.invalidate_all()
            self.env.registry.clear_cache()

    def _sees(self, ask):
        """Return what a request gives, nothing when it is refused."""
        try:
            with mute_logger("odoo.addons.base.models.ir_rule", "odoo.models"):
                with self.env.cr.savepoint():
                    return ask()
        except (AccessError, UserError, ValueError, KeyError):
            return None

    def test_read_export_and_names(self):
        for groups in self.ROLES:
            with self._as_role(groups) as user:
                for model, records in self.records.items():
                    mine = records.with_user(user)
                    with self.assertRaises(AccessError):
                        mine.read()
                    with self.assertRaises(AccessError):
                        mine.web_read({"display_name": {}})
                    with self.assertRaises(AccessError):
                        mine.export_data(["id", "company_id"])
                    with self.assertRaises(AccessError):
                        mine.mapped("company_id")
                    self.assertFalse(
                        self._sees(
                            lambda m=model: self.env[m].with_user(user).search([])
                        )
                    )
                    self.assertFalse(
                        self._sees(
                            lambda m=model: (
                                self.env[m].with_user(user).name_search("H50")
                            )
                        )
                    )

    def test_domains_tell_nothing(self):
        tricks = (
            [("level", "=", "dissatisfied")],
            [("comment", "ilike", "không ai")],
            [("active", "in", (True, False))],
            ["!", ("id", "=", 0)],
            ["|", ("level", "=", "dissatisfied"), ("entered_by_id", "=", self.desk.id)],
            [("answer_ids.level", "!=", False)],
            [("dossier_id", "=", self.dossier.id)],
        )
        for groups in self.ROLES:
            with self._as_role(groups) as user:
                slips = self.env["cchc.evaluation"].with_user(user)
                for domain in tricks:
                    self.assertFalse(
                        self._sees(lambda s=slips, d=domain: s.search_count(d)), domain
                    )
                # from the dossier and its neighbours towards the slip
                dossiers = self.env["cchc.dossier"].with_user(user)
                for name, field in dossiers._fields.items():
                    self.assertNotIn(
                        field.comodel_name or "",
                        self.MODELS,
                        f"cchc.dossier.{name} leads to slips",
                    )

    def test_groups_tell_nothing(self):
        for groups in self.ROLES:
            with self._as_role(groups) as user:
                for model in self.MODELS:
                    found = self._sees(
                        lambda m=model: (
                            self.env[m].with_user(user)._read_group([], [], ["__count"])
                        )
                    )
                    self.assertIn(found, (None, [(0,)]))
                    formatted = self._sees(
                        lambda m=model: (
                            self.env[m]
                            .with_user(user)
                            .formatted_read_group([], ["company_id"], ["__count"])
                        )
                    )
                    self.assertFalse(formatted)

    def test_messages_and_activities_tell_nothing(self):
        self.followup.message_post(body=SECRET)
        for groups in self.ROLES:
            with self._as_role(groups) as user:
                messages = self.env["mail.message"].with_user(user)
                self.assertFalse(messages.search([("body", "ilike", "không ai khác")]))
                self.assertFalse(
                    messages.search(
                        [
                            ("model", "=", "cchc.evaluation.followup"),
                            ("res_id", "=", self.followup.id),
                        ]
                    )
                )
                activities = self.env["mail.activity"].with_user(user)
                self.assertFalse(
                    activities.search([("res_model", "=", "cchc.evaluation.followup")])
                )
        # nor is anything of it in the dossier, which the handler reads
        dossier = self.dossier.with_user(self.handler)
        self.assertFalse(
            dossier.message_ids.filtered(lambda m: "không ai khác" in (m.body or ""))
        )
        self.assertFalse(
            dossier.event_ids.filtered(lambda e: "không ai khác" in (e.content or ""))
        )
        self.assertFalse(dossier.activity_ids)

    def test_writing_around_tells_nothing(self):
        for groups in self.ROLES:
            with self._as_role(groups) as user:
                slip = self.slip.with_user(user)
                with self._refused((AccessError, UserError), "."):
                    slip.write({"entered_by_id": user.id})
                with self.assertRaises(AccessError), self.env.cr.savepoint():
                    slip._void("để xem")
                with self._refused((AccessError, UserError), "."):
                    self.followup.with_user(user).write({"user_id": user.id})
                self.assertFalse(slip.has_access("read"))

    def test_invitations_tell_nothing_to_handlers(self):
        self._invite(self.dossier)
        invitations = self.env["cchc.evaluation.invitation"].with_user(self.handler)
        with self.assertRaises(AccessError):
            invitations.search([])
        for user in (self.manager, self.leader, self.desk):
            found = self.env["cchc.evaluation.invitation"].with_user(user)
            with self.assertRaises(AccessError):
                found.search([("token_digest", "!=", False)])
            with self.assertRaises(AccessError):
                found.search([("used_at", "!=", False)])

    def test_published_sums_are_all_he_sees(self):
        with self.subTest("too few"):
            self.assertLess(
                self.env["cchc.evaluation"].search_count(
                    [("company_id", "=", self.commune.id)]
                ),
                self.commune.cchc_evaluation_minimum,
            )
        self._slips(5, at="11/11/2026 09:00")
        result = (
            self.env["cchc.evaluation.result"]
            .with_user(self.leader)
            .create({"period": "month", "date_from": "2026-11-01"})
        )
        self.env["cchc.evaluation.result"].with_user(self.handler).search([])
        with freeze_time(local("02/12/2026 09:00")):
            result.action_compute()
            mine = self.env["cchc.evaluation.result"].with_user(self.handler)
            self.assertFalse(mine.search([]))
            self.assertFalse(mine.line_ids.search([]))
            with self.assertRaises(AccessError):
                result.with_user(self.handler).read(["number"])
            result.action_publish()
        shown = mine.search([])
        self.assertEqual(shown, result)
        for line in shown.line_ids:
            self.assertGreaterEqual(line.number, self.commune.cchc_evaluation_minimum)
