from odoo import api, fields, models


class CchcDossier(models.Model):
    """A dossier is judged by the issue that was in force when it was received."""

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.dossier"  # pylint: disable=consider-merging-classes-inherited

    iso_issue_id = fields.Many2one(
        "document.page.history",
        "Process Document",
        compute="_compute_iso_issue_id",
        groups="cchc_iso.group_viewer",
        help="Issue in force on the day of reception, also when later ones replaced it",
    )

    @api.depends("process_id", "clock_start_at", "accepted_at")
    def _compute_iso_issue_id(self):
        keys = {}
        for dossier in self:
            began = dossier.clock_start_at or dossier.accepted_at
            if dossier.process_id and began:
                company = dossier.company_id.sudo()
                keys[dossier] = (
                    dossier.process_id.id,
                    company._cchc_local_date(began),
                )
        found = self.env["document.page.history"]._cchc_in_force_by(set(keys.values()))
        for dossier in self:
            dossier.iso_issue_id = found.get(keys.get(dossier), False)

    def action_open_iso_issue(self):
        """Open the issue of the process document that applies to the dossier."""
        self.ensure_one()
        return self.iso_issue_id._cchc_open()
