"""What the public pages of the suite share: plain answers, without a login."""

from odoo.http import request

#: Nothing of ours is shown in frames of others, indexed or kept by proxies.
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "X-Robots-Tag": "noindex",
}


def page(template, values=None, status=200, **headers):
    """Answer with a light page, in Vietnamese whoever asks.

    :param template: full external id
    """
    html = (
        request.env["ir.qweb"]
        .sudo()
        .with_context(lang="vi_VN", inherit_branding=False)
        ._render(template, values or {})
    )
    response = request.make_response(
        f"<!DOCTYPE html>\n{html}",
        [("Content-Type", "text/html; charset=utf-8"), *HEADERS.items()],
        status=status,
    )
    for name, value in headers.items():
        response.headers[name.replace("_", "-")] = value
    return response


def clean(text):
    """Return what was typed without the sign that no database keeps."""
    return (text or "").replace("\x00", "")
