from odoo import Command, api, models


class CchcDossier(models.Model):
    """What a change of the catalogue means for dossiers that are still drafts."""

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.dossier"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _renew_drafts(self, procedures):
        """Let the drafts of ``procedures`` take the version in force, with a note.

        Accepted dossiers keep theirs. Drafts of a procedure that is no longer received
        stay as they are: acceptance refuses them.
        """
        drafts = self.sudo().search(
            [
                ("procedure_id", "in", procedures.ids),
                ("state", "in", ("draft", "pre_supplement")),
                ("document_ids.part_id", "!=", False),
            ]
        )
        for company, own in drafts.grouped("company_id").items():
            versions = own.procedure_id._versions_at(
                own.procedure_id._get_catalogue_date(), company
            )
            for draft in own:
                version = versions.get(draft.procedure_id)
                known = draft.document_ids.part_id.version_id
                if version and known and known != version:
                    draft._take_version(version)

    def _take_version(self, version):
        """Bring the parts and fees of a draft up to ``version`` and note it.

        What has been received stays received; a part that is no longer asked for goes,
        unless it has been handed in.
        """
        self.ensure_one()
        case = version.case_ids.filtered(lambda row: row.name == self.case_id.name)
        if self.case_id:
            self.case_id = case[:1]
        rows = {
            document.code or document.name: document
            for document in self.document_ids
            if document.part_id
        }
        commands = []
        for vals in self._document_vals(version):
            row = rows.pop(vals["code"] or vals["name"], None)
            if row:
                kept = {
                    key: vals[key] for key in vals if key not in ("received", "kind")
                }
                commands.append(Command.update(row.id, kept))
            else:
                commands.append(Command.create(vals))
        for row in rows.values():
            if row.received or row.attachment_ids:
                commands.append(
                    Command.update(row.id, {"required": False, "part_id": False})
                )
            else:
                commands.append(Command.delete(row.id))
        vals = {"document_ids": commands}
        if not any(line.paid_amount or line.waived_amount for line in self.fee_ids):
            vals["fee_ids"] = [
                Command.clear(),
                *(Command.create(fee) for fee in self._fee_vals(version)),
            ]
        self.write(vals)
        self.message_post(
            body=self.env._(
                "The procedure was amended: this draft follows the version valid from "
                "%(date)s (%(decision)s). Look at its parts and fees again.",
                date=version.valid_from,
                decision=version.decision_id.display_name or version.display_name,
            )
        )
