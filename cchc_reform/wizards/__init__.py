from . import cchc_issued_document_accept
from . import cchc_issued_document_paste
from . import cchc_reform_finding_remedy
from . import cchc_index_decide
from . import cchc_reform_plan_copy
from . import cchc_reform_report
from . import cchc_reform_report_return
from . import cchc_reform_year_register
