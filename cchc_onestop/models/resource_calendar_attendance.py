from odoo import api, fields, models


class ResourceCalendarAttendance(models.Model):
    _inherit = "resource.calendar.attendance"

    cchc_reception_only = fields.Boolean(
        string="Reception Only",
        help="The desk receives dossiers in these hours, but they do not count as "
        "working time of due dates, such as a Saturday morning desk",
    )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.calendar_id._cchc_touch()
        return lines

    def write(self, vals):
        calendars = self.calendar_id
        result = super().write(vals)
        (calendars | self.calendar_id)._cchc_touch()
        return result

    def unlink(self):
        calendars = self.calendar_id
        result = super().unlink()
        calendars.exists()._cchc_touch()
        return result

    def _copy_attendance_vals(self):
        return {
            **super()._copy_attendance_vals(),
            "cchc_reception_only": self.cchc_reception_only,
        }
