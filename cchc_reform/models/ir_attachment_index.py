from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.cchc_onestop.models.ir_attachment import KEPT_COLUMNS
from odoo.addons.cchc_onestop.tools.guard import is_unlocked


class IrAttachment(models.Model):
    """Files that were sent in as evidence stay as they are."""

    # One file per subject: see docs/architecture.md.
    _inherit = "ir.attachment"  # pylint: disable=consider-merging-classes-inherited

    def _cchc_check_evidence(self):
        if is_unlocked(self.env) or not self.ids:
            return
        kept = (
            self.env["cchc.index.evidence"]
            .sudo()
            .search([("attachment_id", "in", self.ids)], limit=1)
        )
        if kept:
            raise UserError(
                self.env._(
                    "“%(file)s” was sent in as evidence of “%(assessment)s” and stays "
                    "as it is.",
                    file=kept.name,
                    assessment=kept.assessment_id.name,
                )
            )

    def write(self, vals):
        if KEPT_COLUMNS & set(vals):
            self._cchc_check_evidence()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_evidence(self):
        self._cchc_check_evidence()
