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
"""

from importlib import import_module
from pathlib import Path

from odoo.tools.translate import code_translations

HERE = Path(__file__).parent
#: Of OCA's addons (all their terms), and of Odoo's own (what these lack).
FOLDERS = [HERE / "i18n_code", HERE / "i18n_odoo"]


def join_folders():
    """Let Odoo find the folders, and forget what it read without them."""
    folders = {
        path.name: str(path)
        for folder in FOLDERS
        for path in folder.iterdir()
        if path.is_dir()
    }
    for addon, folder in folders.items():
        places = import_module(f"odoo.addons.{addon}").__path__
        if folder not in places:
            places.append(folder)
    for terms in (
        code_translations.python_translations,
        code_translations.web_translations,
    ):
        for addon, lang in list(terms):
            if addon in folders:
                del terms[addon, lang]
