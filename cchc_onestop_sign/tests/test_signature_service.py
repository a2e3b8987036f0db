import base64
import hashlib
import io

from pypdf import PdfReader

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import SignCase
from .signing_service import SigningService


@tagged("post_install", "-at_install")
class TestSignatureService(SignCase):
    """The key is with a service: a hash goes out, the signature comes back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.service = SigningService(cls.authority, "Nguyễn Văn Thành", "bí mật")
        cls.addClassCleanup(cls.service.close)
        cls.leader_key.active = False
        cls.remote = cls.env["cchc.signature.provider"].create(
            {
                "name": "Dịch vụ ký",
                "kind": "service",
                "company_id": cls.commune.id,
                "url": cls.service.url,
                "token": "bí mật",
                "timeout": 5,
                "tries": 2,
            }
        )
        cls.key = cls.env["cchc.signature.key"].create(
            {
                "provider_id": cls.remote.id,
                "user_id": cls.leader.id,
                "credential": "lanhdao-01",
            }
        )
        cls.key.with_user(cls.leader).action_load()

    def setUp(self):
        super().setUp()
        self.service.mood = "ok"
        self.service.requests.clear()

    def test_hash_out_signature_back(self):
        dossier = self._with_result()
        dossier.with_user(self.leader).action_sign_digitally()
        self.assertEqual(dossier.result_document_ids.signature_status, "valid")
        paths = [path for path, _body, _token in self.service.requests]
        self.assertEqual(paths, ["/certificate", "/sign"])
        _path, body, token = self.service.requests[-1]
        self.assertEqual(set(body), {"credential", "digest", "digest_algorithm"})
        self.assertEqual(len(base64.b64decode(body["digest"])), 32)
        self.assertEqual(body["credential"], "lanhdao-01")
        self.assertEqual(token.encode("latin-1").decode(), "Bearer bí mật")

    def _refuses(self, mood, sentence):
        dossier = self._with_result()
        self.service.mood = mood
        with self._refused(UserError, sentence):
            dossier.with_user(self.leader).action_sign_digitally()
        self.assertFalse(dossier.signed_at)
        self.assertFalse(self._events(dossier))

    def test_service_is_down(self):
        self._refuses("down", r"does not answer \(2 tries\)")
        self.assertEqual(len(self.service.requests), 2)

    def test_no_line(self):
        self.remote.url = "http://127.0.0.1:9"
        with self._refused(UserError, "does not answer"):
            self.key.with_user(self.leader).action_load()

    def test_person_refuses_on_the_phone(self):
        self._refuses("refuse", "refused: Người ký đã từ chối")

    def test_answer_that_cannot_be_read(self):
        self._refuses("nonsense", "cannot be read")

    def test_signature_that_does_not_fit(self):
        dossier = self._with_result()
        mine = dossier.with_user(self.leader)
        self.service.mood = "forge"
        with self._refused(UserError, "does not fit"):
            mine.action_sign_digitally()
        self.assertFalse(dossier.signed_at)

    def test_another_certificate_than_registered(self):
        dossier = self._with_result()
        old = self.service.certificate, self.service.key
        self.service.certificate, self.service.key = self.authority.issue(
            "Nguyễn Văn Thành"
        )
        with self._refused(UserError, "another one than the one registered"):
            dossier.with_user(self.leader).action_sign_digitally()
        self.service.certificate, self.service.key = old

    def test_time_is_certified(self):
        self.remote.stamp_url = f"{self.service.url}/tsa"
        dossier = self._with_result()
        dossier.with_user(self.leader).action_sign_digitally()
        signature = dossier.signature_ids
        self.assertTrue(signature.is_stamped)
        self.assertEqual(signature.authority, "Dấu thời gian thử")
        self.assertEqual(signature.status, "valid")

    def test_authority_of_time_is_down(self):
        self.remote.stamp_url = "http://127.0.0.1:9/tsa"
        with self._refused(UserError, "time-stamp authority .* does not answer"):
            self._with_result().with_user(self.leader).action_sign_digitally()

    def _long_term(self, *revoked):
        self.root.crl = base64.b64encode(self.authority.crl(*revoked))
        self.remote.write({"stamp_url": f"{self.service.url}/tsa", "long_term": True})

    def test_revocation_answers_are_kept(self):
        self._long_term()
        dossier = self._with_result()
        dossier.with_user(self.leader).action_sign_digitally()
        self.assertEqual(dossier.result_document_ids.signature_status, "valid")
        self.assertTrue(dossier.signature_ids.is_stamped)
        store = PdfReader(io.BytesIO(self._content(dossier))).trailer["/Root"]["/DSS"]
        kept = [entry.get_object().get_data() for entry in store["/CRLs"]]
        self.assertIn(
            base64.b64decode(self.root.with_context(bin_size=False).crl), kept
        )
        self.assertTrue(store["/Certs"])

    def test_nothing_is_signed_without_revocation_answers(self):
        self._long_term()
        self.root.crl = False
        self._refuses("ok", "with its revocation answers: nothing was")
        self._long_term(self.service.certificate)
        self._refuses("ok", "with its revocation answers: nothing was")

    def test_revocation_answers_need_a_certified_time(self):
        with self._refused(ValidationError, "certified time"):
            self.remote.long_term = True
        self._long_term()
        with self._refused(ValidationError, "certified time"):
            self.remote.stamp_url = False

    def test_test_button(self):
        action = self.remote.with_user(self.manager).action_test()
        self.assertIn("1", action["params"]["message"])
        self.assertEqual(
            self.key.fingerprint,
            hashlib.sha256(self.authority.der(self.service.certificate)).hexdigest(),
        )
