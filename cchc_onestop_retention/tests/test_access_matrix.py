from pathlib import Path

from odoo.tests import tagged

from odoo.addons.cchc_onestop.tests.common_matrix import AccessMatrixMixin
from odoo.addons.cchc_onestop.tools.guard import unlocked

from .common import RetentionCase


@tagged("post_install", "-at_install")
class TestRetentionAccessMatrix(AccessMatrixMixin, RetentionCase):
    """Role × model × operation × agency, from ``access_matrix.csv``."""

    matrix_module = "cchc_onestop_retention"
    matrix_path = Path(__file__).parent / "access_matrix.csv"
    matrix_roles = {**AccessMatrixMixin.matrix_roles, "archivist": "archivist"}

    def _of(self, company):
        """Return one record of each model that belongs to an agency."""
        dossier = self._ended_on(
            "10/03/2020 10:00",
            company_id=company.id,
            receiving_company_id=company.id,
        )
        disposal = self.env["cchc.disposal.list"].create(
            {
                "name": "x",
                "company_id": company.id,
                "member_ids": [(0, 0, {"name": "A"})],
                "line_ids": [(0, 0, {"dossier_id": dossier.id})],
            }
        )
        handover = self.env["cchc.archive.handover"].create(
            {
                "name": "x",
                "company_id": company.id,
                "line_ids": [(0, 0, {"dossier_id": dossier.id})],
            }
        )
        return (
            disposal,
            disposal.member_ids,
            disposal.line_ids,
            handover,
            handover.line_ids,
            unlocked(self.env["cchc.retention.hold"]).create(
                {"dossier_id": dossier.id, "reason": "x"}
            ),
            self._rule("x", company_id=company.id),
        )

    def _matrix_records(self):
        found = {
            (record._name, place): record
            for place, company in (("own", self.commune), ("foreign", self.neighbour))
            for record in self._of(company)
        }
        found["cchc.archive.rule", "all"] = self.env["cchc.archive.rule"].search(
            [], limit=1
        )
        return found
