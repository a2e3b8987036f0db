from . import cchc_queue
