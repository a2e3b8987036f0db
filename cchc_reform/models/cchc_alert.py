from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.cchc_onestop.models.cchc_statistic import midnight
from odoo.addons.cchc_onestop.tools.guard import unlocked

from .cchc_reform_task import RUNNING

KINDS = [
    ("task_soon", "Task due soon"),
    ("task_overdue", "Task overdue"),
    ("task_overdue_again", "Task still overdue"),
]
#: Tasks looked at in one transaction of the sweep.
BATCH = 500


class CchcAlert(models.Model):
    """Alerts of tasks of plans, given by days: due soon, overdue, overdue again.

    Each is given once per task, rule, deadline, level and repetition, however often the
    sweep runs, and closed when the task was done, given up or got another deadline.
    """

    _inherit = "cchc.alert"

    kind = fields.Selection(
        selection_add=KINDS,
        ondelete={kind: "cascade" for kind, _label in KINDS},
    )
    reform_task_id = fields.Many2one(
        "cchc.reform.task",
        "Task",
        readonly=True,
        ondelete="cascade",
        index="btree_not_null",
    )

    _once_task = models.UniqueIndex(
        "(reform_task_id, rule_id, level, base_at, occurrence) "
        "WHERE reform_task_id IS NOT NULL",
        "This alert has been given already.",
    )

    @api.model
    def _about_fields(self):
        return [*super()._about_fields(), "reform_task_id"]

    def _about_deadline(self):
        return self.reform_task_id.next_due or super()._about_deadline()

    # -- the sweep
    @api.model
    def _cron_sweep_tasks(self, batch=BATCH):
        """Give every alert of a task that has become due, once.

        One statement per rule and level finds a batch, which is committed whole; a
        sweep that dies leaves nothing half done.
        """
        progress = self.env["ir.cron"]._commit_progress
        self._close_task_alerts()
        progress(remaining=1)
        for rule, level, days in self._task_sweeps():
            while done := self._sweep_tasks(rule, level, days, batch):
                if not progress(done, remaining=1):
                    return
                self.env.invalidate_all()
        progress(remaining=0)

    @api.model
    def _task_sweeps(self):
        """Return ``(rule, level, days)`` of each level of the rules on tasks."""
        rules = self.env["cchc.alert.rule"].sudo()
        return [
            (rule, level, days)
            for rule in rules.search([("kind", "in", [kind for kind, _label in KINDS])])
            for level, days in rule._task_levels().items()
        ]

    @api.model
    def _sweep_tasks(self, rule, level, days, limit):
        """Give the alerts of one level of a rule to a batch; return how many."""
        self.env["cchc.reform.task"].flush_model()
        self.env["cchc.reform.plan"].flush_model(["state"])
        self.flush_model()
        today = fields.Date.context_today(self.with_context(tz="Asia/Ho_Chi_Minh"))
        found = self.env.execute_query(
            SQL(
                """
                SELECT t.id, t.next_due, %(occurrence)s AS occurrence
                  FROM cchc_reform_task t
                  LEFT JOIN cchc_reform_plan p ON p.id = t.plan_id
                 WHERE t.progress_state IN %(running)s
                   AND t.has_parts IS NOT TRUE
                   AND (t.plan_id IS NULL OR p.state = 'approved')
                   AND %(due)s
                   AND (%(company)s IS NULL OR t.company_id = %(company)s)
                   AND NOT EXISTS (
                       SELECT 1 FROM cchc_alert a
                        WHERE a.reform_task_id = t.id AND a.rule_id = %(rule)s
                          AND a.level = %(level)s
                          AND a.occurrence = %(occurrence)s
                          AND (a.base_at + interval '12 hours')::date = t.next_due)
                 ORDER BY t.id
                 LIMIT %(limit)s
                   FOR NO KEY UPDATE OF t SKIP LOCKED
                """,
                running=RUNNING,
                company=rule.company_id.id or None,
                rule=rule.id,
                level=level,
                limit=limit,
                **rule._task_conditions(today, days),
            )
        )
        if found:
            self._give_task_alerts(rule, level, found)
        return len(found)

    @api.model
    def _give_task_alerts(self, rule, level, found):
        tasks = self.env["cchc.reform.task"].sudo().browse(row[0] for row in found)
        told = self._task_receivers(rule, level, tasks)
        zones = {company: company._cchc_tz() for company in tasks.company_id}
        now = fields.Datetime.now()
        alerts = unlocked(self.sudo()).create(
            [
                {
                    "reform_task_id": task.id,
                    "company_id": task.company_id.id,
                    "department_id": task.lead_department_id.id,
                    "rule_id": rule.id,
                    "kind": rule.kind,
                    "level": level,
                    "base_at": midnight(due, zones[task.company_id]),
                    "occurrence": occurrence,
                    "fired_at": now,
                    "user_ids": told[task].ids,
                }
                for task, (_id, due, occurrence) in zip(tasks, found, strict=True)
            ]
        )
        if rule.activity:
            self.browse(alerts.ids)._make_about_activities(
                "reform_task_id", self.env.ref("cchc_reform.mail_activity_type_task")
            )

    @api.model
    def _close_task_alerts(self, tasks=None):
        """Close the open alerts that no longer hold and drop their activities.

        :param tasks: look at these only
        """
        self.env["cchc.reform.task"].flush_model()
        self.env["cchc.reform.plan"].flush_model(["state"])
        self.flush_model()
        ids = [
            row[0]
            for row in self.env.execute_query(
                SQL(
                    """
                    SELECT a.id
                      FROM cchc_alert a
                      JOIN cchc_reform_task t ON t.id = a.reform_task_id
                      LEFT JOIN cchc_reform_plan p ON p.id = t.plan_id
                     WHERE a.closed_at IS NULL
                       AND (%(tasks)s::int[] IS NULL OR t.id = ANY(%(tasks)s))
                       AND (t.progress_state NOT IN %(running)s
                            OR t.next_due IS DISTINCT FROM
                               (a.base_at + interval '12 hours')::date
                            OR p.state <> 'approved')
                    """,
                    tasks=tasks.ids if tasks is not None else None,
                    running=RUNNING,
                )
            )
        ]
        self.browse(ids)._close_with_activities()

    # -- receivers
    @api.model
    def _task_receivers(self, rule, level, tasks):
        """Return ``{task: users}`` who are told; whoever is missing is replaced by the
        next one up, whoever is away by his stand-in."""
        lines = rule.level_ids.filtered(lambda line: line.level == level)
        groups = {}
        told = {}
        for task in tasks:
            told[task] = self.env["res.users"].sudo()
            for line in lines:
                told[task] |= self._task_receiver(line, task, groups, tasks.company_id)
        now = fields.Datetime.now()
        substitutes = self.env["cchc.substitution"].sudo()
        everyone = self.env["res.users"].sudo().union(*told.values())
        if not substitutes._active_links("user_id", everyone, now, "steps"):
            return told
        for company in tasks.company_id:
            away = substitutes._substitutes(everyone, now, "steps", company)
            for task in tasks.filtered(lambda t, own=company: t.company_id == own):
                present = self.env["res.users"].sudo()
                for user in told[task]:
                    present |= away.get(user, user)
                told[task] = present
        return told

    def _task_receiver(self, line, task, groups, companies):
        if line.receiver == "user":
            return line.user_id.filtered("active")
        if line.receiver == "handler":
            users = task.lead_user_id.filtered("active")
            if users:
                return users
        if line.receiver in ("handler", "department_head"):
            users = task.lead_department_id.manager_id.user_id.filtered("active")
            if users:
                return users
        name = "officer" if line.receiver == "reform_officer" else "leader"
        if name not in groups:
            groups[name] = self._reform_holders(name, companies)
        return groups[name][task.company_id]

    @api.model
    def _reform_holders(self, name, companies):
        """Return ``{agency: users}`` who were given the group of reform by name."""
        users = self.env["res.users"].sudo()
        holders = defaultdict(users.browse)
        group = self.env.ref(f"cchc_reform.group_{name}")
        for user in users.search(
            [
                ("company_ids", "in", companies.ids),
                ("share", "=", False),
                ("group_ids", "in", group.ids),
            ]
        ):
            for company in user.company_ids & companies:
                holders[company] |= user
        return holders


class CchcAlertRule(models.Model):
    """Rules on tasks of plans: their times are days."""

    _inherit = "cchc.alert.rule"

    kind = fields.Selection(
        selection_add=KINDS,
        ondelete={kind: "cascade" for kind, _label in KINDS},
    )
    is_of_task = fields.Boolean(compute="_compute_is_of_task")

    @api.depends("kind")
    def _compute_is_of_task(self):
        for rule in self:
            rule.is_of_task = (rule.kind or "").startswith("task_")

    @api.depends("is_of_task")
    def _compute_timing(self):
        tasks = self.filtered("is_of_task")
        result = super(CchcAlertRule, self - tasks)._compute_timing()
        for rule in tasks:
            days = f"{rule.amount:g}"
            if rule.kind == "task_soon":
                rule.timing = self.env._("%s days before the deadline", days)
            elif rule.kind == "task_overdue_again":
                rule.timing = self.env._("every %s days", rule.repeat_every)
            elif rule.amount:
                rule.timing = self.env._("%s days after the deadline", days)
            else:
                rule.timing = self.env._("on the day after the deadline")
        return result

    def _task_levels(self):
        """Return ``{level: days}`` after which a level is told, shortest delay first.

        Delays are written in working hours: eight of them are a day.
        """
        self.ensure_one()
        return {
            level: round(min(delays) / 8)
            for level, delays in sorted(self._delays_by_level().items())
        }

    def _task_conditions(self, today, days):
        """Return ``due`` and ``occurrence``: which tasks fire, and which time it is.

        :param int days: further days after which this level is told
        """
        self.ensure_one()
        amount = round(self.amount)
        if self.kind == "task_soon":
            return {
                "due": SQL(
                    "t.next_due BETWEEN %s AND %s",
                    today,
                    today + timedelta(days=max(amount - days, 0)),
                ),
                "occurrence": SQL("0"),
            }
        if self.kind == "task_overdue":
            latest = today - timedelta(days=amount + days)
            return {"due": SQL("t.next_due < %s", latest), "occurrence": SQL("0")}
        times = SQL(
            "((%s - t.next_due) / %s)", today - timedelta(days=days), self.repeat_every
        )
        return {"due": SQL("%s >= 1", times), "occurrence": times}


class CchcAlertLevel(models.Model):
    """The reform officer can be told too."""

    _inherit = "cchc.alert.level"

    receiver = fields.Selection(
        selection_add=[("reform_officer", "Reform officer"), ("user",)],
        ondelete={"reform_officer": "cascade"},
    )
