from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_cchc_lookup(self):
        """Look this person up in a register, outside of any dossier."""
        self.ensure_one()
        return self.env["cchc.lookup.ask"]._open(partner=self)

    def action_cchc_lookups(self):
        """Open the log of who looked this person up, when and why."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cchc_onestop_lookup.cchc_lookup_request_action_log"
        )
        action["domain"] = self.env["cchc.lookup.request"]._domain_about(self)
        action["context"] = {}
        return action
