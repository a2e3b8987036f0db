import csv
from pathlib import Path

from odoo.tests import tagged

from odoo.addons.cchc_onestop.tools.guard import unlocked

from .common import RetentionCase

OPERATIONS = {"r": "read", "w": "write", "c": "create", "d": "unlink"}
ROLES = ("desk", "handler", "leader", "archivist", "catalogue", "auditor", "manager")
MATRIX = Path(__file__).parent / "access_matrix.csv"


@tagged("post_install", "-at_install")
class TestRetentionAccessMatrix(RetentionCase):
    """Role × model × operation × agency, from ``access_matrix.csv``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rows = list(csv.DictReader(MATRIX.read_text().splitlines()))

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

    def _records(self):
        found = {
            (record._name, place): record
            for place, company in (("own", self.commune), ("foreign", self.neighbour))
            for record in self._of(company)
        }
        found["cchc.archive.rule", "all"] = self.env["cchc.archive.rule"].search(
            [], limit=1
        )
        return found

    def test_matrix(self):
        records = self._records()
        for row in self.rows:
            record = records[row["model"], row["place"]]
            self.assertTrue(record, row)
            for role in ROLES:
                theirs = (
                    self.env[record._name]
                    .browse(record.ids)
                    .with_user(getattr(self, role))
                    .with_context(allowed_company_ids=self.commune.ids)
                )
                with self.subTest(model=row["model"], place=row["place"], role=role):
                    rights = "".join(
                        letter
                        for letter, operation in OPERATIONS.items()
                        if theirs.has_access(operation)
                    )
                    self.assertEqual(rights, row[role])

    def test_matrix_names_every_model(self):
        models = {
            name
            for name, model in self.env.registry.items()
            if model._original_module == "cchc_onestop_retention"
            and not model._abstract
        }
        self.assertEqual({row["model"] for row in self.rows}, models)
