from . import cchc_digitise
