import io

from PIL import Image

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from . import papers
from .common import DigitiseCase


@tagged("post_install", "-at_install")
class TestDigitisePolicy(DigitiseCase):
    """A file that cannot be taken is refused with one sentence."""

    def setUp(self):
        super().setUp()
        self.part = self._part(self._case(), "GCN")

    def _refuse(self, sentence, *contents, name="quet.pdf"):
        with self._refused(UserError, sentence):
            self.part._receive_files([name] * len(contents), list(contents))
        self.assertFalse(self.part.scan_file_ids)

    def test_refusals(self):
        sound = papers.scan([papers.written(dpi=100)], 100)
        self._refuse("damaged", b"%PDF-1.7 nothing")
        self._refuse("neither a PDF nor a picture", b"MZ\x90\x00", name="quet.pdf")
        self._refuse("is empty", b"")
        self._refuse("each PDF for itself", sound, sound)
        self._refuse("not a picture that can be opened", b"\xff\xd8\xffbad")
        self._refuse(
            "PDF 1.3; PDF 1.4 or PDF/A is needed", papers.plain_pdf(version=13)
        )

    def test_the_file_that_is_wrong_is_named(self):
        photo = papers.jpeg(papers.blank(100))
        for wrong, sentence in (
            (b"", "“sai.jpg” is empty"),
            (b"PK\x03\x04 word/document.xml", "“sai.jpg” is a document of an office"),
            (b"\x00\x00\x00\x18ftypheic" + b"\x00" * 50, "“sai.jpg” is a HEIC photo"),
            (b"MZ\x90\x00", "“sai.jpg” is neither a PDF nor a picture"),
            (b"\xff\xd8\xffbad", "“sai.jpg” is not a picture"),
        ):
            with self.subTest(sentence), self._refused(UserError, sentence):
                self.part._receive_files(["1.jpg", "sai.jpg"], [photo, wrong])
        self.assertFalse(self.part.scan_file_ids)
        self.assertFalse(self.part.attachment_ids)

    def test_limits_are_data(self):
        self.policy.max_pages = 1
        self._refuse("more than 1 pages", papers.plain_pdf(2))
        self.policy.max_megabytes = 1
        self._refuse("larger than 1 MB", b"%PDF-1.7" + b"0" * (1 << 20))
        self.policy.pdfa_only = True
        self._refuse("not PDF/A", papers.plain_pdf())
        self.policy.take_pictures = False
        self._refuse("neither a PDF nor a picture", papers.jpeg(papers.blank(100)))

    def test_a_coarse_scan_is_warned_of_or_refused(self):
        coarse = papers.scan([papers.written(dpi=100)], 100)
        file = self.part._receive_files(["a.pdf"], [coarse])
        self.assertRegex(file.warning, "Page 1 of “a.pdf” was scanned at 100 dpi")
        self.policy.low_dpi = "refuse"
        other = self._part(self.part.dossier_id, "TK")
        with self._refused(UserError, "at least 200 dpi"):
            other._receive_files(
                ["a.pdf"], [papers.scan([papers.written("b", 100)], 100)]
            )
        fine = papers.scan([papers.written("c")])
        self.assertFalse(other._receive_files(["a.pdf"], [fine]).warning)

    def test_a_requirement_of_the_agency_goes_before_the_general_one(self):
        self.policy.copy(
            {"company_id": self.commune.id, "min_dpi": 50, "name": "Của xã"}
        )
        coarse = papers.scan([papers.written(dpi=100)], 100)
        self.assertFalse(self.part._receive_files(["a.pdf"], [coarse]).warning)

    def test_without_requirements_nothing_is_guessed(self):
        self.policy.active = False
        self._refuse("No requirements of scans are in force", papers.plain_pdf())

    def test_pictures_become_one_pdf(self):
        target = io.BytesIO()
        Image.new("RGB", (900, 1200), "white").save(target, "PNG")
        contents = [papers.jpeg(papers.written()), target.getvalue()]
        file = self.part._receive_files(["1.jpg", "2.png"], contents)
        self.assertEqual(file.pages, 2)
        self.assertEqual(file.original_name, "1.jpg, 2.png")
        self.assertTrue(file.attachment_id.raw.startswith(b"%PDF-1."))

    def test_a_pattern_that_cannot_be_read_back(self):
        with self.assertRaises(ValidationError):
            self.policy.name_pattern = "{code}{part code}_{nn}.pdf"
        self.policy.name_pattern = "{part code}-{code}-{nn}.pdf"
        self.assertEqual(self.policy.example, "TP01-H50.21-261123-0001-01.pdf")
