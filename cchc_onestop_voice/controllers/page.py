"""What the public pages share: plain answers, limits, agencies."""

from odoo.http import request

from odoo.addons.cchc_onestop.controllers import public_page
from odoo.addons.cchc_onestop.controllers.public_page import HEADERS, clean

from ..models.cchc_public_throttle import LIMITS

__all__ = ["HEADERS", "clean"]


def page(template, values=None, status=200, **headers):
    """Answer with a light page of this addon."""
    return public_page.page(f"cchc_onestop_voice.{template}", values, status, **headers)


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
