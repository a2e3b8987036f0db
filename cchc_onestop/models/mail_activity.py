from odoo import fields, models


class MailActivity(models.Model):
    _inherit = "mail.activity"

    cchc_alert_id = fields.Many2one(
        "cchc.alert", string="Alert", index="btree_not_null", ondelete="set null"
    )
