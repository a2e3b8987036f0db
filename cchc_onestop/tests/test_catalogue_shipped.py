import json

from odoo.tests import TransactionCase, tagged
from odoo.tools import file_open


@tagged("post_install", "-at_install")
class TestCatalogueShipped(TransactionCase):
    """The commune procedures that come with the addon are ready for use."""

    def _get(self, code):
        return self.env.ref("cchc_onestop.procedure_" + code.replace(".", "_"))

    def test_every_shipped_procedure_can_be_received(self):
        with file_open("cchc_onestop/data/procedures.json", "rb") as stream:
            codes = [record["MATTHC"] for record in json.load(stream)]
        self.assertGreaterEqual(len(codes), 100)
        for code in codes:
            with self.subTest(code=code):
                version = self._get(code)._check_receivable("2026-11-23")
                self.assertTrue(version.result_ids)
                self.assertTrue(version.legal_basis_ids)
                self.assertTrue(version.subject_ids)

    def test_statutory_times_of_the_law(self):
        for code, amount, unit in (
            ("1.001193", 1, "same_day"),
            ("2.000806", 15, "calendar_day"),
            ("1.004837", 3, "working_day"),
            ("2.001159", 1, "working_hour"),
            ("1.001699", 25, "working_day"),
        ):
            with self.subTest(code=code):
                version = self._get(code)._version_at("2026-11-23")
                limit = version._pick_time_limit("counter")
                self.assertEqual((limit.amount, limit.unit), (amount, unit))
                self.assertFalse(limit.to_confirm)

    def test_time_when_verification_is_needed(self):
        version = self._get("1.000894")._version_at("2026-11-23")
        case = version.case_ids.filtered(lambda row: "xác minh" in row.name)
        limit = version._pick_time_limit("counter", case)
        self.assertEqual((limit.amount, limit.unit), (5, "working_day"))

    def test_general_knowledge_is_marked(self):
        version = self._get("1.004873")._version_at("2026-11-23")
        self.assertTrue(version._pick_time_limit().to_confirm)
        self.assertTrue(version.to_confirm)

    def test_fees(self):
        copy = self._get("2.000815")._version_at("2026-11-23")
        fee = copy._pick_time_limit().fee_ids
        self.assertEqual(fee._total_for(5), 7000)
        self.assertEqual(fee._total_for(1000), 200000)
        late = self._get("1.001193")._version_at("2026-11-23")
        self.assertFalse(late._pick_time_limit().fee_ids.is_stated)
        free = self._get("1.000894")._version_at("2026-11-23")
        self.assertTrue(free._pick_time_limit().fee_ids.is_stated)
        self.assertEqual(free._pick_time_limit().fee_ids.amount, 0)

    def test_interlinked_groups_begin_with_their_decree(self):
        procedure = self._get("3.000722")
        self.assertTrue(procedure.interlinked)
        self.assertFalse(procedure._version_at("2026-08-31"))
        self.assertTrue(procedure._version_at("2026-09-01"))

    def test_loading_again_adds_nothing(self):
        before = self.env["cchc.procedure.version"].search_count([])
        self.env["cchc.catalogue.loader"]._load_shipped()
        self.assertEqual(self.env["cchc.procedure.version"].search_count([]), before)

    def test_an_upgrade_leaves_alone_what_an_office_may_change(self):
        renewed = self.env["ir.model.data"].search(
            [
                ("module", "=", "cchc_onestop"),
                ("model", "=like", "cchc.%"),
                ("noupdate", "=", False),
            ]
        )
        self.assertFalse(renewed.mapped(lambda row: f"{row.model}: {row.name}"))
