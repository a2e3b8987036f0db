import ast
import re
from importlib import import_module
from pathlib import Path

import polib

from odoo.exceptions import ValidationError
from odoo.modules import get_module_path
from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import TranslationModuleReader, code_translations

from ..code_terms import FOLDERS, HERE, join_folders

LANG = "vi_VN"
ADDONS = ["base_tier_validation", "dms", "report_xlsx"]
ODOO = ["base", "html_editor", "mail", "web"]

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


class Exporter(TranslationModuleReader):
    """Odoo's exporter; looks for code only where the addons are, not everywhere."""

    def _export_translatable_resources(self):
        folders = {str(Path(get_module_path(addon)).parent) for addon in ADDONS}
        self._path_list = [(folder, True) for folder in sorted(folders)]
        return super()._export_translatable_resources()


def python_terms(addon):
    """The texts in calls of `_`, in f-strings too, which the exporter skips."""
    folder = Path(get_module_path(addon))
    for path in folder.rglob("*.py"):
        if path.relative_to(folder).parts[0] in ("tests", "migrations"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            term = node.args[0]
            if name in ("_", "_lt") and isinstance(term, ast.Constant):
                yield term.value


@tagged("post_install", "-at_install")
class TestVietnamese(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        modules = cls.env["ir.module.module"]
        cls.modules = modules.search([("name", "in", [*ADDONS, "cchc_l10n_vi"])])
        if LANG not in dict(cls.env["res.lang"].get_installed()):
            cls.env["res.lang"]._activate_lang(LANG)
            cls.modules._update_translations([LANG])
        cls.vi = cls.env(context={"lang": LANG})

    def module(self, name):
        return self.modules.filtered(lambda module: module.name == name)

    def label(self, xmlid):
        return self.vi.ref(xmlid).name

    def test_every_exported_term_is_vietnamese(self):
        rows = list(Exporter(self.env.cr, ADDONS, LANG))
        self.assertEqual({row[0] for row in rows}, set(ADDONS))
        self.assertEqual({row[1] for row in rows}, {"code", "model", "model_terms"})
        english = {
            (module, name, source)
            for module, _type, name, _id, source, value, _comments in rows
            if not value and source not in SAME
        }
        self.assertFalse(english, f"{len(english)} terms of {len(rows)} are English")

    def test_every_text_of_python_is_vietnamese(self):
        terms = [(addon, term) for addon in ADDONS for term in python_terms(addon)]
        self.assertIn(
            ("base_tier_validation", "Operation has been <b>rejected</b>."), terms
        )
        english = [
            (addon, term)
            for addon, term in terms
            if term not in code_translations.get_python_translations(addon, LANG)
        ]
        self.assertFalse(english)

    def test_the_same_in_both_languages_is_still_exported(self):
        sources = {row[4] for row in Exporter(self.env.cr, ADDONS, LANG)}
        self.assertFalse(SAME - sources)

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

    def test_folders_of_code_terms(self):
        for folder in (*FOLDERS[0].iterdir(), *FOLDERS[1].iterdir()):
            self.assertIn(folder.name, ADDONS + ODOO)
            places = import_module(f"odoo.addons.{folder.name}").__path__
            self.assertEqual(list(places).count(str(folder)), 1)
            # The addon's own files come first: only what it lacks is found in ours.
            self.assertEqual(places[0], get_module_path(folder.name))

    def test_what_odoo_leaves_in_english(self):
        fields_ = self.vi["res.users"].fields_get(["is_out_of_office"])
        self.assertEqual(fields_["is_out_of_office"]["string"], "Vắng mặt")
        terms = code_translations.get_web_translations("web", LANG)["messages"]
        found = {term["id"]: term["string"] for term in terms}
        self.assertEqual(found["Year to date"], "Từ đầu năm")
        # Odoo's words stay where it has some.
        for path in (*FOLDERS[1].rglob("*.po"), HERE / "i18n_extra" / "vi.po"):
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
