from odoo import fields, models


class CchcDossierExtension(models.Model):
    """The one re-appointment of a dossier, given with an apology (xin lỗi, gia hạn).

    At most once, proposed at the latest one day before the due date
    (NĐ 61/2018/NĐ-CP Đ.19 k.9; form 04 of TT 03/2025/TT-VPCP).
    """

    _name = "cchc.dossier.extension"
    _description = "Dossier Extension"
    _inherit = ["cchc.dossier.guarded.row"]
    _order = "dossier_id, granted_at"

    granted_at = fields.Datetime(required=True, readonly=True)
    user_id = fields.Many2one("res.users", string="Granted by", readonly=True)
    due_before = fields.Datetime(readonly=True)
    due_at = fields.Datetime(string="New Due Date", required=True, readonly=True)
    reason_id = fields.Many2one("cchc.reason", readonly=True)
    content = fields.Text(readonly=True)
    in_time = fields.Boolean(
        readonly=True, help="Granted before the due date had passed"
    )

    _once = models.UniqueIndex("(dossier_id)", "A dossier can be extended only once.")
