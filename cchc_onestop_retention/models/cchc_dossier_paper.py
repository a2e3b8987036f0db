from odoo import fields, models
from odoo.exceptions import UserError


class CchcDossierPaper(models.Model):
    """A paper whose PDF was destroyed stays as a row: number, form, checksum."""

    _inherit = "cchc.dossier.paper"

    destroyed_at = fields.Datetime(string="PDF Destroyed", readonly=True, copy=False)
    integrity = fields.Selection(selection_add=[("destroyed", "Destroyed")])

    def _file_fields(self):
        """Return the columns that refer to a file of the paper."""
        return [
            name
            for name, field in self._fields.items()
            if field.type == "many2one" and field.comodel_name == "ir.attachment"
        ]

    def _allowed_fields(self, vals):
        if self.env.context.get("cchc_destroy"):
            return frozenset({"destroyed_at", *self._file_fields()})
        return super()._allowed_fields(vals)

    def _forget_files(self):
        """Let go of the PDFs; the caller destroys them (``self`` holds the key)."""
        self.write(
            {
                "destroyed_at": fields.Datetime.now(),
                **dict.fromkeys(self._file_fields(), False),
            }
        )

    def _verify(self):
        kept = self.sudo().filtered(lambda paper: not paper.destroyed_at)
        return super(CchcDossierPaper, kept.sudo(self.env.su))._verify()

    def _compute_integrity(self):
        gone = self.sudo().filtered("destroyed_at").sudo(self.env.su)
        gone.integrity = "destroyed"
        return super(CchcDossierPaper, self - gone)._compute_integrity()

    def _get_content(self):
        if self.sudo().destroyed_at:
            raise UserError(
                self.env._(
                    "The PDF of %(number)s was destroyed by decision %(decision)s.",
                    number=self.name,
                    decision=self.sudo().dossier_id.disposal_list_id.decision_number,
                )
            )
        return super()._get_content()
