import base64
import io

import qrcode

from odoo import api, fields, models


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


def picture(text):
    """Return the QR code of a text as a base64 PNG."""
    code = qrcode.QRCode(
        error_correction=qrcode.constants.ERROR_CORRECT_M, box_size=6, border=2
    )
    code.add_data(text)
    target = io.BytesIO()
    code.make_image().save(target)
    return base64.b64encode(target.getvalue())
