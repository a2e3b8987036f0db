import csv
from pathlib import Path

from odoo.tests import tagged

from odoo.addons.cchc_onestop.tools.guard import unlocked

from .common import SignCase

OPERATIONS = {"r": "read", "w": "write", "c": "create", "d": "unlink"}
ROLES = ("desk", "handler", "leader", "clerk", "catalogue", "auditor", "manager")
MATRIX = Path(__file__).parent / "access_matrix.csv"


@tagged("post_install", "-at_install")
class TestSignAccessMatrix(SignCase):
    """Role × model × operation × agency, from ``access_matrix.csv``.

    ``clerk`` keeps the seal and sits at the desk.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rows = list(csv.DictReader(MATRIX.read_text().splitlines()))

    def _records(self):
        """Return ``{(model, place): record}``."""
        own = self._signed()
        foreign = self._signed()
        self.env.flush_all()
        batch = unlocked(self.env["cchc.signature.batch"]).create(
            {
                "kind": "sign",
                "user_id": self.leader.id,
                "company_id": self.commune.id,
                "line_ids": [(0, 0, {"dossier_id": own.id})],
            }
        )
        other_batch = unlocked(batch).copy({"company_id": self.neighbour.id})
        other_line = unlocked(batch.line_ids).copy({"batch_id": other_batch.id})
        provider = self.provider.copy({"company_id": self.neighbour.id})
        other_key = self.leader_key.copy(
            {"provider_id": provider.id, "user_id": self.outsider.id}
        )
        self.env.cr.execute(
            "UPDATE cchc_dossier SET company_id = %s, receiving_company_id = %s "
            "WHERE id = %s",
            (self.neighbour.id, self.neighbour.id, foreign.id),
        )
        self.env.invalidate_all()
        found = {}
        for place, dossier in (("own", own), ("foreign", foreign)):
            signature = dossier.sudo().signature_ids
            found["cchc.signature", place] = signature
            found["cchc.signature.check", place] = signature.check_id
        found.update(
            {
                ("cchc.signature.provider", "own"): self.provider,
                ("cchc.signature.provider", "foreign"): provider,
                # the certificate of the agency, of the leader, of a foreign person
                ("cchc.signature.key", "agency"): self.agency_key,
                ("cchc.signature.key", "own"): self.leader_key,
                ("cchc.signature.key", "foreign"): other_key,
                ("cchc.signature.batch", "own"): batch,
                ("cchc.signature.batch", "foreign"): other_batch,
                ("cchc.signature.batch.line", "own"): batch.line_ids,
                ("cchc.signature.batch.line", "foreign"): other_line,
                ("cchc.trust.root", "all"): self.root,
                ("cchc.signature.secret", "all"): self.env["cchc.signature.secret"]
                .sudo()
                .search([], limit=1),
            }
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
            if model._original_module == "cchc_onestop_sign" and not model._abstract
        }
        self.assertEqual({row["model"] for row in self.rows}, models)
