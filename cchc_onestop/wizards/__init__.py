from . import cchc_procedure_amend
from . import cchc_procedure_repeal
from . import cchc_procedure_compare
from . import cchc_process_generate
from . import comment_wizard
from . import cchc_procedure_import
