from . import cchc_procedure_list_xlsx
from . import cchc_receipt_report
from . import cchc_fee_papers
from . import cchc_fee_report_xlsx
