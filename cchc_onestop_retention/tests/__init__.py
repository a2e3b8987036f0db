from . import test_access_matrix
from . import test_archive_handover
from . import test_disposal
from . import test_retention_rule
