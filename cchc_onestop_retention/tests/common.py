from odoo import Command, fields

from odoo.addons.cchc_onestop.tests.common import local
from odoo.addons.cchc_onestop.tests.common_papers import PaperCase
from odoo.addons.cchc_onestop.tools.guard import unlocked


class RetentionCase(PaperCase):
    """A commune with an archivist, one rule of two years, and ended dossiers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.archivist = cls._new_user("archivist", "group_desk")
        cls.archivist.group_ids += cls.env.ref("cchc_onestop_retention.group_archive")
        cls.env["cchc.retention.rule"].search([]).active = False
        cls.rule = cls._rule("Chung: 02 năm", years=2)

    @classmethod
    def _rule(cls, name, **values):
        return cls.env["cchc.retention.rule"].create(
            {"name": name, "legal_basis": "Thử", **values}
        )

    @classmethod
    def _ended_on(cls, text, files=1, **values):
        """Return a dossier that ended here at a local time, with its files.

        The dates are written to the past; its ledger repeats them.
        """
        dossier = cls._ended(files, ended_at=local(text), **values)
        cls.env["cchc.dossier.event"].append(
            [{"dossier": dossier, "kind": "finish", "from_state": "to_sign"}]
        )
        return dossier

    def _refresh(self, dossiers):
        dossiers._retention_refresh(dossiers.ids)
        return dossiers

    def _list(self, **values):
        """Return a list drawn by the archivist, with its council."""
        disposal = (
            self.env["cchc.disposal.list"]
            .with_user(self.archivist)
            .create(
                {
                    "name": "Danh mục thử",
                    "company_id": self.commune.id,
                    "member_ids": [
                        Command.create({"name": "Chủ tịch hội đồng", "role": "chair"})
                    ],
                    **values,
                }
            )
        )
        disposal.action_draw()
        return disposal

    def _approve(self, disposal):
        disposal.with_user(self.archivist).action_submit()
        disposal.with_user(self.leader).validate_tier()
        disposal.with_user(self.archivist).write(
            {
                "decision_number": "15/QĐ-UBND",
                "decision_date": fields.Date.today(),
            }
        )

    def _carry_out(self, disposal):
        """Carry out a list as its job does; return the progress that it told."""
        archivist = disposal.with_user(self.archivist)
        archivist.action_carry_out()
        told = []
        work = self.env["cchc.disposal.list"].with_user(self.archivist)
        while work._batch_destroy(
            {"list": disposal.id}, lambda done, total: told.append((done, total))
        ):
            continue
        self.env.invalidate_all()
        return told

    def _file(self, dossier, content, name="riêng.pdf"):
        """Add a file to the first part of a dossier; return it."""
        file = self.env["ir.attachment"].create(
            {
                "name": name,
                "raw": content,
                "res_model": "cchc.dossier.document",
                "res_id": dossier.document_ids[:1].id,
            }
        )
        dossier.document_ids[:1].attachment_ids = [Command.link(file.id)]
        return file

    def _unlocked(self, records):
        return unlocked(records)
