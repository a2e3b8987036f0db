from odoo import models


class MgmtsystemAudit(models.Model):
    _inherit = "mgmtsystem.audit"

    def get_lines_by_procedure(self):
        """Return the lines of OCA's printed list, its fixed answers as a term."""
        answers = self.env._("Yes / No")
        return [
            {**line, "yes_no": line["yes_no"] and answers}
            for line in super().get_lines_by_procedure()
        ]
