import os
import tempfile

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..tools import file_name


class TestFileName(BaseCase):
    """Names of filed documents: readable, unique, accepted by every disk."""

    def test_code_label_title(self):
        self.assertEqual(
            file_name.build("H49.12-261122-0001", "TP01", "Tờ khai", "pdf"),
            "H49.12-261122-0001_TP01 Tờ khai.pdf",
        )

    def test_what_disks_refuse_is_replaced(self):
        self.assertEqual(
            file_name.build("H49/12", "M01", 'Số 5/GP: "gấp"\n', "pdf"),
            "H49-12_M01 Số 5-GP- -gấp.pdf",
        )

    def test_long_names_are_cut_between_letters(self):
        name = file_name.build("H49.12-261122-0001", "TP01", "ễ" * 300, "pdf")
        self.assertLessEqual(len(name.encode()), 200)
        self.assertTrue(name.endswith("ễ.pdf"))

    def test_namesakes_get_a_number(self):
        taken = {"a.pdf", "a (2).pdf"}
        self.assertEqual(file_name.unique("a.pdf", taken), "a (3).pdf")
        self.assertEqual(file_name.unique("b.pdf", taken), "b.pdf")

    def test_extension(self):
        self.assertEqual(file_name.split("Quét 1.PDF"), ("Quét 1", "pdf"))
        self.assertEqual(file_name.split("Số 5. Đơn"), ("Số 5. Đơn", ""))
        self.assertEqual(file_name.split(False), ("", ""))

    @settings(max_examples=200, deadline=None)
    @given(st.text(max_size=400), st.text(max_size=20), st.text(max_size=6))
    def test_every_name_can_be_stored(self, title, label, extension):
        name = file_name.build("H49.12-261122-0001", label, title, extension)
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, name), "wb") as target:
                target.write(b"x")
            self.assertEqual(os.listdir(folder), [name])
