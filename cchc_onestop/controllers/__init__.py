from . import cchc_paper
