from odoo import api, fields, models

from odoo.addons.cchc_onestop.tools.qr import picture


class CchcQueueAddress(models.TransientModel):
    """Shows the address of a screen or kiosk once, as text and as a code to scan."""

    _name = "cchc.queue.address"
    _description = "Address of a Queue Device"

    link = fields.Char(readonly=True)
    qr = fields.Binary("QR Code", compute="_compute_qr")

    @api.depends("link")
    def _compute_qr(self):
        for wizard in self:
            wizard.qr = picture(wizard.link) if wizard.link else False
