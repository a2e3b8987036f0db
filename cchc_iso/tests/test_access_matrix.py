import csv
from pathlib import Path

from odoo.tests import tagged

from .common_records import OF_AUDITS, RecordsCase

OPERATIONS = {"r": "read", "w": "write", "c": "create", "d": "unlink"}
MATRIX = Path(__file__).parent / "access_matrix.csv"


@tagged("post_install", "-at_install")
class TestIsoAccessMatrix(RecordsCase):
    """Role × model × operation × place, from ``access_matrix.csv``.

    Places: a record of the own agency, of a foreign one, and for what belongs to an
    audit one that the auditor is in (``scope``). ``desk`` and ``handler`` are people of
    the one-stop shop without a group of the quality system.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.iso_manager = cls._new_iso_user("manager", "group_manager")
        cls.roles = {
            "viewer": cls.member,
            "auditor": cls.iso_auditor,
            "officer": cls.secretary,
            "leader": cls.head,
            "manager": cls.iso_manager,
            "desk": cls.desk,
            "handler": cls.handler,
        }
        cls.rows = list(csv.DictReader(MATRIX.read_text().splitlines()))

    def _rights(self, record, user):
        user_record = record.with_user(user).with_context(
            allowed_company_ids=self.commune.ids
        )
        return "".join(
            letter
            for letter, operation in OPERATIONS.items()
            if user_record.has_access(operation)
        )

    def test_matrix(self):
        for row in self.rows:
            record = self._record_of(row["model"], row["place"])
            for role, user in self.roles.items():
                with self.subTest(model=row["model"], place=row["place"], role=role):
                    self.assertEqual(
                        set(self._rights(record, user)), set(row[role]), row
                    )

    def test_matrix_names_every_model(self):
        listed = {(row["model"], row["place"]) for row in self.rows}
        expected = {
            (model, place)
            for model in self._iso_models()
            for place in ("own", "foreign", *(["scope"] * (model in OF_AUDITS)))
        }
        self.assertEqual(listed, expected)

    def test_an_auditor_writes_no_finding_action_or_page(self):
        """Groups of OCA that imply writing are not behind those of the auditor."""
        for group in (
            "mgmtsystem.group_mgmtsystem_user",
            "mgmtsystem.group_mgmtsystem_auditor",
            "document_page.group_document_editor",
            "document_page_approval.group_document_approver_user",
        ):
            self.assertFalse(self.iso_auditor.has_group(group), group)
            self.assertFalse(self.member.has_group(group), group)
        plain = self.env["document.page"].create(
            {"name": "Trang thường", "company_id": self.commune.id}
        )
        self.assertEqual(self._rights(plain, self.iso_auditor), "r")
        for model in ("mgmtsystem.nonconformity", "mgmtsystem.action"):
            for place in ("own", "scope"):
                record = self._record_of(model, place)
                self.assertEqual(self._rights(record, self.iso_auditor), "r")

    def test_outside_the_quality_system_nobody_of_the_shop_reads_it(self):
        for row in self.rows:
            self.assertFalse(row["desk"] + row["handler"], row)
