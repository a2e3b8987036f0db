from pathlib import Path

from odoo.tests import tagged

from odoo.addons.cchc_onestop.tests.common_matrix import AccessMatrixMixin

from .common import QueueCase


@tagged("post_install", "-at_install")
class TestQueueAccessMatrix(AccessMatrixMixin, QueueCase):
    """Role × model × operation × place, from ``access_matrix.csv``."""

    matrix_module = "cchc_onestop_queue"
    matrix_path = Path(__file__).parent / "access_matrix.csv"
    matrix_roles = {**AccessMatrixMixin.matrix_roles, "head": "head"}
