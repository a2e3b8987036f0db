from . import cchc_queue_address
from . import cchc_roster_absence
from . import cchc_roster_week
