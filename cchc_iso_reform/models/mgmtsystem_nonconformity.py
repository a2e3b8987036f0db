from odoo import fields, models


class MgmtsystemNonconformity(models.Model):
    """Nonconformity made of a finding of an inspection."""

    _inherit = "mgmtsystem.nonconformity"

    inspection_finding_id = fields.Many2one(
        "cchc.reform.inspection.finding",
        "Finding of an Inspection",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    def _cchc_go(self, state, **values):
        """Closing reports the remedy of the finding; opening again takes it back."""
        result = super()._cchc_go(state, **values)
        for nonconformity in self.sudo().filtered("inspection_finding_id"):
            finding = nonconformity.inspection_finding_id
            if state == "done":
                finding._nonconformity_closed(nonconformity)
            else:
                finding._nonconformity_reopened()
        return result
