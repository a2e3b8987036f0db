from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.cchc_onestop.models.ir_attachment import KEPT_COLUMNS
from odoo.addons.cchc_onestop.tools.guard import is_unlocked

PAPER = "cchc.iso.audit.paper"
LINE = "mgmtsystem.verification.line"


class IrAttachment(models.Model):
    """Printed papers of audits and the evidence of closed ones stay as they are."""

    # One file per subject: see docs/architecture.md.
    _inherit = "ir.attachment"  # pylint: disable=consider-merging-classes-inherited

    def _cchc_check_audit_files(self):
        if is_unlocked(self.env):
            return
        ours = self.sudo()
        if printed := ours.filtered(lambda file: file.res_model == PAPER)[:1]:
            raise UserError(
                self.env._("“%s” was printed and is kept as it is.", printed.name)
            )
        evidence = ours.filtered(lambda file: file.res_model == LINE)
        if evidence:
            self.env[LINE].sudo().search(
                [("attachment_ids", "in", evidence.ids)]
            ).audit_id._cchc_check_open()

    def write(self, vals):
        if KEPT_COLUMNS & set(vals):
            self._cchc_check_audit_files()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_audit_files(self):
        self._cchc_check_audit_files()
