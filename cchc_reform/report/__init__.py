from . import cchc_reform_report_paper
from . import cchc_reform_report_xlsx
