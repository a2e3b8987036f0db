from odoo import api, fields, models

from odoo.addons.cchc_onestop.tools.qr import picture


class CchcEvaluationInvite(models.TransientModel):
    """Shows a link once, as text to send and as a code to scan."""

    _name = "cchc.evaluation.invite"
    _description = "Invite to Evaluate"

    dossier_id = fields.Many2one("cchc.dossier", readonly=True)
    link = fields.Char(readonly=True)
    text = fields.Text("Text of the Message", readonly=True)
    qr = fields.Binary("QR Code", compute="_compute_qr")

    @api.depends("link")
    def _compute_qr(self):
        for wizard in self:
            wizard.qr = picture(wizard.link) if wizard.link else False
