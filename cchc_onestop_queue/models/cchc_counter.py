from datetime import timedelta

from psycopg2 import errors

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.cchc_onestop.tools import replay

#: A counter at which somebody was called so lately is taken for staffed.
ACTIVE_FOR = timedelta(minutes=30)
#: Tickets of the line that are read at once when the first ones are taken.
TRIED_AT_ONCE = 20


class CchcCounter(models.Model):
    """A counter of the desk (quầy): a place with a number on it."""

    _name = "cchc.counter"
    _description = "Counter"
    _order = "company_id, number, id"

    number = fields.Integer(required=True, help="As it stands on the sign")
    name = fields.Char(required=True, help="E.g. Quầy 1: Hộ tịch, chứng thực")
    company_id = fields.Many2one(
        "res.company",
        "Agency",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    service_ids = fields.Many2many(
        "cchc.queue.service",
        "cchc_counter_service_rel",
        "counter_id",
        "service_id",
        string="Services",
        domain="[('company_id', '=', company_id)]",
        check_company=True,
    )
    place = fields.Char(help="Where it is, e.g. ground floor, left of the entrance")
    active = fields.Boolean(default=True)
    called_at = fields.Datetime("Last Call", readonly=True, copy=False)
    present_id = fields.Many2one(
        "res.users", "At the Counter Now", compute="_compute_now"
    )
    seat_status = fields.Selection(
        [
            ("closed", "Desk closed"),
            ("none", "Not on the roster"),
            ("present", "Present"),
            ("substitute", "Substitute"),
            ("gap", "Nobody"),
        ],
        compute="_compute_now",
    )
    ticket_id = fields.Many2one(
        "cchc.queue.ticket", "Now Serving", compute="_compute_queue"
    )
    ticket_name = fields.Char("Number Served", compute="_compute_queue")
    waiting_count = fields.Integer("Waiting", compute="_compute_queue")

    _number_uniq = models.UniqueIndex(
        "(company_id, number) WHERE active",
        "Another counter of the agency has this number.",
    )
    _number_positive = models.Constraint(
        "CHECK (number > 0)", "Counters are numbered from one."
    )
    _check_company_auto = True

    # -- computed
    def _compute_now(self):
        """By the roster of this moment; never stored."""
        now = replay.now(self.env)
        for company, counters in self.grouped("company_id").items():
            day, half, *_session = company._cchc_desk_session(now)
            shifts = self.env["cchc.roster.shift"].sudo()
            if half:
                shifts = shifts.search(
                    [
                        ("counter_id", "in", counters.ids),
                        ("date", "=", day),
                        ("half", "=", half),
                    ]
                )
            by_counter = {shift.counter_id.id: shift for shift in shifts}
            for counter in counters:
                shift = by_counter.get(counter.id)
                counter.present_id = shift.present_id if shift else False
                if not half:
                    counter.seat_status = "closed"
                else:
                    counter.seat_status = shift.status if shift else "none"

    def _compute_queue(self):
        tickets = self.env["cchc.queue.ticket"].sudo()
        current = {
            ticket.counter_id.id: ticket
            for ticket in tickets.search(
                [
                    ("counter_id", "in", self.ids),
                    ("state", "in", ("called", "serving")),
                ]
            )
        }
        for counter in self:
            ticket = current.get(counter.id, tickets.browse())
            counter.ticket_id = ticket.id
            counter.ticket_name = ticket.name
            counter.waiting_count = tickets.search_count(counter._line_domain())

    def _current(self):
        """Return the ticket at this counter as it is in this transaction."""
        self.ensure_one()
        return self.env["cchc.queue.ticket"].search(
            [("counter_id", "=", self.id), ("state", "in", ("called", "serving"))]
        )

    def _line_domain(self):
        """Return the domain of the tickets that this counter would call."""
        self.ensure_one()
        day = self.company_id._cchc_local_date(replay.now(self.env))
        return [
            ("company_id", "=", self.company_id.id),
            ("day", "=", day),
            ("state", "in", ("waiting", "passed")),
            "|",
            ("wanted_counter_id", "=", self._origin.id),
            "&",
            ("wanted_counter_id", "=", False),
            ("service_id", "in", self.service_ids.ids),
        ]

    # -- the line
    def action_call_next(self):
        """Call the next number to this counter and return its ticket.

        Whom the counter was handed by another one comes first, then the line by its
        rank. Who is being served here is done by that. Two counters that press at the
        same moment get different tickets: the row is taken with ``SKIP LOCKED``; one
        that another transaction took meanwhile makes PostgreSQL refuse, and Odoo
        repeats the request.

        :raises UserError: while a called number has not been dealt with
        """
        self.ensure_one()
        tickets = self.env["cchc.queue.ticket"]
        tickets.check_access("write")
        self.check_access("read")
        self._hold()
        current = self._current()
        if current.state == "called":
            raise UserError(
                self.env._(
                    "%(ticket)s has been called to this counter: start serving it, "
                    "call it again, or say that nobody came.",
                    ticket=current.name,
                )
            )
        if current:
            current.action_done()
        ticket = tickets.browse(self._take_next())
        ticket._call(self)
        return ticket.id

    def _hold(self):
        """Let nobody else call to this counter meanwhile; he is repeated after us."""
        self.sudo().called_at = replay.now(self.env)
        self.flush_recordset(["called_at"])

    def _take_next(self):
        """Return the id of the next ticket of the line, locked, or ``None``.

        The line is read as this transaction sees it. Who was called meanwhile cannot be
        locked any more (PostgreSQL refuses under REPEATABLE READ), and whom another
        transaction is calling is skipped: the one behind him is tried, so that nobody
        has to be repeated.
        """
        tried = []
        while line := self._line_ids(tried):
            for ticket_id in line:
                if self._lock_ticket(ticket_id):
                    return ticket_id
            tried += line
        return None

    def _line_ids(self, tried):
        """Return the next ids of the line that were not tried yet."""
        self.env["cchc.queue.ticket"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id
                  FROM cchc_queue_ticket
                 WHERE company_id = %(company)s AND day = %(day)s
                   AND state IN ('waiting', 'passed')
                   AND (wanted_counter_id = %(counter)s
                        OR wanted_counter_id IS NULL AND service_id = ANY(%(services)s))
                   AND NOT id = ANY(%(tried)s)
                 ORDER BY wanted_counter_id IS NULL, rank_at, id
                 LIMIT %(most)s
                """,
                company=self.company_id.id,
                day=self.company_id._cchc_local_date(replay.now(self.env)),
                counter=self.id,
                services=self.service_ids.ids,
                tried=tried,
                most=TRIED_AT_ONCE,
            )
        )
        return [row[0] for row in rows]

    def _lock_ticket(self, ticket_id):
        """Return whether this transaction got the ticket."""
        try:
            with self.env.cr.savepoint(flush=False):
                self.env.cr.execute(
                    "SELECT id FROM cchc_queue_ticket WHERE id = %s "
                    "FOR NO KEY UPDATE SKIP LOCKED",
                    (ticket_id,),
                    log_exceptions=False,
                )
                return bool(self.env.cr.fetchone())
        except errors.SerializationFailure:
            return False

    # -- the panel of the officer
    @api.model
    def get_panel(self, counter_id=None):
        """Return what the panel of the desk shows; read again every few seconds.

        :param counter_id: the counter chosen; else where the roster seats the officer
        """
        tickets = self.env["cchc.queue.ticket"]
        tickets.check_access("read")
        company = self.env.company
        now = replay.now(self.env)
        counters = self.search([("company_id", "=", company.id)])
        mine = counters.filtered(lambda counter: counter.present_id == self.env.user)
        counter = counters.filtered(lambda each: each.id == counter_id) or mine[:1]
        _day, half, _begin, end = company._cchc_desk_session(now)
        panel = {
            "agency": company.cchc_desk_name or company.name,
            "may_call": tickets.has_access("write"),
            "is_open": bool(half),
            "closes_at": end and f"{company._cchc_local_time(end):%H:%M}",
            "counters": [
                {
                    "id": each.id,
                    "number": each.number,
                    "name": each.name,
                    "mine": each in mine,
                    "officer": each.present_id.name or "",
                    "status": each.seat_status,
                }
                for each in counters
            ],
            "services": [
                service._panel_values()
                for service in self.env["cchc.queue.service"].search(
                    [("company_id", "=", company.id)]
                )
            ],
            "priorities": [
                {"id": priority.id, "name": priority.name}
                for priority in self.env["cchc.queue.priority"]._in_force(company)
            ],
            "counter": False,
        }
        if counter:
            panel["counter"] = counter._panel_values(now)
        return panel

    def _panel_values(self, now):
        """Return number, officer, current ticket and the line of one counter."""
        self.ensure_one()
        tickets = self.env["cchc.queue.ticket"]
        day = self.company_id._cchc_local_date(now)
        current = self._current()
        line = tickets.search(self._line_domain(), order="rank_at, id")
        mine = line.filtered("wanted_counter_id")
        missed = tickets.search(
            [
                ("counter_id", "=", self.id),
                ("day", "=", day),
                ("state", "=", "no_show"),
            ],
            order="ended_at desc",
            limit=6,
        )
        done = tickets.search_count(
            [("counter_id", "=", self.id), ("day", "=", day), ("state", "=", "done")]
        )
        shift = (
            self.env["cchc.roster.shift"]
            .sudo()
            ._at(self.company_id, now)
            .filtered(lambda each: each.counter_id == self)
        )
        return {
            "id": self.id,
            "number": self.number,
            "name": self.name,
            "officer": self.present_id.name or "",
            "status": self.seat_status,
            "stands_in_for": shift.user_id.name if shift.status == "substitute" else "",
            "services": self.service_ids.mapped("name"),
            "current": current._panel_values(now) if current else False,
            "line": [
                ticket._panel_values(now) for ticket in (mine | (line - mine))[:8]
            ],
            "waiting": len(line),
            "missed": [{"id": each.id, "name": each.name} for each in missed],
            "done": done,
        }

    def action_open_panel(self):
        """Open the panel of the desk at this counter."""
        self.ensure_one()
        return {
            **self.env["ir.actions.client"]._for_xml_id(
                "cchc_onestop_queue.cchc_queue_panel_action"
            ),
            "params": {"counter_id": self.id},
        }

    def write(self, vals):
        if "called_at" in vals and not self.env.su:
            raise UserError(self.env._("The system keeps the time of the last call."))
        return super().write(vals)

    @api.model
    def _companies(self):
        """Return the agencies that have counters, archived ones included."""
        groups = self.with_context(active_test=False)._read_group([], ["company_id"])
        return self.env["res.company"].union(*(company for (company,) in groups))

    # -- estimates
    @api.model
    def _staffed(self, company, at):
        """Return the counters of an agency that take people now: somebody sits there
        by the roster, or somebody was called there lately."""
        counters = self.sudo().search([("company_id", "=", company.id)])
        seated = self.env["cchc.roster.shift"].sudo()._at(company, at)
        seated = seated.filtered("present_id").counter_id
        return counters.filtered(
            lambda counter: (
                counter in seated
                or (counter.called_at and at - counter.called_at <= ACTIVE_FOR)
            )
        )
