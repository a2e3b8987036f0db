from odoo import Command

from ..tools import guard
from .common import OnestopCase, local


class PaperCase(OnestopCase):
    """Dossiers that were accepted or have ended, with papers and files."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        currency = cls.env.ref("base.VND")
        currency.active = True
        cls.province.currency_id = currency
        for company in (cls.commune, cls.neighbour):
            company.write({"cchc_place": "Hải Trường", "cchc_hotline": "0233 3873 999"})
        cls.other_department = cls.env["hr.department"].create(
            {"name": "Kinh tế", "company_id": cls.commune.id}
        )
        cls.number = 0

    @classmethod
    def _settled(cls, **values):
        """A dossier as acceptance and settlement leave it (written directly)."""
        cls.number += 1
        vals = {
            "name": f"H50.21-261122-{cls.number:04d}",
            "company_id": cls.commune.id,
            "receiving_company_id": cls.commune.id,
            "procedure_id": cls.procedure.id,
            "state": "accepted",
            "accepted_at": local("20/11/2026 08:15"),
            "clock_start_at": local("20/11/2026 08:15"),
            "due_at": local("25/11/2026 17:00"),
            "first_due_at": local("25/11/2026 17:00"),
            "receiver_id": cls.desk.id,
            "lookup_code": "K7QX2M",
            "department_id": cls.department.id,
            "applicant_name": "Nguyễn Thị Ưỡng",
            "applicant_identity": "045190000123",
            "applicant_address": "Thôn Đông, xã Hải Trường",
            "applicant_phone": "0905 123 456",
            "applicant_email": "uong@example.vn",
            "document_ids": [
                Command.create(
                    {"name": "Tờ khai", "kind": "original", "received": True}
                ),
                Command.create(
                    {
                        "name": "Giấy ủy quyền",
                        "kind": "certified",
                        "originals": 0,
                        "copies": 2,
                        "received": True,
                    }
                ),
                Command.create({"name": "Chưa nộp", "received": False}),
            ],
        }
        vals.update(values)
        dossier = guard.unlocked(cls.env["cchc.dossier"]).create(vals)
        return cls.env["cchc.dossier"].browse(dossier.id)

    @classmethod
    def _ended(cls, files=1, **values):
        """A settled dossier with ``files`` scans on its first part."""
        values.setdefault("state", "done")
        values.setdefault("ended_at", local("24/11/2026 10:00"))
        dossier = cls._settled(**values)
        cls._scan(dossier, files)
        return dossier

    @classmethod
    def _scan(cls, dossier, count=1, name="quét.pdf"):
        document = dossier.document_ids[:1]
        for index in range(count):
            attachment = cls.env["ir.attachment"].create(
                {
                    "name": name,
                    "raw": f"%PDF-1.4 {dossier.name} {index}".encode(),
                    "res_model": "cchc.dossier.document",
                    "res_id": document.id,
                }
            )
            document.attachment_ids = [Command.link(attachment.id)]
        return document.attachment_ids
