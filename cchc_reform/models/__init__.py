from . import cchc_demo
from . import cchc_reform_area
from . import cchc_reform_plan
from . import cchc_reform_programme
from . import cchc_reform_progress
from . import cchc_reform_task
from . import res_company
