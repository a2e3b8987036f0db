from . import cchc_iso_document_report
