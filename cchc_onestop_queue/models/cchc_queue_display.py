import hashlib
import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

#: Numbers that a screen shows beside the last one called.
SHOWN = 6


class CchcQueueDisplay(models.Model):
    """A call screen or a kiosk of the desk."""

    _name = "cchc.queue.display"
    _description = "Queue Device"
    _inherit = ["cchc.device.mixin"]
    _order = "company_id, kind, name"

    _kept = ("token_digest", "seen_at", "taken_at")

    name = fields.Char(required=True, help="E.g. Màn hình sảnh chính")
    kind = fields.Selection(
        [("screen", "Call Screen"), ("kiosk", "Kiosk")],
        required=True,
        default="screen",
    )
    company_id = fields.Many2one(
        "res.company",
        "Agency",
        required=True,
        default=lambda self: self.env.company,
    )
    counter_ids = fields.Many2many(
        "cchc.counter",
        string="Counters",
        domain="[('company_id', '=', company_id)]",
        check_company=True,
        help="Those whose calls the screen shows; empty: all",
    )
    service_ids = fields.Many2many(
        "cchc.queue.service",
        string="Services",
        domain="[('company_id', '=', company_id)]",
        check_company=True,
        help="Those that the kiosk offers; empty: all",
    )
    chime = fields.Boolean(default=True, help="A tone at each call")
    speak = fields.Boolean(
        "Say the Number",
        default=True,
        help="Where the browser of the screen has a Vietnamese voice",
    )
    prints = fields.Boolean(
        "Has a Ticket Printer",
        help="The kiosk prints tickets by itself, on the paper that the settings of "
        "the agency name",
    )
    per_minute = fields.Integer(
        "Tickets a Minute",
        default=10,
        help="More than so many within a minute are refused: somebody plays with it",
    )
    notice = fields.Char("Line at the Foot", help="E.g. hours, hotline")
    taken_at = fields.Datetime("Last Ticket", readonly=True, copy=False)
    active = fields.Boolean(default=True)

    _token_uniq = models.UniqueIndex("(token_digest) WHERE token_digest IS NOT NULL")
    _per_minute_valid = models.Constraint(
        "CHECK (per_minute BETWEEN 1 AND 120)",
        "A kiosk gives between 1 and 120 tickets a minute.",
    )
    _check_company_auto = True

    def action_new_address(self):
        """Give the device a new address and show it once; the old one is dead."""
        secret = self._new_secret()
        path = "man-hinh" if self.kind == "screen" else "ki-ot"
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Address of the Device"),
            "res_model": "cchc.queue.address",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_link": f"{self.get_base_url()}/xep-hang/{path}/{secret}"
            },
        }

    # -- what the device asks (sudo, by its token)
    @api.model
    def _find(self, secret, kind):
        """Return the device (sudo) of a token, or nothing."""
        return self._of_token(secret).filtered(lambda device: device.kind == kind)

    # -- the screen
    def _screen_values(self):
        """Return what the screen shows: calls, the last one first, and the lines.

        ``key`` differs from call to call, also when a number is called again.
        """
        self.ensure_one()
        company = self.company_id
        day = company._cchc_local_date(fields.Datetime.now())
        self.env["cchc.queue.ticket"].flush_model()
        calls = self.env.execute_query(
            SQL(
                """
                SELECT ticket.id, ticket.call_count, ticket.name, counter.number,
                       counter.name
                  FROM cchc_queue_ticket ticket
                  JOIN cchc_counter counter ON counter.id = ticket.counter_id
                 WHERE ticket.company_id = %(company)s AND ticket.day = %(day)s
                   AND ticket.state IN ('called', 'serving')
                   AND (%(counters)s = '{}' OR counter.id = ANY(%(counters)s))
                 ORDER BY ticket.called_at DESC, ticket.id DESC
                 LIMIT %(shown)s
                """,
                company=company.id,
                day=day,
                counters=self.counter_ids.ids,
                shown=SHOWN + 1,
            )
        )
        services = self.counter_ids.service_ids.ids
        lines = self.env.execute_query(
            SQL(
                """
                SELECT service.letter, service.name, count(*),
                       (array_agg(ticket.name ORDER BY ticket.rank_at, ticket.id))[1:4]
                  FROM cchc_queue_ticket ticket
                  JOIN cchc_queue_service service ON service.id = ticket.service_id
                 WHERE ticket.company_id = %(company)s AND ticket.day = %(day)s
                   AND ticket.state IN ('waiting', 'passed')
                   AND (%(services)s = '{}' OR service.id = ANY(%(services)s))
                 GROUP BY service.id, service.letter, service.name, service.sequence
                 ORDER BY service.sequence, service.letter
                """,
                company=company.id,
                day=day,
                services=services,
            )
        )
        return {
            "calls": [
                {
                    "key": f"{ticket}-{count}",
                    "ticket": name,
                    "counter": number,
                    "name": label,
                }
                for ticket, count, name, number, label in calls
            ],
            "lines": [
                {"letter": letter, "name": name, "waiting": count, "next": following}
                for letter, name, count, following in lines
            ],
        }

    def _screen_answer(self):
        """Return ``(body, tag)``: the same content has the same tag."""
        body = json.dumps(
            self._screen_values(), ensure_ascii=False, separators=(",", ":")
        )
        return body, hashlib.sha256(body.encode()).hexdigest()[:20]

    # -- the kiosk
    def _offered(self):
        """Return the services that the kiosk offers."""
        services = self.service_ids or self.env["cchc.queue.service"].sudo().search(
            [("company_id", "=", self.company_id.id)]
        )
        return services.filtered(lambda each: each.on_kiosk and each.active)

    def _is_too_fast(self):
        """Return whether the kiosk gave as many tickets as it may within a minute."""
        since = fields.Datetime.now() - timedelta(minutes=1)
        given = (
            self.env["cchc.queue.ticket"]
            .sudo()
            .search_count([("display_id", "=", self.id), ("taken_at", ">", since)])
        )
        return given >= self.per_minute

    def _take(self, service, priority, request_key, receipt=""):
        """Give a ticket at this kiosk, once per ``request_key``.

        The row of the kiosk is written first: a tap that comes twice at the same
        moment is refused by PostgreSQL, repeated by Odoo, and finds the ticket.

        :raises UserError: when no tickets are given now, or too many were
        """
        self.ensure_one()
        self.sudo().taken_at = fields.Datetime.now()
        self.flush_recordset(["taken_at"])
        tickets = self.env["cchc.queue.ticket"]
        if not tickets._known(request_key) and self._is_too_fast():
            raise UserError(
                self.env._("Too many tickets within a minute: please wait a moment.")
            )
        return tickets._take(
            service,
            priority,
            display=self,
            request_key=request_key,
            receipt=receipt,
        )
