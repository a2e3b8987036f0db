from odoo import fields, models


class CchcProcedure(models.Model):
    """Way from a procedure to the process records of its dossiers."""

    _inherit = "cchc.procedure"

    iso_record_count = fields.Integer(
        "Process Records",
        compute="_compute_iso_record_count",
        groups="cchc_iso.group_officer,cchc_iso.group_leader",
    )

    def _compute_iso_record_count(self):
        counts = dict(
            self.env["cchc.iso.record"]._read_group(
                [("procedure_id", "in", self.ids), ("kind", "=", "end")],
                ["procedure_id"],
                ["__count"],
            )
        )
        for procedure in self:
            procedure.iso_record_count = counts.get(procedure, 0)

    def action_view_iso_records(self):
        """Open the process records of the dossiers of these procedures."""
        return self.env["cchc.iso.record"]._action_for(
            [("procedure_id", "in", self.ids), ("kind", "=", "end")]
        )
