"""“Why this estimate?” says what the estimate rests on."""

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import MONDAY, RiskCase, local


@tagged("post_install", "-at_install")
class TestExplanation(RiskCase):
    """A dossier of Monday 9 November 2026, due on Thursday 17:00."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._usual_past()
        with freeze_time(local(MONDAY)):
            cls.agencies._build(cls.commune)

    def _page(self, user, at, dossier=None):
        if not dossier:
            with freeze_time(local(MONDAY)):
                dossier = self._accepted()
        with freeze_time(local(at)):
            action = dossier.with_user(user).action_explain_risk()
        return self.env[action["res_model"]].with_user(user).browse(action["res_id"])

    def test_sentence_and_bottleneck(self):
        for user in (self.handler, self.leader, self.auditor, self.desk):
            page = self._page(user, "11/11/2026 09:00")
            self.assertEqual((page.base, page.count), ("step", 60))
            # 30 of the past were handled for more than 15 hours, 8 for more than 26
            self.assertIn("Of 30 dossiers", page.sentence)
            self.assertRegex(page.sentence, "8 took more than the 13[.,]5 hours")
            self.assertEqual(round(page.chance, 2), 0.27)
            self.assertEqual((page.spent, page.left), (15.0, 13.5))
            self.assertEqual(page.bottleneck, "Thụ lý")
            self.assertEqual(
                page.line_ids.mapped("name"), ["Thụ lý", "Ký duyệt", "Vào sổ, đóng dấu"]
            )
            self.assertEqual(page.line_ids.mapped("is_present"), [True, False, False])
            self.assertEqual(page.line_ids[1].median, 2.0)
            self.assertIn("This step: 60", page.history_note)

    def test_not_enough(self):
        self.env["cchc.risk.threshold"].search([]).write({"least": 100})
        page = self._page(self.handler, "11/11/2026 09:00")
        self.assertEqual(page.base, "none")
        self.assertIn("not enough history", page.sentence)
        self.assertIn("At least 100", page.history_note)

    def test_overdue(self):
        page = self._page(self.handler, "13/11/2026 09:00")
        self.assertEqual((page.base, page.chance), ("late", 1.0))

    def test_longer_than_nearly_all(self):
        page = self._page(self.handler, "12/11/2026 16:30")
        self.assertIn("longer than nearly all", page.sentence)

    def test_only_readers_of_the_dossier(self):
        with freeze_time(local(MONDAY)):
            dossier = self._accepted()
        with self._refused(AccessError, "."):
            self.env["cchc.risk.explanation"].with_user(self.outsider).create(
                {"dossier_id": dossier.id}
            )
        page = self._page(self.handler, "11/11/2026 09:00", dossier)
        with self._refused(AccessError, "."):
            page.with_user(self.colleague).read(["sentence"])

    def test_the_form(self):
        page = self._page(self.handler, "11/11/2026 09:00")
        with Form(page) as form:
            self.assertEqual(form.base, "step")
