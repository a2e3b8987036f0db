from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tests.common import _super_send

from . import fake_platform
from .common import LookupCase
from .fake_platform import FakePlatform


@tagged("post_install", "-at_install")
class TestLine(LookupCase):
    """Asking over a line: a platform on this machine plays back recorded answers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.platform = FakePlatform()
        cls.addClassCleanup(cls.platform.stop)
        cls.connection = cls._connect(cls.platform.url)

    @classmethod
    def _request_handler(cls, s, r, /, **kw):
        # Odoo's tests would wait ten seconds for what is to take one
        if r.url.startswith(cls.platform.url):
            return _super_send(s, r, **kw)
        return super()._request_handler(s, r, **kw)

    def setUp(self):
        super().setUp()
        self.enterContext(self.enter_registry_test_mode())
        self.dossier = self._accepted(procedure=self.procedure_data)

    def _ask(self, key="045190000123", service=None, user=None, **values):
        # the look-up reads what is committed
        self.env.flush_all()
        env = self.env(user=user or self.handler)
        requests = env["cchc.lookup.request"]
        number = requests._ask(
            env["cchc.lookup.service"].browse((service or self.citizen).id),
            key,
            env["cchc.lookup.purpose"].browse(values.get("purpose", self.settling).id),
            env["cchc.dossier"].browse(values.get("dossier", self.dossier).id),
            env["res.partner"].browse(values.get("partner", self.partner).id),
            parts=values.get("parts"),
        )
        return requests.browse(number)

    def test_an_answer_names_source_time_and_differences(self):
        request = self._ask()
        self.assertEqual(request.state, "answered")
        self.assertEqual(request.source, "Cơ sở dữ liệu quốc gia về dân cư")
        self.assertEqual(str(request.source_at), "2026-11-20 02:00:00")
        self.assertEqual(request.key_masked, "045******123")
        values = {value.name: value for value in request.value_ids}
        self.assertEqual(values["Họ và tên"].verdict, "same")
        self.assertEqual(values["Ngày, tháng, năm sinh"].returned, "08/03/1990")
        self.assertEqual(values["Ngày, tháng, năm sinh"].verdict, "same")
        self.assertEqual(values["Giới tính"].verdict, "same")
        self.assertEqual(values["Nơi thường trú"].verdict, "differs")
        self.assertEqual(values["Số CMND cũ"].verdict, "missing_here")
        self.assertFalse(values["Họ tên vợ hoặc chồng"].returned)
        self.assertEqual(values["Họ tên cha"].returned, "Nguyễn Văn Hòa")
        self.assertEqual(request.differing, 2)

    def test_the_platform_is_told_who_asks_and_why(self):
        request = self._ask()
        self.assertEqual(
            self.platform.asked[-1],
            {
                "madonvi": "H50.21",
                "service": "037",
                "SoDinhDanh": "045190000123",
                "MaYeuCau": request.reference,
                "CanBo": self.handler.login,
                "MaHoSo": self.dossier.name,
                "MucDich": self.settling.name,
            },
        )

    def test_an_answer_stands_for_the_part(self):
        part = self.dossier.document_ids.filtered(lambda part: part.kind == "database")
        self.assertEqual(self.dossier.lookup_missing, 1)
        request = self._ask(parts=part)
        self.env.invalidate_all()
        self.assertEqual(part.lookup_id, request)
        self.assertIn("Cơ sở dữ liệu quốc gia về dân cư", part.lookup_text)
        self.assertEqual(self.dossier.lookup_missing, 0)

    def test_a_business_is_asked_by_its_tax_code(self):
        company = self.env["res.partner"].create(
            {
                "name": "Tập đoàn Công nghiệp - Viễn thông Quân đội",
                "cchc_identity_type": "tax",
                "cchc_identity": "0100109106",
            }
        )
        request = self._ask("0100109106", self.business, partner=company)
        self.assertEqual(self.platform.asked[-1]["MaSoThue"], "0100109106")
        values = {value.name: value for value in request.value_ids}
        self.assertEqual(values["Tên"].verdict, "same")
        self.assertEqual(values["Tình trạng hoạt động"].returned, "Đang hoạt động")
        self.assertFalse(values["Tình trạng hoạt động"].verdict)

    def test_what_goes_wrong_is_logged_with_its_sentence(self):
        cases = {
            fake_platform.BROKEN: "cannot be read",
            fake_platform.HUGE: "cannot be read",
            fake_platform.SLOW: "did not answer within 1 seconds",
            fake_platform.DOWN: "HTTP 502",
            fake_platform.REFUSING: "Đơn vị chưa được cấp quyền",
        }
        for key, sentence in cases.items():
            with self.subTest(sentence=sentence):
                request = self._ask(key)
                self.assertEqual(request.state, "failed")
                self.assertIn(sentence, request.error)
                self.assertFalse(request.value_ids)

    def test_an_unknown_number_is_no_failure(self):
        request = self._ask("045190000999")
        self.assertEqual(request.state, "not_found")
        self.assertFalse(request.error)

    def test_a_wrong_password_and_a_dead_line(self):
        self.connection.secret = "sai"
        self.assertIn("does not let this agency in", self._ask().error)
        self.connection.url = "http://127.0.0.1:9"
        self.assertIn("cannot be reached", self._ask().error)

    def test_the_log_is_there_before_the_question(self):
        seen = []

        before = self.env["cchc.lookup.request"].search_count([])
        adapter = self.env.registry["cchc.lookup.adapter.ndxp"]
        ask = adapter._ask

        def spy(model, connection, service, key, context):
            seen.append(
                model.env["cchc.lookup.request"]
                .sudo()
                .search([("reference", "=", context["request"])])
                .state
            )
            return ask(model, connection, service, key, context)

        self.patch(adapter, "_ask", spy)
        self._ask()
        self.assertEqual(seen, ["asked"])
        self.assertEqual(self.env["cchc.lookup.request"].search_count([]), before + 1)

    def test_bad_numbers_are_refused_before_anything_is_asked(self):
        asked = len(self.platform.asked)
        for service, key, sentence in (
            (self.citizen, "12345", "12 digits"),
            (self.citizen, "", "12 digits"),
            (self.env.ref("cchc_onestop_lookup.service_033"), "12", "9 digits"),
            (self.business, "0100109107", "no tax code"),
        ):
            with self._refused(UserError, sentence):
                self._ask(key, service)
        self.assertEqual(len(self.platform.asked), asked)

    def test_purpose_and_dossier_are_needed(self):
        nothing = self.env["cchc.dossier"]
        with self._refused(UserError, "may not be asked for the purpose"):
            self._ask(dossier=nothing)
        self.assertEqual(
            self._ask(dossier=nothing, purpose=self.asked_by_citizen).state, "answered"
        )
        self.settling.valid_to = "2026-01-01"
        with self._refused(UserError, "may not be asked for the purpose"):
            self._ask()

    def test_an_ended_dossier_is_no_reason_to_look_somebody_up(self):
        self.dossier.with_user(self.handler).action_pass_step()
        self.dossier.with_user(self.leader).action_sign()
        self.dossier.with_user(self.desk).action_pass_step()
        with self._refused(UserError, "has ended"):
            self._ask()

    def test_only_who_handles_dossiers_asks(self):
        for user in (self.auditor, self.catalogue):
            with self._refused(AccessError, "Only who handles dossiers"):
                self._ask(user=user)
        with self._refused(AccessError, "."):
            self._ask(user=self.outsider)

    def test_beyond_the_limit_a_look_up_is_refused_and_logged(self):
        self.commune.cchc_lookup_limit = 2
        self._ask()
        self._ask()
        asked = len(self.platform.asked)
        request = self._ask()
        self.assertEqual(request.state, "refused")
        self.assertEqual(len(self.platform.asked), asked)
        self.assertEqual(self._ask(user=self.colleague).state, "answered")
