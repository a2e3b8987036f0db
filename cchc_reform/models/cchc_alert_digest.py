from collections import defaultdict
from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain

from .cchc_reform_task import RUNNING

#: Tasks named to one person.
LINES = 20
#: Days ahead that the digest tells of.
AHEAD = 7


class CchcAlertDigest(models.Model):
    """The daily message also names the tasks of plans that a person is in charge of."""

    _inherit = "cchc.alert.digest"

    @api.model
    def _served_groups(self):
        return super()._served_groups() | self.env.ref("cchc_reform.group_viewer")

    @api.model
    def _further_of(self, company, users, today):
        """Return the overdue tasks of people, and those due within a week."""
        found = super()._further_of(company, users, today)
        running = Domain("plan_id", "=", False) | Domain("plan_state", "=", "approved")
        tasks = self.env["cchc.reform.task"].sudo()
        tasks = tasks.search(
            Domain("lead_user_id", "in", users.ids)
            & Domain("progress_state", "in", RUNNING)
            & Domain("has_parts", "=", False)
            & Domain("next_due", "<=", today + timedelta(days=AHEAD))
            & running,
            order="next_due, id",
        )
        work = defaultdict(lambda: {"overdue": [], "soon": []})
        for task in tasks:
            key = "overdue" if task.next_due < today else "soon"
            work[task.lead_user_id.id][key].append(task)
        for user_id, lines in work.items():
            found[user_id] = {**(found.get(user_id) or {}), **lines}
        return found

    @api.model
    def _further_section(self, data, base_url):
        section = super()._further_section(data, base_url)
        if "soon" not in data:
            return section
        return section + self.env["ir.qweb"]._render(
            "cchc_reform.digest_tasks",
            {
                "overdue": data["overdue"],
                "soon": data["soon"],
                "lines": LINES,
                "base_url": base_url,
            },
        )

    @api.model
    def _further_subject(self, data, today):
        if "soon" not in data:
            return super()._further_subject(data, today)
        return self.env._(
            "Tasks on %(date)s: %(overdue)s overdue, %(soon)s due within a week",
            date=today.strftime("%d/%m/%Y"),
            overdue=len(data["overdue"]),
            soon=len(data["soon"]),
        )
