from odoo import fields, models

from odoo.addons.cchc_onestop.tools.guard import unlocked

_BASIS = "Luật Lưu trữ 33/2024/QH15"


class CchcDossier(models.Model):
    """Destruction of the files of a dossier after an approved list.

    What happened with a dossier (its row, its ledger, its process record) stays. Its
    files go: scans, papers, results, what was added to it, what was filed of it.
    """

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.dossier"  # pylint: disable=consider-merging-classes-inherited

    def _destroy_files(self, disposal):
        """Destroy the files of one dossier and note it in its ledger.

        Files that another dossier still shows (papers of a group, results that were
        used again) are only taken out of this one. The caller has checked list and
        obstacles.

        :return: ``(number of files, bytes)``
        """
        self.ensure_one()
        dossier = unlocked(self.sudo())
        attachments = dossier._files_to_destroy()
        shared = dossier._files_of_others(attachments)
        gone = attachments - shared
        told = [
            {"name": file.name, "sha1": file.checksum or "", "size": file.file_size}
            for file in gone.sorted("id")
        ]
        dossier._release_files(attachments)
        size = sum(file["size"] for file in told)
        gone._cchc_let_go()
        unlocked(gone).unlink()
        dossier.write(
            {"destroyed_at": fields.Datetime.now(), "disposal_list_id": disposal.id}
        )
        self.env["cchc.dossier.event"].append(
            [
                {
                    "dossier": self,
                    "kind": "destroy",
                    "from_state": self.state,
                    "legal_basis": _BASIS,
                    "content": self.env._(
                        "%(count)s files destroyed by decision %(number)s of %(date)s",
                        count=len(told),
                        number=disposal.decision_number,
                        date=f"{disposal.decision_date:%d/%m/%Y}",
                    ),
                    "data": {
                        "list": disposal.id,
                        "decision": disposal.decision_number,
                        "decided_on": disposal.decision_date.isoformat(),
                        "kept_for_others": len(shared),
                        "files": told,
                    },
                }
            ]
        )
        return len(told), size

    def _files_to_destroy(self):
        """Return all attachments that hold content of this dossier."""
        attachments = self.env["ir.attachment"].with_context(active_test=False)
        found = self.document_ids.attachment_ids | self.paper_ids.attachment_id
        for model, ids in (
            ("cchc.dossier", self.ids),
            ("cchc.dossier.document", self.document_ids.ids),
            ("cchc.dossier.paper", self.paper_ids.ids),
        ):
            found |= attachments.search(
                [
                    ("res_model", "=", model),
                    ("res_id", "in", ids),
                    ("res_field", "in", [False, *self._binary_fields(model)]),
                ]
            )
        return (
            found | self.message_ids.attachment_ids | self._filed_files().attachment_id
        ).filtered(lambda file: file.type == "binary")

    def _binary_fields(self, model):
        """Return the names of the stored binary fields of ``model``."""
        return [
            name
            for name, field in self.env[model]._fields.items()
            if field.type == "binary" and field.store
        ]

    def _filed_files(self):
        return (
            self.env["dms.file"]
            .sudo()
            .with_context(active_test=False)
            .search([("cchc_dossier_id", "in", self.ids)])
        )

    def _files_of_others(self, attachments):
        """Return those of the attachments that another dossier still shows."""
        shown = (
            self.env["cchc.dossier.document"]
            .sudo()
            .search(
                [
                    ("attachment_ids", "in", attachments.ids),
                    ("dossier_id", "not in", self.ids),
                ]
            )
            .attachment_ids
        )
        filed = (
            self.env["dms.file"]
            .sudo()
            .with_context(active_test=False)
            .search(
                [
                    ("attachment_id", "in", attachments.ids),
                    ("cchc_dossier_id", "not in", self.ids),
                ]
            )
            .attachment_id
        )
        return attachments & (shown | filed)

    def _release_files(self, attachments):
        """Let go of the attachments in everything that belongs to this dossier."""
        unlocked(self._filed_files()).with_context(dms_file=True).unlink()
        papers = unlocked(self.paper_ids).with_context(cchc_destroy=True)
        papers._forget_files()
        rel = self.document_ids.filtered("attachment_ids")
        unlocked(rel).write({"attachment_ids": [fields.Command.clear()]})
