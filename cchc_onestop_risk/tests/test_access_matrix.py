import csv
from pathlib import Path

from odoo import Command
from odoo.fields import Domain
from odoo.models import BaseModel
from odoo.tests import new_test_user, tagged

from .common import RiskCase

OPERATIONS = {"r": "read", "w": "write", "c": "create", "d": "unlink"}
MATRIX = Path(__file__).parent / "access_matrix.csv"
ROLES = ("desk", "cashier", "handler", "leader", "catalogue", "auditor", "manager")


@tagged("post_install", "-at_install")
class TestRiskAccessMatrix(RiskCase):
    """Role × model × operation × place, from ``access_matrix.csv``.

    Places: a fresh record of the own agency (of nobody in particular), one of a foreign
    agency, one of an agency below; ``all`` for models that belong to no agency.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.roles = {
            role: cls._new_user(f"matrix_{role}", f"group_{role}") for role in ROLES
        }
        cls.roles["province"] = cls._new_user(
            "matrix_province", "group_leader", company=cls.province
        )
        cls.roles["outside"] = new_test_user(
            cls.env,
            "risk_matrix_outside",
            groups="base.group_user",
            company_id=cls.commune.id,
            company_ids=[Command.set(cls.commune.ids)],
        )
        cls.rows = list(csv.DictReader(MATRIX.read_text().splitlines()))

    def _models(self):
        return sorted(
            name
            for name, model in self.env.registry.items()
            if model._original_module == "cchc_onestop_risk" and not model._abstract
        )

    def _places(self, model):
        return ("all",) if self.env[model]._transient else ("own", "foreign")

    def _rights(self, model, place, user):
        """Return the letters of what a user may do with a record of a place."""
        records = self.env[model].with_user(user)
        records = records.with_context(allowed_company_ids=user.company_id.ids)
        company = self.commune if place == "own" else self.neighbour
        values = {"company_id": company.id} if place != "all" else {}
        if place == "all":
            values = {"create_uid": user.id}
        found = ""
        for letter, operation in OPERATIONS.items():
            if not records.has_access(operation):
                continue
            rules = records.env["ir.rule"]._compute_domain(model, operation)
            fresh = BaseModel.new(self.env[model], values)
            if fresh.filtered_domain(Domain(rules or Domain.TRUE)):
                found += letter
        return found

    def test_matrix(self):
        for row in self.rows:
            for role, user in self.roles.items():
                with self.subTest(model=row["model"], place=row["place"], role=role):
                    self.assertEqual(
                        self._rights(row["model"], row["place"], user), row[role]
                    )

    def test_matrix_names_every_model(self):
        self.assertEqual(
            {(row["model"], row["place"]) for row in self.rows},
            {(name, place) for name in self._models() for place in self._places(name)},
        )

    def test_nobody_outside_reads_anything(self):
        for row in self.rows:
            self.assertFalse(row["outside"], row)
