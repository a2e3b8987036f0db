from . import cchc_iso_clause
from . import cchc_iso_clause_exclusion
from . import cchc_iso_clause_map
from . import cchc_iso_edition
from . import cchc_iso_member
from . import cchc_iso_obligation
from . import mgmtsystem_system
