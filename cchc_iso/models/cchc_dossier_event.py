from odoo import api, models


class CchcDossierEvent(models.Model):
    """What happens to an ended dossier is recorded later, outside this transaction."""

    _inherit = "cchc.dossier.event"

    @api.private
    @api.model
    def append(self, lines, heads=None):
        events = super().append(lines, heads)
        self.env["cchc.iso.record.queue"]._add(
            {
                line["dossier"].id
                for line in lines
                if line["kind"] != "import" and line["dossier"].sudo().ended_at
            }
        )
        return events
