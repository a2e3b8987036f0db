from . import cchc_lookup_ask
from . import cchc_lookup_settle
