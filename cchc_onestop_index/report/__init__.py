from . import cchc_settlement_report
from . import cchc_settlement_xlsx
