from . import cchc_retention_xlsx
