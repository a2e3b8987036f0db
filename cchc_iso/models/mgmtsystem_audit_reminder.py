from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.cchc_onestop.tools.guard import unlocked

#: Days before an audit on which its team is reminded.
DAYS_BEFORE = 7


class MgmtsystemAudit(models.Model):
    # One file per subject.
    _inherit = "mgmtsystem.audit"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _cron_remind(self):
        """Remind of what comes and of what is late, once each, without a mail.

        OCA's timed rules for audits send nothing. Reminders are activities: the team
        prepares within a week of an audit, the lead auditor ends one that is overdue,
        the secretary plans a month of the programme that has come or has passed.
        """
        today = fields.Date.context_today(self)
        self._remind_team(today)
        self._remind_end(today)
        self.env["cchc.iso.audit.programme"]._remind_months(today)

    @api.model
    def _remind_team(self, today):
        """Tell the team of an audit of the next days to prepare."""
        coming = self.search(
            Domain("edition_id", "!=", False)
            & Domain("plan_state", "in", ("draft", "approved"))
            & Domain("date", ">=", today)
            & Domain("date", "<", today + timedelta(days=DAYS_BEFORE + 1))
        )
        for audit in coming:
            day = audit.company_id._cchc_local_date(audit.date)
            people = audit.auditor_user_ids or audit.lead_auditor_id
            audit._remind("cchc_iso.activity_audit_prepare", people, day)

    @api.model
    def _remind_end(self, today):
        """Tell the lead auditor that an audit should have ended."""
        overdue = self.search(
            Domain("edition_id", "!=", False)
            & Domain("plan_state", "=", "in_progress")
            & Domain("report_state", "=", "draft")
            & (
                Domain("date_end", "<", today)
                | Domain("date_end", "=", False) & Domain("date", "<", today)
            )
        )
        for audit in overdue:
            audit._remind("cchc_iso.activity_audit_end", audit.lead_auditor_id, today)

    def _remind(self, type_xmlid, users, day):
        """Give each person one activity of the type, if he has none yet.

        :param day: deadline of the activity
        """
        self.ensure_one()
        activity_type = self.env.ref(type_xmlid)
        # done ones count too: what was read is not said again
        told = (
            self.env["mail.activity"]
            .sudo()
            .with_context(active_test=False)
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "=", self.id),
                    ("activity_type_id", "=", activity_type.id),
                ]
            )
            .user_id
        )
        for user in users.filtered("active") - told:
            self.with_context(mail_activity_quick_update=True).activity_schedule(
                type_xmlid, date_deadline=day, user_id=user.id
            )


class CchcIsoAuditProgramme(models.Model):
    # One file per subject.
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "cchc.iso.audit.programme"

    @api.model
    def _remind_months(self, today):
        """Tell who drafted a programme which of its months wait for an audit.

        One activity per programme and month, for the month that has come and for
        those that have passed.
        """
        programmes = self.search([("state", "=", "approved")])
        for programme in programmes:
            for month in programme._get_waiting_months(today):
                programme._remind_month(month, today)

    def _get_waiting_months(self, today):
        """Return the months up to that of ``today`` in which no audit has begun."""
        self.ensure_one()
        waiting = set()
        for line in self.line_ids:
            held = line._get_held_months()
            waiting |= {
                month
                for month in line._get_months()
                if month not in held and (self.year, month) <= (today.year, today.month)
            }
        return sorted(waiting)

    def _remind_month(self, month, today):
        self.ensure_one()
        passed = (self.year, month) < (today.year, today.month)
        summary = (
            self.env._("Month %(month)s passed without its audit", month=month)
            if passed
            else self.env._("Audits of month %(month)s", month=month)
        )
        subject = f"{self.year}-{month:02d}-{'passed' if passed else 'come'}"
        user = self._get_keeper()
        if not user or subject in (self.reminded or "").split():
            return
        self.with_context(mail_activity_quick_update=True).activity_schedule(
            "cchc_iso.activity_audit_month",
            date_deadline=today,
            summary=summary,
            user_id=user.id,
        )
        unlocked(self.sudo()).reminded = f"{self.reminded or ''} {subject}".strip()

    def _get_keeper(self):
        """Return the ISO secretary who looks after the programme."""
        self.ensure_one()
        return self.create_uid.filtered(
            lambda user: user.active and user.has_group("cchc_iso.group_officer")
        ) or (
            self.env["res.users"]
            .sudo()
            .search(
                [
                    (
                        "all_group_ids",
                        "in",
                        self.env.ref("cchc_iso.group_officer").ids,
                    ),
                    ("company_ids", "in", self.company_id.ids),
                    ("share", "=", False),
                ],
                limit=1,
            )
        )
