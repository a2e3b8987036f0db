from . import test_programme
from . import test_scoring
