import re

import polib

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools.translate import code_translations

from ..code_terms import HERE, join_folders
from .common import LANG, CarrierCase, CarrierChecks

# What reads the same in both languages: names of formats, examples, icons.
SAME = {
    "ID",
    "XLSX",
    "exe,msi",
    "mail.catchall.domain",
    '<span class="oe_read_only">@</span>\n'
    '                                        <span class="oe_edit_only"> @ </span>',
    '<i class="fa fa-xs fa-folder"/>\n'
    "                                            <span>&amp;nbsp;</span>",
    '<i class="fa fa-xs fa-file"/>\n'
    "                                            <span>&amp;nbsp;</span>",
}


@tagged("post_install", "-at_install")
class TestVietnamese(CarrierChecks, CarrierCase):
    carrier = "cchc_l10n_vi"
    carried = ("base_tier_validation", "dms", "report_xlsx")
    filled = ("base", "html_editor", "mail", "web")
    same = SAME
    python_term = ("base_tier_validation", "Operation has been <b>rejected</b>.")

    def test_labels(self):
        self.assertEqual(self.label("dms.category_dms_security"), "Tài liệu")
        self.assertEqual(self.label("dms.res_groups_privilege_dms"), "Tài liệu")
        self.assertEqual(self.label("dms.group_dms_manager"), "Quản trị")
        self.assertEqual(
            self.label("base_tier_validation.mail_act_tier_validation_reminder"),
            "Nhắc phê duyệt",
        )
        review = self.vi["tier.review"].fields_get(["status", "done_by"])
        self.assertEqual(
            dict(review["status"]["selection"])["approved"], "Đã phê duyệt"
        )
        self.assertEqual(review["done_by"]["string"], "Người thực hiện")
        arch = self.vi["dms.directory"].get_view(
            self.env.ref("dms.view_dms_directory_kanban").id, "kanban"
        )["arch"]
        self.assertIn("Thư mục", arch)
        self.assertNotIn("Directories", arch)

    def test_buttons_of_an_approval(self):
        html = str(
            self.vi["ir.qweb"]._render("base_tier_validation.tier_validation_label", {})
        )
        self.assertIn('string="Phê duyệt"', html)
        self.assertIn("<b>từ chối</b>", html)
        self.assertNotIn("rejected</b>", html)

    def test_error(self):
        with self.assertRaisesRegex(ValidationError, "phải thuộc một kho lưu trữ"):
            self.vi["dms.directory"].create(
                {"name": "Hồ sơ", "is_root_directory": True}
            )

    def test_web_client(self):
        modules, _parameters = self.env["ir.http"]._get_translations_for_webclient(
            ["dms", "base_tier_validation"], LANG
        )
        terms = {
            term["id"]: term["string"]
            for translations in modules.values()
            for term in translations["messages"]
        }
        self.assertEqual(terms["Upload"], "Tải lên")
        self.assertEqual(
            terms["No reviews to do."], "Không có phê duyệt nào cần xử lý."
        )

    def test_our_words_prevail_over_those_of_the_addon(self):
        # The addon has a vi_VN.po of its own, in other words.
        view = self.env.ref("base_tier_validation.tier_definition_view_form")
        bypass = "Bỏ qua nếu cấp trước do cùng một người phê duyệt"
        self.assertIn(bypass, view.with_context(lang=LANG).arch_db)
        terms = code_translations.get_python_translations("base_tier_validation", LANG)
        self.assertEqual(terms["A review was accepted"], "Đã phê duyệt")

    def test_terms_survive_an_update_of_the_addon(self):
        view = self.env.ref("base_tier_validation.tier_definition_view_form")
        ours = view.with_context(lang=LANG).arch_db
        menu = self.label("base_tier_validation.menu_tier_confirmation")
        # What an update does: it writes the source anew, then loads the addon's files.
        view.with_context(lang="en_US").arch_db = view.with_context(
            lang="en_US"
        ).arch_db.replace("</form>", "<span>New</span></form>")
        self.module("base_tier_validation")._update_translations([LANG])
        now = self.env.ref(view.xml_id).with_context(lang=LANG).arch_db
        self.assertEqual(now.replace("<span>New</span>", ""), ours)
        self.assertEqual(
            self.label("base_tier_validation.menu_tier_confirmation"), menu
        )

    def test_an_update_that_overwrites_ends_with_our_words(self):
        view = self.env.ref("base_tier_validation.tier_definition_view_form")
        ours = view.with_context(lang=LANG).arch_db
        self.module("base_tier_validation")._update_translations([LANG], overwrite=True)
        self.assertNotEqual(view.with_context(lang=LANG).arch_db, ours)
        # An update of the addon is followed by one of ours, which depends on it.
        self.assertIn(
            self.module("cchc_l10n_vi"),
            self.module("base_tier_validation").downstream_dependencies(),
        )
        self.module("cchc_l10n_vi")._update_translations([LANG], overwrite=True)
        self.assertEqual(view.with_context(lang=LANG).arch_db, ours)

    def test_a_language_that_is_loaded_later(self):
        menu = self.env.ref("base_tier_validation.menu_tier_confirmation")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE ir_ui_menu SET name = name - %s WHERE id = %s", [LANG, menu.id]
        )
        self.env.invalidate_all()
        self.assertEqual(menu.with_context(lang=LANG).name, "Tier Validations")
        self.modules._update_translations([LANG])
        self.assertEqual(menu.with_context(lang=LANG).name, "Phê duyệt theo cấp")

    def test_records_that_an_addon_makes_later(self):
        """A value of a mixin's selection bears the external id of OCA's addon."""
        value = self.env.ref(
            "base_tier_validation.selection__tier_validation__validation_status__no"
        )
        self.env.cr.execute(
            "UPDATE ir_model_fields_selection SET name = name - %s WHERE id = %s",
            [LANG, value.id],
        )
        self.env.invalidate_all()
        self.assertEqual(value.with_context(lang=LANG).name, "Without validation")
        self.env["ir.module.module"]._load_module_terms(["report_xlsx"], [LANG])
        self.assertEqual(value.with_context(lang=LANG).name, "Chưa trình duyệt")

    def test_words_of_an_administrator_are_kept(self):
        menu = self.env.ref("base_tier_validation.menu_tier_confirmation")
        menu.update_field_translations("name", {LANG: "Ký duyệt nhiều cấp"})
        self.modules._update_translations([LANG])
        self.assertEqual(menu.with_context(lang=LANG).name, "Ký duyệt nhiều cấp")

    def test_what_odoo_leaves_in_english(self):
        fields_ = self.vi["res.users"].fields_get(["is_out_of_office"])
        self.assertEqual(fields_["is_out_of_office"]["string"], "Vắng mặt")
        terms = code_translations.get_web_translations("web", LANG)["messages"]
        found = {term["id"]: term["string"] for term in terms}
        self.assertEqual(found["Year to date"], "Từ đầu năm")
        self.assertEqual(found["Search more..."], "Tìm thêm…")
        # Odoo's words stay where it has some.
        files = [*HERE.glob("i18n_odoo/*/*/*.po"), HERE / "i18n_extra" / "vi.po"]
        for path in files:
            for entry in polib.pofile(str(path)):
                self.assertTrue(entry.msgstr, entry.msgid)
                holes = re.compile(r"%\(\w+\)s|%s")
                self.assertEqual(
                    sorted(holes.findall(entry.msgid)),
                    sorted(holes.findall(entry.msgstr)),
                )

    def test_terms_read_before_are_read_again(self):
        self.addCleanup(code_translations.python_translations.pop, ("dms", LANG), None)
        code_translations.python_translations["dms", LANG] = {}
        join_folders()
        terms = code_translations.get_python_translations("dms", LANG)
        self.assertEqual(terms["%s Files"], "%s tệp")
