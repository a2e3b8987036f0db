import json
import re
from pathlib import Path

import polib

from odoo.modules import get_module_path
from odoo.tests import HttpCase, tagged

from .common import OnestopCase

LANG = "vi_VN"
#: Read the same in both languages, or is data that a test typed.
SAME = {"Email", "PDF", "QR", "SHA-256", "ID"}
#: Stands in an option of Odoo's own view, where no exporter finds it.
UNTRANSLATABLE = (
    "Timezone Mismatch : This timezone is different from that of your browser. "
    "Please, be mindful of this when setting the working hours or the time off."
)


def _texts(term):
    """The pieces of a term that stand alone on the screen."""
    for piece in re.split(r"<[^>]*>|%\(\w+\)s|%s", term):
        text = re.sub(r"\s+", " ", piece).strip()
        if len(text) > 1:
            yield text


@tagged("post_install", "-at_install", "cchc_tour")
class TestVietnamese(OnestopCase, HttpCase):
    """Nobody who works with the suite meets English that is ours or OCA's."""

    # Among the first: where tests run side by side, nothing waits for the longest.
    test_sequence = -10

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if LANG not in dict(cls.env["res.lang"].get_installed()):
            cls.env["res.lang"]._activate_lang(LANG)
            cls.env["ir.module.module"].search(
                [("state", "=", "installed")]
            )._update_translations([LANG])
        modules = cls.env["ir.module.module"].search([("state", "=", "installed")])
        names = modules.mapped("name")
        cls.ours = [name for name in names if re.match(r"cchc_(?!test)", name)]
        cls.others = [name for name in names if name not in cls.ours]

    def _entries(self, *patterns):
        for path in patterns:
            if path.is_file():
                yield from polib.pofile(str(path))

    def _terms(self):
        """Source terms with a Vietnamese of their own: ours and those that we carry."""
        sources, translations = set(), set()
        for name in self.ours:
            folder = Path(get_module_path(name))
            files = [
                *(folder / "i18n" / "vi.po", folder / "i18n_extra" / "vi.po"),
                *folder.glob("i18n_code/*/*/*.po"),
                *folder.glob("i18n_odoo/*/*/*.po"),
            ]
            for entry in self._entries(*files):
                sources.update(_texts(entry.msgid))
                translations.update(_texts(entry.msgstr))
        return sources - translations - SAME

    def _terms_of_others(self):
        """What Odoo's own addons say in English: theirs to translate."""
        terms = {UNTRANSLATABLE}
        for name in self.others:
            path = Path(get_module_path(name)) / "i18n" / f"{name}.pot"
            for entry in self._entries(path):
                terms.update(_texts(entry.msgid))
        return terms

    def test_every_menu_and_form_is_vietnamese(self):
        officer = self._new_user(
            "officer",
            "group_desk",
            "group_handler",
            "group_leader",
            "group_catalogue",
            "group_auditor",
            "group_manager",
            name="Cán bộ kiêm nhiệm",
        )
        officer.lang = LANG
        officer.group_ids += self.env.ref("dms.group_dms_manager")
        for user in self.desk + self.handler + self.leader:
            user.name = f"Nguyễn Văn {user.login}"
        self._accepted()
        self._to_sign()
        self._ready()
        terms = self._terms()
        others = self._terms_of_others() - terms
        self.assertIn("Dossier Code", terms)
        self.assertIn("Directories", terms)
        self.browser_js(
            "/odoo",
            "odoo.loader.modules.get("
            "'@cchc_onestop/../tests/walks/vietnamese').walk("
            f"{json.dumps(sorted(terms))}, {json.dumps(sorted(others))});",
            "odoo.isReady === true",
            login=officer.login,
            timeout=1800,
            success_signal="walk: all in Vietnamese",
        )
