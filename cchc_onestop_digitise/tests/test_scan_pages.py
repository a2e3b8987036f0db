import io

import pypdfium2
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    TextStringObject,
)

from odoo.tests import BaseCase, tagged

from odoo.addons.cchc_onestop.tools import picture_pdf

from ..tools import pages
from . import papers


def looks(content):
    return [look for _number, look in pages.look(content, 0, 1000)]


@tagged("post_install", "-at_install")
class TestScanPages(BaseCase):
    """Pages as scanners make them, and files that should not be opened."""

    def _problem(self, content, most=500):
        with self.assertRaises(pages.PageProblem) as caught:
            pages.inspect(content, most)
        return caught.exception.key

    # -- separators ------------------------------------------------------------
    def test_separators_of_every_quality(self):
        for dpi in (150, 200, 300):
            for turn in (0, 2.5, 90, 180, 270, 183):
                with self.subTest(dpi=dpi, turn=turn):
                    sheet = papers.separator("H50.21-261123-0001", "GCN", dpi)
                    sheet = papers.spoil(sheet, seed=dpi + int(turn), turn=turn)
                    seen = looks(papers.scan([sheet], dpi, quality=35))[0]
                    self.assertEqual(
                        pages.separator(seen), ("H50.21-261123-0001", "GCN")
                    )

    def test_a_content_page_is_no_separator(self):
        sheets = [papers.written("a"), papers.separator("", "", text="https://x.vn/1")]
        for seen in looks(papers.scan(sheets)):
            self.assertIsNone(pages.separator(seen))
            self.assertFalse(seen.blank)

    def test_blank_pages_are_known_although_paper_is_grey(self):
        for grey in (255, 235, 190):
            for amount in (5, 30):
                page = papers.blank(grey=grey)
                noise = Image.effect_noise(page.size, amount)
                page = Image.blend(page, noise, 0.1)
                self.assertTrue(looks(papers.scan([page]))[0].blank, (grey, amount))
        signed = papers.blank()
        signed.paste(30, (800, 1500, 1150, 1512))
        self.assertFalse(looks(papers.scan([signed]))[0].blank)

    # -- what a file is ----------------------------------------------------------
    def test_facts_of_a_scan(self):
        facts = pages.inspect(papers.scan([papers.written(), papers.blank()]), 10)
        self.assertEqual((facts.pages, facts.dpi, facts.low_page), (2, 200, 1))
        self.assertGreaterEqual(facts.version, 14)
        low = [
            papers.jpeg(papers.written(dpi=300), 300),
            papers.jpeg(papers.written(dpi=120), 120),
        ]
        facts = pages.inspect(picture_pdf.from_pictures(low), 10)
        self.assertEqual((facts.dpi, facts.low_page), (120, 2))
        self.assertEqual(pages.inspect(papers.plain_pdf(), 10).dpi, 0)

    def test_a_scan_that_lies_on_its_side(self):
        picture = papers.written().rotate(90, expand=True)
        self.assertEqual(pages.inspect(papers.scan([picture]), 10).dpi, 200)

    def test_old_versions_are_named(self):
        self.assertEqual(pages.inspect(papers.plain_pdf(version=13), 9).version, 13)

    # -- hostile and broken files ---------------------------------------------------
    def test_broken_files(self):
        whole = papers.scan([papers.written()])
        self.assertEqual(self._problem(b"%PDF-1.7\nnothing"), "broken")
        self.assertEqual(self._problem(b""), "empty")
        self.assertEqual(self._problem(whole[: len(whole) // 3]), "broken")

    def test_locked_files(self):
        for owner_only in (False, True):
            writer = PdfWriter(clone_from=io.BytesIO(papers.plain_pdf()))
            writer.encrypt("" if owner_only else "bí mật", "chủ", algorithm="AES-256")
            target = io.BytesIO()
            writer.write(target)
            self.assertEqual(self._problem(target.getvalue()), "encrypted")

    def test_programs_and_files_inside(self):
        action = DictionaryObject(
            {
                NameObject("/S"): NameObject("/JavaScript"),
                NameObject("/JS"): TextStringObject("app.alert(1)"),
            }
        )
        names = ArrayObject([TextStringObject("a"), action])
        tree = DictionaryObject(
            {NameObject("/JavaScript"): DictionaryObject({NameObject("/Names"): names})}
        )
        for place, value in (("/OpenAction", action), ("/Names", tree)):
            writer = PdfWriter(clone_from=io.BytesIO(papers.plain_pdf()))
            writer.root_object[NameObject(place)] = value
            target = io.BytesIO()
            writer.write(target)
            self.assertEqual(self._problem(target.getvalue()), "script", place)
        writer = PdfWriter(clone_from=io.BytesIO(papers.plain_pdf()))
        writer.add_attachment("x.exe", b"MZ")
        target = io.BytesIO()
        writer.write(target)
        self.assertEqual(self._problem(target.getvalue()), "embedded")

    def test_too_many_pages(self):
        self.assertEqual(self._problem(papers.plain_pdf(4), most=3), "pages")

    def test_a_page_of_a_square_mile_is_drawn_small(self):
        document = pypdfium2.PdfDocument.new()
        document.new_page(14_000, 14_000)
        target = io.BytesIO()
        document.save(target)
        document.close()
        picture = Image.open(io.BytesIO(pages.thumbnail(target.getvalue(), 0, 180)))
        self.assertLessEqual(picture.width, 200)
        self.assertEqual(len(looks(target.getvalue())), 1)

    def test_a_picture_that_would_fill_the_memory(self):
        target = io.BytesIO()
        Image.new("1", (16_000, 16_000)).save(target, "PNG")
        with self.assertRaises(pages.PageProblem) as caught:
            picture_pdf.from_pictures([target.getvalue()])
        self.assertEqual(caught.exception.key, "huge")

    def test_what_is_no_picture(self):
        for content in (b"\xff\xd8\xffnothing", b"\x89PNG\r\n\x1a\n", b"GIF89a"):
            with self.assertRaises(pages.PageProblem) as caught:
                picture_pdf.from_pictures([content])
            self.assertEqual(caught.exception.key, "picture")

    # -- making files -----------------------------------------------------------------
    def test_pictures_of_all_kinds_become_pages(self):
        contents = []
        for kind, mode in (
            ("PNG", "RGBA"),
            ("PNG", "1"),
            ("PNG", "P"),
            ("JPEG", "CMYK"),
        ):
            target = io.BytesIO()
            papers.written(dpi=100).convert("RGB").convert(mode).save(target, kind)
            contents.append(target.getvalue())
        target = io.BytesIO()
        frames = [papers.written(seed=seed, dpi=100) for seed in (1, 2)]
        frames[0].save(target, "TIFF", save_all=True, append_images=frames[1:])
        contents.append(target.getvalue())
        made = picture_pdf.from_pictures(contents)
        self.assertEqual(pages.count(made), 6)
        self.assertTrue(all(not look.blank for look in looks(made)))

    def test_scale_is_kept_and_jpeg_is_not_packed_anew(self):
        content = papers.jpeg(papers.written(dpi=300), 300)
        made = picture_pdf.from_pictures([content])
        page = PdfReader(io.BytesIO(made)).pages[0]
        self.assertAlmostEqual(float(page.mediabox.width), 595, delta=1.5)
        self.assertIn(content, made)

    def test_a_photo_that_was_held_upright(self):
        target = io.BytesIO()
        exif = Image.Exif()
        exif[0x0112] = 6
        papers.written(dpi=100).rotate(90, expand=True).save(
            target, "JPEG", exif=exif, quality=80
        )
        with pages.opened(picture_pdf.from_pictures([target.getvalue()])) as document:
            width, height = document.get_page_size(0)
        self.assertLess(width, height)

    def test_pages_are_taken_over_and_turned(self):
        stack = papers.scan([papers.written("a"), papers.separator("H1-1", "TK")])
        made = pages.extract(stack, [(1, 90), (0, 0), (1, 0)])
        self.assertEqual(pages.count(made), 3)
        found = [pages.separator(look) for look in looks(made)]
        self.assertEqual(found, [("H1-1", "TK"), None, ("H1-1", "TK")])
        with pages.opened(made) as document:
            self.assertEqual([page.get_rotation() for page in document], [90, 0, 0])

    def test_a_page_that_is_not_there(self):
        with self.assertRaises(pages.PageProblem):
            pages.thumbnail(papers.plain_pdf(), 7, 180)
