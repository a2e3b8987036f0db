from pathlib import Path

from odoo.tests import tagged

from odoo.addons.cchc_onestop.tests.common_matrix import AccessMatrixMixin
from odoo.addons.cchc_onestop.tools import guard

from . import papers
from .common import DigitiseCase


@tagged("post_install", "-at_install")
class TestDigitiseAccessMatrix(AccessMatrixMixin, DigitiseCase):
    """Role × model × operation × place, from ``access_matrix.csv``.

    What methods guard on top (files and looks are never changed) is tested where they
    are.
    """

    matrix_module = "cchc_onestop_digitise"
    matrix_path = Path(__file__).parent / "access_matrix.csv"

    def _matrix_records(self):
        found = {}
        for place in ("own", "foreign"):
            company = self.commune if place == "own" else self.neighbour
            dossier = self._case()
            part = self._part(dossier, "GCN")
            file = self._drop(part, papers.written(place, 100))
            value = self.env["cchc.digitise.value"].create(
                {"document_id": part.id, "name": "Số", "value": "1"}
            )
            self.env["cchc.digitise.look"]._note(part, file, "look")
            look = self.env["cchc.digitise.look"].search([], limit=1)
            batch = self._stack(papers.written(f"stack {place}", 100))
            rule = self.rule.copy({"company_id": company.id})
            policy = self.policy.copy({"company_id": company.id})
            if place == "foreign":
                agency = {"company_id": company.id}
                guard.unlocked(dossier.sudo()).write(
                    {**agency, "receiving_company_id": company.id}
                )
                for record in (batch, look):
                    guard.unlocked(record.sudo()).write(agency)
            self.env.flush_all()
            stat = self.env["cchc.digitise.stat"].browse(dossier.id)
            for record in (
                file,
                value,
                look,
                batch,
                batch.page_ids,
                rule,
                policy,
                stat,
            ):
                found[record._name, place] = record.sudo()
        return found
