from odoo import models


class CopyVerificationLines(models.TransientModel):
    """Copies questions, with clause and department; never answers."""

    _inherit = "copy.verification.lines"

    def copyVerificationLines(self):
        target = self.env["mgmtsystem.audit"].browse(self.env.context.get("active_id"))
        if not target.edition_id:
            return super().copyVerificationLines()
        target.check_access("read")
        self.audit_src.check_access("read")
        asked = {line._cchc_key() for line in target.line_ids}
        self.env["mgmtsystem.verification.line"].create(
            [
                vals
                for line in self.audit_src.line_ids
                if (vals := line._cchc_copy_vals(target))
                and line._cchc_key() not in asked
            ]
        )
        return {"type": "ir.actions.act_window_close"}
