from . import cchc_verify_records
