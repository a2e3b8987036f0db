from odoo import fields, models


class CchcRosterAbsence(models.TransientModel):
    """Says why an officer is not at the counter; his substitute takes over at once."""

    _name = "cchc.roster.absence"
    _description = "Report Absent"

    shift_ids = fields.Many2many("cchc.roster.shift", string="Shifts")
    reason = fields.Char(required=True, help="E.g. ill, called to a meeting")

    def action_confirm(self):
        """Note the absence on each shift."""
        self.ensure_one()
        self.shift_ids.check_access("write")
        self.shift_ids._set_absence(self.reason)
