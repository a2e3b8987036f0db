import random

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import TransactionCase, new_test_user, tagged

from .dms_as_it_comes import dms_as_it_comes

OPERATIONS = ("read", "create", "write", "unlink")


@tagged("post_install", "-at_install")
class TestDmsAccess(TransactionCase):
    """The bounded checks of dms answer exactly as dms itself does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        random_source = random.Random(2026)
        cls.random = random_source
        other = cls.env["res.company"].create({"name": "Other agency"})
        cls.users = [
            new_test_user(cls.env, f"dms{index}", "dms.group_dms_user")
            for index in range(3)
        ]
        cls.users.append(new_test_user(cls.env, "dms_none", "base.group_user"))
        groups = cls.env["dms.access.group"].create(
            [
                {
                    "name": f"G{index}",
                    "perm_create": random_source.random() < 0.6,
                    "perm_write": random_source.random() < 0.6,
                    "perm_unlink": random_source.random() < 0.4,
                    "explicit_user_ids": [
                        Command.set(
                            [
                                user.id
                                for user in cls.users
                                if random_source.random() < 0.5
                            ]
                        )
                    ],
                }
                for index in range(6)
            ]
        )
        cls._make_library(groups)
        cls._make_inherited(other)
        cls.env.flush_all()
        cls.env.invalidate_all()

    @classmethod
    def _make_library(cls, groups):
        storages = cls.env["dms.storage"].create(
            [{"name": kind, "save_type": kind} for kind in ("database", "file")]
        )
        directories = cls.env["dms.directory"].create(
            [
                {
                    "name": storage.name,
                    "storage_id": storage.id,
                    "is_root_directory": True,
                    "group_ids": cls.random.sample(groups.ids, 2),
                }
                for storage in storages
            ]
        )
        for index in range(6):
            parent = cls.random.choice(list(directories))
            directories |= cls.env["dms.directory"].create(
                {
                    "name": f"D{index}",
                    "parent_id": parent.id,
                    "inherit_group_ids": cls.random.random() < 0.7,
                    "group_ids": cls.random.sample(groups.ids, 1),
                }
            )
        cls.env["dms.file"].create(
            [
                {
                    "name": f"F{index}.txt",
                    "content": "eA==",
                    "directory_id": cls.random.choice(directories.ids),
                    "active": cls.random.random() < 0.9,
                }
                for index in range(12)
            ]
        )

    @classmethod
    def _make_inherited(cls, other):
        """Folders whose access follows partners, some of another agency."""
        model = cls.env["ir.model"]._get("res.partner")
        storage = cls.env["dms.storage"].create(
            {
                "name": "partners",
                "save_type": "attachment",
                "inherit_access_from_parent_record": True,
                "model_ids": [Command.set(model.ids)],
            }
        )
        cls.env["dms.directory"].create(
            {
                "name": "Partners",
                "storage_id": storage.id,
                "is_root_directory": True,
                "model_id": model.id,
                "res_model": "res.partner",
            }
        )
        rule = cls.env["ir.rule"].create(
            {
                "name": "own agency",
                "model_id": model.id,
                "domain_force": "['|', ('company_id', '=', False), "
                "('company_id', 'in', company_ids)]",
            }
        )
        rule.flush_recordset()
        partners = cls.env["res.partner"].create(
            [
                {"name": f"P{index}", "company_id": index % 2 and other.id}
                for index in range(4)
            ]
        )
        cls.env["ir.attachment"].create(
            [
                {
                    "name": f"a{index}.txt",
                    "raw": b"x",
                    "res_model": "res.partner",
                    "res_id": partner.id,
                }
                for partner in partners
                for index in range(2)
            ]
        )

    def _answer(self, records, operation):
        """What the check says: allowed, or not."""
        self.env.invalidate_all()
        try:
            records._check_access_dms_record(operation)
        except AccessError:
            return False
        return True

    def _everything(self, model):
        return self.env[model].with_context(active_test=False).search([])

    def test_check_gives_the_same_answer(self):
        answers = []
        for model in ("dms.file", "dms.directory"):
            everything = self._everything(model)
            subsets = [
                everything.browse(id_) for id_ in self.random.sample(everything.ids, 5)
            ]
            subsets += [
                everything.browse(self.random.sample(everything.ids, 2))
                for _index in range(3)
            ]
            for user in self.users:
                for operation in OPERATIONS[1:]:
                    for subset in subsets:
                        records = subset.with_user(user)
                        ours = self._answer(records, operation)
                        with dms_as_it_comes(self.env):
                            theirs = self._answer(records, operation)
                        self.assertEqual(ours, theirs, (user.login, operation, records))
                        answers.append(ours)
        self.assertGreater(answers.count(True), 20)
        self.assertGreater(answers.count(False), 50)

    def test_search_finds_the_same(self):
        found = hid = 0
        for model in ("dms.file", "dms.directory"):
            for user in self.users:
                for operation in OPERATIONS:
                    domain = [(f"permission_{operation}", "=", True)]
                    target = self.env[model].with_user(user)
                    ours = set(target.search(domain).ids)
                    hidden = set(
                        target.search([(f"permission_{operation}", "=", False)]).ids
                    )
                    with dms_as_it_comes(self.env):
                        theirs = set(target.search(domain).ids)
                    self.assertEqual(ours, theirs, (model, user.login, operation))
                    self.assertFalse(ours & hidden)
                    found, hid = found + len(ours), hid + len(hidden)
        self.assertGreater(found, 10)
        self.assertGreater(hid, 10)

    def test_search_without_inheriting_storage_finds_the_same(self):
        self.env["dms.storage"].search([("save_type", "=", "attachment")]).write(
            {"inherit_access_from_parent_record": False}
        )
        self.env.flush_all()
        self.env.invalidate_all()
        self.test_search_finds_the_same()

    def test_superuser_is_never_checked(self):
        files = self._everything("dms.file")
        self.assertTrue(files)
        files.sudo()._check_access_dms_record("unlink")
        with self.assertRaises(AccessError):
            files.with_user(self.users[0])._check_access_dms_record("unlink")

    def test_twin_names_are_refused_as_before(self):
        files = self._everything("dms.file").filtered(
            lambda record: record.storage_id.save_type == "database" and record.active
        )
        first = files[0]
        twin = {"name": first.name, "directory_id": first.directory_id.id}
        with self.assertRaisesRegex(ValidationError, "same name"):
            first.create({**twin, "content": "eA=="})
        with self.assertRaisesRegex(ValidationError, "same name"):
            first.create(
                [{**twin, "name": "new.txt", "content": "eA=="} for _index in range(2)]
            )
        with self.assertRaisesRegex(ValidationError, "invalid"):
            first.create({**twin, "name": "a/b.txt", "content": "eA=="})
        folder = self.env["dms.directory"].create(
            {"name": "elsewhere", "parent_id": first.storage_id.root_directory_ids.id}
        )
        elsewhere = first.create(
            {"name": first.name, "directory_id": folder.id, "content": "eA=="}
        )
        other = elsewhere.copy({"name": "other.txt"})
        with self.assertRaisesRegex(ValidationError, "same name"):
            other.write({"name": first.name})

    def test_twin_directories_are_refused_as_before(self):
        root = self.env["dms.directory"].search([("is_root_directory", "=", True)])[0]
        self.env["dms.directory"].create({"name": "x", "parent_id": root.id})
        with self.assertRaisesRegex(ValidationError, "same name"):
            self.env["dms.directory"].create({"name": "x", "parent_id": root.id})
        with self.assertRaisesRegex(ValidationError, "same name"):
            self.env["dms.directory"].create(
                {
                    "name": root.name,
                    "is_root_directory": True,
                    "storage_id": root.storage_id.id,
                }
            )
        with self.assertRaisesRegex(ValidationError, "invalid"):
            self.env["dms.directory"].create({"name": "a/b", "parent_id": root.id})

    def test_counts_are_those_of_dms(self):
        names = ["count_files", "count_files_title", "count_directories", "size"]
        for user in (self.env.user, *self.users):
            directories = self.env["dms.directory"].with_user(user).search([])
            ours = directories.read(names)
            self.env.invalidate_all()
            with dms_as_it_comes(self.env):
                theirs = directories.read(names)
            self.env.invalidate_all()
            self.assertEqual(ours, theirs)

    def test_a_user_cannot_give_himself_a_directory(self):
        """dms leaves this open: a group is only read-only on the screen."""
        secret = self._everything("dms.directory")[0]
        user = self.users[0]
        for name in ("directory_ids", "complete_directory_ids"):
            with self.assertRaises(AccessError):
                self.env["dms.access.group"].with_user(user).create(
                    {
                        "name": name,
                        "explicit_user_ids": [Command.set(user.ids)],
                        name: [Command.link(secret.id)],
                    }
                )
            own = (
                self.env["dms.access.group"]
                .with_user(user)
                .create({"name": f"own {name}"})
            )
            with self.assertRaises(AccessError):
                own.write({name: [Command.link(secret.id)]})
