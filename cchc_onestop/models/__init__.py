from . import res_company
from . import ir_actions_report
