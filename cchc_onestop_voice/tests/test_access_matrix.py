from pathlib import Path

from odoo.tests import tagged

from odoo.addons.cchc_onestop.tests.common_matrix import AccessMatrixMixin

from .common import VoiceCase


@tagged("post_install", "-at_install")
class TestVoiceAccessMatrix(AccessMatrixMixin, VoiceCase):
    """Role × model × operation × place, from ``access_matrix.csv``.

    Of results the fresh record is a draft, of petitions one that nobody was given; what
    is more is tested where it is.
    """

    matrix_module = "cchc_onestop_voice"
    matrix_path = Path(__file__).parent / "access_matrix.csv"
    matrix_roles = {**AccessMatrixMixin.matrix_roles, "petition": "officer"}
    matrix_ruled = ("own", "foreign", "all")
    matrix_parents = {
        "cchc.evaluation": ("cchc.dossier", "dossier_id"),
        "cchc.evaluation.followup": ("cchc.evaluation", "evaluation_id"),
        "cchc.evaluation.import.line": ("cchc.evaluation.import", "import_id"),
        "cchc.evaluation.form.line": ("cchc.evaluation.form", "form_id"),
        "cchc.evaluation.result.line": ("cchc.evaluation.result", "result_id"),
        "cchc.petition.event": ("cchc.petition", "petition_id"),
    }
