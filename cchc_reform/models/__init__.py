from . import cchc_reform_area
from . import cchc_reform_programme
