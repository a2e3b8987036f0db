import json

from odoo import http
from odoo.http import request

from . import page as pages

#: What is said when an evaluation is not taken: title, text.
PROBLEMS = {
    "done": (
        "Hồ sơ đã được đánh giá",
        "Mỗi hồ sơ được đánh giá một lần. Cảm ơn Ông/Bà.",
    ),
    "early": (
        "Chưa đến lúc đánh giá",
        "Hồ sơ được đánh giá sau khi đã trả kết quả. Xin mở lại đường dẫn khi đó.",
    ),
    "expired": (
        "Đã hết hạn đánh giá",
        "Đường dẫn này đã hết hạn. Ông/Bà vẫn có thể gửi phản ánh, kiến nghị.",
    ),
}
MISSING = "Xin chọn mức độ hài lòng chung trước khi gửi."
WRONG = "Mã hồ sơ hoặc 4 số cuối không đúng. Xin kiểm tra lại trên giấy hẹn."
BLOCKED = "Đã thử quá nhiều lần. Xin thử lại sau ít phút hoặc nhờ người ở quầy giúp."


class EvaluationController(http.Controller):
    """Pages on which citizens evaluate: by link, QR code and screen at the desk."""

    # -- by link
    @http.route("/danh-gia/<string:secret>", type="http", auth="public", sitemap=False)
    def evaluate(self, secret, **_query):
        """The form of one dossier."""
        invitation, refusal = self._open(secret)
        if refusal:
            return refusal
        return self._show(invitation, secret)

    @http.route(
        "/danh-gia/<string:secret>/gui",
        type="http",
        auth="public",
        methods=["POST"],
        sitemap=False,
        max_content_length=64 * 1024,
    )
    def send(self, secret, **posted):
        """Take the form; sent twice it counts once."""
        invitation, refusal = self._open(secret)
        if refusal:
            return refusal
        values = self._read(invitation, posted)
        if not values["level"]:
            return self._show(
                invitation,
                secret,
                wrong={"level": MISSING},
                posted=posted,
                status=422,
            )
        problem = invitation._submit(**values)
        if problem and problem != "done":
            return self._problem(problem, invitation)
        return pages.page(
            "public_thanks",
            {
                "thanks": invitation._form().thanks or "Cảm ơn Ông/Bà đã đánh giá.",
                "agency": invitation.company_id,
                "kiosk": bool(invitation.kiosk_id),
                "back": self._screen_of(posted),
            },
        )

    def _open(self, secret):
        """Return ``(invitation, answer that refuses)``."""
        throttle = pages.throttle()
        if throttle._is_blocked("guess", pages.client()):
            return None, pages.too_many("guess")
        invitation = request.env["cchc.evaluation.invitation"]._find(secret)
        if not invitation:
            throttle._hit("guess", pages.client())
            return None, pages.not_found()
        return invitation, None

    def _show(self, invitation, secret, wrong=None, posted=None, status=200):
        problem = invitation._problem()
        if problem:
            return self._problem(problem, invitation)
        dossier = invitation.dossier_id
        return pages.page(
            "public_evaluation",
            {
                "form": invitation._form(),
                "lines": invitation._lines(),
                "reasons": request.env["cchc.evaluation.reason"].sudo().search([]),
                "agency": invitation.company_id,
                "code": dossier.name,
                "procedure": dossier.procedure_id.name,
                "initials": _initials(dossier.applicant_name),
                "secret": secret,
                "kiosk": bool(invitation.kiosk_id),
                "screen": self._screen_of(posted or request.params),
                "wrong": wrong or {},
                "missing": MISSING,
                "posted": posted or {},
                "ticked": request.httprequest.form.getlist("reason"),
                "levels": (
                    ("very_satisfied", "Rất hài lòng", "M11 23q9 12 18 0z"),
                    ("satisfied", "Hài lòng", "M12 25q8 6 16 0"),
                    ("dissatisfied", "Không hài lòng", "M12 29q8 -7 16 0"),
                ),
                "csrf_token": request.csrf_token(),
            },
            status=status,
        )

    def _read(self, invitation, posted):
        """Return what was ticked; what the form does not ask is left out."""
        levels = {}
        for criterion in invitation._lines().criterion_id:
            value = posted.get(f"c{criterion.id}")
            if value:
                levels[criterion.id] = value
        reasons = request.httprequest.form.getlist("reason")
        known = dict(request.env["cchc.evaluation"]._fields["level"].selection)
        level = posted.get("level")
        return {
            "level": level if level in known else False,
            "levels": levels,
            "reasons": [
                int(value) for value in reasons if value.isdecimal() and len(value) < 10
            ],
            "comment": pages.clean(posted.get("comment")),
        }

    def _problem(self, problem, invitation):
        title, text = PROBLEMS[problem]
        return pages.page(
            "public_message",
            {
                "title": title,
                "text": text,
                "agency": invitation.company_id,
                "back": self._screen_of(request.params)
                if invitation.kiosk_id
                else False,
                # not on a screen at the desk, which comes back from its own pages alone
                "petition": problem == "expired"
                and not invitation.kiosk_id
                and invitation.company_id._cchc_voice_slug(),
            },
            status=410 if problem == "expired" else 200,
        )

    def _screen_of(self, values):
        """Return the token of the screen that goes on after this page, if it is one."""
        secret = values.get("screen") or ""
        return secret if request.env["cchc.evaluation.kiosk"]._of_token(secret) else ""

    # -- the screen at the desk
    @http.route(
        "/danh-gia/man-hinh/<string:secret>", type="http", auth="public", sitemap=False
    )
    def screen(self, secret, **_query):
        """The welcome page of a screen; it asks every few seconds what to show."""
        kiosk, refusal = self._kiosk(secret)
        return refusal or self._welcome(kiosk, secret)

    @http.route(
        "/danh-gia/man-hinh/<string:secret>/tiep",
        type="http",
        auth="public",
        sitemap=False,
        save_session=False,
    )
    def screen_next(self, secret, **_query):
        """What the screen goes to: the dossier that the desk has put there."""
        kiosk, refusal = self._kiosk(secret)
        if refusal:
            return refusal
        kiosk._see()
        token = kiosk._take()
        answer = {"url": f"/danh-gia/{token}?screen={secret}"} if token else {}
        return request.make_response(
            json.dumps(answer),
            [("Content-Type", "application/json"), *pages.HEADERS.items()],
        )

    @http.route(
        "/danh-gia/man-hinh/<string:secret>/tim",
        type="http",
        auth="public",
        methods=["POST"],
        sitemap=False,
        max_content_length=16 * 1024,
    )
    def screen_find(self, secret, code="", digits="", **_posted):
        """The citizen types or scans the code and the last digits of a number."""
        kiosk, refusal = self._kiosk(secret)
        if refusal:
            return refusal
        token, problem = kiosk._identify(_code_of(pages.clean(code)), digits)
        if problem:
            blocked = problem == "blocked"
            return self._welcome(
                kiosk,
                secret,
                error=BLOCKED if blocked else WRONG,
                code=code,
                status=429 if blocked else 422,
            )
        return request.redirect(f"/danh-gia/{token}?screen={secret}", code=303)

    def _kiosk(self, secret):
        throttle = pages.throttle()
        if throttle._is_blocked("guess", pages.client()):
            return None, pages.too_many("guess")
        kiosk = request.env["cchc.evaluation.kiosk"]._of_token(secret)
        if not kiosk:
            throttle._hit("guess", pages.client())
            return None, pages.not_found()
        return kiosk, None

    def _welcome(self, kiosk, secret, error="", code="", status=200):
        return pages.page(
            "public_screen",
            {
                "agency": kiosk.company_id,
                "screen_name": kiosk.name,
                "secret": secret,
                "error": error,
                "code": code,
                "example": kiosk._example_code(),
                "csrf_token": request.csrf_token(),
            },
            status=status,
        )

    # -- results
    @http.route(
        "/danh-gia/ket-qua/<string:slug>", type="http", auth="public", sitemap=False
    )
    def results(self, slug, ky="", **_query):
        """The published results of an agency; ``ky`` chooses the period."""
        agency = pages.agency(slug)
        if not agency:
            return pages.not_found()
        results = (
            request.env["cchc.evaluation.result"]
            .sudo()
            .search(
                [("company_id", "=", agency.id), ("state", "=", "published")],
                limit=40,
            )
        )
        chosen = results.filtered(lambda result: str(result.id) == ky) or results[:1]
        return pages.page(
            "public_results",
            {
                "agency": agency,
                "office": slug,
                "results": results,
                "result": chosen,
                "published": chosen.published_at
                and agency._cchc_local_date(chosen.published_at),
                "tables": chosen._get_tables() if chosen else [],
            },
        )


def _initials(name):
    """Return “N. T. H.” of a name: who holds the link recognises himself."""
    return " ".join(f"{word[0].upper()}." for word in (name or "").split()[:5])


def _code_of(text):
    """Return the code that was typed, or that stands in a scanned QR code of a form.

    Its first line names the dossier; a scanner that types may garble the label.
    """
    lines = (text or "").strip().splitlines() or [""]
    _label, colon, value = lines[0].partition(":")
    return (value if colon else lines[0]).strip()
