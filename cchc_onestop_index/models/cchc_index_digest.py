from odoo import api, fields, models

from odoo.addons.cchc_onestop.tools.guard import unlocked


class CchcIndexDigest(models.Model):
    """The one message a week to leaders and the head of the desk: the index so far.

    Sent once the preview of the week is there; nothing is sent about an agency that has
    no dossiers.
    """

    _name = "cchc.index.digest"
    _description = "Weekly Message on the Index"
    _inherit = ["cchc.digest.mixin"]
    _order = "date desc, id desc"
    _rec_name = "user_id"

    week = fields.Date(required=True, readonly=True, help="Monday of the week")

    _once_a_week = models.UniqueIndex(
        "(user_id, company_id, week)", "A person gets one message a week and agency."
    )

    @api.model
    def _agency_waits(self, company, now):
        monday = company._cchc_monday(company._cchc_local_date(now))
        return company.cchc_index_day != "off" and company.cchc_index_week == monday

    @api.model
    def _agency_served(self, company, now):
        """Who was served has his row; there is nothing more to write down."""

    @api.model
    def _waiting_users(self, company, now):
        """Return the recipients without a message of this week."""
        monday = company._cchc_monday(company._cchc_local_date(now))
        users = company.cchc_index_recipient_ids
        if not users:
            leader = self.env.ref("cchc_onestop.group_leader")
            users = (
                self.env["res.users"]
                .sudo()
                .search(
                    [
                        ("company_id", "=", company.id),
                        ("share", "=", False),
                        ("group_ids", "in", leader.ids),
                    ],
                    order="id",
                )
            )
        served = self.sudo().search(
            [("week", "=", monday), ("company_id", "=", company.id)]
        )
        # whoever leads no more reads no index, and holds up nobody else's message
        return (
            users.filtered(
                lambda user: user.active and user.has_group("cchc_onestop.group_leader")
            )
            - served.user_id
        )

    @api.model
    def _send_to(self, company, users, now):
        """Write and queue the preview for each, in his language."""
        monday = company._cchc_monday(company._cchc_local_date(now))
        vals_list = []
        for user in users:
            digest = self.with_context(
                lang=user.lang,
                tz=str(company._cchc_tz()),
                allowed_company_ids=company.ids,
            )
            vals_list.append(
                {
                    "user_id": user.id,
                    "company_id": company.id,
                    "date": company._cchc_local_date(now),
                    "week": monday,
                    "mail_id": digest._message(user, company).id,
                }
            )
        unlocked(self.sudo()).create(vals_list)

    @api.model
    def _message(self, user, company):
        """Return the queued mail of a person."""
        data = self.env["cchc.index.overview"].with_user(user).get_data()
        body = self.env["ir.qweb"]._render(
            "cchc_onestop_index.digest_message",
            {
                "user": user,
                "data": data,
                "number": self._number,
                "url": f"{self.get_base_url()}/odoo/index-overview",
            },
        )
        subject = self.env._(
            "Index of service quality, week from %(week)s: %(points)s of %(known)s "
            "points",
            week=f"{fields.Date.to_date(data['week']):%d/%m/%Y}",
            points=self._number(data["points"]),
            known=self._number(data["known_maximum"]),
        )
        return self._mail(user, company, subject, body)

    @api.model
    def _number(self, value):
        """Return a figure as it is written here, or a dash."""
        if value is None:
            return "–"
        return self.env["ir.qweb.field.float"].value_to_html(value, {"precision": 2})
