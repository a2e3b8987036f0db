"""QR codes for screens: addresses that a phone or a device opens."""

import base64
import io

import qrcode


def picture(text):
    """Return the QR code of a text as a base64 PNG."""
    code = qrcode.QRCode(
        error_correction=qrcode.constants.ERROR_CORRECT_M, box_size=6, border=2
    )
    code.add_data(text)
    target = io.BytesIO()
    code.make_image().save(target)
    return base64.b64encode(target.getvalue())
