from pathlib import Path

from odoo.addons.cchc_l10n_vi.code_terms import join_folders

from . import models
from .hooks import post_init_hook

join_folders(Path(__file__).parent)
