from . import cchc_demo
from . import cchc_reform_inspection_finding
from . import cchc_reform_metric
from . import mgmtsystem_nonconformity
