"""What the law fixes in numbers is a setting of the deadline rule."""

import psycopg2
from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..tools import guard
from .common import OnestopCase, local


@tagged("post_install", "-at_install")
class TestDeadlineSettings(OnestopCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # an edition of the commune's own, so that no other agency is changed
        cls.rule = cls.env.ref("cchc_onestop.cchc_deadline_rule_working_day").copy(
            {"code": "working_day", "company_id": cls.commune.id}
        )

    def _extend(self, dossier, moment):
        dossier.with_user(self.leader).action_extend(
            local(moment), "Chờ xác minh", reason=self.delay
        )

    # -- extensions (NĐ 61/2018/NĐ-CP Đ.19 k.9)
    @freeze_time(local("09/11/2026 09:00"))
    def test_one_extension_by_default(self):
        dossier = self._to_sign()
        self.assertEqual(dossier.deadline_rule_id, self.rule)
        self.assertEqual(dossier.extensions_left, 1)
        self._extend(dossier, "18/11/2026 17:00")
        self.assertEqual(dossier.extensions_left, 0)
        with self._refused(
            UserError, r"given a new appointment 1 time\(s\), the most that .* allows"
        ):
            self._extend(dossier, "30/11/2026 17:00")
        self.assertEqual(dossier.due_at, local("18/11/2026 17:00"))

    @freeze_time(local("09/11/2026 09:00"))
    def test_rule_may_allow_more_extensions(self):
        self.rule.with_user(self.catalogue).extension_max = 2
        dossier = self._to_sign()
        self._extend(dossier, "18/11/2026 17:00")
        self._extend(dossier, "20/11/2026 17:00")
        with self._refused(UserError, r"2 time\(s\)"):
            self._extend(dossier, "30/11/2026 17:00")
        self.assertEqual(dossier.extension_ids.mapped("number"), [1, 2])
        self.assertEqual(dossier.due_at, local("20/11/2026 17:00"))
        self.assertEqual(dossier.unextended_due_at, local("12/11/2026 17:00"))
        # a supplement afterwards moves the last of the two new dates
        dossier.with_user(self.leader).action_send_back("Làm rõ")
        with freeze_time(local("11/11/2026 08:00")):
            dossier.with_user(self.handler).action_request_supplement("Thiếu giấy tờ")
        with freeze_time(local("12/11/2026 08:00")):
            dossier.with_user(self.desk).action_resume()
        self.assertEqual(dossier.due_at, local("23/11/2026 17:00"))

    @freeze_time(local("09/11/2026 09:00"))
    def test_rule_may_allow_no_extension(self):
        self.rule.extension_max = 0
        with self._refused(UserError, r"0 time\(s\)"):
            self._extend(self._to_sign(), "18/11/2026 17:00")

    @freeze_time(local("09/11/2026 09:00"))
    def test_two_extensions_never_have_the_same_number(self):
        dossier = self._to_sign()
        self._extend(dossier, "18/11/2026 17:00")
        Extension = guard.unlocked(self.env["cchc.dossier.extension"].sudo())
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.UniqueViolation),
            self.env.cr.savepoint(),
        ):
            Extension.create(
                {
                    "dossier_id": dossier.id,
                    "number": 1,
                    "granted_at": local("09/11/2026 10:00"),
                    "due_at": local("19/11/2026 17:00"),
                }
            )

    @freeze_time(local("09/11/2026 09:00"))
    def test_button_follows_the_rule(self):
        dossier = self._to_sign()
        arch = self.env["cchc.dossier"].get_view(view_type="form")["arch"]
        self.assertIn("not extensions_left", arch)
        self._extend(dossier, "18/11/2026 17:00")
        with Form(dossier.with_user(self.leader)) as form:
            self.assertEqual(form.extensions_left, 0)
        self.rule.extension_max = 2
        self.env.invalidate_all()
        with Form(dossier.with_user(self.leader)) as form:
            self.assertEqual(form.extensions_left, 1)

    @freeze_time(local("09/11/2026 09:00"))
    def test_apology_is_proposed_while_the_rule_allows_one(self):
        dossier = self._to_sign()
        self._extend(dossier, "18/11/2026 17:00")
        self.assertTrue(dossier._alert_row().extended)
        Replan = self.env["cchc.alert.replan"]
        Replan.search([]).unlink()
        self.rule.extension_max = 2
        self.env.invalidate_all()
        self.assertFalse(dossier._alert_row().extended)
        self.assertTrue(Replan.search([]), "open dossiers are planned anew")

    # -- notice of the apology
    def _notice(self, dossier):
        wizard = self.env["cchc.dossier.move"].with_user(self.leader)
        return wizard.create(
            {"dossier_ids": dossier.ids, "move": "extend"}
        ).short_notice

    def test_notice_of_the_apology(self):
        with freeze_time(local("09/11/2026 09:00")):
            dossier = self._to_sign()
        with freeze_time(local("11/11/2026 16:59")):
            self.assertFalse(self._notice(dossier))
        with freeze_time(local("11/11/2026 17:01")):
            self.assertRegex(self._notice(dossier), r"at the latest 1 day\(s\) before")
        self.rule.extension_notice_days = 3
        with freeze_time(local("09/11/2026 16:59")):
            self.assertFalse(self._notice(dossier))
        with freeze_time(local("09/11/2026 17:01")):
            self.assertIn("3 day(s)", self._notice(dossier))
        self.rule.extension_notice_days = 0
        with freeze_time(local("12/11/2026 16:59")):
            self.assertFalse(self._notice(dossier))

    # -- due soon
    def _status(self, dossier, moment):
        with freeze_time(local(moment)):
            self.env.invalidate_all()
            return dossier.clock_status

    def test_due_soon(self):
        """A fifth of the 26 office hours from Mon 9-11 13:30 to Thu 12-11 17:00."""
        with freeze_time(local("09/11/2026 13:30")):
            dossier = self._accepted()
        # 5.2 hours before Thu 17:00 is Thu 9:48
        self.assertEqual(self._status(dossier, "12/11/2026 09:47"), "ok")
        self.assertEqual(self._status(dossier, "12/11/2026 09:48"), "soon")
        self.rule.soon_percent = 50.0
        # 13 hours before Thu 17:00 is Wed 9:30
        self.assertEqual(self._status(dossier, "11/11/2026 09:29"), "ok")
        self.assertEqual(self._status(dossier, "11/11/2026 09:30"), "soon")
        self.rule.soon_percent = 0.0
        self.assertEqual(self._status(dossier, "12/11/2026 16:59"), "ok")

    # -- one notice before acceptance (NĐ 118/2025/NĐ-CP Đ.17 k.2)
    @freeze_time(local("09/11/2026 09:00"))
    def test_completion_is_asked_for_once_by_default(self):
        draft = self._draft()
        draft.action_ask_completion("Thiếu bản chính")
        draft.action_complete()
        with self._refused(UserError, r"asked for 1 time\(s\), the most"):
            draft.action_ask_completion("Thiếu nữa")
        self.rule.completion_max = 2
        draft.action_ask_completion("Thiếu nữa")
        self.assertEqual(draft.state, "pre_supplement")

    # -- supplements
    @freeze_time(local("09/11/2026 09:00"))
    def test_supplements_follow_the_rule(self):
        self.rule.supplement_max = 2
        dossier = self._accepted()
        for _time in range(2):
            dossier.with_user(self.handler).action_request_supplement("Thiếu giấy tờ")
            dossier.with_user(self.desk).action_resume()
        with self._refused(UserError, r"supplemented 2 time\(s\)"):
            dossier.with_user(self.handler).action_request_supplement("Lần ba")
        self.rule.supplement_max = 0
        with self._refused(UserError, r"supplemented 0 time\(s\)"):
            self._accepted().with_user(self.handler).action_request_supplement("Thiếu")

    # -- the rule itself
    @freeze_time(local("09/11/2026 09:00"))
    def test_dossier_keeps_the_edition_of_its_start(self):
        old = self._to_sign()
        edition = self.rule.browse(self.rule.action_new_edition()["res_id"])
        edition.extension_max = 2
        new = self._to_sign()
        self.assertEqual(new.deadline_rule_id, edition)
        self.assertEqual((old.extensions_left, new.extensions_left), (1, 2))

    def test_settings_are_entered_by_form_and_checked(self):
        with Form(self.rule.with_user(self.catalogue)) as form:
            form.extension_max = 2
            form.extension_notice_days = 2
            form.soon_percent = 25
            form.completion_max = 3
        self.assertEqual(self.rule.soon_percent, 25)
        for values in (
            {"extension_max": -1},
            {"extension_notice_days": -1},
            {"soon_percent": 101},
            {"completion_max": 0},
        ):
            with (
                self.subTest(values=values),
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.errors.CheckViolation),
                self.env.cr.savepoint(),
            ):
                self.rule.write(values)
