import io
import re
import subprocess

from pypdf import PdfReader

from .common_papers import PaperCase


class FormCase(PaperCase):
    """Papers of the six forms, read as a person would: text, pages, QR code."""

    @staticmethod
    def _pdf_text(content, layout=False):
        """Text of a PDF as ``pdftotext`` gives it, white space folded."""
        command = ["pdftotext", *(["-layout"] if layout else []), "-", "-"]
        text = subprocess.run(
            command, input=content, capture_output=True, check=True
        ).stdout.decode()
        return text if layout else re.sub(r"\s+", " ", text)

    @staticmethod
    def _pages(content):
        return PdfReader(io.BytesIO(content)).pages

    def _all_text(self, content):
        """Text in the order of the page and in that of the drawing: what stands in
        columns or across the page is whole in one of them."""
        drawn = " ".join(page.extract_text() for page in self._pages(content))
        drawn = re.sub(r"\s+", " ", drawn).replace(" :", ":")
        return f"{self._pdf_text(content)} ‖ {drawn}"

    def _assert_texts(self, content, expected):
        text = self._all_text(content)
        for wanted in expected:
            with self.subTest(wanted=wanted):
                self.assertIn(re.sub(r"\s+", " ", wanted), text)

    def _assert_size(self, content, width, height):
        """Every page is ``width`` × ``height`` millimetres."""
        for page in self._pages(content):
            self.assertAlmostEqual(
                float(page.mediabox.width), width / 25.4 * 72, delta=0.6
            )
            self.assertAlmostEqual(
                float(page.mediabox.height), height / 25.4 * 72, delta=0.6
            )

    def _last_paper(self, dossier, code):
        return dossier.sudo().paper_ids.filtered(
            lambda paper: paper.code == code and paper.state == "issued"
        )[:1]
