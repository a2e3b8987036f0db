from . import cchc_procedure_list_xlsx
from . import cchc_form_report
from . import cchc_receipt_report
from . import cchc_supplement_report
from . import cchc_refusal_report
from . import cchc_apology_report
from . import cchc_stop_report
from . import cchc_slip_report
