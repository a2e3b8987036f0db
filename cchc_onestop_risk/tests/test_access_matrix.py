from pathlib import Path

from odoo.tests import tagged

from odoo.addons.cchc_onestop.tests.common_matrix import AccessMatrixMixin

from .common import RiskCase


@tagged("post_install", "-at_install")
class TestRiskAccessMatrix(AccessMatrixMixin, RiskCase):
    """Role × model × operation × place, from ``access_matrix.csv``.

    ``province`` is a leader of the agency above.
    """

    matrix_module = "cchc_onestop_risk"
    matrix_path = Path(__file__).parent / "access_matrix.csv"
    matrix_roles = {**AccessMatrixMixin.matrix_roles, "province": "above"}
    matrix_ruled = ("own", "foreign", "all")
    matrix_superiors = ("province",)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.above = cls._new_user("above", "group_leader", company=cls.province)
