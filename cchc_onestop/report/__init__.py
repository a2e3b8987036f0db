from . import cchc_procedure_list_xlsx
from . import cchc_receipt_report
