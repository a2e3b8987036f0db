from . import test_catalogue_process
from . import test_catalogue_version
from . import test_approval
from . import test_substitution
from . import test_deadline_vectors
from . import test_pdf_engine
from . import test_working_time
