import secrets

from odoo import http
from odoo.http import request
from odoo.tools import email_normalize
from odoo.tools.mimetypes import guess_mimetype

from ..models.cchc_petition_public import (
    FILE_BYTES,
    FILE_TYPES,
    MOST_FILES,
    SUBJECT_LENGTH,
    TEXT_LENGTH,
)
from . import page as pages

PAGE_SIZE = 20
KINDS = (
    ("regulation", "Quy định hành chính"),
    ("attitude", "Thái độ phục vụ"),
    ("harassment", "Nhũng nhiễu, phiền hà, thu sai"),
    ("delay", "Chậm giải quyết"),
    ("behaviour", "Hành vi hành chính khác"),
)
#: Characters without which nobody can tell what a petition is about.
LEAST_CONTENT = 20
#: What is said of a field that is missing or wrong.
SENTENCES = {
    "kind": "Xin chọn loại phản ánh, kiến nghị.",
    "subject": "Xin ghi tiêu đề.",
    "content": f"Xin ghi nội dung cụ thể hơn (ít nhất {LEAST_CONTENT} ký tự).",
    "files": f"Chỉ gửi được nhiều nhất {MOST_FILES} tệp.",
    "size": f"Có tệp lớn quá {FILE_BYTES // 1024 // 1024} MB.",
    "name": "Xin ghi họ tên, hoặc đánh dấu “Không ghi tên”.",
    "phone": "Số điện thoại không đúng.",
    "email": "Địa chỉ thư điện tử không đúng.",
}
STATE_TEXTS = {
    "received": "Đã tiếp nhận, đang xem xét",
    "processing": "Đang xử lý",
    "waiting": "Chờ Ông/Bà bổ sung thông tin",
    "answered": "Đã trả lời",
    "published": "Đã trả lời, đã công khai",
    "kept": "Đã trả lời",
    "refused": "Không tiếp nhận",
    "transferred": "Đã chuyển nơi có thẩm quyền",
}


class PetitionController(http.Controller):
    """Public pages of petitions: send, look up, published answers."""

    @http.route("/pakn/<string:slug>", type="http", auth="public", sitemap=False)
    def form(self, slug, **_query):
        """The empty form."""
        agency = pages.agency(slug)
        return self._form(agency) if agency else pages.not_found()

    @http.route(
        "/pakn/<string:slug>/gui",
        type="http",
        auth="public",
        methods=["POST"],
        sitemap=False,
        max_content_length=MOST_FILES * FILE_BYTES + 256 * 1024,
    )
    def send(self, slug, **posted):
        """Register the petition and show its receipt."""
        agency = pages.agency(slug)
        if not agency:
            return pages.not_found()
        throttle = pages.throttle()
        if throttle._is_blocked("petition", pages.client()):
            return pages.too_many("petition")
        if posted.get("website"):
            # only a machine fills in what nobody sees
            return pages.message("Cảm ơn Ông/Bà", "Nội dung đã được gửi.")
        values, wrong = self._read(agency, posted)
        files, wrong_files = self._read_files()
        if wrong_files:
            wrong["files"] = wrong_files
        if wrong:
            return self._form(agency, posted, wrong, status=422)
        throttle._hit("petition", pages.client())
        nonce = posted.get("nonce") or ""
        if not 20 <= len(nonce) <= 100:
            nonce = secrets.token_urlsafe(24)
        petition, secret = request.env["cchc.petition"]._send(
            agency, values, nonce, files
        )
        return pages.page(
            "public_receipt",
            {
                "agency": agency,
                "office": slug,
                "petition": petition,
                "secret": secret,
                "due": petition._local(petition.answer_due_at),
            },
        )

    def _form(self, agency, posted=None, wrong=None, status=200):
        return pages.page(
            "public_petition",
            {
                "agency": agency,
                "office": agency._cchc_voice_slug(),
                "kinds": KINDS,
                "posted": posted or {},
                "wrong": wrong or {},
                # a browser never gives the files of a form a second time
                "files_lost": bool(wrong)
                and "files" not in wrong
                and any(
                    upload.filename
                    for upload in request.httprequest.files.getlist("files")
                ),
                "sentences": SENTENCES,
                "nonce": (posted or {}).get("nonce") or secrets.token_urlsafe(24),
                "most_files": MOST_FILES,
                "file_bytes": FILE_BYTES,
                "file_size": FILE_BYTES // 1024 // 1024,
                "least_content": LEAST_CONTENT,
                "text_length": TEXT_LENGTH,
                "subject_length": SUBJECT_LENGTH,
                "csrf_token": request.csrf_token(),
            },
            status=status,
        )

    def _read(self, agency, posted):
        """Return ``(values, {field: sentence about what is wrong})``."""
        text = {
            name: pages.clean(value).strip()
            for name, value in posted.items()
            if isinstance(value, str)
        }
        wrong = {}
        anonymous = text.get("anonymous") == "1"
        subject, content = text.get("subject", ""), text.get("content", "")
        kind = text.get("kind", "")
        if kind not in dict(KINDS):
            wrong["kind"] = SENTENCES["kind"]
        if not subject:
            wrong["subject"] = SENTENCES["subject"]
        elif len(subject) > SUBJECT_LENGTH:
            wrong["subject"] = f"Tiêu đề dài quá {SUBJECT_LENGTH} ký tự."
        if len(content) < LEAST_CONTENT:
            wrong["content"] = SENTENCES["content"]
        elif len(content) > TEXT_LENGTH:
            wrong["content"] = f"Nội dung dài quá {TEXT_LENGTH} ký tự."
        if not anonymous and not text.get("name"):
            wrong["name"] = SENTENCES["name"]
        phone = text.get("phone", "")
        digits = "".join(char for char in phone if char.isdigit())
        if phone and not 8 <= len(digits) <= 15:
            wrong["phone"] = SENTENCES["phone"]
        email = text.get("email", "")
        if email and not email_normalize(email):
            wrong["email"] = SENTENCES["email"]
        dossier = request.env["cchc.dossier"].sudo()
        code = "".join(text.get("dossier", "").split()).upper()
        if code:
            dossier = dossier.search(
                [("name", "=", code), ("company_id", "=", agency.id)], limit=1
            )
            if not dossier:
                # whether a code exists is nobody's business: it stays in the text
                content = f"{content}\n\nMã hồ sơ người gửi ghi: {code[:60]}"
        values = {
            "subject": subject[:SUBJECT_LENGTH],
            "content": content,
            "subject_kind": kind,
            "sender_kind": "anonymous" if anonymous else "person",
            "dossier_id": dossier.id,
            "concerned_agency": text.get("concerned", "")[:200] or agency.name,
        }
        if not anonymous:
            values |= {
                "sender_kind": "organisation"
                if text.get("sender_kind") == "organisation"
                else "person",
                "sender_name": text["name"][:120] if text.get("name") else False,
                "sender_phone": phone[:30] or False,
                "sender_email": email_normalize(email) or False,
                "sender_address": text.get("address", "")[:200] or False,
            }
        return values, wrong

    def _read_files(self):
        """Return ``(files, what is wrong with them)``; types are told from the content,
        whatever name and type the sender states."""
        uploads = [
            upload
            for upload in request.httprequest.files.getlist("files")
            if upload.filename
        ]
        if len(uploads) > MOST_FILES:
            return [], SENTENCES["files"]
        files, errors = [], []
        for number, upload in enumerate(uploads, 1):
            content = upload.read(FILE_BYTES + 1)
            if len(content) > FILE_BYTES:
                errors.append(f"Tệp {number} lớn quá {FILE_BYTES // 1024 // 1024} MB.")
                continue
            mimetype = guess_mimetype(content, default="")
            if mimetype not in FILE_TYPES:
                errors.append(f"Tệp {number} không phải PDF, JPG hay PNG.")
                continue
            files.append((f"Tệp {number}{FILE_TYPES[mimetype]}", mimetype, content))
        return files, " ".join(errors)

    # -- look-up
    @http.route(
        "/pakn/<string:slug>/tra-cuu",
        type="http",
        auth="public",
        methods=["GET", "POST"],
        sitemap=False,
        max_content_length=16 * 1024,
    )
    def look_up(self, slug, code="", secret="", rating="", **_posted):
        """What became of a petition, for who holds its code and secret."""
        agency = pages.agency(slug)
        if not agency:
            return pages.not_found()
        code = pages.clean(code)
        values = {
            "agency": agency,
            "office": slug,
            "code": code,
            "csrf_token": request.csrf_token(),
        }
        if request.httprequest.method != "POST":
            return pages.page("public_look_up", values)
        throttle = pages.throttle()
        counted = f"{agency.id} {''.join(code.split()).upper()[:60]}"
        if throttle._is_blocked("lookup", pages.client()) or throttle._is_blocked(
            "lookup_petition", counted
        ):
            return pages.too_many("lookup_petition")
        petition = request.env["cchc.petition"]._find_sent(agency, code, secret)
        if not petition:
            throttle._hit("lookup", pages.client())
            throttle._hit("lookup_petition", counted)
            values["error"] = "Mã tiếp nhận hoặc mã bí mật không đúng."
            return pages.page("public_look_up", values, status=422)
        if rating in ("satisfied", "dissatisfied"):
            petition._rate_as_sender(rating)
        return pages.page(
            "public_state",
            {
                **values,
                "petition": petition,
                "secret": secret,
                "state": STATE_TEXTS[petition.state],
                "received": petition._local(petition.received_at),
                "due": petition._local(petition.answer_due_at),
                "answered": petition._local(petition.answered_at),
                "kind": dict(KINDS)[petition.subject_kind],
            },
        )

    # -- published answers
    @http.route(
        "/pakn/<string:slug>/cong-khai", type="http", auth="public", sitemap=False
    )
    def published(self, slug, trang="1", **_query):
        """The public texts of an agency, newest first."""
        agency = pages.agency(slug)
        if not agency:
            return pages.not_found()
        petitions = request.env["cchc.petition"].sudo()
        domain = petitions._published_of(agency)
        number = max(int(trang), 1) if trang.isdecimal() and len(trang) < 6 else 1
        count = petitions.search_count(domain)
        found = petitions.search(
            domain,
            order="published_at desc, id desc",
            limit=PAGE_SIZE,
            offset=(number - 1) * PAGE_SIZE,
        )
        return pages.page(
            "public_published",
            {
                "agency": agency,
                "office": slug,
                "kinds": dict(KINDS),
                "petitions": [
                    {
                        "code": petition.name,
                        "subject": petition.public_subject,
                        "content": petition.public_content,
                        "answer": petition.public_answer,
                        "kind": petition.subject_kind,
                        "received": petition._local(petition.received_at),
                        "published": petition._local(petition.published_at),
                    }
                    for petition in found
                ],
                "number": number,
                "has_next": count > number * PAGE_SIZE,
            },
        )
