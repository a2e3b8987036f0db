from . import cchc_lookup_correction_report
