from . import others
from . import patience
from . import recorder
