from . import test_access_matrix
from . import test_concurrency
from . import test_ticket
from . import test_roster
from . import test_roster_alert
from . import test_public_pages
from . import test_queue_tour
