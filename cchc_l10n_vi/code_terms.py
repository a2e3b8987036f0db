"""The Vietnamese of other addons' code.

Odoo finds the terms of records (views, fields, menus, …) by external id, whichever
addon brings them; these stand in `i18n/vi.po`. The terms of code (Python, JavaScript,
QWeb of the web client) it looks up by the addon that the code is in, and reads them
from the folders `i18n` and `i18n_extra` of that addon only.

What Odoo's own addons leave in English, and people who work with the suite can reach,
stands in `i18n_extra/vi.po` (records) and `i18n_odoo/ADDON` (code): only what is
missing there, never another wording.

Where the files of an addon lie is said by the `__path__` of its Python package. So each
folder `i18n_code/ADDON` and `i18n_odoo/ADDON` is made a further place of the package
ADDON: its `i18n_extra` is read after the addon's own files, as if the addon had brought
it, by everything in Odoo that reads translations.

Further addons that carry Vietnamese do it with these functions.
"""

from importlib import import_module
from pathlib import Path

from odoo.tools.translate import code_translations

HERE = Path(__file__).parent


def folders_of(home):
    """Return the folders of code terms in the folder of an addon, by addon.

    `i18n_code`: of OCA's addons, all their terms; `i18n_odoo`: of Odoo's own, what
    these lack.
    """
    return [
        (path.name, path)
        for kind in ("i18n_code", "i18n_odoo")
        if (home / kind).is_dir()
        for path in sorted((home / kind).iterdir())
        if path.is_dir()
    ]


def join_folders(home=HERE):
    """Let Odoo find the folders, and forget what it read without them."""
    joined = set()
    for addon, path in folders_of(home):
        places = import_module(f"odoo.addons.{addon}").__path__
        if str(path) not in places:
            places.append(str(path))
        joined.add(addon)
    for terms in (
        code_translations.python_translations,
        code_translations.web_translations,
    ):
        for addon, lang in list(terms):
            if addon in joined:
                del terms[addon, lang]
