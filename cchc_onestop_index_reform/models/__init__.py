from . import cchc_index_component
from . import cchc_reform_metric
from . import cchc_reform_metric_settlement
