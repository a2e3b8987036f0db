from pathlib import Path

from odoo.tests import tagged

from odoo.addons.cchc_onestop.tests.common_matrix import AccessMatrixMixin

from .common import ReformCase

ROLES = ("viewer", "officer", "appraiser", "leader", "manager")


@tagged("post_install", "-at_install")
class TestReformAccessMatrix(AccessMatrixMixin, ReformCase):
    """Role × model × operation × place, from ``access_matrix.csv``.

    ``outside`` is a user without a group of reform.
    """

    matrix_module = "cchc_reform"
    matrix_path = Path(__file__).parent / "access_matrix.csv"
    matrix_roles = {role: f"matrix_{role}" for role in ROLES} | {"outside": "stranger"}
    matrix_ruled = ("all", "own", "foreign")
    #: Rows that belong to the agency of what they are part of.
    matrix_parents = {
        "cchc.index.band": ("cchc.index.set", "set_id"),
        "cchc.index.item": ("cchc.index.set", "set_id"),
        "cchc.index.option": ("cchc.index.set", "set_id"),
        "cchc.index.class": ("cchc.index.set", "set_id"),
        "cchc.index.set.import": ("cchc.index.set", "set_id"),
        "cchc.index.set.import.line": ("cchc.index.set.import", "import_id"),
        "cchc.reform.entry.import.line": ("cchc.reform.entry.import", "import_id"),
        "cchc.reform.plan.import.line": ("cchc.reform.plan.import", "import_id"),
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for role in ROLES:
            setattr(
                cls,
                f"matrix_{role}",
                cls._new_reform_user(f"matrix_{role}", f"group_{role}"),
            )
