"""What the public pages share: plain answers, limits, agencies."""

from odoo.http import request

from ..models.cchc_public_throttle import LIMITS

#: Nothing of ours is shown in frames of others, indexed or kept by proxies.
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "X-Robots-Tag": "noindex",
}


def page(template, values=None, status=200, **headers):
    """Answer with a light page of this addon, in Vietnamese whoever asks."""
    html = (
        request.env["ir.qweb"]
        .sudo()
        .with_context(lang="vi_VN", inherit_branding=False)
        ._render(f"cchc_onestop_voice.{template}", values or {})
    )
    response = request.make_response(
        f"<!DOCTYPE html>\n{html}",
        [("Content-Type", "text/html; charset=utf-8"), *HEADERS.items()],
        status=status,
    )
    for name, value in headers.items():
        response.headers[name.replace("_", "-")] = value
    return response


def message(title, text, status=200, **headers):
    """Answer with one sentence."""
    return page(
        "public_message", {"title": title, "text": text}, status=status, **headers
    )


def client():
    """Return what stands for whoever asks."""
    return request.httprequest.remote_addr or "?"


def throttle():
    return request.env["cchc.public.throttle"].sudo()


def too_many(scope):
    """Answer that somebody tried too often."""
    minutes = LIMITS[scope][1]
    return message(
        "Vui lòng thử lại sau",
        f"Có quá nhiều lần thử từ nơi này. Xin thử lại sau {minutes} phút.",
        status=429,
        Retry_After=str(minutes * 60),
    )


def clean(text):
    """Return what was typed without the sign that no database keeps."""
    return (text or "").replace("\x00", "")


def agency(slug):
    """Return the agency (sudo) of an address, or nothing."""
    slug = clean(slug)
    companies = request.env["res.company"].sudo()
    return companies.search([("cchc_unit_code", "=", slug)], limit=1) or (
        companies.browse(int(slug)).exists().filtered(lambda c: not c.cchc_unit_code)
        if slug.isdecimal() and len(slug) < 9
        else companies
    )


def not_found():
    return message(
        "Không tìm thấy trang",
        "Địa chỉ này không có hoặc không còn dùng. Xin kiểm tra lại đường dẫn.",
        status=404,
    )
