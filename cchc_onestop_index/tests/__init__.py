from . import test_access_matrix
from . import test_index_measure
from . import test_index_overview
from . import test_points
from . import test_settlement_review
from . import test_index_tour
