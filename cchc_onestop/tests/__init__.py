from . import test_pdf_engine
