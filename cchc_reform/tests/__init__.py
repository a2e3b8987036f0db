from . import test_numbering
from . import test_metric
from . import test_overview
from . import test_plan
from . import test_programme
from . import test_scoring
from . import test_task
