from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

#: Worked out by the night, or by the actions; nobody types them.
KEPT = frozenset(
    {"retention_rule_id", "retention_permanent", "retention_until", "archive_due_on"}
    | {"archived_on", "archive_handover_id", "destroyed_at", "disposal_list_id"}
    | {"retention_hold"}
)
_ZONE = "Asia/Ho_Chi_Minh"


class CchcDossier(models.Model):
    """How long the files of an ended dossier are kept, and where they are."""

    _inherit = "cchc.dossier"

    retention_rule_id = fields.Many2one(
        "cchc.retention.rule", readonly=True, copy=False, ondelete="set null"
    )
    retention_permanent = fields.Boolean(
        string="Kept for Good", readonly=True, copy=False
    )
    retention_until = fields.Date(
        string="Kept until", readonly=True, copy=False, help="Last day of the term"
    )
    retention_term = fields.Char(
        related="retention_rule_id.term", string="Retention Term"
    )
    archive_due_on = fields.Date(string="To the Archive by", readonly=True, copy=False)
    archived_on = fields.Date(string="In the Archive since", readonly=True, copy=False)
    archive_handover_id = fields.Many2one(
        "cchc.archive.handover", readonly=True, copy=False, index="btree_not_null"
    )
    hold_ids = fields.One2many("cchc.retention.hold", "dossier_id", string="Holds")
    retention_hold = fields.Boolean(
        string="On Hold", compute="_compute_retention_hold", store=True
    )
    disposal_list_id = fields.Many2one(
        "cchc.disposal.list", readonly=True, copy=False, index="btree_not_null"
    )
    destroyed_at = fields.Datetime(string="Files Destroyed", readonly=True, copy=False)

    _retention_idx = models.Index(
        "(company_id, retention_until) WHERE retention_until IS NOT NULL "
        "AND destroyed_at IS NULL"
    )
    _archive_idx = models.Index(
        "(company_id, archive_due_on) WHERE archive_due_on IS NOT NULL "
        "AND archived_on IS NULL"
    )

    @api.depends("hold_ids.date_to")
    def _compute_retention_hold(self):
        for dossier in self:
            dossier.retention_hold = any(
                not hold.date_to for hold in dossier.sudo().hold_ids
            )

    def _check_protected(self, names):
        if KEPT & names:
            raise UserError(
                self.env._(
                    "How long a dossier is kept and what became of its files is "
                    "recorded by the system, not by hand."
                )
            )
        return super()._check_protected(names)

    def action_set_hold(self):
        """Ask for the reason of a hold on this dossier."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Put on Hold"),
            "res_model": "cchc.retention.hold",
            "view_mode": "form",
            "target": "new",
            "context": {"default_dossier_id": self.id},
        }

    # ------------------------------------------------------------------
    # Terms
    # ------------------------------------------------------------------
    @api.model
    def _retention_refresh(self, ids=None):
        """Work out the terms of ended dossiers in one statement.

        Only rows whose answer has changed are written.

        :param ids: dossiers to look at; ``None``: all
        :return: number of dossiers whose term has changed
        """
        self.env.flush_all()
        self.env.cr.execute(self._retention_sql(ids))
        changed = self.env.cr.rowcount
        self.invalidate_model(
            [
                *("retention_rule_id", "retention_permanent"),
                *("retention_until", "archive_due_on"),
            ]
        )
        return changed

    @api.model
    def _retention_sql(self, ids):
        """Return the statement that compares each ended dossier with the rules.

        A term ends on the same day so many years later; what began on 29 February ends
        on 28 February of a year without it (BLDS 2015 Đ.148).
        """
        chosen = SQL("TRUE") if ids is None else SQL("d.id = ANY(%s)", list(ids))
        return SQL(
            """
            WITH facts AS (
                SELECT d.id, d.company_id, d.procedure_id, p.sector_id,
                       (d.ended_at AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date
                           AS ended_on,
                       (coalesce(d.returned_at, d.ended_at)
                           AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date
                           AS returned_on,
                       CASE WHEN d.state IN ('withdrawn', 'stopped', 'void')
                            THEN 'broken_off'
                            WHEN d.state = 'rejected_result' OR d.state = 'returned'
                                 AND EXISTS (SELECT FROM cchc_dossier_event e
                                              WHERE e.dossier_id = d.id
                                                AND e.kind = 'finish_refusal')
                            THEN 'refused' ELSE 'settled' END AS outcome
                  FROM cchc_dossier d
                  JOIN cchc_procedure p ON p.id = d.procedure_id
                 WHERE d.ended_at IS NOT NULL AND d.destroyed_at IS NULL AND %(chosen)s
            ), chosen AS (
                SELECT f.*, rule.id AS rule_id,
                       coalesce(rule.permanent, FALSE) AS permanent,
                       CASE WHEN rule.permanent OR rule.id IS NULL THEN NULL
                            ELSE (CASE rule.start_event
                                  WHEN 'returned' THEN f.returned_on
                                  WHEN 'year_end' THEN make_date(
                                      extract(year FROM f.ended_on)::int, 12, 31)
                                  ELSE f.ended_on END
                                 + make_interval(years => rule.years))::date
                       END AS until,
                       CASE WHEN rule.permanent OR rule.years >= term.min_years
                            THEN (f.ended_on
                                  + make_interval(months => term.months))::date
                       END AS archive_on
                  FROM facts f
             LEFT JOIN LATERAL (
                    SELECT r.*,
                           EXISTS (SELECT FROM cchc_retention_rule_procedure_rel x
                                    WHERE x.rule_id = r.id) AS by_procedure,
                           EXISTS (SELECT FROM cchc_retention_rule_sector_rel x
                                    WHERE x.rule_id = r.id) AS by_sector
                      FROM cchc_retention_rule r
                     WHERE r.active
                       AND (r.company_id IS NULL OR r.company_id = f.company_id)
                       AND r.outcome IN ('any', f.outcome)
                       AND (r.valid_from IS NULL OR r.valid_from <= f.ended_on)
                       AND (r.valid_to IS NULL OR r.valid_to >= f.ended_on)
                       AND (EXISTS (SELECT FROM cchc_retention_rule_procedure_rel x
                                     WHERE x.rule_id = r.id
                                       AND x.procedure_id = f.procedure_id)
                            OR NOT EXISTS (
                                SELECT FROM cchc_retention_rule_procedure_rel x
                                 WHERE x.rule_id = r.id)
                           AND (EXISTS (SELECT FROM cchc_retention_rule_sector_rel x
                                         WHERE x.rule_id = r.id
                                           AND x.sector_id = f.sector_id)
                                OR NOT EXISTS (
                                    SELECT FROM cchc_retention_rule_sector_rel x
                                     WHERE x.rule_id = r.id)))
                  ORDER BY by_procedure DESC, by_sector DESC,
                           r.company_id IS NOT NULL DESC, r.outcome <> 'any' DESC,
                           r.valid_from DESC NULLS LAST, r.sequence, r.id
                     LIMIT 1
                   ) rule ON TRUE
             LEFT JOIN LATERAL (
                    SELECT t.*, EXISTS (
                               SELECT FROM cchc_archive_rule_cchc_sector_rel x
                                WHERE x.cchc_archive_rule_id = t.id) AS by_sector
                      FROM cchc_archive_rule t
                     WHERE t.active AND t.valid_from <= f.ended_on
                       AND (t.valid_to IS NULL OR t.valid_to >= f.ended_on)
                       AND (NOT EXISTS (
                               SELECT FROM cchc_archive_rule_cchc_sector_rel x
                                WHERE x.cchc_archive_rule_id = t.id)
                            OR EXISTS (
                               SELECT FROM cchc_archive_rule_cchc_sector_rel x
                                WHERE x.cchc_archive_rule_id = t.id
                                  AND x.cchc_sector_id = f.sector_id))
                  ORDER BY by_sector DESC, t.valid_from DESC, t.id DESC
                     LIMIT 1
                   ) term ON TRUE
            )
            UPDATE cchc_dossier d
               SET retention_rule_id = c.rule_id, retention_permanent = c.permanent,
                   retention_until = c.until, archive_due_on = c.archive_on
              FROM chosen c
             WHERE c.id = d.id
               AND (d.retention_rule_id, coalesce(d.retention_permanent, FALSE),
                    d.retention_until, d.archive_due_on)
                   IS DISTINCT FROM (c.rule_id, c.permanent, c.until, c.archive_on)
            """,
            zone=_ZONE,
            chosen=chosen,
        )

    # ------------------------------------------------------------------
    # What stands against destruction
    # ------------------------------------------------------------------
    def _retention_obstacles(self):
        """Return ``{dossier: sentence}`` of those whose files must not be destroyed.

        Asked when a list is drawn, when it is submitted and again when it is carried
        out. Addons that know further reasons extend this.
        """
        self.env.flush_all()
        dossiers = self.sudo()
        dossiers._retention_refresh(dossiers.ids)
        audits = dossiers._retention_audits()
        found = {}
        for dossier in dossiers:
            today = dossier.company_id._cchc_local_date(fields.Datetime.now())
            sentence = dossier._retention_obstacle(today)
            if not sentence and dossier.id in audits:
                sentence = self.env._("it is in a sample of a running audit")
            if sentence:
                found[dossier.with_env(self.env)] = sentence
        return found

    def _retention_obstacle(self, today):
        self.ensure_one()
        if not self.ended_at or self.is_open:
            return self.env._("it has not ended")
        if self.destroyed_at:
            return self.env._("its files have been destroyed already")
        hold = self.hold_ids.filtered(lambda hold: not hold.date_to)[:1]
        if hold:
            return self.env._("it is on hold: %s", hold.reason)
        if self.retention_permanent:
            return self.env._("it is kept for good")
        if not self.retention_until:
            return self.env._("no rule says how long it is kept")
        if self.retention_until >= today:
            return self.env._("it is kept until %s", f"{self.retention_until:%d/%m/%Y}")
        return ""

    def _retention_audits(self):
        """Return the ids of those in the samples of running audits (quality system)."""
        lines = self.env.get("cchc.iso.sample.line")
        if lines is None:
            return set()
        return set(
            lines.sudo()
            .search(
                [
                    ("dossier_id", "in", self.ids),
                    ("sample_id.state", "=", "drawn"),
                    ("sample_id.audit_id.state", "!=", "done"),
                ]
            )
            .dossier_id.ids
        )

    @api.model
    def _retention_past(self, company, day=None):
        """Return the domain of dossiers of an agency whose term is over."""
        day = day or company._cchc_local_date(fields.Datetime.now())
        return [
            ("company_id", "=", company.id),
            ("retention_until", "<=", day - timedelta(days=1)),
            ("retention_permanent", "=", False),
            ("retention_hold", "=", False),
            ("destroyed_at", "=", False),
            ("disposal_list_id", "=", False),
        ]
