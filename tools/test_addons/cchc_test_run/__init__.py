from . import patience
from . import recorder
