from collections import defaultdict

from odoo import api, models

#: Counters named to one person.
LINES = 20


class CchcAlertDigest(models.Model):
    """The daily message also names the counters without anybody."""

    _inherit = "cchc.alert.digest"

    @api.model
    def _further_of(self, company, users, today):
        found = super()._further_of(company, users, today)
        alerts = (
            self.env["cchc.alert"]
            .sudo()
            .search(
                [
                    ("company_id", "in", users.company_ids.ids),
                    ("roster_shift_id.date", ">=", today),
                    ("closed_at", "=", False),
                    ("user_ids", "in", users.ids),
                ],
                order="base_at, id",
            )
        )
        work = defaultdict(lambda: self.env["cchc.roster.shift"].sudo())
        for alert in alerts:
            for user in alert.user_ids & users:
                work[user] |= alert.roster_shift_id
        for user, shifts in work.items():
            found[user.id] = {**(found.get(user.id) or {}), "gaps": shifts.ids}
        return found

    @api.model
    def _further_section(self, data, base_url):
        section = super()._further_section(data, base_url)
        if data.get("gaps"):
            shifts = self.env["cchc.roster.shift"].sudo().browse(data["gaps"])
            section += self.env["ir.qweb"]._render(
                "cchc_onestop_queue.digest_gaps",
                {"shifts": shifts[:LINES], "total": len(shifts), "base_url": base_url},
            )
        return section

    @api.model
    def _further_subject(self, data, today):
        subject = super()._further_subject(data, today)
        if subject or not data.get("gaps"):
            return subject
        return self.env._(
            "Counters without anybody on %(date)s: %(count)s half-days",
            date=today.strftime("%d/%m/%Y"),
            count=len(data["gaps"]),
        )
