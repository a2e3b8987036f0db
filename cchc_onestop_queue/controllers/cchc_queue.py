import json
import secrets

from odoo import fields, http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.cchc_onestop.controllers.public_page import HEADERS, clean, page
from odoo.addons.cchc_onestop.tools.qr import picture

from ..models.cchc_queue_ticket import AT_COUNTER, IN_LINE

ADDON = "cchc_onestop_queue"
#: What a ticket page says of each state: heading, text.
STATES = {
    "waiting": ("Đang chờ", "Xin giữ số và theo dõi màn hình gọi số."),
    "passed": ("Chờ chuyển quầy", "Xin đến gần quầy sau và chờ gọi số."),
    "called": ("Mời đến quầy", "Số của Ông/Bà đang được gọi."),
    "serving": ("Đang phục vụ", "Ông/Bà đang được phục vụ tại quầy."),
    "done": ("Đã xong", "Cảm ơn Ông/Bà."),
    "no_show": (
        "Đã qua lượt",
        "Số đã được gọi mà chưa thấy Ông/Bà. Xin báo người ở quầy để được gọi lại.",
    ),
    "cancelled": ("Đã hủy", "Số này không còn hiệu lực."),
    "unserved": ("Hết hiệu lực", "Số của ngày trước. Xin lấy số mới."),
}
CLOSED = {
    "closed": "Ngoài giờ làm việc",
    "late": "Sắp hết giờ, ngừng phát số",
    "full": "Hôm nay đã phát hết số",
}


class QueueController(http.Controller):
    """Pages without login: call screen, kiosk, and the page of a ticket."""

    # -- call screen
    @http.route(
        "/xep-hang/man-hinh/<string:secret>", type="http", auth="public", sitemap=False
    )
    def screen(self, secret, **_query):
        """The page of the TV; it asks every few seconds what to show."""
        display = self._display(secret, "screen")
        if not display:
            return self._not_found()
        return page(
            f"{ADDON}.public_screen",
            {
                "title": "Màn hình gọi số",
                "agency": display.company_id,
                "display": display,
                "kind": "screen",
                "poll": f"/xep-hang/man-hinh/{secret}/tiep",
            },
        )

    @http.route(
        "/xep-hang/man-hinh/<string:secret>/tiep",
        type="http",
        auth="public",
        sitemap=False,
        save_session=False,
    )
    def screen_next(self, secret, **_query):
        """What the screen shows now; 304 without a body while nothing changed."""
        display = self._display(secret, "screen")
        if not display:
            return self._json({}, status=404)
        display._see()
        body, tag = display._screen_answer()
        if request.httprequest.if_none_match.contains(tag):
            response = request.make_response("", list(HEADERS.items()), status=304)
        else:
            response = self._json(body)
        response.set_etag(tag)
        return response

    # -- kiosk
    @http.route(
        "/xep-hang/ki-ot/<string:secret>", type="http", auth="public", sitemap=False
    )
    def kiosk(self, secret, dv="", **_query):
        """Services as large buttons; then, for the one pressed, who has precedence."""
        display = self._display(secret, "kiosk")
        if not display:
            return self._not_found()
        display._see()
        return self._kiosk_page(display, secret, self._offered(display, dv))

    @http.route(
        "/xep-hang/ki-ot/<string:secret>/lay",
        type="http",
        auth="public",
        methods=["POST"],
        sitemap=False,
        max_content_length=16 * 1024,
    )
    def kiosk_take(self, secret, dv="", ut="", khoa="", ma="", **_posted):
        """Give a ticket; the same tap sent twice gives the same one."""
        display = self._display(secret, "kiosk")
        if not display:
            return self._not_found()
        service = self._offered(display, dv)
        key = clean(khoa)
        if not service or not 20 <= len(key) <= 64:
            return request.redirect(f"/xep-hang/ki-ot/{secret}", code=303)
        priorities = request.env["cchc.queue.priority"].sudo()
        priorities = priorities._in_force(display.company_id)
        chosen = priorities.filtered(lambda each: str(each.id) == ut)
        try:
            ticket = display.with_context(lang="vi_VN")._take(
                service.with_context(lang="vi_VN"), chosen, key, clean(ma)
            )
        except UserError as error:
            return self._kiosk_page(
                display, secret, service.browse(), error=str(error), status=422
            )
        return request.redirect(f"/xep-hang/ki-ot/{secret}/so/{ticket.token}", code=303)

    @http.route(
        "/xep-hang/ki-ot/<string:secret>/so/<string:ticket_secret>",
        type="http",
        auth="public",
        sitemap=False,
    )
    def kiosk_ticket(self, secret, ticket_secret, **_query):
        """The number just taken; the kiosk goes back to its first page by itself."""
        display = self._display(secret, "kiosk")
        ticket = request.env["cchc.queue.ticket"]._find(ticket_secret)
        if not display or not ticket or ticket.company_id != display.company_id:
            return self._not_found()
        return page(
            f"{ADDON}.public_kiosk_ticket",
            {
                "kind": "kiosk",
                "home": f"/xep-hang/ki-ot/{secret}",
                "quiet": 15,
                "prints": display.prints,
                **self._ticket_values(ticket),
            },
        )

    def _kiosk_page(self, display, secret, service, error="", status=200):
        now = fields.Datetime.now()
        offered = self._offered(display)
        return page(
            f"{ADDON}.public_kiosk",
            {
                "title": "Lấy số thứ tự",
                "agency": display.company_id,
                "display": display,
                "kind": "kiosk",
                "home": f"/xep-hang/ki-ot/{secret}",
                "quiet": 40 if service else 60,
                "secret": secret,
                "services": offered,
                "closed": {
                    each: CLOSED.get(each._closed_reason(now), "") for each in offered
                },
                "service": service,
                "priorities": request.env["cchc.queue.priority"]
                .sudo()
                .with_context(lang="vi_VN")
                ._in_force(display.company_id),
                "key": secrets.token_urlsafe(24),
                "error": error,
                "csrf_token": request.csrf_token(),
            },
            status=status,
        )

    def _offered(self, display, chosen=None):
        """Return the services of a kiosk, or the one chosen of them."""
        services = display._offered()
        if chosen is None:
            return services
        return services.filtered(lambda each: str(each.id) == chosen)

    # -- the page of a ticket
    @http.route(
        "/xep-hang/so/<string:secret>", type="http", auth="public", sitemap=False
    )
    def ticket(self, secret, **query):
        """Place in the line and estimate, for who holds the ticket; ``in`` prints."""
        ticket = request.env["cchc.queue.ticket"]._find(secret)
        if not ticket:
            return self._not_found()
        return page(
            f"{ADDON}.public_ticket",
            {
                "kind": "ticket",
                "poll": f"/xep-hang/so/{secret}/tiep",
                "prints": query.get("in") == "1",
                "secret": secret,
                "csrf_token": request.csrf_token(),
                **self._ticket_values(ticket),
            },
        )

    @http.route(
        "/xep-hang/so/<string:secret>/tiep",
        type="http",
        auth="public",
        sitemap=False,
        save_session=False,
    )
    def ticket_next(self, secret, **_query):
        """How the ticket stands now."""
        ticket = request.env["cchc.queue.ticket"]._find(secret)
        if not ticket:
            return self._json({}, status=404)
        values = self._standing(ticket)
        return self._json(values)

    @http.route(
        "/xep-hang/so/<string:secret>/huy",
        type="http",
        auth="public",
        methods=["POST"],
        sitemap=False,
        max_content_length=16 * 1024,
    )
    def ticket_cancel(self, secret, **_posted):
        """The citizen does not wait any longer; harmless when it is too late."""
        ticket = request.env["cchc.queue.ticket"]._find(secret)
        if not ticket:
            return self._not_found()
        if ticket.state in IN_LINE:
            ticket.action_cancel()
        return request.redirect(f"/xep-hang/so/{secret}", code=303)

    def _ticket_values(self, ticket):
        company = ticket.company_id
        link = f"{ticket.get_base_url()}{ticket._public_path()}"
        return {
            "title": f"Số {ticket.name}",
            "agency": company,
            "ticket": ticket,
            "service": ticket.service_id,
            "taken": company._cchc_local_time(ticket.taken_at),
            "standing": self._standing(ticket),
            "link": link,
            "qr": f"data:image/png;base64,{picture(link).decode()}",
        }

    def _standing(self, ticket):
        """Return state, place and estimate in words."""
        heading, text = STATES[ticket.state]
        counter = (
            ticket.counter_id
            if ticket.state in AT_COUNTER
            else ticket.wanted_counter_id
        )
        return {
            "state": ticket.state,
            "heading": heading,
            "text": text,
            "counter": counter.number or "",
            "counter_name": counter.name or "",
            "ahead": ticket.ahead_count,
            "estimate": estimate_text(ticket.estimate),
            "calls": ticket.call_count,
            "waits": ticket.state in IN_LINE,
        }

    # -- shared
    def _display(self, secret, kind):
        return request.env["cchc.queue.display"]._find(secret, kind)

    def _json(self, values, status=200):
        body = values if isinstance(values, str) else json.dumps(values)
        return request.make_response(
            body,
            [("Content-Type", "application/json; charset=utf-8"), *HEADERS.items()],
            status=status,
        )

    def _not_found(self):
        return page(
            f"{ADDON}.public_message",
            {
                "title": "Không tìm thấy trang",
                "text": "Địa chỉ này không còn dùng. Xin hỏi người ở quầy.",
            },
            status=404,
        )


def estimate_text(minutes):
    """Return an estimate in words, rounded so that nobody takes it for a promise."""
    if minutes < 3:
        return "vài phút"
    step = 5 if minutes < 60 else 15
    return f"khoảng {-(-minutes // step) * step} phút"
