import re
from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from odoo.addons.cchc_onestop.tools import replay

#: Finished tickets from which the time of a service is estimated: at most, at least.
RECENT, ENOUGH = 30, 5
#: and none older than so many days
RECENT_DAYS = 30


class CchcQueueService(models.Model):
    """What people come for: one line of the queue, with its letter."""

    _name = "cchc.queue.service"
    _description = "Queue Service"
    _order = "company_id, sequence, letter, id"

    name = fields.Char(required=True)
    letter = fields.Char(
        required=True, size=2, help="One or two letters before the number, e.g. A"
    )
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company",
        "Agency",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    sector_ids = fields.Many2many("cchc.sector", string="Fields")
    procedure_ids = fields.Many2many("cchc.procedure", string="Procedures")
    hint = fields.Char(
        "Words on the Kiosk", help="E.g. Khai sinh, khai tử, kết hôn, chứng thực"
    )
    for_results = fields.Boolean(
        "Returns Results", help="The kiosk asks for the code on the receipt"
    )
    counter_ids = fields.Many2many(
        "cchc.counter",
        "cchc_counter_service_rel",
        "service_id",
        "counter_id",
        string="Counters",
        domain="[('company_id', '=', company_id)]",
        check_company=True,
    )
    on_kiosk = fields.Boolean("On the Kiosk", default=True)
    last_minutes = fields.Integer(
        "Last Ticket (minutes)",
        default=15,
        help="So many minutes before a session ends no more tickets are given",
    )
    early_minutes = fields.Integer(
        "First Ticket (minutes)",
        default=15,
        help="So many minutes before a session begins tickets are already given",
    )
    daily_limit = fields.Integer("Tickets a Day", help="0: as many as come")
    default_minutes = fields.Float(
        "Minutes Each",
        default=10.0,
        help="Taken for the estimate until enough people have been served",
    )
    wait_goal = fields.Integer(
        "Called Within (minutes)", help="0: as the agency has it"
    )
    active = fields.Boolean(default=True)
    waiting_count = fields.Integer("Waiting", compute="_compute_waiting_count")

    _letter_uniq = models.UniqueIndex(
        "(company_id, letter) WHERE active",
        "Another service of the agency has this letter.",
    )
    _amounts_valid = models.Constraint(
        "CHECK (last_minutes >= 0 AND early_minutes >= 0 AND daily_limit >= 0 "
        "AND default_minutes > 0 AND wait_goal >= 0)",
        "Minutes and numbers of tickets cannot be negative.",
    )
    _check_company_auto = True

    @api.constrains("letter")
    def _check_letter(self):
        for service in self:
            if not re.fullmatch(r"[A-Z]{1,2}", service.letter or ""):
                raise ValidationError(
                    self.env._(
                        "%s: the letter of a service is one or two capital letters "
                        "without accents.",
                        service.letter,
                    )
                )

    @api.depends("letter", "name")
    def _compute_display_name(self):
        for service in self:
            service.display_name = f"{service.letter} · {service.name}"

    def _compute_waiting_count(self):
        now = replay.now(self.env)
        counts = defaultdict(int)
        for company, services in self.grouped("company_id").items():
            rows = (
                self.env["cchc.queue.ticket"]
                .sudo()
                ._read_group(
                    [
                        ("service_id", "in", services.ids),
                        ("day", "=", company._cchc_local_date(now)),
                        ("state", "in", ("waiting", "passed")),
                    ],
                    ["service_id"],
                    ["__count"],
                )
            )
            counts.update({service.id: count for service, count in rows})
        for service in self:
            service.waiting_count = counts[service.id]

    def _goal(self):
        """Return within how many minutes a ticket should be called."""
        return self.wait_goal or self.company_id.cchc_wait_goal

    # -- when
    def _closed_reason(self, at):
        """Return why no ticket is given at the naive UTC moment ``at``: ``closed``,
        ``late``, ``full`` or nothing."""
        self.ensure_one()
        company = self.company_id
        day = company._cchc_local_date(at)
        sessions = company._cchc_desk_sessions(day, day).get(day, {})
        reason = "closed"
        for begin, end in sessions.values():
            if begin - timedelta(minutes=self.early_minutes) <= at < end:
                reason = (
                    "late" if at >= end - timedelta(minutes=self.last_minutes) else ""
                )
                if not reason:
                    break
        if not reason and self.daily_limit:
            given = (
                self.env["cchc.queue.ticket"]
                .sudo()
                .search_count([("service_id", "=", self.id), ("day", "=", day)])
            )
            reason = "full" if given >= self.daily_limit else ""
        return reason

    def _check_open(self, at):
        """:raises UserError: when no ticket is given now"""
        reason = self._closed_reason(at)
        if reason:
            raise UserError(self._closed_text(reason))

    def _closed_text(self, reason):
        return {
            "closed": self.env._("The desk is closed: tickets are given in its hours."),
            "late": self.env._(
                "The session ends soon: no more tickets for %s.", self.name
            ),
            "full": self.env._("All tickets of today for %s are given.", self.name),
        }[reason]

    # -- how long
    def _minutes_each(self):
        """Return ``{service id: minutes}`` of a visit: the median of what was served
        lately, or the figure entered while too little is known. One statement."""
        self.env["cchc.queue.ticket"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT service.id, recent.minutes
                  FROM unnest(%(ids)s::int[]) AS service(id)
                 CROSS JOIN LATERAL (
                    SELECT percentile_cont(0.5)
                           WITHIN GROUP (ORDER BY serve_minutes) AS minutes,
                           count(*) AS known
                      FROM (SELECT serve_minutes
                              FROM cchc_queue_ticket
                             WHERE service_id = service.id AND state = 'done'
                               AND serve_minutes > 0 AND ended_at > %(since)s
                             ORDER BY ended_at DESC
                             LIMIT %(recent)s) AS last
                 ) AS recent
                 WHERE recent.known >= %(enough)s
                """,
                ids=list(self.ids),
                since=fields.Datetime.now() - timedelta(days=RECENT_DAYS),
                recent=RECENT,
                enough=ENOUGH,
            )
        )
        known = dict(rows)
        return {
            service.id: known.get(service.id) or service.default_minutes
            for service in self
        }

    def _panel_values(self):
        return {
            "id": self.id,
            "name": self.name,
            "letter": self.letter,
            "waiting": self.waiting_count,
            "for_results": self.for_results,
        }

    def _words(self):
        """Return what the kiosk says of the service: its words, else its fields."""
        self.ensure_one()
        return self.hint or ", ".join(
            (self.procedure_ids.mapped("name") or self.sector_ids.mapped("name"))[:6]
        )

    def action_tickets(self):
        """Open the tickets of this service."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cchc_onestop_queue.cchc_queue_ticket_action"
        )
        return {**action, "context": {"search_default_service_id": self.id}}
