from odoo import api, fields, models

#: Dossiers planned anew in one transaction.
BATCH = 1000


class CchcAlertReplan(models.Model):
    """A change of the alert rules that has not reached every open dossier yet.

    One row at most is worked on: it keeps the last dossier done, so that the work
    goes on after a kill. Dossiers whose next look stays the same are not written.
    """

    _name = "cchc.alert.replan"
    _description = "Alert Planning in Progress"
    _order = "last_id, id"
    _rec_name = "last_id"

    last_id = fields.Integer(string="Done up to Dossier", readonly=True)

    @api.model
    def _request(self):
        """Have every open dossier planned anew by the next sweep."""
        pending = self.sudo()
        if pending.search([("last_id", "=", 0)], limit=1):
            return
        if self.env["cchc.dossier"].sudo().search([("is_open", "=", True)], limit=1):
            pending.create({})
            cron = self.env.ref("cchc_onestop.ir_cron_alert_sweep", False)
            if cron:
                cron.sudo()._trigger()

    @api.model
    def _batch(self, limit=BATCH):
        """Plan the next dossiers anew; return how many."""
        requests = self.sudo().search([("last_id", ">=", 0)])
        if not requests:
            return 0
        request = requests[0]
        # the one that has come least far does the work of the others
        (requests - request).unlink()
        dossiers = (
            self.env["cchc.dossier"]
            .sudo()
            .search(
                [("is_open", "=", True), ("id", ">", request.last_id)],
                order="id",
                limit=limit,
            )
        )
        if not dossiers:
            request.unlink()
            return 0
        dossiers._cchc_schedule_alerts()
        request.last_id = dossiers[-1].id
        return len(dossiers)
