from . import cchc_iso_clause
from . import cchc_iso_edition
from . import mgmtsystem_system
