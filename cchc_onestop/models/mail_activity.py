from collections import Counter

from odoo import api, fields, models
from odoo.tools import SQL


class MailActivity(models.Model):
    _inherit = "mail.activity"

    cchc_alert_id = fields.Many2one(
        "cchc.alert", string="Alert", index="btree_not_null", ondelete="set null"
    )

    @api.model
    def _cchc_create_for_alerts(self, rows):
        """Create the activities of a batch of alerts in one statement.

        Without what ``mail`` does for each activity: no message to the person (the
        digest is the message), no subscription to a dossier that the person works on
        anyway. The counters in the open clients are told once per person.

        :param rows: tuples of dossier id, dossier code, user id, alert id, last day
            and summary
        """
        if not rows:
            return
        activity_type = self.env.ref("cchc_onestop.mail_activity_type_alert")
        model_id = self.env["ir.model"]._get_id("cchc.dossier")
        self.flush_model()
        columns = [list(column) for column in zip(*rows, strict=True)]
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO mail_activity
                    (res_model, res_model_id, activity_type_id, active, automated,
                     create_uid, write_uid, create_date, write_date,
                     res_id, res_name, user_id, cchc_alert_id, date_deadline, summary)
                SELECT 'cchc.dossier', %(model)s, %(type)s, TRUE, TRUE,
                       %(uid)s, %(uid)s, %(now)s, %(now)s, row.*
                  FROM unnest(%(ids)s::int[], %(names)s::varchar[], %(users)s::int[],
                              %(alerts)s::int[], %(days)s::date[],
                              %(summaries)s::varchar[]) AS row
                """,
                model=model_id,
                type=activity_type.id,
                uid=self.env.uid,
                now=fields.Datetime.now(),
                **dict(
                    zip(
                        ("ids", "names", "users", "alerts", "days", "summaries"),
                        columns,
                        strict=True,
                    )
                ),
            )
        )
        self.env["cchc.dossier"].invalidate_model(["activity_ids"], flush=False)
        today = fields.Date.today()
        due = Counter(user for _d, _n, user, _a, day, _s in rows if day <= today)
        for user_id, count in due.items():
            self.env["res.users"].browse(user_id)._bus_send(
                "mail.activity/updated",
                {"activity_created": True, "count_diff": count},
            )
