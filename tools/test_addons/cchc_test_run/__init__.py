from . import recorder
