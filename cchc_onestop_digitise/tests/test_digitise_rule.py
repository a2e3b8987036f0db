from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.cchc_onestop.tests.common import local

from .common import DigitiseCase

EARLY, LATE = local("10/03/2026 09:00"), local("20/05/2026 09:00")


@tagged("post_install", "-at_install")
class TestDigitiseRule(DigitiseCase):
    """Which parts must be digitised: rules with dates beside published versions."""

    def _required(self, dossier):
        return sorted(
            key
            for part, key in dossier._part_keys().items()
            if dossier.document_ids.browse(part).digitise_required
        )

    def test_the_answer_is_copied_with_its_basis(self):
        part = self._part(self._case(), "GCN")
        self.assertTrue(part.digitise_required)
        self.assertEqual(part.digitise_basis, "decision")
        self.assertIn("12/QĐ-UBND", part.digitise_legal)
        self.assertEqual(part.digital_state, "missing")

    def test_a_later_rule_moves_nothing_that_was_accepted(self):
        with freeze_time(EARLY):
            before = self._case()
            draft = self._draft(procedure=self.certified)
        self.rule.valid_to = "2026-04-30"
        self.rule.copy(
            {"valid_from": "2026-05-01", "valid_to": False, "part_code": "TK"}
        )
        with freeze_time(LATE):
            after = self._case()
            self.assertEqual(self._required(draft), ["GCN"])
            draft.action_accept()
        self.assertEqual(self._required(before), ["GCN"])
        self.assertEqual(self._required(after), ["TK"])
        self.assertEqual(self._required(draft), ["TK"])

    def test_words_do_not_mind_case_and_accents(self):
        self.rule.write(
            {"procedure_id": False, "part_code": False, "part_name": "GIẤY TO"}
        )
        self.assertEqual(self._required(self._case()), ["TP03"])
        self.rule.part_name = "giấy chứng"
        self.assertEqual(self._required(self._case()), ["GCN"])
        self.rule.part_name = "ấy chứng"
        self.assertEqual(self._required(self._case()), [])

    def test_the_more_special_rule_holds(self):
        self.rule.procedure_id = False
        self.rule.copy({"procedure_id": self.certified.id, "required": False})
        self.assertEqual(self._required(self._case()), [])
        self.rule.copy(
            {"procedure_id": self.certified.id, "company_id": self.commune.id}
        )
        self.assertEqual(self._required(self._case()), ["GCN"])

    def test_what_the_version_says_holds_where_no_rule_speaks(self):
        part = self.certified._version_at().document_ids[0]
        part._unsealed().write(
            {"digitise_required": True, "digitise_basis": "QĐ 99/QĐ-UBND"}
        )
        dossier = self._case()
        self.assertEqual(self._required(dossier), ["GCN", "TK"])
        self.assertEqual(self._part(dossier, "TK").digitise_legal, "QĐ 99/QĐ-UBND")
        self.rule.copy({"part_code": "TK", "required": False})
        self.assertEqual(self._required(self._case()), ["GCN"])

    def test_results_have_rules_of_their_own(self):
        dossier = self._case()
        dossier.action_add_result()
        result = dossier.document_ids.filtered("is_result")
        self.assertFalse(result.digitise_required)
        self.env["cchc.digitise.rule"].create(
            {
                "applies_to": "result",
                "basis": "sector_law",
                "legal_basis": "Luật chuyên ngành",
                "valid_from": "2024-01-01",
            }
        )
        other = self._case()
        other.action_add_result()
        self.assertTrue(other.document_ids.filtered("is_result").digitise_required)
        self.assertEqual(self._required(other), ["GCN", "TP04"])

    def test_a_rule_by_decision_names_it(self):
        with self.assertRaises(ValidationError):
            self.rule.decision_number = False

    def test_nobody_ticks_it_by_hand(self):
        dossier = self._case()
        part = self._part(dossier, "TK")
        for vals in (
            {"digitise_required": True},
            {"digitised_at": "2026-01-01 00:00:00"},
            {"reused_from_id": part.id},
        ):
            with self._refused(UserError, "not by hand"):
                part.with_user(self.desk).write(vals)
        made = (
            self.env["cchc.dossier.document"]
            .with_user(self.desk)
            .create(
                {
                    "dossier_id": dossier.id,
                    "name": "Thêm",
                    "digitised_at": "2026-01-01 00:00:00",
                    "digitise_required": True,
                }
            )
        )
        self.assertFalse(made.digitised_at or made.digitise_required)

    def test_acceptance_asks_the_rules_once(self):
        self._case()
        self.env.flush_all()
        drafts = self.env["cchc.dossier"]
        for _number in range(3):
            drafts |= self._draft(procedure=self.certified)
        self.env.flush_all()
        rules = self.env["cchc.digitise.rule"]
        today = self.commune._cchc_local_date(drafts[0].create_date)
        with self.assertQueryCount(0):
            rules._in_force(self.commune.id, today)
            drafts.document_ids._digitise_vals(
                drafts[0],
                {"code": "GCN", "name": "Giấy"},
                drafts.document_ids[0].part_id,
            )
