from itertools import chain

from odoo import api, models
from odoo.exceptions import UserError

from ..tools import guard

#: What makes an attachment the file that was kept.
KEPT_COLUMNS = frozenset(
    {"raw", "datas", "db_datas", "store_fname", "checksum", "type", "url", "name"}
    | {"res_model", "res_id", "res_field", "public", "mimetype"}
)
#: Models whose attachments bear identity numbers: scans of the parts, issued papers.
PART = "cchc.dossier.document"
CLOSED = (PART, "cchc.dossier.paper")


class IrAttachment(models.Model):
    """What was issued or filed is evidence: it is neither changed nor deleted."""

    _inherit = "ir.attachment"

    def _cchc_check_kept(self):
        """Refuse to touch the PDF of an issued paper or a document that is filed."""
        ours = self.sudo().filtered(
            lambda attachment: (attachment.res_model or "").startswith("cchc.dossier")
        )
        if not ours or guard.is_unlocked(self.env):
            return
        papers = self.env["cchc.dossier.paper"].sudo()
        if papers.search_count([("attachment_id", "in", ours.ids)], limit=1):
            raise UserError(
                self.env._(
                    "This file is the PDF of an issued paper and cannot be changed or "
                    "deleted; void the paper instead."
                )
            )
        filed = self.env["dms.file"].sudo().with_context(active_test=False)
        if filed.search_count(
            [("attachment_id", "in", ours.ids), ("cchc_dossier_id", "!=", False)],
            limit=1,
        ):
            raise UserError(
                self.env._(
                    "“%(file)s” is filed with its dossier and cannot be changed or "
                    "deleted.",
                    file=ours[0].name,
                )
            )

    def _cchc_let_go(self):
        """Forget these files, whose content is about to be destroyed (hook)."""

    def _inaccessible_comodel_records(self, model_and_ids, operation):
        """Scans and papers bear identity numbers: they are for those who handle
        dossiers."""
        if self.env.su:
            return super()._inaccessible_comodel_records(model_and_ids, operation)
        if self.env.user.has_group("cchc_onestop.group_identity"):
            closed = super()._inaccessible_comodel_records(model_and_ids, operation)
            return self._cchc_without_shared(closed or (), operation)
        others = dict(model_and_ids)
        closed = [
            (model, res_id)
            for model in CLOSED
            for res_id in others.pop(model, ())
            if res_id
        ]
        return chain(
            closed, super()._inaccessible_comodel_records(others, operation) or ()
        )

    def _cchc_without_shared(self, closed, operation):
        """Take out of the closed records what is open through a group."""
        closed = list(closed)
        parts = [res_id for model, res_id in closed if model == PART and res_id]
        if not parts or operation != "read":
            return closed
        shared = self._cchc_shared_parts(parts)
        return [
            (model, res_id)
            for model, res_id in closed
            if model != PART or res_id not in shared
        ]

    def _cchc_shared_parts(self, part_ids):
        """Return those parts whose files the current user sees in a part of a group.

        A paper of a group is handed in once; whoever handles one of its dossiers
        reads the same file there.
        """
        rows = self.env[PART].search([("shared_from_id", "in", part_ids)])
        return set(rows.sudo().shared_from_id.ids)

    @api.model_create_multi
    def create(self, vals_list):
        attachments = super().create(vals_list)
        ids = {
            vals["res_id"]
            for vals in vals_list
            if vals.get("res_model") == "cchc.dossier" and vals.get("res_id")
        }
        if ids:
            self.env["cchc.dossier"].browse(ids)._filing_reopen()
        return attachments

    def write(self, vals):
        if KEPT_COLUMNS & set(vals):
            self._cchc_check_kept()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_issued_paper(self):
        self._cchc_check_kept()
