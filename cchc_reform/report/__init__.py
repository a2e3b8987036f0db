from . import cchc_reform_report_paper
from . import cchc_reform_report_xlsx
from . import cchc_reform_plan_report
from . import cchc_reform_plan_xlsx
from . import cchc_reform_year_register
from . import cchc_index_set_xlsx
from . import cchc_index_papers
from . import cchc_index_xlsx
