from . import test_index_metric
