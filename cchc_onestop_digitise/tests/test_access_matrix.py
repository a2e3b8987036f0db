import csv
from pathlib import Path

from odoo.tests import tagged

from odoo.addons.cchc_onestop.tools import guard

from . import papers
from .common import DigitiseCase

OPERATIONS = {"r": "read", "w": "write", "c": "create", "d": "unlink"}
MATRIX = Path(__file__).parent / "access_matrix.csv"


@tagged("post_install", "-at_install")
class TestDigitiseAccessMatrix(DigitiseCase):
    """Role × model × operation × place, from ``access_matrix.csv``.

    Places: a record of the own agency and one of the neighbour. What methods guard on
    top (files and looks are never changed) is tested where they are.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.roles = {
            "desk": cls.desk,
            "cashier": cls._new_user("cashier", "group_cashier"),
            "handler": cls.handler,
            "leader": cls.leader,
            "catalogue": cls.catalogue,
            "auditor": cls.auditor,
            "manager": cls.manager,
        }
        cls.rows = list(csv.DictReader(MATRIX.read_text().splitlines()))

    def _records(self):
        """Return ``{(model, place): record}`` of all models of the addon."""
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

    def test_matrix(self):
        records = self._records()
        self.env.invalidate_all()
        for row in self.rows:
            record = records[row["model"], row["place"]]
            for role, user in self.roles.items():
                own = record.with_user(user).sudo(False)
                own = own.with_context(allowed_company_ids=self.commune.ids)
                rights = "".join(
                    letter
                    for letter, operation in OPERATIONS.items()
                    if own.has_access(operation)
                )
                with self.subTest(model=row["model"], place=row["place"], role=role):
                    self.assertEqual(set(rights), set(row[role]))

    def test_matrix_names_every_model(self):
        models = {
            name
            for name, model in self.env.registry.items()
            if model._original_module == "cchc_onestop_digitise" and not model._abstract
        }
        self.assertEqual(
            {(row["model"], row["place"]) for row in self.rows},
            {(model, place) for model in models for place in ("own", "foreign")},
        )

    def test_the_public_reads_nothing(self):
        public = self.env.ref("base.public_user")
        for model in {row["model"] for row in self.rows}:
            with self.subTest(model=model):
                self.assertFalse(self.env[model].with_user(public).has_access("read"))
