from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.cchc_onestop.tools.guard import is_unlocked, unlocked

#: What the council decides; all else is kept by the system.
_FREE = frozenset({"keep", "keep_reason"})


class CchcDisposalLine(models.Model):
    """A dossier of a disposal list: to be destroyed, or kept back with a reason."""

    _name = "cchc.disposal.line"
    _description = "Dossier of a Disposal List"
    _order = "list_id, id"
    _rec_name = "dossier_id"

    list_id = fields.Many2one(
        "cchc.disposal.list", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="list_id.company_id")
    dossier_id = fields.Many2one(
        "cchc.dossier", required=True, ondelete="restrict", index=True
    )
    procedure_id = fields.Many2one(related="dossier_id.procedure_id")
    applicant_name = fields.Char(related="dossier_id.applicant_name", string="Owner")
    ended_at = fields.Datetime(related="dossier_id.ended_at")
    retention_until = fields.Date(string="Kept until", readonly=True)
    rule_text = fields.Char(string="Retention Rule", readonly=True)
    keep = fields.Boolean(string="Keep Back")
    keep_reason = fields.Char(string="Why It Is Kept")
    outcome = fields.Selection(
        [("destroyed", "Destroyed"), ("skipped", "Not destroyed")],
        string="What Became of It",
        readonly=True,
    )
    message = fields.Char(string="Why Not", readonly=True)
    file_count = fields.Integer(string="Files", readonly=True)
    file_size = fields.Integer(string="Bytes", readonly=True)
    done_at = fields.Datetime(readonly=True)

    _dossier_uniq = models.UniqueIndex(
        "(list_id, dossier_id)", "The dossier is in the list already."
    )

    @api.constrains("keep", "keep_reason")
    def _check_reason(self):
        for line in self:
            if line.keep and not (line.keep_reason or "").strip():
                raise ValidationError(
                    self.env._("Say why %s is kept back.", line.dossier_id.display_name)
                )

    @api.constrains("list_id", "dossier_id")
    def _check_agency(self):
        for line in self.sudo():
            if line.dossier_id.company_id != line.list_id.company_id:
                raise ValidationError(
                    self.env._(
                        "%s belongs to another agency.", line.dossier_id.display_name
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if {"outcome", "done_at", "file_count"} & set(vals):
                self._check_kept()
        lines = super().create(vals_list)
        lines.list_id._cchc_check_open()
        return lines

    def write(self, vals):
        if set(vals) - _FREE:
            self._check_kept()
        self.list_id._cchc_check_open()
        return super().write(vals)

    def _check_kept(self):
        if not is_unlocked(self.env):
            raise UserError(
                self.env._("What became of a dossier is recorded by the system.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_of_draft(self):
        self.list_id._cchc_check_open()

    def _take(self):
        """Note on the dossiers that this list carries them out, so that no other
        list draws them."""
        dossiers = self.filtered(lambda line: not line.keep).dossier_id
        for disposal in self.list_id:
            unlocked(dossiers).write({"disposal_list_id": disposal.id})

    def _carry_out(self, obstacle):
        """Destroy the files of the dossier, or say why not."""
        self.ensure_one()
        line = unlocked(self.sudo())
        if obstacle:
            unlocked(line.dossier_id).write({"disposal_list_id": False})
            line.write(
                {
                    "outcome": "skipped",
                    "message": obstacle,
                    "done_at": fields.Datetime.now(),
                }
            )
            return
        count, size = line.dossier_id._destroy_files(line.list_id)
        line.write(
            {
                "outcome": "destroyed",
                "file_count": count,
                "file_size": size,
                "done_at": fields.Datetime.now(),
            }
        )
