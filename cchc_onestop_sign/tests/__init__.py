from . import test_access_matrix
from . import test_pdf_check
from . import test_reader_process
from . import test_signature_check
from . import test_signature_key
from . import test_signature_service
from . import test_signing
from . import test_sign_tour
