from . import cchc_verify
