from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.cchc_onestop.tools import replay
from odoo.addons.cchc_onestop.tools.guard import unlocked
from odoo.addons.cchc_onestop.tools.public_token import new_token

#: States in which a ticket stands in the line, or at a counter.
IN_LINE = ("waiting", "passed")
AT_COUNTER = ("called", "serving")


class CchcQueueTicket(models.Model):
    """A number in the line of the desk (số thứ tự), of one service and day.

    Holds no personal data. Numbers have no hole and no double (``cchc.number``);
    every change is an event that stays (``cchc.queue.event``). The line is ordered by
    ``rank_at``: the moment of taking less the head start of a precedence.
    """

    _name = "cchc.queue.ticket"
    _description = "Queue Ticket"
    _inherit = ["cchc.guarded.mixin"]
    _order = "day desc, rank_at desc, id desc"
    _guarded_kept = True

    name = fields.Char("Ticket", required=True, readonly=True)
    number = fields.Integer(required=True, readonly=True, aggregator=None)
    company_id = fields.Many2one(
        "res.company", "Agency", required=True, readonly=True, index=True
    )
    service_id = fields.Many2one(
        "cchc.queue.service", required=True, readonly=True, index=True
    )
    day = fields.Date(required=True, readonly=True)
    hour = fields.Selection(
        [(f"{hour:02d}", f"{hour} h") for hour in range(24)],
        "Taken in the Hour",
        readonly=True,
        help="By the clocks of the agency",
    )
    priority_id = fields.Many2one(
        "cchc.queue.priority", "Precedence", readonly=True, ondelete="restrict"
    )
    source = fields.Selection(
        [("kiosk", "Kiosk"), ("desk", "Desk")], "Given by", required=True, readonly=True
    )
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("passed", "Passed On"),
            ("called", "Called"),
            ("serving", "Being Served"),
            ("done", "Done"),
            ("no_show", "Nobody Came"),
            ("cancelled", "Cancelled"),
            ("unserved", "Not Served"),
        ],
        required=True,
        readonly=True,
        default="waiting",
        index=True,
    )
    rank_at = fields.Datetime("Place in the Line", required=True, readonly=True)
    wanted_counter_id = fields.Many2one("cchc.counter", "Passed to", readonly=True)
    counter_id = fields.Many2one("cchc.counter", readonly=True, index=True)
    user_id = fields.Many2one("res.users", "Officer", readonly=True)
    taken_at = fields.Datetime("Taken", required=True, readonly=True)
    first_called_at = fields.Datetime("First Called", readonly=True)
    called_at = fields.Datetime("Last Called", readonly=True)
    started_at = fields.Datetime("Serving Since", readonly=True)
    ended_at = fields.Datetime("Ended", readonly=True)
    call_count = fields.Integer("Calls", readonly=True, default=0)
    wait_minutes = fields.Float(
        "Wait (minutes)",
        readonly=True,
        aggregator="avg",
        help="From taking the number to the first call",
    )
    serve_minutes = fields.Float(
        "Service (minutes)",
        readonly=True,
        aggregator="avg",
        help="From the beginning of serving to its end, at all counters",
    )
    in_goal = fields.Float(
        "Called in Good Time",
        readonly=True,
        aggregator="avg",
        help="Share of the tickets called that were called within the minutes of the "
        "service or agency",
    )
    dossier_id = fields.Many2one(
        "cchc.dossier",
        "Result of",
        readonly=True,
        index="btree_not_null",
        check_company=True,
        help="The dossier whose result the citizen comes for",
    )
    dossier_ids = fields.One2many(
        "cchc.dossier", "queue_ticket_id", "Dossiers Received", readonly=True
    )
    dossier_count = fields.Integer(compute="_compute_dossier_count")
    event_ids = fields.One2many("cchc.queue.event", "ticket_id", readonly=True)
    display_id = fields.Many2one("cchc.queue.display", "Device", readonly=True)
    token = fields.Char(readonly=True, copy=False, groups="base.group_system")
    request_key = fields.Char(readonly=True, copy=False, groups="base.group_system")
    ahead_count = fields.Integer("People Ahead", compute="_compute_ahead")
    estimate = fields.Integer("Estimated Wait (minutes)", compute="_compute_ahead")

    _number_uniq = models.UniqueIndex("(service_id, day, number)")
    _token_uniq = models.UniqueIndex("(token)")
    _request_uniq = models.UniqueIndex("(request_key) WHERE request_key IS NOT NULL")
    _counter_uniq = models.UniqueIndex(
        "(counter_id) WHERE state IN ('called', 'serving')",
        "There is already somebody at this counter.",
    )
    _line_idx = models.Index(
        "(company_id, day, rank_at, id) WHERE state IN ('waiting', 'passed')"
    )
    _recent_idx = models.Index("(service_id, ended_at DESC) WHERE state = 'done'")
    _check_company_auto = True

    @api.depends("dossier_ids")
    def _compute_dossier_count(self):
        for ticket in self:
            ticket.dossier_count = len(ticket.dossier_ids)

    @api.depends("name", "day")
    def _compute_display_name(self):
        for ticket in self:
            ticket.display_name = (
                f"{ticket.name} ({ticket.day:%d/%m})" if ticket.day else ticket.name
            )

    def _guarded_sentence(self):
        return self.env._(
            "Tickets are changed by the buttons of the desk only, and every change is "
            "kept."
        )

    # -- the wait
    def _compute_ahead(self):
        """People who would be called before, and how long that takes about: what all
        of them take, shared among the counters that take people now."""
        self.ahead_count = self.estimate = 0
        now = replay.now(self.env)
        for company, tickets in self.grouped("company_id").items():
            waiting = tickets.filtered(lambda ticket: ticket.state in IN_LINE)
            if not waiting:
                continue
            staffed = self.env["cchc.counter"]._staffed(company, now)
            line = self.sudo().search(
                [
                    ("company_id", "=", company.id),
                    ("day", "=", company._cchc_local_date(now)),
                    ("state", "in", IN_LINE),
                ],
                order="rank_at, id",
            )
            minutes = line.service_id._minutes_each()
            for ticket in waiting:
                ticket._estimate(line, staffed, minutes)

    def _estimate(self, line, staffed, minutes):
        services = self.service_id
        counters = self.wanted_counter_id or staffed.filtered(
            lambda counter: services in counter.service_ids
        )
        shared = counters.service_ids | services
        before = line.filtered(
            lambda other: (
                (other.rank_at, other.id) < (self.rank_at, self._origin.id)
                and (
                    other.wanted_counter_id in counters
                    if other.wanted_counter_id
                    else other.service_id in shared
                )
            )
        )
        self.ahead_count = len(before)
        total = sum(minutes[other.service_id.id] for other in before)
        self.estimate = round(total / max(len(counters), 1))

    def _panel_values(self, now):
        """Return what the panel shows of this ticket."""
        self.ensure_one()

        def minutes(since):
            return max(int((now - since).total_seconds() // 60), 0) if since else 0

        return {
            "id": self.id,
            "name": self.name,
            "state": self.state,
            "service": self.service_id.name,
            "priority": self.priority_id.name or "",
            "passed": bool(self.wanted_counter_id),
            "waited": minutes(self.taken_at),
            "called": minutes(self.called_at),
            "calls": self.call_count,
            "serving": minutes(self.started_at) if self.state == "serving" else 0,
            "result": self.dossier_id.name or "",
            "dossiers": [
                {"id": dossier.id, "name": dossier.name or dossier.procedure_id.name}
                for dossier in self.dossier_ids
            ],
        }

    # -- taking a number
    @api.model
    def _take(
        self,
        service,
        priority=None,
        source="kiosk",
        display=None,
        request_key=None,
        receipt="",
    ):
        """Give the next number of a service and return its ticket (sudo).

        :param request_key: what the device or the panel drew for this tap; the same
            key gives the same ticket, however often it comes
        :param receipt: what was scanned or typed of a receipt whose result is asked
            for; whether there is such a dossier is not told
        :raises UserError: when no tickets are given now
        """
        service.ensure_one()
        tickets = self.sudo()
        if known := self._known(request_key):
            return known
        now = replay.now(self.env)
        service._check_open(now)
        company = service.company_id
        day = company._cchc_local_date(now)
        priority = priority or self.env["cchc.queue.priority"]
        dossier = self.env["cchc.dossier"].sudo()._find_by_code(receipt)
        dossier = dossier.filtered(lambda each: each.company_id == company)
        names = []

        def render(number):
            names.append(number)
            return f"{service.letter}{number:03d}"

        [name] = (
            self.env["cchc.number"]
            .sudo()
            .take(f"queue/{service.id}", f"{day:%Y%m%d}", render)
        )
        ticket = unlocked(tickets).create(
            {
                "name": name,
                "number": names[-1],
                "company_id": company.id,
                "service_id": service.id,
                "day": day,
                "hour": f"{company._cchc_local_time(now).hour:02d}",
                "priority_id": priority.id,
                "source": source,
                "rank_at": priority._rank(now),
                "taken_at": now,
                "dossier_id": dossier.id,
                "display_id": display.id if display else False,
                "token": new_token(),
                "request_key": request_key,
            }
        )
        ticket._note("taken")
        return tickets.browse(ticket.id)

    @api.model
    def _known(self, request_key):
        """Return the ticket (sudo) that this request was given before, or nothing."""
        if not request_key:
            return self.sudo().browse()
        return self.sudo().search([("request_key", "=", request_key)], limit=1)

    @api.model
    def take_at_desk(self, service_id, priority_id=False, request_key="", receipt=""):
        """Give a number at the desk; returns what the panel shows and prints."""
        self.check_access("create")
        service = self.env["cchc.queue.service"].browse(service_id)
        service.check_access("read")
        if request_key and not 20 <= len(request_key) <= 64:
            raise UserError(self.env._("The key of the request is not one of ours."))
        ticket = self._take(
            service,
            self.env["cchc.queue.priority"].browse(priority_id or []),
            "desk",
            request_key=request_key or None,
            receipt=receipt,
        )
        return {"id": ticket.id, "name": ticket.name, "url": ticket._public_path()}

    def _public_path(self):
        """Return the path of the page of this ticket: who has it, sees its place."""
        self.ensure_one()
        return f"/xep-hang/so/{self.sudo().token}"

    @api.model
    def _find(self, secret):
        """Return the ticket (sudo) of a token, or nothing."""
        if not secret or not 20 <= len(secret) <= 100:
            return self.sudo().browse()
        return self.sudo().search([("token", "=", secret)], limit=1)

    def action_print(self):
        """Open the page of the ticket, which prints itself on a ticket printer."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"{self._public_path()}?in=1",
            "target": "new",
        }
