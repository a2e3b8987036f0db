from . import test_answer
from . import test_access_matrix
from . import test_line
from . import test_lookup
from . import test_correction
from . import test_lookup_tour
