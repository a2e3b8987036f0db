from odoo import Command
from odoo.tests import TransactionCase, new_test_user, tagged

from .dms_as_it_comes import dms_as_it_comes
from .dms_volume import fill, reading

SMALL, LARGE = 1_000, 6_000


@tagged("post_install", "-at_install")
class TestDmsScale(TransactionCase):
    """What a file costs depends on its folder, not on how many files there are."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(cls.env, "archive", "dms.group_dms_user")
        group = cls.env["dms.access.group"].create(
            {
                "name": "archive",
                "perm_create": True,
                "perm_write": True,
                "perm_unlink": True,
                "explicit_user_ids": [Command.set(cls.user.ids)],
            }
        )
        storage = cls.env["dms.storage"].create(
            {"name": "archive", "save_type": "database"}
        )
        cls.root = cls.env["dms.directory"].create(
            {
                "name": "archive",
                "storage_id": storage.id,
                "is_root_directory": True,
                "group_ids": [Command.set(group.ids)],
            }
        )
        cls.folder = cls.env["dms.directory"].create(
            {"name": "small", "parent_id": cls.root.id}
        )
        cls.number = 0

    def _upload(self):
        """An ordinary user adds one file to a small folder."""
        type(self).number += 1
        return (
            self.env["dms.file"]
            .with_user(self.user)
            .create(
                {
                    "name": f"scan {self.number}.txt",
                    "content": "eA==",
                    "directory_id": self.folder.id,
                }
            )
        )

    def _measure(self, action):
        self._upload()
        self.env.flush_all()
        self.env.invalidate_all()
        with reading(self.env) as cost:
            action()
        return cost

    def _assert_flat(self, action):
        fill(self.env, self.root, SMALL)
        small = self._measure(action)
        fill(self.env, self.root, LARGE - SMALL)
        large = self._measure(action)
        self.assertLessEqual(large.queries, small.queries)
        self.assertLessEqual(large.rows, 1.3 * small.rows + 20)
        return small, large

    def test_upload_is_flat(self):
        self._assert_flat(self._upload)

    def test_rename_is_flat(self):
        file = self._upload()

        def rename():
            type(self).number += 1
            file.write({"name": f"renamed {self.number}.txt"})

        self._assert_flat(rename)

    def test_delete_is_flat(self):
        files = [self._upload() for _index in range(2)]
        self._assert_flat(lambda: files.pop().unlink())

    def test_search_by_dossier_code_is_flat(self):
        files = self.env["dms.file"].with_user(self.user)
        hits = []

        def search():
            hits.append(files.search([("name", "ilike", "261122-0007")]))

        self._upload()
        self.env["dms.file"].create(
            {
                "name": "H49.12-261122-0007_TP01 Tờ khai.txt",
                "content": "eA==",
                "directory_id": self.folder.id,
            }
        )
        self._assert_flat(search)
        self.assertEqual([len(found) for found in hits], [1, 1])

    def test_the_measure_sees_the_growth_of_plain_dms(self):
        """Guard of the guard: without the override the same measure counts them all."""
        fill(self.env, self.root, LARGE)
        ours = self._measure(self._upload)
        with dms_as_it_comes(self.env):
            plain = self._measure(self._upload)
        self.assertGreaterEqual(plain.rows, LARGE)
        self.assertLess(ours.rows, LARGE / 10)

    def test_twin_check_does_not_read_the_folder(self):
        """In one folder of 500 files the check of the name reads only twins."""
        [folder] = fill(self.env, self.root, 500)
        self.folder = folder
        cost = self._measure(self._upload)
        self.assertLess(cost.rows, 200)
