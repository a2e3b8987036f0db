import ast
from importlib import import_module
from pathlib import Path

from odoo.modules import get_module_path
from odoo.tests import TransactionCase
from odoo.tools.translate import TranslationModuleReader, code_translations

from ..code_terms import folders_of

LANG = "vi_VN"


class Exporter(TranslationModuleReader):
    """Odoo's exporter; looks for code only where the addons are, not everywhere."""

    def __init__(self, cr, addons, lang):
        self.addons = addons
        super().__init__(cr, addons, lang)

    def _export_translatable_resources(self):
        folders = {str(Path(get_module_path(addon)).parent) for addon in self.addons}
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


class CarrierCase(TransactionCase):
    """An addon that carries the Vietnamese of others, with the language loaded."""

    # The checks that hold for each carrier are inherited.
    allow_inherited_tests_method = True
    #: Name of the addon; the addons whose Vietnamese it carries.
    carrier = ""
    carried = ()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        modules = cls.env["ir.module.module"]
        cls.modules = modules.search([("name", "in", [*cls.carried, cls.carrier])])
        if LANG not in dict(cls.env["res.lang"].get_installed()):
            cls.env["res.lang"]._activate_lang(LANG)
            cls.modules._update_translations([LANG])
        cls.vi = cls.env(context={"lang": LANG})

    def module(self, name):
        return self.modules.filtered(lambda module: module.name == name)

    def label(self, xmlid):
        return self.vi.ref(xmlid).name


class CarrierChecks:
    """What holds for each carrier; goes with :class:`CarrierCase`."""

    #: What reads the same in both languages: names of formats, examples, icons.
    same = frozenset()
    #: Addons of Odoo whose code is filled in.
    filled = ()
    #: A term that Python says, for whoever doubts that they are found.
    python_term = ()

    def test_every_exported_term_is_vietnamese(self):
        rows = list(Exporter(self.env.cr, list(self.carried), LANG))
        self.assertFalse({row[0] for row in rows} - set(self.carried))
        self.assertEqual({row[1] for row in rows}, {"code", "model", "model_terms"})
        english = {
            (module, name, source)
            for module, _type, name, _id, source, value, _comments in rows
            if not value and source not in self.same
        }
        self.assertFalse(english, f"{len(english)} terms of {len(rows)} are English")

    def test_every_text_of_python_is_vietnamese(self):
        terms = [
            (addon, term) for addon in self.carried for term in python_terms(addon)
        ]
        self.assertIn(self.python_term, terms)
        english = [
            (addon, term)
            for addon, term in terms
            if term not in code_translations.get_python_translations(addon, LANG)
        ]
        self.assertFalse(english)

    def test_the_same_in_both_languages_is_still_exported(self):
        sources = {row[4] for row in Exporter(self.env.cr, list(self.carried), LANG)}
        self.assertFalse(self.same - sources)

    def test_folders_of_code_terms(self):
        home = Path(get_module_path(self.carrier))
        folders = folders_of(home)
        self.assertTrue(folders)
        for addon, folder in folders:
            self.assertIn(addon, [*self.carried, *self.filled])
            places = import_module(f"odoo.addons.{addon}").__path__
            self.assertEqual(list(places).count(str(folder)), 1)
            # The addon's own files come first: only what it lacks is found in ours.
            self.assertEqual(places[0], get_module_path(addon))
