from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.cchc_onestop.models.cchc_dossier_alert import epoch
from odoo.addons.cchc_onestop.tools.alert_plan import Firing
from odoo.addons.cchc_onestop.tools.guard import unlocked
from odoo.addons.cchc_onestop.tools.transitions import RUNNING_STATES

from ..tools.history import LATE, NONE
from .cchc_alert_rule import KIND

#: Alerts written in one go.
BATCH = 500


class CchcAlert(models.Model):
    """Alerts of dossiers that will probably be late.

    Once per dossier, rule, level and due date, however often the estimate goes up and
    down. Closed when the dossier ended, stopped, was missed or got another date, as all
    alerts, and when the chance is below that of the rule again.
    """

    _inherit = "cchc.alert"

    kind = fields.Selection(selection_add=[KIND], ondelete={"risk": "cascade"})

    @api.model
    def _give_risk_alerts(self, company, now):
        """Give the alerts of an agency that follow from its estimates of ``now``."""
        rules = (
            self.env["cchc.alert.rule"]
            .sudo()
            .search([("kind", "=", "risk"), ("company_id", "in", (company.id, False))])
        )
        for rule in rules:
            self._close_risk_alerts(company, rule)
            for level, delays in sorted(rule._delays_by_level().items()):
                last = 0
                while found := self._risk_found(company, rule, level, now, last):
                    last = found[-1][0]
                    self._give_risk_level(company, rule, level, min(delays), found, now)

    @api.model
    def _risk_found(self, company, rule, level, now, last):
        """Return the next dossiers without this alert: ``(id, due, told at)``.

        Told at is when the first level was given, for the levels after it.
        """
        self.flush_model()
        return self.env.execute_query(
            SQL(
                """
                SELECT d.id, d.due_at, first.fired_at
                  FROM cchc_dossier d
                  LEFT JOIN cchc_alert first
                    ON first.dossier_id = d.id AND first.rule_id = %(rule)s
                   AND first.base_at = d.due_at AND first.level = %(first)s
                 WHERE d.company_id = %(company)s AND d.is_open IS TRUE
                   AND d.risk_base NOT IN %(silent)s
                   AND d.risk_late >= %(chance)s
                   AND d.late_at IS NULL AND d.due_at > %(now)s
                   AND d.state IN %(running)s
                   AND d.id > %(last)s
                   AND (first.id IS NOT NULL OR %(level)s = %(first)s)
                   AND NOT EXISTS (
                       SELECT FROM cchc_alert given
                        WHERE given.dossier_id = d.id AND given.rule_id = %(rule)s
                          AND given.base_at = d.due_at AND given.level = %(level)s)
                 ORDER BY d.id
                 LIMIT %(limit)s
                   FOR NO KEY UPDATE OF d SKIP LOCKED
                """,
                company=company.id,
                rule=rule.id,
                level=level,
                first=min(rule.level_ids.mapped("level")),
                silent=(LATE, NONE),
                chance=rule.risk_percent / 100,
                running=RUNNING_STATES,
                now=now,
                last=last,
                limit=BATCH,
            )
        )

    @api.model
    def _give_risk_level(self, company, rule, level, delay, found, now):
        if delay:
            working = company.resource_calendar_id._cchc_working_time()
            waited = working.elapsed_many(
                [(epoch(told or now), epoch(now)) for _id, _due, told in found]
            )
            found = [
                row
                for row, hours in zip(found, waited, strict=True)
                if row[2] and hours >= delay
            ]
        if not found:
            return
        dossiers = self.env["cchc.dossier"].sudo().browse(row[0] for row in found)
        firings = [
            Firing(dossier_id, rule.id, level, epoch(due), 0, epoch(now))
            for dossier_id, due, _told in found
        ]
        dossiers._write_alerts(firings, {rule.id: rule.kind}, rule, {}, now)

    @api.model
    def _close_risk_alerts(self, company, rule):
        """Close the alerts of dossiers whose chance is below the rule's again."""
        outdated = self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("rule_id", "=", rule.id),
                ("kind", "=", "risk"),
                ("closed_at", "=", False),
                ("dossier_id.risk_late", "<", rule.risk_percent / 100),
            ]
        )
        if outdated:
            unlocked(outdated).write({"closed_at": fields.Datetime.now()})
            self.env["mail.activity"].sudo().search(
                [("cchc_alert_id", "in", outdated.ids)]
            ).with_context(mail_activity_quick_update=True).unlink()

    def _sentences(self):
        sentences = super()._sentences()
        for alert in self.filtered(lambda alert: alert.kind == "risk"):
            chance = round(100 * alert.dossier_id.risk_late)
            sentences[alert.id] += self.env._(" – chance to be late %s %%", chance)
        return sentences
