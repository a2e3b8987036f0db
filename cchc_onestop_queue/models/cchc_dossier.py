from odoo import api, fields, models


class CchcDossier(models.Model):
    """The ticket with which the citizen came to the counter."""

    _inherit = "cchc.dossier"

    queue_ticket_id = fields.Many2one(
        "cchc.queue.ticket",
        index="btree_not_null",
        copy=False,
        check_company=True,
    )

    @api.model_create_multi
    def create(self, vals_list):
        dossiers = super().create(vals_list)
        for dossier in dossiers.filtered("queue_ticket_id"):
            dossier.queue_ticket_id._note("dossier", note=dossier.procedure_id.name)
        return dossiers

    def action_open_ticket(self):
        """Open the ticket with which this dossier was received."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "cchc.queue.ticket",
            "res_id": self.queue_ticket_id.id,
            "view_mode": "form",
        }

    def action_finish_ticket(self):
        """End the ticket and go back to the panel of its counter."""
        self.ensure_one()
        ticket = self.queue_ticket_id
        if ticket.state == "serving":
            ticket.action_done()
        return ticket.counter_id.action_open_panel()
