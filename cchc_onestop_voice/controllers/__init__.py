from . import cchc_evaluation
from . import cchc_petition
