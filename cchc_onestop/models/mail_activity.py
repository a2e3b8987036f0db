from odoo import api, fields, models


class MailActivity(models.Model):
    _inherit = "mail.activity"

    cchc_alert_id = fields.Many2one(
        "cchc.alert", string="Alert", index="btree_not_null", ondelete="set null"
    )

    @api.model
    def _cchc_create_for_alerts(self, vals_list):
        """Create the activities of a batch of alerts.

        Without what ``mail`` does for each activity: no message to the person (the
        digest is the message), no subscription to a dossier that the person works on
        anyway. The counters in the open clients are told once per person.
        """
        activities = models.BaseModel.create(self, vals_list)
        today = fields.Date.today()
        for user, mine in activities.grouped("user_id").items():
            due = sum(activity.date_deadline <= today for activity in mine)
            if due:
                user._bus_send(
                    "mail.activity/updated",
                    {"activity_created": True, "count_diff": due},
                )
        return activities
