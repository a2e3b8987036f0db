import csv
from pathlib import Path

from odoo import Command
from odoo.fields import Domain
from odoo.models import BaseModel
from odoo.tests import new_test_user, tagged

from .common import VoiceCase

OPERATIONS = {"r": "read", "w": "write", "c": "create", "d": "unlink"}
MATRIX = Path(__file__).parent / "access_matrix.csv"
ROLES = (
    "desk",
    "cashier",
    "handler",
    "leader",
    "catalogue",
    "auditor",
    "petition",
    "manager",
)
#: Rows that belong to the agency of what they are part of.
PARENTS = {
    "cchc.evaluation": ("cchc.dossier", "dossier_id"),
    "cchc.evaluation.followup": ("cchc.evaluation", "evaluation_id"),
    "cchc.evaluation.form.line": ("cchc.evaluation.form", "form_id"),
    "cchc.evaluation.result.line": ("cchc.evaluation.result", "result_id"),
    "cchc.petition.event": ("cchc.petition", "petition_id"),
}


@tagged("post_install", "-at_install")
class TestVoiceAccessMatrix(VoiceCase):
    """Role × model × operation × place, from ``access_matrix.csv``.

    Places: a fresh record of the own agency and one of a foreign agency; models that
    belong to no agency have one row (``all``). ``outside`` is a user without a group of
    the suite. Of results the fresh record is a draft, of petitions one that nobody was
    given; what is more is tested where it is.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.roles = {
            role: cls._new_user(f"voice_{role}", f"group_{role}")
            for role in ROLES
            if role != "petition"
        }
        cls.roles["petition"] = cls.officer
        cls.roles["outside"] = new_test_user(
            cls.env,
            "voice_matrix_outside",
            groups="base.group_user",
            company_id=cls.commune.id,
            company_ids=[Command.set(cls.commune.ids)],
        )
        cls.rows = list(csv.DictReader(MATRIX.read_text().splitlines()))

    def _models(self):
        return sorted(
            name
            for name, model in self.env.registry.items()
            if model._original_module == "cchc_onestop_voice" and not model._abstract
        )

    def _places(self, model):
        if self.env[model]._transient or not self._fresh(model, self.commune):
            return ("all",)
        return ("own", "foreign")

    def _fresh(self, model, company):
        """Return a fresh record of an agency; none when the model belongs to none."""
        above, field = PARENTS.get(model, (None, None))
        if above:
            values = {field: self._fresh(above, company).id, "company_id": company.id}
        elif "company_id" in self.env[model]._fields:
            values = {"company_id": company.id}
        else:
            return self.env[model]
        return BaseModel.new(self.env[model], values)

    def _rights(self, model, place, user):
        """Return the letters of what a user may do with a record of a place."""
        records = self.env[model].with_user(user)
        records = records.with_context(allowed_company_ids=self.commune.ids)
        rules = records.env["ir.rule"]
        found = ""
        for letter, operation in OPERATIONS.items():
            if not records.has_access(operation):
                continue
            domain = Domain(rules._compute_domain(model, operation) or Domain.TRUE)
            if place == "all":
                fresh = BaseModel.new(self.env[model])
            else:
                company = self.commune if place == "own" else self.neighbour
                fresh = self._fresh(model, company)
            found += letter if fresh.filtered_domain(domain) else ""
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
            {
                (model, place)
                for model in self._models()
                for place in self._places(model)
            },
        )

    def test_nobody_outside_reads_anything(self):
        for row in self.rows:
            self.assertFalse(row["outside"], row)

    def test_nobody_touches_another_agency(self):
        for row in self.rows:
            if row["place"] == "foreign":
                for role in ROLES:
                    self.assertFalse(row[role], row)

    def test_the_public_reads_nothing(self):
        public = self.env.ref("base.public_user")
        for model in self._models():
            with self.subTest(model=model):
                self.assertFalse(self.env[model].with_user(public).has_access("read"))
