from odoo import fields, models


class CchcDossier(models.Model):
    """Way from a dossier to its process records."""

    _inherit = "cchc.dossier"

    iso_record_count = fields.Integer(
        "Process Records",
        compute="_compute_iso_record_count",
        groups="cchc_iso.group_officer,cchc_iso.group_leader,cchc_iso.group_auditor",
    )

    def _compute_iso_record_count(self):
        counts = dict(
            self.env["cchc.iso.record"]._read_group(
                [("dossier_id", "in", self.ids)], ["dossier_id"], ["__count"]
            )
        )
        for dossier in self:
            dossier.iso_record_count = counts.get(dossier, 0)

    def action_view_iso_records(self):
        """Open the process records of the dossiers."""
        return self.env["cchc.iso.record"]._action_for([("dossier_id", "in", self.ids)])
