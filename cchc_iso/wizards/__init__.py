from . import cchc_iso_edition_move
