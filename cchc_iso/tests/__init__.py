from . import test_edition
