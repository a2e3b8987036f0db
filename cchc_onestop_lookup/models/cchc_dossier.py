from odoo import api, fields, models


class CchcDossier(models.Model):
    _inherit = "cchc.dossier"

    lookup_ids = fields.One2many(
        "cchc.lookup.request", "dossier_id", "Look-ups", readonly=True
    )
    lookup_count = fields.Integer(compute="_compute_lookup_count")
    lookup_missing = fields.Integer(
        compute="_compute_lookup_missing",
        help="Parts that come from a register and were not looked up",
    )

    def _compute_lookup_count(self):
        counts = dict(
            self.env["cchc.lookup.request"]._read_group(
                [("dossier_id", "in", self.ids)], ["dossier_id"], ["__count"]
            )
        )
        for dossier in self:
            dossier.lookup_count = counts.get(dossier, 0)

    @api.depends("document_ids.lookup_id", "document_ids.kind", "ended_at")
    def _compute_lookup_missing(self):
        for dossier in self:
            dossier.lookup_missing = (
                0
                if dossier.ended_at
                else len(
                    dossier.document_ids.filtered(
                        lambda part: part.kind == "database" and not part.lookup_id
                    )
                )
            )

    def action_lookup(self):
        """Look the owner of this dossier up in a register."""
        self.ensure_one()
        return self.env["cchc.lookup.ask"]._open(dossier=self, partner=self.partner_id)

    def action_lookups(self):
        """Open the look-ups made for this dossier."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cchc_onestop_lookup.cchc_lookup_request_action_log"
        )
        action["domain"] = [("dossier_id", "=", self.id)]
        action["context"] = {}
        return action
