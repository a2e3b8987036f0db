"""Papers as a scanner sends them, drawn for the tests (no ORM)."""

import io
import random

import pypdfium2
import qrcode
from PIL import Image, ImageDraw, ImageFilter

from odoo.addons.cchc_onestop.tools import picture_pdf

from ..tools import part_name

A4_MM = (210, 297)


def blank(dpi=200, grey=245):
    """An empty A4 page of paper, which is not quite white."""
    size = tuple(round(mm / 25.4 * dpi) for mm in A4_MM)
    return Image.new("L", size, grey)


def written(text="Giấy tờ", dpi=200, seed=0):
    """A page with lines of ink, other for each text and seed."""
    picture = blank(dpi)
    draw = ImageDraw.Draw(picture)
    chance = random.Random(f"{text}{seed}")
    for line in range(30):
        y = int((30 + line * 8) / 25.4 * dpi)
        x = int(25 / 25.4 * dpi)
        while x < picture.width - dpi:
            width = chance.randint(dpi // 20, dpi // 4)
            draw.rectangle((x, y, x + width, y + dpi // 14), fill=40)
            x += width + dpi // 20
    return picture


def separator(code, key, dpi=200, text=None):
    """A separator sheet like the printed one: a code of 110 mm in the middle."""
    picture = blank(dpi)
    code_maker = qrcode.QRCode(
        error_correction=qrcode.constants.ERROR_CORRECT_H, box_size=8, border=4
    )
    content = text if text is not None else part_name.separator_text(code, key)
    code_maker.add_data(content.encode())
    edge = round(110 / 25.4 * dpi)
    drawn = code_maker.make_image().get_image().convert("L").resize((edge, edge))
    picture.paste(drawn, ((picture.width - edge) // 2, round(70 / 25.4 * dpi)))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((dpi, dpi // 2, picture.width - dpi, dpi), fill=30)
    return picture


def spoil(picture, seed=1, amount=40, turn=0.0):
    """Noise, a slant and a blurred glass, as of an old scanner."""
    chance = random.Random(seed)
    noise = Image.effect_noise(picture.size, amount)
    mixed = Image.blend(picture, noise, 0.18)
    draw = ImageDraw.Draw(mixed)
    for _speck in range(400):
        x, y = chance.randrange(mixed.width), chance.randrange(mixed.height)
        draw.rectangle((x, y, x + 3, y + 3), fill=chance.choice((20, 235)))
    mixed = mixed.filter(ImageFilter.GaussianBlur(0.6))
    return mixed.rotate(turn, expand=True, fillcolor=230) if turn else mixed


def jpeg(picture, dpi=200, quality=60):
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=quality, dpi=(dpi, dpi))
    return target.getvalue()


def scan(pictures, dpi=200, quality=60):
    """A PDF of these pages, as the scanner of an office makes it."""
    return picture_pdf.from_pictures([jpeg(each, dpi, quality) for each in pictures])


def plain_pdf(page_count=1, version=17):
    """A PDF without any scan."""
    document = pypdfium2.PdfDocument.new()
    for _page in range(page_count):
        document.new_page(595, 842)
    target = io.BytesIO()
    document.save(target, version=version)
    document.close()
    return target.getvalue()
