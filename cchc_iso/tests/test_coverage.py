import io
from datetime import date

import openpyxl
from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common_document import DocumentCase


@tagged("post_install", "-at_install")
class TestCoverage(DocumentCase):
    """Clauses: what maintains them, what proves them, what is missing."""

    def _data(self, user=None):
        return (
            self.env["cchc.iso.coverage"].with_user(user or self.secretary).get_data()
        )

    def _clause(self, code, user=None):
        for chapter in self._data(user)["chapters"]:
            for clause in [chapter, *chapter["clauses"]]:
                if clause["code"] == code:
                    return clause
        return None

    def _ref(self, code):
        return self.env.ref(f"cchc_iso.clause_9001_2015_{code.replace('.', '_')}")

    def _proof(self, code, **values):
        return (
            self.env["cchc.iso.clause.record"]
            .with_user(self.secretary)
            .create(
                {
                    "name": "Hồ sơ đào tạo",
                    "clause_ids": [Command.set(self._ref(code).ids)],
                    "system_id": self.system.id,
                    "place": "Tủ hồ sơ số 2, Văn phòng",
                    **values,
                }
            )
        )

    def test_a_document_in_force_maintains_its_clause_and_those_below(self):
        self.assertEqual(self._clause("5.2.2")["state"], "missing")
        page = self._document(clause_ids=[Command.set(self._ref("5.2").ids)])
        clause = self._clause("5.2.2")
        self.assertEqual((clause["state"], len(clause["documents"])), ("missing", 1))
        self.assertFalse(clause["documents"][0]["in_force"])
        self._approve(self._issue(page))
        self.assertEqual(self._clause("5.2.2")["state"], "proved")
        self.assertEqual(self._clause("5.1.2")["state"], "free")
        self.assertEqual(self._clause("5.2.2", self.member)["state"], "proved")

    def test_maintain_and_retain_are_both_asked_for(self):
        """8.1 e) asks for a document and for records."""
        self._issued(clause_ids=[Command.set(self._ref("8.1").ids)])
        self.assertEqual(self._clause("8.1")["state"], "partly")
        self._proof("8.1", seen_on=self.today)
        self.assertEqual(self._clause("8.1")["state"], "proved")

    def test_records_kept_elsewhere_are_proof_while_somebody_sees_them(self):
        proof = self._proof("7.2")
        self.assertEqual(self._clause("7.2")["state"], "missing")
        with freeze_time("2026-06-01 03:00:00"):
            proof.seen_on = date(2025, 5, 31)
            self.assertEqual(self._clause("7.2")["state"], "missing")
            proof.seen_on = date(2025, 6, 1)
            self.assertEqual(self._clause("7.2")["state"], "proved")

    def test_live_records_are_counted_per_agency(self):
        self.assertEqual(self._clause("9.2.2")["state"], "missing")
        audit = self.env["mgmtsystem.audit"].create(
            {
                "name": "Đánh giá",
                "system_id": self.system.id,
                "company_id": self.neighbour.id,
                "edition_id": False,
            }
        )
        audit.button_close()
        self.assertEqual(self._clause("9.2.2")["state"], "missing")
        audit.company_id = self.commune
        clause = self._clause("9.2.2")
        self.assertEqual(clause["state"], "proved")
        self.assertEqual([kind["count"] for kind in clause["records"]], [1])

    def test_the_list_behind_a_count_is_for_those_who_may_read_it(self):
        kind = self.env.ref("cchc_iso.clause_record_reception")
        self.assertFalse(self._clause("8.2.3.2", self.member)["records"][0]["may_open"])
        self.assertTrue(
            self._clause("8.2.3.2", self.iso_manager)["records"][0]["may_open"]
        )
        action = kind.with_user(self.iso_manager).action_open()
        self.assertEqual(action["res_model"], "cchc.dossier")
        with self.assertRaises(AccessError):
            kind.with_user(self.member).action_open()

    def test_excluded_clauses_say_why(self):
        self.env["cchc.iso.clause.exclusion"].create(
            {
                "system_id": self.system.id,
                "clause_id": self._ref("8.3").id,
                "justification": "Xã không thiết kế dịch vụ mới",
            }
        )
        before = self._data()["figures"]
        clause = self._clause("8.3.2")
        self.assertEqual(clause["state"], "excluded")
        self.assertEqual(clause["reason"], "Xã không thiết kế dịch vụ mới")
        self.assertEqual(before["excluded"], 7)
        self.assertEqual(
            before["demanded"],
            before["proved"] + before["partly"] + before["missing"],
        )

    def test_every_live_mapping_can_be_counted(self):
        kinds = self.env["cchc.iso.clause.record"].search([("source", "=", "live")])
        self.assertGreater(len(kinds), 10)
        for kind in kinds:
            self.assertIsInstance(kind._count(self.commune), int, kind.name)

    def test_a_mapping_that_cannot_be_read_is_refused(self):
        values = {
            "name": "X",
            "source": "live",
            "model_name": "cchc.dossier",
            "date_field": "accepted_at",
            "clause_ids": [Command.set(self._ref("8.6").ids)],
        }
        Kind = self.env["cchc.iso.clause.record"].with_user(self.iso_manager)
        for wrong, words in (
            ({"model_name": "cchc.nothing"}, "no data called"),
            ({"date_field": "nothing"}, "has no field nothing"),
            ({"domain": "[('nothing', '=', 1)]"}, "cannot be read"),
            ({"domain": "__import__('os')"}, "cannot be read"),
        ):
            with self.assertRaisesRegex(ValidationError, words):
                Kind.create({**values, **wrong})
        with self.assertRaises(AccessError):
            Kind.with_user(self.secretary).create(values)

    def test_paper_and_spreadsheet(self):
        self._issued(clause_ids=[Command.set(self._ref("5.2").ids)])
        report = self.env["ir.actions.report"].with_user(self.member)
        html, _kind = report._render_qweb_html(
            "cchc_iso.report_coverage_action", self.system.ids
        )
        for words in ("TCVN ISO 9001:2015", "QT-01", "Còn thiếu"):
            self.assertIn(words, html.decode())
        content, _kind = report._render_xlsx(
            "cchc_iso.coverage_xlsx_action", self.system.ids, {}
        )
        sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
        rows = {row[0]: row for row in sheet.iter_rows(min_row=5, values_only=True)}
        self.assertIn("QT-01", rows["5.2.2"][3])
        self.assertEqual(rows["9.3.3"][5], "Còn thiếu")

    def test_an_agency_without_a_system_gets_a_sentence(self):
        self.env["mgmtsystem.system"].search([]).edition_id = False
        self.assertFalse(self._data()["system"])
