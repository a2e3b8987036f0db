"""Pages of scanned files, read and written with PDFium (no ORM here).

PDFium is not thread-safe: everything here runs under its lock, page by page, so that
a stack of three hundred pages needs the memory of one.
"""

import io
from contextlib import contextmanager
from dataclasses import dataclass

import pypdfium2
import zxingcpp
from pypdfium2 import raw

from odoo.addons.cchc_onestop.tools.picture_pdf import (
    A4,
    LOCK,
    MOST_IMAGE_PIXELS,
    POINTS,
    PageProblem,
    saved,
)

from . import part_name

#: Resolution at which separators are looked for. Their code is 100 mm wide, so that a
#: module still has about ten pixels.
LOOK_DPI = 100
#: No page is rendered larger than this, whatever its size says.
MOST_PIXELS = 25_000_000
#: A picture that covers less of the page is a stamp or a logo, not the scan.
SCAN_SHARE = 0.5
#: A page with less ink than this is blank; edges and punch holes do not count.
BLANK_INK = 0.0008
EDGE = 0.05
#: Names of actions that no scan has.
PROGRAMS = (b"/JavaScript", b"/Launch")


@dataclass(frozen=True)
class Facts:
    """What is known of a PDF.

    :param version: of the PDF format times ten: 14 is 1.4
    :param pdfa: whether it says that it is PDF/A
    :param dpi: the lowest resolution of its scanned pages, 0 when none is a scan
    :param low_page: the number of that page, from 1
    """

    pages: int
    version: int
    pdfa: bool
    dpi: int
    low_page: int


@dataclass(frozen=True)
class Look:
    """What a page of a stack is.

    :param texts: texts of its QR codes
    :param blank: whether there is no ink on it
    """

    texts: tuple
    blank: bool


@contextmanager
def opened(source):
    """Open a PDF: bytes, or the path of a file.

    :raises PageProblem: ``broken``, ``encrypted`` or ``empty``
    """
    # of no bytes at all the library speaks in another way
    if not source:
        raise PageProblem("empty")
    with LOCK:
        try:
            document = pypdfium2.PdfDocument(source)
        except pypdfium2.PdfiumError as error:
            locked = raw.FPDF_GetLastError() == raw.FPDF_ERR_PASSWORD
            locked = locked or "password" in str(error).lower()
            raise PageProblem("encrypted" if locked else "broken") from error
        try:
            if not len(document):
                raise PageProblem("empty")
            yield document
        finally:
            document.close()


def inspect(content, most_pages):
    """Return the :class:`Facts` of a PDF.

    :param bytes content: the file
    :param most_pages: refuse more
    :raises PageProblem: it cannot be read, is locked, or carries what may run
    """
    with opened(content) as document:
        if raw.FPDF_GetSecurityHandlerRevision(document) != -1:
            raise PageProblem("encrypted")
        if _runs_something(content, document):
            raise PageProblem("script")
        if raw.FPDFDoc_GetAttachmentCount(document) > 0:
            raise PageProblem("embedded")
        if len(document) > most_pages:
            raise PageProblem("pages")
        lowest = (0, 0)
        for number in range(len(document)):
            page = _page(document, number)
            dpi = _scan_dpi(page)
            if dpi and (not lowest[0] or dpi < lowest[0]):
                lowest = (dpi, number + 1)
            page.close()
        return Facts(
            pages=len(document),
            version=document.get_version() or 0,
            # Metadata are not compressed, so that any reader finds the claim.
            pdfa=b"pdfaid:part" in content,
            dpi=lowest[0],
            low_page=lowest[1],
        )


def _page(document, number):
    try:
        return document[number]
    except pypdfium2.PdfiumError as error:
        raise PageProblem("broken") from error


def _runs_something(content, document):
    """Return whether opening the file would run a program or start another one."""
    if raw.FPDFDoc_GetJavaScriptActionCount(document) > 0:
        return True
    if b"/ObjStm" in content:
        # Objects are packed: written anew they are plain.
        target = io.BytesIO()
        document.save(target)
        content = target.getvalue()
    return any(name in content for name in PROGRAMS)


def _scan_dpi(page):
    """Return the resolution of the picture that fills a page, 0 without one."""
    width, height = page.get_size()
    best = 0
    for image in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        try:
            left, bottom, right, top = image.get_bounds()
            pixels = image.get_px_size()
        except pypdfium2.PdfiumError:
            # A picture that cannot be measured is not the scan of the page.
            continue
        if pixels[0] * pixels[1] > MOST_IMAGE_PIXELS:
            raise PageProblem("huge")
        across, high = right - left, top - bottom
        if across <= 0 or high <= 0 or across * high < SCAN_SHARE * width * height:
            continue
        # A scan that lies on its side has its width along the height of the page.
        area = across * high / POINTS**2
        best = max(best, round((pixels[0] * pixels[1] / area) ** 0.5))
    return best


def look(source, start, count):
    """Yield ``(number from 0, Look)`` of ``count`` pages from ``start``.

    :raises PageProblem: when the file cannot be opened
    """
    with opened(source) as document:
        for number in range(start, min(start + count, len(document))):
            picture = _render(document, number, LOOK_DPI, grey=True)
            codes = zxingcpp.read_barcodes(
                picture,
                formats=zxingcpp.BarcodeFormat.QRCode,
                try_invert=False,
            )
            texts = tuple(code.text for code in codes if code.valid)
            yield number, Look(texts, not texts and _is_blank(picture))


def separator(seen):
    """Return ``(code, key)`` of the separator that a page is, else ``None``."""
    for text in seen.texts:
        found = part_name.read_separator(text)
        if found:
            return found
    return None


def _render(document, number, dpi, grey=False):
    page = _page(document, number)
    try:
        width, height = page.get_size()
        scale = dpi / POINTS
        pixels = width * height * scale**2
        if pixels > MOST_PIXELS:
            scale *= (MOST_PIXELS / pixels) ** 0.5
        bitmap = page.render(scale=scale, grayscale=grey, may_draw_forms=False)
        picture = bitmap.to_pil().copy()
        bitmap.close()
    except pypdfium2.PdfiumError as error:
        raise PageProblem("broken") from error
    finally:
        page.close()
    return picture


def _is_blank(picture):
    width, height = picture.size
    inner = picture.crop(
        (
            int(width * EDGE),
            int(height * EDGE),
            max(int(width * (1 - EDGE)), 1),
            max(int(height * (1 - EDGE)), 1),
        )
    ).reduce(2)
    counts = inner.convert("L").histogram()
    ground = max(range(256), key=lambda grey: counts[grey])
    # Paper is not white: ink is what is much darker than most of the page.
    ink = sum(counts[: max(ground - 60, 0)])
    return ground > 120 and ink < BLANK_INK * sum(counts)


def thumbnail(source, number, width, rotation=0):
    """Return a page as JPEG, ``width`` pixels wide before it is turned.

    :raises PageProblem: when there is no such page
    """
    with opened(source) as document:
        if not 0 <= number < len(document):
            raise PageProblem("broken")
        page_width = document.get_page_size(number)[0] or A4[0]
        picture = _render(document, number, width * POINTS / page_width)
        if rotation:
            picture = picture.rotate(-rotation, expand=True)
        target = io.BytesIO()
        picture.convert("RGB").save(target, "JPEG", quality=72)
        return target.getvalue()


def extract(source, wanted):
    """Return a PDF of some pages of another, as they are: nothing is packed anew.

    :param wanted: ``(number from 0, degrees to turn right)`` in order
    """
    with opened(source) as document:
        made = pypdfium2.PdfDocument.new()
        try:
            made.import_pages(document, [number for number, _turn in wanted])
            for place, (_number, turn) in enumerate(wanted):
                if turn:
                    page = made[place]
                    page.set_rotation((page.get_rotation() + turn) % 360)
                    page.close()
            return saved(made)
        except pypdfium2.PdfiumError as error:
            raise PageProblem("broken") from error
        finally:
            made.close()


def count(source):
    """Return how many pages a PDF has."""
    with opened(source) as document:
        return len(document)
