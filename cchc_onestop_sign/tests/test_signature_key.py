import base64
import os
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from ..demo.authority import Authority
from ..tools import vault
from .common import PASSPHRASE, SignCase


@tagged("post_install", "-at_install")
class TestSignatureKey(SignCase):
    """Certificates are bound to who holds them, and nobody reads their secrets."""

    def test_certificate_is_read(self):
        key = self.leader_key
        self.assertEqual(key.subject, "Nguyễn Văn Thành")
        self.assertEqual(key.state, "valid")
        self.assertTrue(key.serial and key.fingerprint)

    def test_secrets_are_never_read(self):
        for user in (self.leader, self.manager, self.env.ref("base.user_admin")):
            key = self.leader_key.with_user(user).with_context(
                allowed_company_ids=self.commune.ids
            )
            self.assertEqual(
                key.sudo().read(["pkcs12", "passphrase"])[0]["pkcs12"], False
            )
            self.assertFalse(key.sudo().passphrase)
            self.assertEqual(
                key.sudo().export_data(["pkcs12", "passphrase"])["datas"], [["", ""]]
            )
            secrets = self.env["cchc.signature.secret"].with_user(user)
            for operation in ("read", "write", "create", "unlink"):
                self.assertFalse(secrets.has_access(operation))
            with self.assertRaises(AccessError):
                secrets.search([])
        self.env.flush_all()
        self.env.cr.execute("SELECT value FROM cchc_signature_secret")
        for (value,) in self.env.cr.fetchall():
            self.assertNotIn(PASSPHRASE, value)
        self.env.cr.execute(
            "SELECT count(*) FROM ir_attachment WHERE res_model = 'cchc.signature.key' "
            "AND res_field IN ('pkcs12', 'passphrase')"
        )
        self.assertEqual(self.env.cr.fetchone()[0], 0)

    def test_copy_of_the_database_opens_nothing(self):
        with patch.dict(os.environ, {"CCHC_SECRET_KEY": "khoá của máy chủ"}):
            locked = vault.lock(b"secret", "của cơ sở dữ liệu")
            self.assertEqual(vault.unlock(locked, "khác"), b"secret")
        with self.assertRaises(vault.CannotOpen):
            vault.unlock(locked, "của cơ sở dữ liệu")
        self.env["ir.config_parameter"].sudo().set_param("database.secret", "copy")
        with self._refused(UserError, "copy of the database"):
            self.leader_key.action_load()

    def test_wrong_passphrase(self):
        with self._refused(UserError, "cannot be opened"):
            self.leader_key.write(
                {"pkcs12": self._file("Nguyễn Văn Thành"), "passphrase": "sai"}
            )

    def test_somebody_elses_certificate(self):
        with self._refused(UserError, "was issued to “Lê Thị Thu”"):
            self.leader_key.write(
                {"pkcs12": self._file("Lê Thị Thu"), "passphrase": PASSPHRASE}
            )

    def test_bound_to_the_person(self):
        key = self.leader_key.with_user(self.manager)
        for vals in (
            {"user_id": self.manager.id},
            {"use": "agency", "user_id": False},
            {"fingerprint": "00"},
            {"subject": "Ai đó"},
        ):
            with self._refused(UserError, "bound|not typed"):
                key.write(vals)

    def test_secret_of_a_person_is_entered_by_himself(self):
        with self._refused(AccessError, "entered by this person only"):
            self.leader_key.with_user(self.manager).passphrase = "mới"
        with Form(self.leader_key.with_user(self.leader)) as form:
            form.passphrase = PASSPHRASE
        self.assertEqual(self.leader_key.state, "valid")

    def test_each_sees_his_own(self):
        keys = self.env["cchc.signature.key"]
        self.assertEqual(keys.with_user(self.leader).search([]), self.leader_key)
        self.assertFalse(keys.with_user(self.handler).search([]))
        self.assertEqual(keys.with_user(self.clerk).search([]), self.agency_key)
        with self.assertRaises(AccessError):
            keys.with_user(self.handler).create(
                {"provider_id": self.provider.id, "user_id": self.deputy.id}
            )

    def test_image_is_a_png(self):
        with self._refused(ValidationError, "PNG"):
            self.leader_key.image = base64.b64encode(b"<svg/>")

    def test_address_of_a_service(self):
        for url in ("http://ky.example.vn", "file:///etc/passwd"):
            with self._refused(ValidationError, "https"):
                self.provider.write({"kind": "service", "url": url})

    def test_token_says_what_is_missing(self):
        self.provider.write({"kind": "pkcs11", "library": "/x.so"})
        with self._refused(UserError, "python-pkcs11"):
            self.provider.with_user(self.manager).action_test()

    def test_authority_is_no_person(self):
        person = Authority().issue("Người")[0]
        with self._refused(ValidationError, "of a person"):
            self.env["cchc.trust.root"].create(
                {"certificate": base64.b64encode(Authority.der(person))}
            )
        with self._refused(UserError, "not a certificate"):
            self.env["cchc.trust.root"].create(
                {"certificate": base64.b64encode(b"no certificate")}
            )
        with self.assertRaises(AccessError):
            self.root.with_user(self.leader).write({"note": "x"})

    def test_provider_test_tells(self):
        action = self.provider.with_user(self.manager).action_test()
        self.assertIn("2", action["params"]["message"])
        self.assertEqual(len(self.provider.key_ids), 2)
