from datetime import UTC, datetime

from odoo import api, fields, models

from odoo.addons.cchc_onestop.models.cchc_dossier_alert import epoch
from odoo.addons.cchc_onestop.models.cchc_dossier_clock import aware, naive
from odoo.addons.cchc_onestop.tools.guard import unlocked

KIND = ("roster_gap", "Counter without anybody")


class CchcAlert(models.Model):
    """Alerts of counters without anybody, in working hours before the session.

    Each is given once per shift, rule and level as long as nobody is found, closed
    when somebody is, and given anew when he falls out too.
    """

    _inherit = "cchc.alert"

    kind = fields.Selection(selection_add=[KIND], ondelete={KIND[0]: "cascade"})
    roster_shift_id = fields.Many2one(
        "cchc.roster.shift",
        "Shift",
        readonly=True,
        ondelete="cascade",
        index="btree_not_null",
    )

    _once_shift = models.UniqueIndex(
        "(roster_shift_id, rule_id, level, base_at, occurrence) "
        "WHERE roster_shift_id IS NOT NULL",
        "This alert has been given already.",
    )

    @api.model
    def _about_fields(self):
        return [*super()._about_fields(), "roster_shift_id"]

    def _about_summary(self):
        if self.roster_shift_id:
            return self.roster_shift_id._gap_text()
        return super()._about_summary()

    def _about_deadline(self):
        return self.roster_shift_id.date or super()._about_deadline()

    @api.model
    def _follow_gaps(self, shifts, gaps):
        """Close the alerts of shifts where somebody is found, and give those that are
        due of the others.

        :param shifts: all that were looked at
        :param dict gaps: ``{shift: begin of its session}`` of those without anybody;
            naive UTC
        """
        known = self.sudo().search([("roster_shift_id", "in", shifts.ids)])
        outdated = known.filtered(
            lambda alert: (
                not alert.closed_at and gaps.get(alert.roster_shift_id) != alert.base_at
            )
        )
        outdated._close_with_activities()
        rules = self.env["cchc.alert.rule"].sudo().search([("kind", "=", KIND[0])])
        now = fields.Datetime.now()
        for rule in rules:
            for level, delays in sorted(rule._delays_by_level().items()):
                due = {
                    shift: begin
                    for shift, begin in gaps.items()
                    if rule.company_id in (shift.company_id, rule.company_id.browse())
                    and rule._gap_moment(shift, begin, min(delays)) <= now
                }
                self._give_gap_alerts(rule, level, due, known)

    @api.model
    def _give_gap_alerts(self, rule, level, gaps, known):
        """Give the alerts of one level of a rule that are not open already."""
        now = fields.Datetime.now()
        vals_list = []
        for shift, begin in gaps.items():
            given = known.filtered(
                lambda alert, shift=shift, begin=begin: (
                    alert.roster_shift_id == shift
                    and alert.rule_id == rule
                    and alert.level == level
                    and alert.base_at == begin
                )
            )
            if all(given.mapped("closed_at")):
                vals_list.append(
                    {
                        "roster_shift_id": shift.id,
                        "company_id": shift.company_id.id,
                        "rule_id": rule.id,
                        "kind": rule.kind,
                        "level": level,
                        "base_at": begin,
                        "occurrence": len(given),
                        "fired_at": now,
                        "user_ids": self._gap_receivers(rule, level, shift).ids,
                    }
                )
        alerts = unlocked(self.sudo()).create(vals_list)
        if rule.activity and alerts:
            self.sudo().browse(alerts.ids)._make_about_activities(
                "roster_shift_id",
                self.env.ref("cchc_onestop_queue.mail_activity_type_gap"),
            )

    # -- receivers
    @api.model
    def _gap_receivers(self, rule, level, shift):
        """Return who is told; whoever is away is replaced by his stand-in."""
        users = self.env["res.users"].sudo()
        for line in rule.level_ids.filtered(lambda line: line.level == level):
            users |= self._gap_receiver(line, shift)
        away = (
            self.env["cchc.substitution"]
            .sudo()
            ._substitutes(users, fields.Datetime.now(), "steps", shift.company_id)
        )
        present = self.env["res.users"].sudo()
        for user in users:
            present |= away.get(user, user)
        return present

    def _gap_receiver(self, line, shift):
        company = shift.company_id
        if line.receiver == "user":
            return line.user_id.filtered("active")
        if line.receiver in ("leader", "department_head"):
            return self._holders("group_leader", company)[company]
        if line.receiver == "manager":
            return self._holders("group_manager", company)[company]
        return company._cchc_desk_heads()


class CchcAlertRule(models.Model):
    """Rules on counters without anybody: working hours before the session."""

    _inherit = "cchc.alert.rule"

    kind = fields.Selection(selection_add=[KIND], ondelete={KIND[0]: "cascade"})

    @api.depends("kind", "amount")
    def _compute_timing(self):
        gaps = self.filtered(lambda rule: rule.kind == KIND[0])
        result = super(CchcAlertRule, self - gaps)._compute_timing()
        for rule in gaps:
            rule.timing = self.env._("%s working hours before", f"{rule.amount:g}")
        return result

    def _gap_moment(self, shift, begin, delay):
        """Return when a level of this rule fires, ``delay`` working hours after the
        first; naive UTC."""
        self.ensure_one()
        working = shift.company_id.sudo().resource_calendar_id._cchc_working_time()
        [second] = working.before_many([epoch(begin)], [self.amount])
        moment = naive(datetime.fromtimestamp(second, UTC))
        if delay:
            moment = naive(working.add(aware(moment), delay, "working_hour"))
        return moment


class CchcAlertLevel(models.Model):
    """The head of the desk can be told."""

    _inherit = "cchc.alert.level"

    receiver = fields.Selection(
        selection_add=[("desk_head", "Head of the desk"), ("user",)],
        ondelete={"desk_head": "cascade"},
    )
