from . import looks
