import base64
from datetime import datetime, timezone

from odoo import Command

from odoo.addons.cchc_onestop.tests.common import OnestopCase
from odoo.addons.cchc_onestop.tools.pdf import render_pdf

from ..demo.authority import Authority
from ..tools import pdf_check

PASSPHRASE = "mật khẩu 123"


class SignCase(OnestopCase):
    """A commune whose leader and agency hold certificates of an authority it trusts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addClassCleanup(pdf_check.READER.stop)
        cls.commune.cchc_place = "Hải Trường"
        cls.leader.name = "Nguyễn Văn Thành"
        cls.deputy.name = "Lê Thị Thu"
        cls.clerk = cls._new_user("clerk", "group_desk", name="Trần Văn Thư")
        cls.clerk.group_ids += cls.env.ref("cchc_onestop_sign.group_seal")
        cls.authority = Authority(moment=datetime.now(timezone.utc))
        cls.root = cls.env["cchc.trust.root"].create(
            {"certificate": base64.b64encode(cls.authority.der(cls.authority.cert))}
        )
        cls.provider = cls.env["cchc.signature.provider"].create(
            {"name": "Tệp", "kind": "pkcs12", "company_id": cls.commune.id}
        )
        cls.leader_key = cls._new_key(cls.leader)
        cls.agency_key = cls._new_key()

    @classmethod
    def _file(cls, name, authority=None, **dates):
        """Return a PKCS#12 file (base64) issued to ``name``."""
        authority = authority or cls.authority
        certificate, private = authority.issue(name, **dates)
        return base64.b64encode(authority.pkcs12(certificate, private, PASSPHRASE))

    @classmethod
    def _new_key(cls, user=None, authority=None, **dates):
        owner = user or cls.commune
        # a certificate that was archived just now makes room for the next
        cls.env.flush_all()
        return cls.env["cchc.signature.key"].create(
            {
                "provider_id": cls.provider.id,
                "use": "person" if user else "agency",
                "user_id": user.id if user else False,
                "passphrase": PASSPHRASE,
                "pkcs12": cls._file(owner.name, authority, **dates),
            }
        )

    @classmethod
    def _pdf(cls, name="Nguyễn Văn Thành"):
        return render_pdf(
            [
                "<style>@page { size: A4 }</style><p>Giấy xác nhận</p>"
                f"<p style='margin: 120mm 0 0 90mm'>{name}</p>"
            ]
        )

    def _add_result(self, dossier, content=None, name="ket-qua.pdf"):
        """Let the handler add a result; return its row."""
        attachment = (
            self.env["ir.attachment"]
            .with_user(self.handler)
            .create(
                {
                    "name": name,
                    "raw": content or self._pdf(),
                    "res_model": "cchc.dossier.document",
                }
            )
        )
        return (
            self.env["cchc.dossier.document"]
            .with_user(self.handler)
            .create(
                {
                    "dossier_id": dossier.id,
                    "name": "Giấy xác nhận",
                    "is_result": True,
                    "attachment_ids": [Command.link(attachment.id)],
                }
            )
        )

    def _with_result(self, **values):
        """Return a dossier that waits for the leader, with its result."""
        dossier = self._to_sign(**values)
        self._add_result(dossier)
        return dossier

    def _signed(self):
        dossier = self._with_result()
        dossier.with_user(self.leader).action_sign_digitally()
        return dossier

    def _content(self, dossier):
        return dossier.sudo().result_document_ids.attachment_ids.raw

    def _events(self, dossier):
        return dossier.sudo().event_ids.filtered(lambda e: e.kind == "digital_sign")
