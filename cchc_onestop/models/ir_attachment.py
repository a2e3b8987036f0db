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
CLOSED = ("cchc.dossier.document", "cchc.dossier.paper")


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

    def _inaccessible_comodel_records(self, model_and_ids, operation):
        """Scans and papers bear identity numbers: they are for those who handle
        dossiers."""
        if self.env.su or self.env.user.has_group("cchc_onestop.group_identity"):
            return super()._inaccessible_comodel_records(model_and_ids, operation)
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
