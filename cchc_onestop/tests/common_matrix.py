import csv

from odoo import Command
from odoo.fields import Domain
from odoo.models import BaseModel
from odoo.tests import new_test_user

OPERATIONS = {"r": "read", "w": "write", "c": "create", "d": "unlink"}


class AccessMatrixMixin:
    """Role × model × place of an addon, from its ``access_matrix.csv``.

    Beside a case with agencies and people (``OnestopCase``). Places are a fresh record
    of the own agency and one of a foreign agency; models that belong to no agency have
    one row (``all``). What methods guard on top is tested where they are.

    ``matrix_module`` and ``matrix_path`` name addon and file; ``matrix_roles`` maps a
    column of the file to an attribute of the case that holds the user;
    ``matrix_parents`` names, for rows that belong to the agency of something else,
    that model and the field to it. ``matrix_superiors`` names the roles that sit in an
    agency above and read what is below. Where rules look at more than the agency,
    :meth:`_matrix_records` gives real records instead of fresh ones.
    """

    #: Odoo runs tests of a parent class only where the class says so.
    allow_inherited_tests_method = True
    matrix_module = ""
    matrix_path = None
    matrix_roles = {
        "desk": "desk",
        "cashier": "cashier",
        "handler": "handler",
        "leader": "leader",
        "catalogue": "catalogue",
        "auditor": "auditor",
        "manager": "manager",
        "outside": "stranger",
    }
    matrix_parents = {}
    matrix_superiors = ()
    #: Places whose fresh record must pass the record rules, too.
    matrix_ruled = ("foreign",)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cashier = cls._new_user("cashier", "group_cashier")
        cls.stranger = new_test_user(
            cls.env,
            f"{cls.matrix_module}_stranger",
            groups="base.group_user",
            company_id=cls.commune.id,
            company_ids=[Command.set(cls.commune.ids)],
        )
        cls.matrix = list(csv.DictReader(cls.matrix_path.read_text().splitlines()))

    def _matrix_models(self):
        return sorted(
            name
            for name, model in self.env.registry.items()
            if model._original_module == self.matrix_module and not model._abstract
        )

    def _matrix_records(self):
        """Hook: return ``{(model, place): record}`` of real records, for all rows."""
        return {}

    def _matrix_fresh(self, model, company):
        """Return a fresh record of an agency; none when the model belongs to none."""
        above, field = self.matrix_parents.get(model, (None, None))
        if above:
            values = {field: self._matrix_fresh(above, company).id}
            if "company_id" in self.env[model]._fields:
                values["company_id"] = company.id
        elif "company_id" in self.env[model]._fields:
            values = {"company_id": company.id}
        else:
            return self.env[model]
        return BaseModel.new(self.env[model], values)

    def _matrix_of(self, model, user):
        """Return a fresh record, made by a user, of a model of no agency."""
        fields = self.env[model]._fields
        values = {"create_uid": user.id} if "create_uid" in fields else {}
        return BaseModel.new(self.env[model], values)

    def _matrix_places(self, model):
        if self.env[model]._transient or not self._matrix_fresh(model, self.commune):
            return ("all",)
        return ("own", "foreign")

    def _matrix_rights(self, model, place, user):
        """Return the letters of what a user may do with a record of a place."""
        above = {
            getattr(self, self.matrix_roles[role]) for role in self.matrix_superiors
        }
        company = user.company_id if user in above else self.commune
        records = self.env[model].with_user(user)
        records = records.with_context(allowed_company_ids=company.ids)
        found = ""
        for letter, operation in OPERATIONS.items():
            if not records.has_access(operation):
                continue
            if place in self.matrix_ruled:
                rules = records.env["ir.rule"]._compute_domain(model, operation)
                company = self.neighbour if place == "foreign" else self.commune
                fresh = self._matrix_fresh(model, company)
                fresh = fresh or self._matrix_of(model, user)
                if fresh.filtered_domain(Domain(rules or Domain.TRUE)):
                    found += letter
            else:
                found += letter
        return found

    def _matrix_rights_on(self, record, user):
        """Return the letters of what a user may do with a real record."""
        theirs = self.env[record._name].browse(record.ids).with_user(user)
        theirs = theirs.with_context(allowed_company_ids=self.commune.ids)
        return "".join(
            letter
            for letter, operation in OPERATIONS.items()
            if theirs.has_access(operation)
        )

    def test_matrix(self):
        records = self._matrix_records()
        if records:
            self.env.flush_all()
            self.env.invalidate_all()
            self.assertEqual(
                {(row["model"], row["place"]) for row in self.matrix}, set(records)
            )
        for row in self.matrix:
            model, place = row["model"], row["place"]
            for role, holder in self.matrix_roles.items():
                user = getattr(self, holder)
                with self.subTest(model=model, place=place, role=role):
                    if records:
                        self.assertTrue(records[model, place])
                        rights = self._matrix_rights_on(records[model, place], user)
                    else:
                        rights = self._matrix_rights(model, place, user)
                    self.assertEqual(rights, row[role])

    def test_matrix_names_every_model(self):
        self.assertEqual(
            {row["model"] for row in self.matrix}, set(self._matrix_models())
        )
        if type(self)._matrix_records is not AccessMatrixMixin._matrix_records:
            return
        self.assertEqual(
            {(row["model"], row["place"]) for row in self.matrix},
            {
                (model, place)
                for model in self._matrix_models()
                for place in self._matrix_places(model)
            },
        )

    def test_matrix_keeps_agencies_apart(self):
        """No line of the file gives anybody a right to another agency."""
        for row in self.matrix:
            if row["place"] == "foreign":
                for role in set(self.matrix_roles) - set(self.matrix_superiors):
                    self.assertFalse(row[role], row)

    def test_matrix_gives_strangers_nothing(self):
        public = self.env.ref("base.public_user")
        for row in self.matrix:
            self.assertFalse(row["outside"], row)
        for model in self._matrix_models():
            with self.subTest(model=model):
                self.assertFalse(self.env[model].with_user(public).has_access("read"))
