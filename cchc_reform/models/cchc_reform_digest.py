from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.cchc_onestop.tools.guard import unlocked


class CchcReformDigest(models.Model):
    """The one message a week to a leader: the figures of the reform overview.

    On the weekday and at the hour that the agency chose; when the server stood still
    then, later in the same week. Nothing is sent where there is nothing to tell, nor to
    who switched it off.
    """

    _name = "cchc.reform.digest"
    _description = "Weekly Digest of Reform"
    _inherit = ["cchc.digest.mixin"]
    _order = "date desc, id desc"
    _rec_name = "user_id"

    week = fields.Date(
        "Week from", required=True, readonly=True, help="Monday of the week told"
    )
    overdue_count = fields.Integer("Tasks Overdue", readonly=True, aggregator=None)

    _once_a_week = models.UniqueIndex(
        "(user_id, week)", "A person gets one digest a week."
    )

    # -- the scheduled action
    @api.model
    def _agency_waits(self, company, now):
        local = company._cchc_local_time(now)
        return (
            company.cchc_reform_digest_day != "off"
            and company.cchc_reform_digest_week != _monday(local.date())
            and (local.weekday(), local.hour + local.minute / 60)
            >= (int(company.cchc_reform_digest_day), company.cchc_reform_digest_hour)
        )

    @api.model
    def _agency_served(self, company, now):
        company.cchc_reform_digest_week = _monday(company._cchc_local_date(now))

    @api.model
    def _waiting_users(self, company, now):
        """Return the leaders of the agency without a digest of this week."""
        week = _monday(company._cchc_local_date(now))
        served = self.sudo()._search([("week", "=", week)])
        return (
            self.env["res.users"]
            .sudo()
            .search(
                [
                    ("company_id", "=", company.id),
                    ("share", "=", False),
                    ("cchc_reform_digest", "=", True),
                    (
                        "all_group_ids",
                        "in",
                        self.env.ref("cchc_reform.group_leader").id,
                    ),
                    ("id", "not in", served.subselect("user_id")),
                ],
                order="id",
            )
        )

    @api.model
    def _send_to(self, company, users, now):
        """Write and queue what each leader may read, in his language."""
        today = company._cchc_local_date(now)
        vals_list = []
        for user in users:
            digest = self.with_context(
                lang=user.lang,
                tz=str(company._cchc_tz()),
                allowed_company_ids=company.ids,
            )
            values = digest._prepare(user, company, today)
            if values:
                vals_list.append(values)
        if vals_list:
            unlocked(self.sudo()).create(vals_list)

    @api.model
    def _prepare(self, user, company, today):
        """Return the values of a digest with its mail; empty when nothing is told."""
        data = self.env["cchc.reform.overview"].with_user(user).get_data()
        keys = {row.get("key") for block in data["blocks"] for row in block["rows"]}
        if keys <= {"index_none"}:
            return {}
        week = _monday(today)
        rows = {
            row["key"]: row
            for block in data["blocks"]
            if block["key"] == "tasks"
            for row in block["rows"]
        }
        overdue = rows["overdue"]["value"] if rows else 0
        body = self.env["ir.qweb"]._render(
            "cchc_reform.digest_message",
            {
                "user": user,
                "data": data,
                "week": _day(week),
                "day": lambda text: _day(fields.Date.to_date(text)),
                "url": f"{self.get_base_url()}/odoo/reform-overview",
                "link": self._link,
            },
        )
        subject = self.env._("Administrative reform, week from %s", _day(week))
        if rows:
            subject = self.env._(
                "Administrative reform, week from %(week)s: tasks done %(done)s, "
                "%(overdue)s overdue",
                week=_day(week),
                done=rows["done"]["note"],
                overdue=overdue,
            )
        return {
            "user_id": user.id,
            "company_id": company.id,
            "date": today,
            "week": week,
            "overdue_count": overdue,
            "mail_id": self._mail(user, company, subject, body).id,
        }

    @api.model
    def _link(self, action):
        """Return the address of the record that a row of the overview opens."""
        return f"{self.get_base_url()}/odoo/{action['res_model']}/{action['res_id']}"


def _monday(day):
    """Return the Monday of the week of a day."""
    return day - timedelta(days=day.weekday())


def _day(day):
    """Return a day as written in letters."""
    return day.strftime("%d/%m/%Y")
