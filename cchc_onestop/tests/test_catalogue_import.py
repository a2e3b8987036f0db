import base64
import io
from datetime import date

from freezegun import freeze_time
from openpyxl import load_workbook

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from . import catalogue_data as sample
from .common_catalogue import CatalogueCase


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23")
class TestCatalogueImport(CatalogueCase):
    """Importing updates and never doubles; bad rows are named, nothing is half done."""

    def _wizard(self, data, name="danh-muc.xlsx", user=None, **values):
        return (
            self.env["cchc.procedure.import"]
            .with_user(user or self.officer)
            .with_context(cchc_no_progress=True)
            .create(
                {
                    "file": base64.b64encode(data),
                    "file_name": name,
                    "valid_from": "2026-06-01",
                    **values,
                }
            )
        )

    def _import(self, data, name="danh-muc.xlsx", **values):
        wizard = self._wizard(data, name, **values)
        wizard.action_preview()
        wizard.action_import()
        return wizard

    def _find(self, key):
        return self.env["cchc.procedure"].search([("code_key", "=", key)])

    def _statuses(self, wizard):
        return wizard.line_ids.sorted("number").mapped("status")

    def test_spreadsheet_is_previewed_and_imported(self):
        rows = [sample.row("7.000001"), sample.row("7.000002", time="")]
        wizard = self._wizard(sample.xlsx(rows))
        wizard.action_preview()
        self.assertEqual(self._statuses(wizard), ["new", "new"])
        self.assertFalse(self._find("7.000001"))
        wizard.action_import()
        procedure = self._find("7.000001")
        self.assertEqual(procedure.sector_id.name, "Lĩnh vực nhập")
        self.assertEqual(procedure.state, "in_force")
        self.assertEqual(procedure.online_level, "full")
        version = procedure.current_version_id
        self.assertEqual(version.valid_from, date(2026, 6, 1))
        self.assertEqual(
            version.channel_ids.mapped("channel"), ["counter", "online", "post"]
        )
        limit = version._pick_time_limit("online")
        self.assertEqual((limit.amount, limit.unit), (3, "working_day"))
        self.assertEqual(limit.fee_ids.amount, 8000)
        self.assertEqual(limit.fee_ids.legal_text, "8.000 đồng/bản")
        self.assertEqual(
            set(version.legal_basis_ids.mapped("number")),
            {"60/2014/QH13", "23/2015/NĐ-CP"},
        )
        unknown = self._find("7.000002").current_version_id._pick_time_limit()
        self.assertFalse(unknown.is_stated)

    def test_importing_again_changes_nothing(self):
        for data, name in (
            (sample.xlsx([sample.row("7.000001"), sample.row("7.000002")]), "a.xlsx"),
            (
                sample.to_json([sample.record("7.000011"), sample.record("7.000012")]),
                "a.json",
            ),
        ):
            with self.subTest(name=name):
                self._import(data, name)
                before = self.env["cchc.procedure.version"].search_count([])
                wizard = self._import(data, name)
                self.assertEqual(self._statuses(wizard), ["unchanged", "unchanged"])
                after = self.env["cchc.procedure.version"].search_count([])
                self.assertEqual(before, after)

    def test_code_of_a_province_updates_the_same_procedure(self):
        self._import(sample.xlsx([sample.row("7.000001")]))
        wizard = self._import(
            sample.xlsx([sample.row("7.000001.000.00.00.H49", time="02 ngày làm việc")])
        )
        self.assertEqual(self._statuses(wizard), ["changed"])
        self.assertIn("3", wizard.line_ids.changes)
        self.assertEqual(len(self._find("7.000001")), 1)

    def test_changed_procedure_gets_a_version_from_the_day(self):
        self._import(sample.to_json([sample.record("7.000011")]), "a.json")
        procedure = self._find("7.000011")
        first = procedure.version_ids
        changed = sample.record("7.000011")
        changed["CACHTHUCTHUCHIEN"][0]["THOIGIAN"][0]["THOIGIANGIAIQUYET"] = "2"
        self._import(sample.to_json([changed]), "a.json", valid_from="2026-12-01")
        second = procedure.version_ids - first
        self.assertEqual(first.valid_to, date(2026, 11, 30))
        self.assertEqual(second.state, "published")
        self.assertEqual(second.amended_version_id, first)
        self.assertEqual(second._pick_time_limit().amount, 2)
        self.assertEqual(procedure._version_at("2026-11-30"), first)
        self.assertEqual(procedure._version_at("2026-12-01"), second)

    def test_spreadsheet_keeps_the_details_of_the_national_service(self):
        self._import(sample.to_json([sample.record("7.000011")]), "a.json")
        wizard = self._import(
            sample.xlsx(
                [
                    sample.row(
                        "7.000011",
                        name="Thủ tục trong CSDL quốc gia",
                        channels="Trực tiếp, trực tuyến",
                        legal="60/2014/QH13",
                        place="",
                        online="",
                        time="",
                        fee="",
                    )
                ]
            )
        )
        self.assertEqual(self._statuses(wizard), ["unchanged"])

    def test_repealed_rows(self):
        self._import(sample.xlsx([sample.row("7.000001")]))
        rows = [
            sample.row("7.000001", note="Bãi bỏ"),
            sample.row("7.000009", note="Bị bãi bỏ"),
        ]
        wizard = self._import(sample.xlsx(rows), valid_from="2026-12-01")
        self.assertEqual(self._statuses(wizard), ["repealed", "faulty"])
        procedure = self._find("7.000001")
        self.assertEqual(procedure.repealed_from, date(2026, 12, 1))
        with self.assertRaises(UserError):
            procedure._check_receivable("2026-12-01")
        self.assertFalse(self._find("7.000009"))

    def test_faulty_rows_are_left_out_and_given_back(self):
        rows = [
            sample.row("7.000001"),
            sample.row("xyz", name='=HYPERLINK("http://x")'),
            sample.row("7.000003", time="15", name="+danger"),
        ]
        wizard = self._import(sample.xlsx(rows))
        self.assertEqual(self._statuses(wizard), ["new", "faulty", "faulty"])
        faulty = wizard.line_ids.filtered(lambda line: line.status == "faulty")
        self.assertEqual(wizard.line_ids[:2], faulty, "faulty rows come first")
        self.assertEqual(faulty.mapped("number"), [3, 4])
        self.assertIn("formula", faulty[0].reason)
        self.assertIn("15", faulty[1].reason)
        book = load_workbook(io.BytesIO(base64.b64decode(wizard.error_file)))
        cells = [cell for line in book.active.iter_rows() for cell in line]
        self.assertNotIn("f", {cell.data_type for cell in cells})
        self.assertIn("+danger", [cell.value for cell in cells])
        self.assertTrue(self._find("7.000001"))
        self.assertFalse(self._find("7.000003"))

    def test_trial_run_keeps_nothing(self):
        wizard = self._wizard(sample.xlsx([sample.row("7.000001")]))
        wizard.action_preview()
        wizard.action_dry_run()
        self.assertIn("1 versions", wizard.message)
        self.assertEqual(wizard.state, "preview")
        self.assertFalse(self._find("7.000001"))
        self.assertFalse(
            self.env["cchc.sector"].search([("name", "=", "Lĩnh vực nhập")])
        )

    def test_nothing_is_half_imported(self):
        wizard = self._wizard(
            sample.xlsx([sample.row("7.000001"), sample.row("7.000002")])
        )
        self._new_procedure("7.000002", "Đã bãi bỏ", repealed_from="2026-01-01")
        wizard.action_preview()
        with self.assertRefused(UserError, "take back the repeal"):
            wizard.action_import()
        self.assertFalse(self._find("7.000001"))

    def test_official_source_confirms_the_marks(self):
        data = sample.record("7.000011")
        data["CACHTHUCTHUCHIEN"][0]["THOIGIAN"][0]["CANXACNHAN"] = 1
        self._import(sample.to_json([data]), "a.json")
        version = self._find("7.000011").current_version_id
        self.assertTrue(version.to_confirm)
        plain = sample.to_json([sample.record("7.000011")])
        self._import(plain, "a.json")
        self.assertTrue(version.to_confirm)
        wizard = self._import(plain, "a.json", official=True)
        self.assertEqual(self._statuses(wizard), ["confirmed"])
        self.assertFalse(version.to_confirm)
        self.assertEqual(len(version.procedure_id.version_ids), 1)

    def test_list_of_one_agency_leaves_the_shared_one(self):
        self._import(sample.xlsx([sample.row("7.000001")]))
        procedure = self._find("7.000001")
        self._import(
            sample.xlsx([sample.row("7.000001", time="01 ngày làm việc")]),
            user=self.province_officer,
            company_id=self.province.id,
        )
        own = procedure._version_at("2026-11-23", self.commune)
        shared = procedure._version_at("2026-11-23", self.env.ref("base.main_company"))
        self.assertEqual(own.company_id, self.province)
        self.assertEqual(own._pick_time_limit().amount, 1)
        self.assertEqual(shared._pick_time_limit().amount, 3)
        self.assertFalse(shared.valid_to)

    def test_files_that_are_refused(self):
        good = sample.xlsx([sample.row("7.000001")])
        for data, name, pattern in (
            (b"x", "a.xlsx", "cannot be read as an Excel workbook"),
            (good[:300], "a.xlsx", "cannot be read as an Excel workbook"),
            (sample.xlsx([[1]], ["A"]), "a.xlsx", "headings"),
            (sample.bomb(), "a.xlsx", "unpacks to far more"),
            (sample.with_entities(good), "a.xlsx", "document type"),
            (b"{", "a.json", "not valid JSON"),
            (b"[]", "a.json", "no list of procedures"),
            (b"STT;Ma", "a.csv", "cannot be read; save the list"),
        ):
            with self.subTest(name=name, pattern=pattern):
                wizard = self._wizard(data, name)
                with self.assertRefused(UserError, pattern):
                    wizard.action_preview()
        wizard = self._wizard(good)
        wizard.file = False
        with self.assertRefused(UserError, "Choose a file"):
            wizard.action_preview()

    def test_the_exported_list_imports_without_a_change(self):
        procedures = self.env["cchc.procedure"].search(
            [("state", "=", "in_force"), ("code", "not like", "9.%")]
        )
        content, extension = (
            self.env["ir.actions.report"]
            .with_user(self.reader)
            ._render_xlsx("cchc_onestop.procedure_list_report", procedures.ids, {})
        )
        self.assertEqual(extension, "xlsx")
        wizard = self._wizard(content, valid_from="2026-11-23")
        wizard.action_preview()
        self.assertEqual(len(wizard.line_ids), len(procedures))
        self.assertEqual(
            [
                (line.code, line.reason or line.changes)
                for line in wizard.line_ids
                if line.status != "unchanged"
            ],
            [],
        )

    def test_only_catalogue_administrators_import(self):
        with self.assertRaises(AccessError):
            self._wizard(sample.xlsx([sample.row("7.000001")]), user=self.reader)

    def test_a_form_file_survives_the_import(self):
        self._import(sample.to_json([sample.record("7.000011")]), "a.json")
        procedure = self._find("7.000011")
        draft = procedure.current_version_id._amend(date(2026, 7, 1))
        draft.document_ids.template_file = base64.b64encode(b"form")
        draft.action_publish()
        changed = sample.record("7.000011")
        changed["YEUCAU"] = "Có mặt khi nộp"
        self._import(sample.to_json([changed]), "a.json", valid_from="2026-08-01")
        version = procedure.current_version_id
        self.assertEqual(version.conditions, "Có mặt khi nộp")
        self.assertEqual(base64.b64decode(version.document_ids.template_file), b"form")
