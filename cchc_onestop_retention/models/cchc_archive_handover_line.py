from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.cchc_onestop.tools.guard import unlocked


class CchcArchiveHandoverLine(models.Model):
    """A dossier in a list of files for the archive."""

    _name = "cchc.archive.handover.line"
    _description = "Dossier Handed over to the Archive"
    _order = "handover_id, id"
    _rec_name = "dossier_id"

    handover_id = fields.Many2one(
        "cchc.archive.handover", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="handover_id.company_id")
    dossier_id = fields.Many2one(
        "cchc.dossier", required=True, ondelete="restrict", index=True
    )
    procedure_id = fields.Many2one(related="dossier_id.procedure_id")
    applicant_name = fields.Char(related="dossier_id.applicant_name", string="Owner")
    ended_at = fields.Datetime(related="dossier_id.ended_at")
    archive_due_on = fields.Date(related="dossier_id.archive_due_on")
    retention_term = fields.Char(related="dossier_id.retention_term")
    box = fields.Char(help="Number of the box or shelf")
    sheets = fields.Integer(help="Sheets of paper")
    note = fields.Char()

    _dossier_uniq = models.UniqueIndex(
        "(dossier_id)", "The dossier is in a list of files already."
    )

    @api.constrains("handover_id", "dossier_id")
    def _check_dossier(self):
        for line in self.sudo():
            if (
                line.dossier_id.company_id != line.handover_id.company_id
                or not line.dossier_id.ended_at
            ):
                raise ValidationError(
                    self.env._(
                        "%s has not ended or belongs to another agency.",
                        line.dossier_id.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.handover_id._check_draft()
        for handover, own in lines.sudo().grouped("handover_id").items():
            unlocked(own.dossier_id).write({"archive_handover_id": handover.id})
        return lines

    def write(self, vals):
        self.handover_id._check_draft()
        before = self.sudo().dossier_id
        result = super().write(vals)
        if "dossier_id" in vals:
            unlocked(before).write({"archive_handover_id": False})
            for line in self.sudo():
                unlocked(line.dossier_id).write(
                    {"archive_handover_id": line.handover_id.id}
                )
        return result

    def unlink(self):
        self.handover_id._check_draft()
        unlocked(self.sudo().dossier_id).write({"archive_handover_id": False})
        return super().unlink()
