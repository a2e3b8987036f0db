from datetime import UTC, datetime, timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.cchc_onestop.models.cchc_dossier_alert import epoch
from odoo.addons.cchc_onestop.models.cchc_dossier_clock import aware, naive
from odoo.addons.cchc_onestop.tools.guard import unlocked

KINDS = [
    ("petition_soon", "Petition due soon"),
    ("petition_overdue", "Petition overdue"),
]
#: Working hours before a date are at most so many calendar days.
HORIZON = timedelta(days=45)
BATCH = 200


class CchcAlert(models.Model):
    """Alerts of petitions, in working hours before and after their next due date.

    Each is given once per petition, rule, date and level, however often the sweep
    runs, and closed when the petition moved on.
    """

    _inherit = "cchc.alert"

    kind = fields.Selection(
        selection_add=KINDS,
        ondelete={kind: "cascade" for kind, _label in KINDS},
    )
    petition_id = fields.Many2one(
        "cchc.petition", readonly=True, ondelete="cascade", index="btree_not_null"
    )

    _once_petition = models.UniqueIndex(
        "(petition_id, rule_id, level, base_at, occurrence) "
        "WHERE petition_id IS NOT NULL",
        "This alert has been given already.",
    )

    @api.model
    def _about_fields(self):
        return [*super()._about_fields(), "petition_id"]

    # -- the sweep
    @api.model
    def _cron_sweep_petitions(self, batch=BATCH):
        """Give every alert of a petition that has become due, once, in batches."""
        progress = self.env["ir.cron"]._commit_progress
        self._close_petition_alerts()
        progress(remaining=1)
        for rule, level, hours in self._petition_sweeps():
            last = 0
            while candidates := self._petition_candidates(rule, level, last, batch):
                last = candidates[-1].id
                self._give_petition_alerts(rule, level, hours, candidates)
                if not progress(len(candidates), remaining=1):
                    return
                self.env.invalidate_all()
        progress(remaining=0)

    @api.model
    def _petition_sweeps(self):
        """Return ``(rule, level, hours)`` of each level of the rules on petitions."""
        rules = self.env["cchc.alert.rule"].sudo()
        return [
            (rule, level, min(delays))
            for rule in rules.search([("kind", "in", [kind for kind, _l in KINDS])])
            for level, delays in sorted(rule._delays_by_level().items())
        ]

    @api.model
    def _petition_candidates(self, rule, level, last, limit):
        """Return petitions that may be due for a level of a rule, and have no alert
        of it for their date; one statement."""
        self.env["cchc.petition"].flush_model()
        self.flush_model()
        now = fields.Datetime.now()
        until = now + HORIZON if rule.kind == "petition_soon" else now
        rows = self.env.execute_query(
            SQL(
                """
                SELECT p.id
                  FROM cchc_petition p
                 WHERE p.next_due_at <= %(until)s AND p.id > %(last)s
                   AND (%(company)s::int IS NULL OR p.company_id = %(company)s)
                   AND NOT EXISTS (
                       SELECT 1 FROM cchc_alert a
                        WHERE a.petition_id = p.id AND a.rule_id = %(rule)s
                          AND a.level = %(level)s AND a.base_at = p.next_due_at)
                 ORDER BY p.id
                 LIMIT %(limit)s
                   FOR NO KEY UPDATE OF p SKIP LOCKED
                """,
                until=until,
                last=last,
                company=rule.company_id.id or None,
                rule=rule.id,
                level=level,
                limit=limit,
            )
        )
        return self.env["cchc.petition"].sudo().browse(row[0] for row in rows)

    @api.model
    def _give_petition_alerts(self, rule, level, hours, candidates):
        now = fields.Datetime.now()
        due = candidates.filtered(
            lambda petition: rule._petition_moment(petition, hours) <= now
        )
        if not due:
            return
        alerts = unlocked(self.sudo()).create(
            [
                {
                    "petition_id": petition.id,
                    "company_id": petition.company_id.id,
                    "department_id": petition.department_id.id,
                    "rule_id": rule.id,
                    "kind": rule.kind,
                    "level": level,
                    "base_at": petition.next_due_at,
                    "occurrence": 0,
                    "fired_at": now,
                    "user_ids": self._petition_receivers(rule, level, petition).ids,
                }
                for petition in due
            ]
        )
        if rule.activity:
            self.browse(alerts.ids)._make_about_activities(
                "petition_id",
                self.env.ref("cchc_onestop_voice.mail_activity_type_petition"),
            )

    @api.model
    def _close_petition_alerts(self, petitions=None):
        """Close the open alerts that no longer hold and drop their activities."""
        self.env["cchc.petition"].flush_model(["next_due_at"])
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT a.id
                  FROM cchc_alert a
                  JOIN cchc_petition p ON p.id = a.petition_id
                 WHERE a.closed_at IS NULL
                   AND (%(ids)s::int[] IS NULL OR p.id = ANY(%(ids)s))
                   AND p.next_due_at IS DISTINCT FROM a.base_at
                """,
                ids=petitions.ids if petitions is not None else None,
            )
        )
        self.browse(row[0] for row in rows)._close_with_activities()

    # -- receivers
    @api.model
    def _petition_receivers(self, rule, level, petition):
        """Return who is told; whoever is away is replaced by his stand-in, and whom
        the petition is about is never told."""
        users = self.env["res.users"].sudo()
        for line in rule.level_ids.filtered(lambda line: line.level == level):
            users |= self._petition_receiver(line, petition)
        away = (
            self.env["cchc.substitution"]
            .sudo()
            ._substitutes(users, fields.Datetime.now(), "steps", petition.company_id)
        )
        present = self.env["res.users"].sudo()
        for user in users:
            present |= away.get(user, user)
        return present - petition.concerned_user_ids

    def _petition_receiver(self, line, petition):
        company = petition.company_id
        concerned = petition.concerned_user_ids
        if line.receiver == "user":
            return line.user_id.filtered("active")
        if line.receiver == "handler" and petition.user_id.active:
            return petition.user_id
        if line.receiver == "department_head":
            head = petition.department_id.manager_id.user_id.filtered("active")
            if head - concerned:
                return head
        if line.receiver in ("leader", "department_head"):
            return self._holders("group_leader", company)[company]
        if line.receiver == "manager":
            return self._holders("group_manager", company)[company]
        return self._petition_officers(company)

    @api.model
    def _petition_officers(self, company):
        """Return who was given the group of petitions by name, else its managers."""
        group = self.env.ref("cchc_onestop_voice.group_petition")
        users = (
            self.env["res.users"]
            .sudo()
            .search(
                [
                    ("company_ids", "in", company.ids),
                    ("share", "=", False),
                    ("group_ids", "in", group.ids),
                ]
            )
        )
        return users or self._holders("group_manager", company)[company]


class CchcAlertRule(models.Model):
    """Rules on petitions: working hours before or after the date."""

    _inherit = "cchc.alert.rule"

    kind = fields.Selection(
        selection_add=KINDS,
        ondelete={kind: "cascade" for kind, _label in KINDS},
    )

    @api.depends("kind", "amount")
    def _compute_timing(self):
        soon = self.filtered(lambda rule: rule.kind == "petition_soon")
        result = super(CchcAlertRule, self - soon)._compute_timing()
        for rule in soon:
            rule.timing = self.env._("%s working hours before", f"{rule.amount:g}")
        return result

    def _petition_moment(self, petition, hours):
        """Return when a level of this rule, ``hours`` after the first, fires."""
        self.ensure_one()
        working = petition._working_time()
        due = petition.next_due_at
        if self.kind == "petition_soon":
            [second] = working.before_many([epoch(due)], [self.amount])
            moment = naive(datetime.fromtimestamp(second, UTC))
        else:
            moment = due
            hours += self.amount
        if hours:
            moment = naive(working.add(aware(moment), hours, "working_hour"))
        return moment


class CchcAlertLevel(models.Model):
    """Who handles petitions can be told."""

    _inherit = "cchc.alert.level"

    receiver = fields.Selection(
        selection_add=[("petition_officer", "Petition officer"), ("user",)],
        ondelete={"petition_officer": "cascade"},
    )
