"""Signs a PDF (PAdES) by adding to it, never by writing it anew (no ORM here).

Who holds the key does not matter: a *signer* of pyHanko is given, from a file, a token
or a service far away. Places and sizes follow NĐ 30/2020/NĐ-CP Phụ lục I.
"""

import io
import tempfile
from dataclasses import dataclass

from odoo.addons.cchc_onestop.tools import picture_pdf

#: Points of a millimetre.
MM = 72 / 25.4
#: Box of a signature and of a seal without any image of their own (mm).
SIGNATURE = (50, 20)
SEAL = (36, 36)
COPY = (62, 18)


class CannotSign(Exception):
    """The file cannot be signed; ``code`` says why (``encrypted``, ``unreadable``)."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Place:
    """Where a visible signature stands: page (from 0) and box in points."""

    page: int
    box: tuple


def _open(content):
    from pyhanko.pdf_utils.incremental_writer import (  # noqa: PLC0415
        IncrementalPdfFileWriter,
    )
    from pyhanko.pdf_utils.misc import PdfError  # noqa: PLC0415

    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(content), strict=False)
        if writer.prev.encrypted:
            raise CannotSign("encrypted")
        pages = int(writer.prev.root["/Pages"]["/Count"])
    except (PdfError, ValueError, KeyError, TypeError) as error:
        raise CannotSign("unreadable") from error
    if pages < 1:
        raise CannotSign("unreadable")
    return writer, pages


def _page_box(writer, number):
    """Return the visible area of a page as four floats."""
    page = writer.prev.find_page_for_modification(number)[0].get_object()
    while True:
        if "/MediaBox" in page:
            box = page.get("/CropBox", page["/MediaBox"])
            return tuple(float(value) for value in box)
        page = page["/Parent"]


def signed_boxes(content):
    """Return ``[(field name, Place)]`` of the visible signatures of a PDF, in order."""
    writer, _pages = _open(content)
    found = []
    for embedded in writer.prev.embedded_regular_signatures:
        field = embedded.sig_field
        box = tuple(float(value) for value in field.get("/Rect", (0, 0, 0, 0)))
        if box[2] - box[0] > 1 and "/P" in field:
            target = field.raw_get("/P").reference
            found.append((embedded.field_name, Place(_index(writer, target), box)))
    return found


def _index(writer, target):
    """Return the number of the page with this reference, from 0."""
    pages = int(writer.prev.root["/Pages"]["/Count"])
    for number in range(pages):
        reference = writer.prev.find_page_for_modification(number)[0].reference
        if (reference.idnum, reference.generation) == (target.idnum, target.generation):
            return number
    return pages - 1


def signing_place(content, name, size=SIGNATURE):
    """Return where a person signs: above his name on the last pages, else at the foot.

    :param str name: name as printed below the place for the signature
    :param size: width and height in mm
    """
    writer, pages = _open(content)
    width, height = size[0] * MM, size[1] * MM
    found = _find(content, name, pages)
    if found:
        page, left, right, top = found
        limits = _page_box(writer, page)
        x = min(
            max((left + right) / 2 - width / 2, limits[0]), max(limits[2] - width, 0)
        )
        y = min(top + 1 * MM, limits[3] - height)
        return Place(page, _whole(x, y, width, height))
    limits = _page_box(writer, pages - 1)
    return Place(
        pages - 1,
        _whole(limits[2] - width - 20 * MM, limits[1] + 30 * MM, width, height),
    )


def _find(content, name, pages):
    """Return ``(page, left, right, top)`` of the last place where ``name`` stands."""
    if not name:
        return None
    with picture_pdf.LOCK:
        return _found(content, name, pages)


def _found(content, name, pages):
    import pypdfium2  # noqa: PLC0415

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise CannotSign("unreadable") from error
    try:
        for number in range(pages - 1, max(pages - 4, -1), -1):
            text = document[number].get_textpage()
            searcher = text.search(name)
            last = None
            while (hit := searcher.get_next()) is not None:
                last = hit
            if last:
                boxes = [text.get_charbox(i) for i in range(last[0], sum(last))]
                return (
                    number,
                    min(box[0] for box in boxes),
                    max(box[2] for box in boxes),
                    max(box[3] for box in boxes),
                )
    finally:
        document.close()
    return None


def seal_place(signature, size=SEAL):
    """Return the place of a seal that covers the left third of a signature."""
    width, height = size[0] * MM, size[1] * MM
    left, bottom, right, top = signature.box
    x = max(left + (right - left) / 3 - width, 0)
    y = max((bottom + top) / 2 - height / 2, 0)
    return Place(signature.page, _whole(x, y, width, height))


def copy_place(content, size=COPY):
    """Return the place of the mark of a copy: top right of the first page."""
    writer, _pages = _open(content)
    limits = _page_box(writer, 0)
    width, height = size[0] * MM, size[1] * MM
    taken = [place.box for _n, place in signed_boxes(content) if not place.page]
    y = limits[3] - height - 5 * MM
    x = limits[2] - width - 8 * MM
    while y > limits[1] and any(
        box[0] < x + width and box[2] > x and box[1] < y + height and box[3] > y
        for box in taken
    ):
        y -= height + 2 * MM
    return Place(0, _whole(x, max(y, limits[1]), width, height))


def _whole(x, y, width, height):
    return (round(x), round(y), round(x + width), round(y + height))


def sign(content, signer, place, stamp, name, **details):
    """Return ``content`` with one more signature, which adds to the end of the file.

    :param bytes content: PDF, signed already or not
    :param signer: :class:`pyhanko.sign.signers.Signer`
    :param Place place: where it shows
    :param bytes stamp: PDF of one page of the size of the box: what shows
    :param str name: name of the signature field, which no other has
    :param details: ``reason``, ``location``, ``timestamper``; ``revocation``: context
        (:class:`pyhanko_certvalidator.ValidationContext`) whose answers are kept in the
        file (PAdES-B-LT)
    :raises CannotSign: the file is encrypted or cannot be read
    """
    from pyhanko.pdf_utils import content as pdf_content  # noqa: PLC0415
    from pyhanko.pdf_utils import layout  # noqa: PLC0415
    from pyhanko.sign import fields, signers  # noqa: PLC0415
    from pyhanko.stamp import StaticStampStyle  # noqa: PLC0415

    writer, _pages = _open(content)
    context = details.get("revocation")
    meta = signers.PdfSignatureMetadata(
        field_name=name,
        md_algorithm="sha256",
        reason=details.get("reason"),
        location=details.get("location"),
        subfilter=fields.SigSeedSubFilter.PADES,
        embed_validation_info=bool(context),
        validation_context=context,
    )
    spec = fields.SigFieldSpec(name, on_page=place.page, box=place.box)
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(stamp)
        file.flush()
        style = StaticStampStyle(
            border_width=0,
            background=pdf_content.ImportedPdfPage(file.name),
            background_layout=layout.SimpleBoxLayoutRule(
                x_align=layout.AxisAlignment.ALIGN_MID,
                y_align=layout.AxisAlignment.ALIGN_MID,
                margins=layout.Margins.uniform(0),
            ),
        )
        signed = signers.PdfSigner(
            meta,
            signer,
            timestamper=details.get("timestamper"),
            stamp_style=style,
            new_field_spec=spec,
        ).sign_pdf(writer)
    return signed.getvalue()


def field_name(content, prefix):
    """Return a name for a new signature field that the file does not know yet."""
    writer, _pages = _open(content)
    taken = {embedded.field_name for embedded in writer.prev.embedded_signatures}
    number = len(taken) + 1
    while f"{prefix}{number}" in taken:
        number += 1
    return f"{prefix}{number}"
