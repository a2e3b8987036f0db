from . import test_vietnamese
