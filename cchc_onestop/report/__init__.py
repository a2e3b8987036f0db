from . import cchc_procedure_list_xlsx
