from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.cchc_onestop.tests.common import local

from ..controllers.cchc_evaluation import _code_of, _initials
from .test_evaluation_page import PublicCase


@tagged("post_install", "-at_install")
class TestKiosk(PublicCase):
    """Màn hình đánh giá tại quầy: bound to its address, fed by the desk or by touch."""

    def setUp(self):
        super().setUp()
        self.dossier = self._ready()
        self.dossier.with_user(self.desk).action_return_result()
        self.kiosk = self.env["cchc.evaluation.kiosk"].create(
            {"name": "Quầy số 1", "company_id": self.commune.id}
        )
        self.secret = self._address(self.kiosk)

    def _address(self, kiosk):
        action = kiosk.with_user(self.manager).action_new_address()
        return action["context"]["default_link"].rsplit("/", 1)[1]

    def _slip_of(self, dossier):
        return self.env["cchc.evaluation"].search([("dossier_id", "=", dossier.id)])

    def test_the_desk_puts_a_dossier_on_the_screen(self):
        home = f"/danh-gia/man-hinh/{self.secret}"
        self.assertEqual(self._get(f"{home}/tiep").json(), {})
        self.assertTrue(self.kiosk.is_online)
        notice = self.dossier.with_user(self.desk).action_push_to_kiosk()
        self.assertEqual(notice["params"]["type"], "success")
        address = self._get(f"{home}/tiep").json()["url"]
        # once: the next question finds nothing
        self.assertEqual(self._get(f"{home}/tiep").json(), {})
        page = self._get(address)
        self.assertIn('class="kiosk"', page.text)
        self.assertIn(f'data-home="{home}"', page.text)
        path = address.split("?")[0]
        answer = self._post(
            f"{path}/gui", {"level": "very_satisfied", "screen": self.secret}, page
        )
        self.assertIn(f"8;url={home}", answer.text)
        slip = self._slip_of(self.dossier)
        self.assertEqual((slip.source, slip.kiosk_id), ("device", self.kiosk))
        self.assertEqual(len(slip.answer_ids), 4)

    def test_what_was_put_there_long_ago_is_gone(self):
        self.dossier.with_user(self.desk).action_push_to_kiosk()
        self.kiosk.pushed_at = fields.Datetime.now() - timedelta(minutes=4)
        self.assertIsNone(self.kiosk._take())
        self.assertFalse(self.kiosk.pushed_dossier_id)

    def test_a_citizen_types_code_and_digits(self):
        home = f"/danh-gia/man-hinh/{self.secret}"
        page = self._get(home)
        for digits in ("5678", "0123"):
            token, problem = self.kiosk._identify(self.dossier.name.lower(), digits)
            self.assertTrue(token)
            self.assertFalse(problem)
        wrong = self._post(
            f"{home}/tim", {"code": self.dossier.name, "digits": "9999"}, page
        )
        self.assertEqual(wrong.status_code, 422)
        self.assertIn(self.dossier.name, wrong.text)
        unknown = self._post(
            f"{home}/tim", {"code": "H50.21-000000-0001", "digits": "9999"}, page
        )
        # a wrong number and a wrong code cannot be told apart
        said = "không đúng. Xin kiểm tra lại trên giấy hẹn"
        self.assertIn(said, wrong.text)
        self.assertIn(said, unknown.text)
        right = self._post(
            f"{home}/tim", {"code": self.dossier.name, "digits": "5678"}, page
        )
        self.assertIn("Đánh giá chung", right.text)

    def test_the_example_is_a_code_of_the_agency(self):
        self.commune.cchc_unit_code = "H50.77"
        self.assertRegex(self.kiosk._example_code(), r"^H50\.77-\d{6}-0001$")
        page = self._get(f"/danh-gia/man-hinh/{self.secret}")
        self.assertIn(f'placeholder="{self.kiosk._example_code()}"', page.text)

    def test_digits_are_not_guessed(self):
        for number in range(5):
            self.assertEqual(
                self.kiosk._identify(self.dossier.name, f"{number:04d}")[1], "unknown"
            )
        self.assertEqual(self.kiosk._identify(self.dossier.name, "5678")[1], "blocked")
        answer = self._post(
            f"/danh-gia/man-hinh/{self.secret}/tim",
            {"code": self.dossier.name, "digits": "5678"},
            self._get(f"/danh-gia/man-hinh/{self.secret}"),
        )
        self.assertEqual(answer.status_code, 429)

    def test_dossiers_of_another_agency_are_unknown(self):
        other = self.env["cchc.evaluation.kiosk"].create(
            {"name": "Quầy", "company_id": self.neighbour.id}
        )
        self.assertEqual(other._identify(self.dossier.name, "5678")[1], "unknown")
        stranger = self._new_user("desk_x", "group_desk", company=self.neighbour)
        with self.assertRaises(AccessError):
            self.dossier.with_user(stranger).action_push_to_kiosk()
        with self.assertRaises(AccessError):
            self.kiosk.with_user(stranger).read(["name"])

    def test_a_new_address_shuts_the_old_one_out(self):
        old, new = self.secret, self._address(self.kiosk)
        self.assertEqual(self._get(f"/danh-gia/man-hinh/{old}").status_code, 404)
        self.assertEqual(self._get(f"/danh-gia/man-hinh/{new}").status_code, 200)

    def test_who_does_what(self):
        with self.assertRaises(AccessError):
            self.kiosk.with_user(self.desk).action_new_address()
        with self._refused(UserError, "Use the buttons"):
            self.kiosk.with_user(self.manager).write({"token_digest": "x"})
        with self.assertRaises(AccessError):
            self.kiosk.with_user(self.manager).read(["token_digest"])
        with self._refused(UserError, "The desk invites"):
            self.dossier.with_user(self.handler).action_push_to_kiosk()
        with self._refused(UserError, "after its result was returned"):
            self._accepted().with_user(self.desk).action_push_to_kiosk()

    def test_several_screens_ask_which(self):
        second = self.kiosk.copy({"name": "Quầy số 2"})
        action = self.dossier.with_user(self.desk).action_push_to_kiosk()
        wizard = (
            self.env["cchc.evaluation.push"]
            .with_user(self.desk)
            .with_context(**action["context"])
            .create({"kiosk_id": second.id})
        )
        notice = wizard.action_confirm()
        self.assertEqual(notice["params"]["type"], "warning")
        self.assertEqual(second.pushed_dossier_id, self.dossier)

    def test_polling_writes_rarely(self):
        self.kiosk._see()
        self.env.flush_all()
        with self.assertQueryCount(0):
            self.kiosk._see()
            self.env.flush_all()

    def test_codes_are_read_from_a_scanned_receipt(self):
        scanned = "Mã hồ sơ: H50.21-261109-0001\nMã TTHC: 9.800001"
        self.assertEqual(_code_of(scanned), "H50.21-261109-0001")
        self.assertEqual(_code_of(" h50.21-1 "), "h50.21-1")
        # a scanner that types garbles the accents and sends the first line alone
        self.assertEqual(_code_of("M h? so: H50.21-261109-0001"), "H50.21-261109-0001")
        self.assertEqual(_code_of(" \n"), "")
        self.assertEqual(_initials("nguyễn thị hoa"), "N. T. H.")
        self.assertEqual(_initials(False), "")

    def test_an_old_invitation_of_a_screen_expires_too(self):
        old = self._returned("02/11/2026 09:00")
        token = self.kiosk._invite(old)
        invitation = self.env["cchc.evaluation.invitation"]._find(token)
        with freeze_time(local("20/12/2026 09:00")):
            self.assertEqual(invitation._problem(), "expired")
            page = self._get(f"/danh-gia/{token}?screen={self.secret}")
        # no way from the screen to a page that does not come back by itself
        self.assertIn("Đã hết hạn", page.text)
        self.assertIn(f'href="/danh-gia/man-hinh/{self.secret}"', page.text)
        self.assertNotIn('href="/pakn/', page.text)
