"""What a visible signature shows (NĐ 30/2020/NĐ-CP Phụ lục I), as a page of its own.

Laid out by WeasyPrint like all our papers, so that Vietnamese text and images with a
transparent ground look the same everywhere. Plain Python; images are PNG.
"""

import base64
import html
import io
from zoneinfo import ZoneInfo

from PIL import Image

from odoo.addons.cchc_onestop.tools import pdf

#: The time of a signature is printed in the time zone of Việt Nam (ISO 8601).
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
_STYLE = (
    "@page {{ size: {width}pt {height}pt; margin: 0 }}"
    "html, body {{ margin: 0; padding: 0 }}"
    "body {{ font-family: 'Liberation Serif', 'Noto Serif', serif; color: {color};"
    " font-size: {size}pt; line-height: 1.2 }}"
    ".box {{ box-sizing: border-box; width: {width}pt; height: {height}pt;"
    " overflow: hidden; text-align: {align}; padding: 1pt }}"
    ".frame {{ border: 1pt solid {color}; border-radius: {radius} }}"
    "p {{ margin: 0 }} b {{ font-size: 1.1em }}"
    "img {{ width: 100%; height: 100%; object-fit: contain }}"
)


def local_time(moment):
    """Return an aware moment as “dd/mm/yyyy HH:MM:SS +07:00”."""
    local = moment.astimezone(ZONE)
    return f"{local:%d/%m/%Y %H:%M:%S} {local:%z}"[:-2] + ":00"


def _page(place, inner, css="", color="#000", size=8, align="left", radius="0"):
    width, height = place.box[2] - place.box[0], place.box[3] - place.box[1]
    style = _STYLE.format(
        width=width, height=height, color=color, size=size, align=align, radius=radius
    )
    return pdf.render_pdf(
        [f'<style>{style}</style><div class="box {css}">{inner}</div>']
    )


def _image(png):
    return f'<img src="data:image/png;base64,{base64.b64encode(png).decode()}">'


def signature(place, signer, moment, png=None):
    """Return the look of a person's signature: his image, else name and time."""
    if png:
        return _page(place, _image(png))
    text = (
        f"<p>Người ký: <b>{html.escape(signer)}</b></p>"
        f"<p>Thời gian ký: {local_time(moment)}</p>"
    )
    return _page(place, text, css="frame", color="#0b3d91")


def seal(place, agency, moment, png=None):
    """Return the look of an agency's seal: its red image, else a red frame."""
    if png:
        return _page(place, _image(png))
    text = (
        f"<p><b>{html.escape(agency)}</b></p><p>Đã ký số</p><p>{local_time(moment)}</p>"
    )
    return _page(place, text, css="frame", color="#c00", size=7, align="center")


def copy(place, form, agency, moment):
    """Return the mark of a copy: its form, the agency and the time of signing."""
    text = (
        f"<p><b>{html.escape(form)}</b></p><p>{html.escape(agency)}</p>"
        f"<p>Thời gian ký: {local_time(moment)}</p>"
    )
    return _page(place, text, css="frame", color="#c00")


def size_of(png, width):
    """Return width and height in mm of a PNG that is so wide."""
    with Image.open(io.BytesIO(png)) as image:
        return width, min(width * image.height / image.width, 60)
