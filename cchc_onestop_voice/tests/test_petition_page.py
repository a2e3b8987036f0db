import base64
import re

from lxml.html import document_fromstring

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.cchc_public_throttle import LIMITS
from .common import CONTENT
from .test_evaluation_page import PublicCase

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
    "awAAAABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install")
class TestPetitionPage(PublicCase):
    """Trang gửi phản ánh, kiến nghị: light, limited, with receipt and look-up."""

    def setUp(self):
        super().setUp()
        self.slug = self.commune.cchc_unit_code
        self.home = f"/pakn/{self.slug}"
        self.values = {
            "subject": "Phải đi lại nhiều lần",
            "kind": "behaviour",
            "content": CONTENT,
            "name": "Nguyễn Văn An",
            "phone": "0905 123 456",
        }

    def _send(self, values=None, page=None, files=None, **more):
        page = page or self._get(self.home)
        nonce = re.search(r'name="nonce" value="([^"]+)"', page.text)[1]
        values = {"nonce": nonce, **(values or self.values), **more}
        return self._post(f"{self.home}/gui", values, page, files)

    def _sent(self):
        return self.env["cchc.petition"].search(
            [("company_id", "=", self.commune.id), ("source", "=", "online")]
        )

    def _receipt(self, answer):
        code = re.search(r'id="code">([^<]+)<', answer.text)[1]
        secret = re.search(r'id="secret">([^<]+)<', answer.text)[1]
        return code, secret

    def test_send_and_look_up(self):
        answer = self._send()
        self.assertEqual(answer.status_code, 200)
        code, secret = self._receipt(answer)
        petition = self._sent()
        self.assertEqual(petition.name, code)
        self.assertEqual(petition.sender_name, "Nguyễn Văn An")
        self.env.flush_all()
        self.env.cr.execute("SELECT row_to_json(p)::text FROM cchc_petition p")
        self.assertNotIn(secret, str(self.env.cr.fetchall()))
        page = self._get(f"{self.home}/tra-cuu")
        typed = {"code": code.lower(), "secret": secret.lower().replace("-", " ")}
        state = self._post(f"{self.home}/tra-cuu", typed, page)
        self.assertIn("Đã tiếp nhận, đang xem xét", state.text)
        self.assertNotIn("Nguyễn Văn An", state.text)
        self.assertNotIn("Hài lòng</button>", state.text)
        petition = petition.with_user(self.officer)
        petition.action_accept()
        petition.write({"answer": "Đã chấn chỉnh.", "upheld": "upheld"})
        petition.action_submit_answer()
        petition.with_user(self.leader).validate_tier()
        state = self._post(f"{self.home}/tra-cuu", typed, page)
        self.assertIn("Đã chấn chỉnh.", state.text)
        for _twice in range(2):
            state = self._post(
                f"{self.home}/tra-cuu", {**typed, "rating": "dissatisfied"}, page
            )
            self.assertIn("Không hài lòng", state.text)
        self.assertEqual(petition.satisfied, "dissatisfied")
        self.assertEqual(petition.event_ids[-1].move, "rate")

    def test_sent_twice_counts_once(self):
        page = self._get(self.home)
        first = self._receipt(self._send(page=page))
        self.assertEqual(self._receipt(self._send(page=page)), first)
        self.assertEqual(len(self._sent()), 1)

    def test_machines_are_not_registered(self):
        answer = self._send(website="http://spam.example")
        self.assertEqual(answer.status_code, 200)
        self.assertFalse(self._sent())

    def test_what_is_wrong_is_said_and_kept(self):
        answer = self._send(
            {
                "subject": "",
                "kind": "x",
                "content": "ngắn",
                "phone": "12",
                "email": "không phải",
            }
        )
        self.assertEqual(answer.status_code, 422)
        said = self._said(answer)
        for field, sentence in (
            ("subject", "Xin ghi tiêu đề."),
            ("content", "ít nhất 20 ký tự"),
            ("kind", "Xin chọn loại"),
            ("name", "Xin ghi họ tên"),
            ("phone", "Số điện thoại không đúng."),
            ("email", "Địa chỉ thư điện tử không đúng."),
        ):
            self.assertIn(sentence, said[field])
        self.assertNotIn("files", said)
        self.assertNotIn("chọn lại tệp", answer.text)
        self.assertIn("ngắn", answer.text)
        self.assertFalse(self._sent())

    def _said(self, answer):
        """Return what the page says below each field."""
        page = document_fromstring(answer.text)
        return {
            place.get("id").removesuffix("-error"): place.text_content()
            for place in page.xpath("//p[@class='wrong']")
        }

    def test_nothing_is_wrong_on_an_empty_form(self):
        page = self._get(self.home)
        self.assertFalse(self._said(page))
        # what is missing is said by the page, not by the browser in its own language
        form = document_fromstring(page.text).xpath("//form[@enctype]")[0]
        self.assertIn("novalidate", form.attrib)

    def test_files_that_a_browser_forgets_are_asked_for_again(self):
        answer = self._send(
            {**self.values, "subject": ""},
            files=[("files", ("ảnh.png", PNG, "image/png"))],
        )
        self.assertEqual(answer.status_code, 422)
        self.assertIn("Xin chọn lại tệp kèm theo.", answer.text)
        self.assertEqual(list(self._said(answer)), ["subject"])

    def test_odd_signs_do_no_harm(self):
        answer = self._send(
            {**self.values, "subject": "Tiêu\x00 đề", "dossier": "\x00"}
        )
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(self._sent().subject, "Tiêu đề")
        page = self._get(f"{self.home}/tra-cuu")
        answer = self._post(
            f"{self.home}/tra-cuu", {"code": "\x00", "secret": "\x00"}, page
        )
        self.assertEqual(answer.status_code, 422)
        for path in ("/pakn/%00", "/pakn/²", f"{self.home}/cong-khai?trang=²"):
            self.assertIn(self._get(path).status_code, (200, 404))

    def test_without_a_name(self):
        self._send({**self.values, "anonymous": "1"})
        petition = self._sent()
        self.assertEqual(petition.sender_kind, "anonymous")
        self.assertFalse(petition.sender_name)
        self.assertFalse(petition.sender_phone)

    def test_a_code_of_a_dossier_is_linked_and_never_confirmed(self):
        dossier = self._accepted()
        answer = self._send(dossier=dossier.name.lower())
        self.assertEqual(self._sent().dossier_id, dossier)
        other = self._send(dossier="H50.21-000000-0009")
        for text in (answer.text, other.text):
            self.assertNotIn("Nguyễn Thị Hoa", text)
        self.assertEqual(other.status_code, 200)
        unlinked = self._sent().filtered(lambda p: not p.dossier_id)
        self.assertIn("H50.21-000000-0009", unlinked.content)

    def test_files_are_told_by_their_content(self):
        answer = self._send(
            files=[
                ("files", ("../../ảnh.exe", PNG, "application/x-msdownload")),
            ]
        )
        self.assertEqual(answer.status_code, 200)
        attachment = self._sent().attachment_ids
        self.assertEqual(attachment.name, "Tệp 1.png")
        self.assertEqual(attachment.mimetype, "image/png")
        self.assertFalse(attachment.public)
        for files, sentence in (
            ([("files", ("a.pdf", b"<script>", "application/pdf"))], "không phải PDF"),
            ([("files", ("a.png", b"x" * (5 * 1024 * 1024 + 1), "image/png"))], "5 MB"),
            ([("files", (f"{n}.png", PNG, "image/png")) for n in range(4)], "3 tệp"),
        ):
            with self.subTest(sentence=sentence):
                answer = self._send(files=files)
                self.assertEqual(answer.status_code, 422)
                self.assertIn(sentence, answer.text)
        self.assertEqual(len(self._sent()), 1)

    def test_limits(self):
        limit = LIMITS["petition"][0]
        page = self._get(self.home)
        codes = [self._send(page=page).status_code for _number in range(limit + 1)]
        self.assertEqual(codes, [200] * limit + [429])
        self.assertEqual(len(self._sent()), 1)

    def test_secrets_are_not_guessed(self):
        code, secret = self._receipt(self._send())
        page = self._get(f"{self.home}/tra-cuu")
        limit = LIMITS["lookup_petition"][0]
        codes = [
            self._post(
                f"{self.home}/tra-cuu",
                {"code": code, "secret": f"AAAA-AAAA-{number:04d}"},
                page,
            ).status_code
            for number in range(limit)
        ]
        self.assertEqual(set(codes), {422})
        right = self._post(
            f"{self.home}/tra-cuu", {"code": code, "secret": secret}, page
        )
        self.assertEqual(right.status_code, 429)

    def test_published_texts_only(self):
        petition = self._answered_petition()
        petition.write(
            {
                "public_subject": "Đi lại nhiều lần",
                "public_content": "Người dân phản ánh <script>x</script>",
                "public_answer": "Đã chấn chỉnh cách hướng dẫn.",
            }
        )
        page = self._get(f"{self.home}/cong-khai").text
        self.assertNotIn("chấn chỉnh cách", page)
        petition.action_publish()
        page = self._get(f"{self.home}/cong-khai").text
        self.assertIn("chấn chỉnh cách", page)
        self.assertIn("&lt;script&gt;", page)
        self.assertNotIn(CONTENT, page)
        self.assertNotIn("Nguyễn Văn An", page)
        petition.action_withdraw_page("Theo đề nghị của người gửi")
        self.assertNotIn("chấn chỉnh cách", self._get(f"{self.home}/cong-khai").text)
        self.assertEqual(self._get("/pakn/H99.99").status_code, 404)

    def test_light_and_refused_when_forged(self):
        page = self._get(self.home)
        self._check_light(page)
        labels = set(re.findall(r'for="([^"]+)"', page.text))
        fields = set(
            re.findall(r'<(?:input|select|textarea)[^>]*? id="([^"]+)"', page.text)
        )
        self.assertEqual(labels, fields)
        for shown in (page, self._get(f"{self.home}/tra-cuu")):
            for address in re.findall(r'(?:action|href)="(/pakn[^"]*)"', shown.text):
                self.assertRegex(
                    address, rf"^{re.escape(self.home)}(/gui|/tra-cuu|/cong-khai)?$"
                )
        with mute_logger("odoo.http"):
            answer = self.url_open(f"{self.home}/gui", data=self.values)
        self.assertEqual(answer.status_code, 400)
