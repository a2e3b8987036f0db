"""Pictures as pages of a PDF, written with PDFium (no ORM here).

PDFium is not thread-safe: whoever uses it in any addon holds :data:`LOCK`.
"""

import io
import threading

import pypdfium2

# Odoo loads no further kinds of pictures than those it needs: TIFF is named here.
from PIL import Image, ImageOps, TiffImagePlugin, UnidentifiedImageError

LOCK = threading.RLock()
#: No picture larger than this is unpacked (A3 at 600 dpi has 70 million).
MOST_IMAGE_PIXELS = 120_000_000
POINTS = 72
PICTURES = ("JPEG", "PNG", TiffImagePlugin.TiffImageFile.format)
A4 = (595.28, 841.89)


class PageProblem(Exception):
    """A file cannot be taken; ``key`` says why: ``picture`` or ``huge`` here.

    ``place`` is that of the picture among several, from 0.
    """

    def __init__(self, key, place=0):
        super().__init__(key)
        self.key = key
        self.place = place


def saved(document):
    """Return the bytes of a PDF made here, of version 1.7 at least."""
    target = io.BytesIO()
    document.save(target, version=max(document.get_version() or 0, 17))
    return target.getvalue()


def from_pictures(contents):
    """Return one PDF with a page per picture (JPEG, PNG, TIFF with its pages).

    A picture that names its resolution keeps its size (scale 100 %), any other fills
    an A4 page. JPEG data are taken over as they are.

    :param contents: bytes of the pictures, in order
    :raises PageProblem: ``picture`` or ``huge``, with the place of the picture
    """
    with LOCK:
        document = pypdfium2.PdfDocument.new()
        try:
            for place, content in enumerate(contents):
                try:
                    for picture, data in _frames(content):
                        _add_picture(document, picture, data)
                except PageProblem as problem:
                    problem.place = place
                    raise
            return saved(document)
        finally:
            document.close()


def _frames(content):
    try:
        with Image.open(io.BytesIO(content), formats=PICTURES) as image:
            for number in range(getattr(image, "n_frames", 1)):
                image.seek(number)
                if image.width * image.height > MOST_IMAGE_PIXELS:
                    raise PageProblem("huge")
                dpi = _own_dpi(image)
                upright = ImageOps.exif_transpose(image)
                plain = image.format == "JPEG" and upright.size == image.size
                plain = plain and image.getexif().get(0x0112, 1) == 1
                plain = plain and image.mode in ("L", "RGB")
                upright.info["dpi"] = (dpi, dpi)
                yield upright.convert("RGB"), content if plain else None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise PageProblem("picture") from error
    except Image.DecompressionBombError as error:
        raise PageProblem("huge") from error


def _own_dpi(image):
    """Return the resolution that a picture names, 0 when it is not to be believed."""
    dpi = image.info.get("dpi", (0, 0))[0]
    return float(dpi) if 100 <= dpi <= 1200 else 0


def _add_picture(document, picture, data):
    dpi = picture.info["dpi"][0]
    if dpi:
        size = tuple(pixels * POINTS / dpi for pixels in picture.size)
    else:
        lying = picture.width > picture.height
        sheet = A4[::-1] if lying else A4
        scale = min(sheet[0] / picture.width, sheet[1] / picture.height)
        size = tuple(pixels * scale for pixels in picture.size)
    page = document.new_page(*size)
    image = pypdfium2.PdfImage.new(document)
    if data:
        image.load_jpeg(io.BytesIO(data), inline=True)
    else:
        bitmap = pypdfium2.PdfBitmap.from_pil(picture)
        image.set_bitmap(bitmap)
        bitmap.close()
    image.set_matrix(pypdfium2.PdfMatrix().scale(*size))
    page.insert_obj(image)
    page.gen_content()
    page.close()
