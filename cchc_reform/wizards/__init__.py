from . import cchc_issued_document_accept
from . import cchc_issued_document_paste
