from . import cchc_evaluation_papers
from . import cchc_petition_papers
from . import cchc_petition_xlsx
