from . import cchc_separator_report
