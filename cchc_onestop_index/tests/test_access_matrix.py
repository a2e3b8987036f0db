from pathlib import Path

from odoo.tests import tagged

from odoo.addons.cchc_onestop.tests.common_matrix import AccessMatrixMixin

from .common import IndexCase


@tagged("post_install", "-at_install")
class TestIndexAccessMatrix(AccessMatrixMixin, IndexCase):
    """Role × model × operation × place, from ``access_matrix.csv``."""

    matrix_module = "cchc_onestop_index"
    matrix_path = Path(__file__).parent / "access_matrix.csv"
    matrix_parents = {
        "cchc.index.snapshot.line": ("cchc.index.snapshot", "snapshot_id"),
        "cchc.settlement.review.line": ("cchc.settlement.review", "review_id"),
        "cchc.settlement.review.officer": ("cchc.settlement.review", "review_id"),
    }
