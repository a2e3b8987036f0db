from odoo import models


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    def write(self, vals):
        if vals.get("active") is False:
            # Who has another employment in the office keeps his work.
            leaving = self.filtered("active")
            users = leaving.user_id.filtered(
                lambda user: not user.sudo().employee_ids.filtered("active") - leaving
            )
            users._cchc_check_handed_over()
        return super().write(vals)
