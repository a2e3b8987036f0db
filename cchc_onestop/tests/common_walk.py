import json
import re
from pathlib import Path

import polib

from odoo.modules import get_module_path
from odoo.tests import HttpCase
from odoo.tools.safe_eval import safe_eval

from .common import OnestopCase

LANG = "vi_VN"
#: Read the same in both languages, also where Odoo says so, or is data of a test.
SAME = {
    "Checksum/SHA1",
    "Email",
    "ID",
    "Onboarding",
    "PDF",
    "QR",
    "SHA-256",
    "URL",
}
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


class WalkCase(OnestopCase, HttpCase):
    """Goes through whole apps in a browser: every menu, view and filter."""

    # Among the first: where tests run side by side, nothing waits for the longest.
    test_sequence = -10

    def _open_all(self, user, menu):
        """Open below a menu, without a browser, every view and read what it shows."""
        menus = self.env["ir.ui.menu"].with_user(user)
        below = menus.search([("id", "child_of", self.env.ref(menu).id)])
        actions = {
            menu.action.sudo()
            for menu in below
            if menu.action and menu.action._name == "ir.actions.act_window"
        }
        self.assertTrue(actions)
        for action in actions:
            with self.subTest(action=action.xml_id):
                self._open(action, user)

    def _open(self, action, user):
        variables = {
            **action._get_eval_context(action),
            "active_id": False,
            "allowed_company_ids": user.company_ids.ids,
        }
        context = safe_eval(action.context, variables)
        model = self.env[action.res_model].with_user(user).with_context(**context)
        search = [(action.search_view_id.id, "search")] if action.search_view_id else []
        opened = model.get_views(action.views + search)
        fields = opened["models"][action.res_model]["fields"]
        model.web_search_read(
            safe_eval(action.domain or "[]", variables),
            {name: {} for name in fields},
            limit=80,
        )

    def _walk(self, user, *apps, known=()):
        """Open and read all that the user meets in these apps.

        Every menu, kind of view, filter of ours and a form of each; it fails on what
        does not open and on English of ours or OCA's.

        ``apps`` are addons whose apps are walked, ``known`` terms that must be among
        those looked for.
        """
        self._load_vietnamese()
        user.lang = LANG
        terms = self._terms()
        others = self._terms_of_others() - terms
        self.assertFalse(set(known) - terms)
        code = (
            "odoo.loader.modules.get("
            "'@cchc_onestop/../tests/walks/vietnamese').walk("
            f"{json.dumps(apps)}, {json.dumps(sorted(terms))}, "
            f"{json.dumps(sorted(others))});"
        )
        try:
            self.browser_js(
                "/odoo",
                code,
                "odoo.isReady === true",
                login=user.login,
                timeout=1800,
                success_signal="walk: all in Vietnamese",
            )
        except self.failureException as failure:
            # Odoo repeats the code, which here is a megabyte of terms.
            self.fail(str(failure).replace(code, "walk()"))

    def _load_vietnamese(self):
        if LANG not in dict(self.env["res.lang"].get_installed()):
            self.env["res.lang"]._activate_lang(LANG)
            self.env["ir.module.module"].search(
                [("state", "=", "installed")]
            )._update_translations([LANG])

    def _addons(self, ours):
        """Return the names of the installed addons: those of the suite, or the rest."""
        modules = self.env["ir.module.module"].search([("state", "=", "installed")])
        return [
            name
            for name in modules.mapped("name")
            if bool(re.match(r"cchc_(?!test)", name)) == ours
        ]

    def _entries(self, *patterns):
        for path in patterns:
            if path.is_file():
                yield from polib.pofile(str(path))

    def _terms(self):
        """Source terms with a Vietnamese of their own: ours and those that we carry."""
        sources, translations = set(), set()
        for name in self._addons(ours=True):
            folder = Path(get_module_path(name))
            files = [
                *(folder / "i18n" / "vi.po", folder / "i18n_extra" / "vi.po"),
                *folder.glob("i18n_code/*/*/*.po"),
                *folder.glob("i18n_odoo/*/*/*.po"),
                *folder.glob("i18n_pages/*.po"),
            ]
            for entry in self._entries(*files):
                sources.update(_texts(entry.msgid))
                translations.update(_texts(entry.msgstr))
        return sources - translations - SAME

    def _terms_of_others(self):
        """What Odoo's own addons say in English: theirs to translate."""
        terms = {UNTRANSLATABLE}
        for name in self._addons(ours=False):
            path = Path(get_module_path(name)) / "i18n" / f"{name}.pot"
            for entry in self._entries(path):
                terms.update(_texts(entry.msgid))
        return terms
