from . import cchc_roster_report
