import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.cchc_onestop.tools.guard import unlocked

_logger = logging.getLogger(__name__)
_TODO = "mail.mail_activity_data_todo"


class CchcReformReport(models.Model):
    """Opened when its period begins, reminded before the due day, told when missed."""

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.reform.report"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _cron_follow(self):
        """Open the reports of periods that began; remind of those that are due.

        Each is done once however often it runs; a batch is committed by itself.
        """
        wanted = self._to_open()
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(wanted))
        for rule, company, window, officer in wanted:
            self.with_company(company).create(
                {
                    "rule_id": rule.id,
                    "company_id": company.id,
                    "date_from": window.date_from,
                    "date_to": window.date_to,
                    "responsible_id": officer.id,
                }
            )
            cron._commit_progress(1)
        self._remind()
        cron._commit_progress()

    @api.model
    def _officers(self):
        """Return ``{company: officer}``: who drafts the reports of an agency."""
        users = self.env.ref("cchc_reform.group_officer").sudo().all_user_ids
        users = users.filtered(lambda user: user.active and not user.share)
        managers = self.env.ref("cchc_reform.group_manager").sudo().all_user_ids
        # An officer comes before a manager, who may do everything.
        officers = {}
        for user in (users - managers).sorted("id") + (users & managers).sorted("id"):
            officers.setdefault(user.company_id, user)
        return officers

    @api.model
    def _to_open(self):
        """Return ``[(rule, company, window, officer)]`` of reports that are missing."""
        rules = self.env["cchc.reform.report.rule"].search([("auto_open", "=", True)])
        found = []
        for company, officer in self._officers().items():
            if not company.cchc_unit_code:
                continue
            today = company._cchc_local_date(fields.Datetime.now())
            for rule in rules:
                if window := rule._containing(today):
                    found.append((rule, company, window, officer))
        have = {
            (rule.id, company.id, day)
            for rule, company, day in self.sudo()._read_group(
                Domain("rule_id", "in", rules.ids)
                & Domain("date_to", ">=", fields.Date.today() - timedelta(days=2)),
                ["rule_id", "company_id", "date_from:day"],
            )
        }
        return [
            row for row in found if (row[0].id, row[1].id, row[2].date_from) not in have
        ]

    @api.model
    def _remind(self):
        """Remind officers of what is due, tell them and leaders what was missed."""
        today = fields.Date.context_today(self)
        rules = self.env["cchc.reform.report.rule"].sudo()
        [(ahead,)] = rules._read_group([], aggregates=["remind_days:max"])
        waiting = self.sudo().search(
            Domain("state", "in", ("draft", "approved"))
            & (Domain("reminded_at", "=", False) | Domain("missed_at", "=", False))
            & Domain("due_date", "<=", today + timedelta(days=ahead or 0))
        )
        for report in unlocked(waiting):
            days = (report.due_date - today).days
            if days < 0:
                if not report.missed_at:
                    report._tell_missed()
                    report.write({"missed_at": today, "reminded_at": today})
            elif not report.reminded_at and days <= report.rule_id.remind_days:
                report._tell(
                    report.responsible_id,
                    self.env._("Report due: %s", report.title),
                )
                report.reminded_at = today

    def _tell_missed(self):
        self.ensure_one()
        leaders = self.env.ref("cchc_reform.group_leader").all_user_ids.filtered(
            lambda user: user.company_id == self.company_id and not user.share
        )
        managers = self.env.ref("cchc_reform.group_manager").all_user_ids
        people = self.responsible_id | (leaders - managers)
        self._tell(people, self.env._("Report not sent in time: %s", self.title))

    def _tell(self, users, summary):
        for user in users:
            self.activity_schedule(
                _TODO,
                date_deadline=self.due_date,
                user_id=user.id,
                summary=summary,
            )
