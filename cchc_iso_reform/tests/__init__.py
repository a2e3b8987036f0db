from . import test_inspection_finding
from . import test_iso_metric
