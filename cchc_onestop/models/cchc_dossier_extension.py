from odoo import fields, models


class CchcDossierExtension(models.Model):
    """A re-appointment of a dossier, given with an apology (xin lỗi, gia hạn).

    How often, and how long before the due date the apology is sent at the latest, are
    settings of the deadline rule: once and one day by NĐ 61/2018/NĐ-CP Đ.19 k.9 (form
    04 of TT 03/2025/TT-VPCP).
    """

    _name = "cchc.dossier.extension"
    _description = "Dossier Extension"
    _inherit = ["cchc.dossier.guarded.row"]
    _order = "dossier_id, number"

    number = fields.Integer(required=True, readonly=True, default=1)
    granted_at = fields.Datetime(required=True, readonly=True)
    user_id = fields.Many2one("res.users", string="Granted by", readonly=True)
    due_before = fields.Datetime(readonly=True)
    due_at = fields.Datetime(string="New Due Date", required=True, readonly=True)
    reason_id = fields.Many2one("cchc.reason", readonly=True)
    content = fields.Text(readonly=True)
    in_time = fields.Boolean(
        readonly=True, help="Granted before the due date had passed"
    )
    notice_kept = fields.Boolean(
        readonly=True,
        help="Sent as many days before the due date as the deadline rule asks for",
    )

    # Numbered under the lock of the dossier; two persons never give the same one.
    _number_once = models.UniqueIndex(
        "(dossier_id, number)",
        "Somebody else has extended this dossier just now: reload the page.",
    )
