from . import cchc_iso_document_report
from . import cchc_iso_document_lists
from . import cchc_iso_coverage_report
from . import cchc_iso_declaration_report
from . import cchc_iso_cycle_report
from . import cchc_iso_audit_sheet
from . import cchc_iso_quality_report
from . import cchc_iso_review_xlsx
