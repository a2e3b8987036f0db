from . import test_access_matrix
from . import test_audit
from . import test_clause
from . import test_document_issue
from . import test_edition
from . import test_nonconformity
from . import test_record
from . import test_html_diff
