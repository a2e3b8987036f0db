from pathlib import Path

from odoo.tests import tagged

from odoo.addons.cchc_onestop.tests.common_matrix import AccessMatrixMixin

from .common import LookupCase


@tagged("post_install", "-at_install")
class TestLookupAccessMatrix(AccessMatrixMixin, LookupCase):
    """Role × model × operation × place, from ``access_matrix.csv``."""

    matrix_module = "cchc_onestop_lookup"
    matrix_path = Path(__file__).parent / "access_matrix.csv"
    matrix_parents = {
        "cchc.lookup.discrepancy": ("cchc.lookup.request", "request_id"),
        "cchc.lookup.value": ("cchc.lookup.request", "request_id"),
    }
