from collections import defaultdict
from datetime import datetime, time, timedelta

from odoo import api, fields, models

from odoo.addons.cchc_onestop.models.cchc_dossier_alert import naive_utc

from ..tools.petition_moves import DUE_FIELD

#: Petitions named to one person.
LINES = 20


class CchcAlertDigest(models.Model):
    """The daily message also names the petitions that are overdue or due today."""

    _inherit = "cchc.alert.digest"

    @api.model
    def _further_of(self, company, users, today):
        found = super()._further_of(company, users, today)
        for user, lines in self._petitions_of(company, users, today).items():
            found[user.id] = {**(found.get(user.id) or {}), "petitions": lines}
        return found

    @api.model
    def _petitions_of(self, company, users, today):
        """Return ``{user: lines}`` of what is due to the end of the day, earliest
        first; one search, whatever the number of people."""
        now = fields.Datetime.now()
        day_end = naive_utc(
            datetime.combine(today + timedelta(days=1), time(), company._cchc_tz())
        )
        petitions = (
            self.env["cchc.petition"]
            .sudo()
            .search(
                [
                    ("company_id", "in", users.company_ids.ids),
                    ("next_due_at", "<", day_end),
                ],
                order="next_due_at, id",
            )
        )
        work = defaultdict(list)
        for petition, responsible in petitions._responsible_users(now).items():
            line = {
                "id": petition.id,
                "name": petition.name,
                "subject": petition.subject,
                "field": DUE_FIELD[petition.state],
                "due": petition._local(petition.next_due_at).strftime("%H:%M %d/%m/%Y"),
                "overdue": petition.next_due_at < now,
            }
            for user in responsible & users:
                work[user].append(line)
        return work

    @api.model
    def _further_section(self, data, base_url):
        section = super()._further_section(data, base_url)
        lines = data.get("petitions")
        if lines:
            names = self.env["cchc.petition"]._fields
            section += self.env["ir.qweb"]._render(
                "cchc_onestop_voice.digest_petitions",
                {
                    "lines": lines[:LINES],
                    "total": len(lines),
                    "labels": {
                        field: names[field]._description_string(self.env)
                        for field in DUE_FIELD.values()
                    },
                    "base_url": base_url,
                },
            )
        return section

    @api.model
    def _further_subject(self, data, today):
        subject = super()._further_subject(data, today)
        lines = data.get("petitions")
        if subject or not lines:
            return subject
        overdue = sum(line["overdue"] for line in lines)
        return self.env._(
            "Petitions on %(date)s: %(overdue)s overdue, %(today)s due today",
            date=today.strftime("%d/%m/%Y"),
            overdue=overdue,
            today=len(lines) - overdue,
        )
