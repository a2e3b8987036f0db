from . import cchc_iso_declaration_withdraw
from . import cchc_iso_edition_move
from . import cchc_iso_checklist_generate
from . import copy_verification_lines
from . import cchc_iso_action_new
from . import cchc_iso_effect_check
from . import cchc_iso_document_generate
from . import cchc_iso_document_withdraw
