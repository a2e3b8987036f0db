from collections import defaultdict
from datetime import UTC

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import alert_plan
from ..tools.guard import unlocked
from .cchc_dossier_alert import epoch

#: Dossiers looked at in one transaction of the sweep.
BATCH = 500
#: Who stands in for a receiver: for signatures, or for the daily work.
_SCOPE = {"leader": "signatures", "manager": "signatures"}


class CchcAlert(models.Model):
    """An alert that was given: once per dossier, rule, date, level and repetition.

    Written by the sweep only. It is open until it no longer holds: the dossier ended,
    was assigned, or has got another date. Another addon gives alerts of records of its
    own, which take the place of the dossier.
    """

    _name = "cchc.alert"
    _description = "Alert"
    _inherit = ["cchc.guarded.mixin"]
    _order = "fired_at desc, id desc"
    _log_access = False

    dossier_id = fields.Many2one(
        "cchc.dossier", readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        "res.company", string="Agency", required=True, readonly=True
    )
    department_id = fields.Many2one("hr.department", readonly=True)
    rule_id = fields.Many2one(
        "cchc.alert.rule", required=True, readonly=True, ondelete="cascade", index=True
    )
    kind = fields.Selection(list(alert_plan.KINDS), required=True, readonly=True)
    level = fields.Integer(required=True, readonly=True)
    base_at = fields.Datetime(
        string="Date",
        required=True,
        readonly=True,
        help="The date that the alert is about",
    )
    occurrence = fields.Integer(required=True, readonly=True)
    fired_at = fields.Datetime(string="Given at", required=True, readonly=True)
    user_ids = fields.Many2many(
        "res.users", "cchc_alert_user_rel", "alert_id", "user_id", string="Told"
    )
    proposed_due_at = fields.Datetime(
        string="Proposed New Date",
        readonly=True,
        help="New appointment that the apology would name",
    )
    closed_at = fields.Datetime(
        readonly=True, help="Moment from which the alert no longer holds"
    )
    seen_at = fields.Datetime(readonly=True)
    seen_by_id = fields.Many2one("res.users", readonly=True)
    state = fields.Selection(
        [("new", "New"), ("seen", "Seen"), ("closed", "Closed")],
        compute="_compute_state",
        search="_search_state",
    )
    handler_id = fields.Many2one(related="dossier_id.user_id", string="Handler")
    procedure_id = fields.Many2one(related="dossier_id.procedure_id")
    due_at = fields.Datetime(related="dossier_id.due_at", string="Due")

    _once = models.UniqueIndex(
        "(dossier_id, rule_id, level, base_at, occurrence)",
        "This alert has been given already.",
    )
    _open_dossier_idx = models.Index("(dossier_id) WHERE closed_at IS NULL")
    _open_company_idx = models.Index("(company_id, kind) WHERE closed_at IS NULL")

    @api.depends("kind", "dossier_id.name")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for alert in self:
            alert.display_name = f"{kinds.get(alert.kind)}: {alert.dossier_id.name}"

    @api.depends("seen_at", "closed_at")
    def _compute_state(self):
        for alert in self:
            if alert.closed_at:
                alert.state = "closed"
            else:
                alert.state = "seen" if alert.seen_at else "new"

    @api.model
    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        domains = {
            "closed": [("closed_at", "!=", False)],
            "seen": [("closed_at", "=", False), ("seen_at", "!=", False)],
            "new": [("closed_at", "=", False), ("seen_at", "=", False)],
        }
        return fields.Domain.OR(domains[state] for state in value if state in domains)

    # -- guard
    def _guarded_sentence(self):
        return self.env._("Alerts are written by the system and cannot be changed.")

    # -- buttons
    def action_seen(self):
        """Note that the person has taken the alerts in."""
        self.check_access("read")
        unlocked(self.sudo().filtered(lambda alert: not alert.seen_at)).write(
            {"seen_at": fields.Datetime.now(), "seen_by_id": self.env.uid}
        )

    def action_open_dossier(self):
        """Open the dossier that the alert is about."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "cchc.dossier",
            "res_id": self.dossier_id.id,
            "view_mode": "form",
        }

    def action_propose_extension(self):
        """Open the apology with the proposed new date."""
        self.ensure_one()
        if self.kind != "propose_apology" or self.closed_at:
            raise UserError(
                self.env._("This alert does not propose an apology (any more).")
            )
        return self.dossier_id._ask("extend", due_at=self.proposed_due_at)

    # -- the sweep
    @api.model
    def _cron_sweep(self, batch=BATCH):
        """Give every alert that has become due, once.

        Each batch is found by one indexed statement, is locked against a second sweep
        and committed whole; a sweep that dies leaves nothing half done, the next one
        takes what is left. A change of the rules is worked in first.
        """
        progress = self.env["ir.cron"]._commit_progress
        while self.env["cchc.alert.replan"]._batch():
            if not progress(remaining=1):
                return
            self.env.invalidate_all()
        progress(
            remaining=self.env["cchc.dossier"].search_count(
                [("alert_next_at", "<=", fields.Datetime.now())]
            )
        )
        while done := self._sweep_batch(fields.Datetime.now(), batch):
            if not progress(done):
                return
            self.env.invalidate_all()
        progress(remaining=0)

    @api.model
    def _sweep_batch(self, now, limit):
        """Look at up to ``limit`` dossiers whose time has come; return how many."""
        self.env["cchc.dossier"].flush_model()
        self.env.cr.execute(
            """
            SELECT id
              FROM cchc_dossier
             WHERE alert_next_at <= %s
             ORDER BY alert_next_at
             LIMIT %s
               FOR NO KEY UPDATE SKIP LOCKED
            """,
            (now, limit),
        )
        ids = [row[0] for row in self.env.cr.fetchall()]
        if ids:
            self.env["cchc.dossier"].sudo().browse(ids)._cchc_give_alerts(now)
        return len(ids)

    @api.model
    def _known_keys(self, firings):
        """Return the keys of those firings that were given before; one query."""
        if not firings:
            return set()
        self.flush_model()
        self.env.cr.execute(
            """
            SELECT dossier_id, rule_id, level,
                   extract(epoch FROM base_at)::bigint, occurrence
              FROM cchc_alert
             WHERE dossier_id = ANY(%s)
            """,
            (list({firing.dossier_id for firing in firings}),),
        )
        return set(self.env.cr.fetchall())

    @api.model
    def _close_outdated(self, rows):
        """Close the open alerts that no longer hold and drop their activities.

        :param rows: ``{dossier id: alert_plan.Row}``
        """
        open_alerts = self.search(
            [("dossier_id", "in", list(rows)), ("closed_at", "=", False)]
        )
        open_alerts.filtered(
            lambda alert: (
                alert_plan.base_of(alert.kind, rows[alert.dossier_id.id])
                != epoch(alert.base_at)
            )
        )._close_with_activities()

    def _close_with_activities(self):
        """Close these alerts, which no longer hold, and drop their activities."""
        if not self:
            return
        unlocked(self.sudo()).write({"closed_at": fields.Datetime.now()})
        self.env["mail.activity"].sudo().search(
            [("cchc_alert_id", "in", self.ids)]
        ).with_context(mail_activity_quick_update=True).unlink()

    # -- receivers
    def _receivers_by_key(self, dossiers, firings, rules, now):
        """Return ``{firing key: users}`` who are told.

        A level whose receiver is missing goes one up: no handler, then the head of
        the department; no head, then the leaders; stand-ins receive in place of the
        absent. A fixed number of queries, and some per agency while anybody is away.
        """
        levels = defaultdict(list)
        for line in rules.level_ids:
            levels[line.rule_id.id, line.level].append(line)
        dossier_of = {dossier.id: dossier for dossier in dossiers}
        groups = {}
        companies = dossiers.company_id
        told = defaultdict(lambda: defaultdict(self.env["res.users"].sudo().browse))
        for firing in firings:
            dossier = dossier_of[firing.dossier_id]
            for line in levels[firing.rule_id, firing.level]:
                users = self._receiver(line, dossier, groups, companies)
                scope = _SCOPE.get(line.receiver, "steps")
                told[scope][firing.key] |= users
        result = defaultdict(self.env["res.users"].sudo().browse)
        Substitution = self.env["cchc.substitution"].sudo()
        for scope, by_key in told.items():
            everyone = self.env["res.users"].sudo().union(*by_key.values())
            substitutes = {}
            away = Substitution._active_links("user_id", everyone, now, scope)
            for company in companies if away else companies.browse():
                for user, users in Substitution._substitutes(
                    everyone, now, scope, company
                ).items():
                    substitutes[company, user] = users
            given = (
                self.env["cchc.handover.line"]._takers_of(
                    self.env["cchc.dossier"].union(*dossier_of.values()), now
                )
                if away and scope == "steps"
                else {}
            )
            for key, users in by_key.items():
                company = dossier_of[key[0]].company_id
                absent, taker = given.get(key[0], (None, None))
                for user in users:
                    if user == absent:
                        result[key] |= substitutes.get((company, taker), taker)
                    else:
                        result[key] |= substitutes.get((company, user), user)
        return result

    def _receiver(self, line, dossier, groups, companies):
        """Return the active users of one line for one dossier."""
        company = dossier.company_id
        if line.receiver == "user":
            return line.user_id.filtered("active")
        if line.receiver == "handler":
            users = dossier.user_id.filtered("active")
            if users:
                return users
        if line.receiver in ("handler", "department_head"):
            users = dossier.department_id.manager_id.user_id.filtered("active")
            if users:
                return users
        if line.receiver == "desk":
            users = dossier.receiver_id.filtered("active")
            if users:
                return users
            group = "group_desk"
        else:
            group = "group_manager" if line.receiver == "manager" else "group_leader"
        if group not in groups:
            groups[group] = self._holders(group, companies)
        return groups[group][company]

    def _holders(self, group, companies):
        """Return ``{agency: users}`` who were given the group by name; those who hold
        it through another group only where there is nobody else."""
        record = self.env.ref(f"cchc_onestop.{group}")
        Users = self.env["res.users"].sudo()
        holders = defaultdict(Users.browse)
        missing = companies
        for name in ("group_ids", "all_group_ids"):
            users = Users.search(
                [
                    ("company_ids", "in", missing.ids),
                    ("share", "=", False),
                    (name, "in", record.ids),
                ]
            )
            for user in users:
                for company in user.company_ids & missing:
                    holders[company] |= user
            missing = missing.filtered(lambda company: not holders[company])
            if not missing:
                break
        return holders

    # -- activities
    def _make_activities(self):
        """Put these alerts among the activities of who is told: one per dossier and
        person, the latest alert takes the place of an earlier one."""
        alerts = self.filtered(lambda alert: alert.rule_id.activity)
        if not alerts:
            return
        Activity = self.env["mail.activity"].with_context(
            mail_activity_quick_update=True
        )
        activity_type = self.env.ref("cchc_onestop.mail_activity_type_alert")
        latest = {}
        for alert in alerts.sorted("level"):
            for user in alert.user_ids:
                latest[alert.dossier_id.id, user] = alert
        Activity.search(
            [
                ("res_model", "=", "cchc.dossier"),
                ("res_id", "in", alerts.dossier_id.ids),
                ("activity_type_id", "=", activity_type.id),
                ("user_id", "in", alerts.user_ids.ids),
            ]
        ).filtered(lambda a: (a.res_id, a.user_id) in latest).unlink()
        sentences = {
            lang: alerts.with_context(lang=lang)._sentences()
            for lang in set(alerts.user_ids.mapped("lang"))
        }
        Activity._cchc_create_for_alerts(
            [
                (
                    dossier_id,
                    alert.dossier_id.name,
                    user.id,
                    alert.id,
                    alert.company_id._cchc_local_date(alert.base_at),
                    sentences[user.lang][alert.id],
                )
                for (dossier_id, user), alert in latest.items()
            ]
        )

    def _sentences(self):
        """Return ``{alert id: one line}`` in the language of the context."""
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        zones = {company: company._cchc_tz() for company in self.company_id}
        sentences = {}
        for alert in self:
            at = alert.base_at.replace(tzinfo=UTC).astimezone(zones[alert.company_id])
            sentences[alert.id] = f"{kinds[alert.kind]}: {at:%H:%M %d/%m/%Y}"
            if alert.kind == "overdue" and not alert.dossier_id.late_reason_id:
                sentences[alert.id] += self.env._(" – state the reason of the delay")
        return sentences
