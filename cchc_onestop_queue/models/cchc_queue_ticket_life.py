from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.cchc_onestop.tools import replay
from odoo.addons.cchc_onestop.tools.guard import unlocked

from .cchc_queue_ticket import AT_COUNTER, IN_LINE

#: Move: from which states.
FROM = {
    "call": IN_LINE,
    "recall": ("called",),
    "start": ("called",),
    "done": AT_COUNTER,
    "no_show": ("called",),
    "pass": AT_COUNTER + IN_LINE,
    "back": ("no_show",),
    "cancel": IN_LINE,
}
#: Tickets closed in one transaction.
BATCH = 500


class CchcQueueTicket(models.Model):
    """The life of a ticket: each move writes its times once and its event."""

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.queue.ticket"  # pylint: disable=consider-merging-classes-inherited

    def _note(self, kind, counter=None, note=""):
        """Write down what happened, by whom and when."""
        now = replay.now(self.env)
        unlocked(self.env["cchc.queue.event"].sudo()).create(
            [
                {
                    "ticket_id": ticket.id,
                    "company_id": ticket.company_id.id,
                    "kind": kind,
                    "at": now,
                    "user_id": self.env.uid
                    if not self.env.user._is_public()
                    else False,
                    "counter_id": (counter or ticket.counter_id).id,
                    "note": note,
                }
                for ticket in self
            ]
        )

    def _move(self, move, kind, vals, counter=None, note=""):
        """Check and make a move of one ticket.

        :raises UserError: when the ticket is not in a state from which it goes
        """
        self.ensure_one()
        self.check_access("write")
        if self.state not in FROM[move]:
            states = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(ticket)s is “%(state)s” by now: this cannot be done.",
                    ticket=self.name,
                    state=states[self.state],
                )
            )
        unlocked(self.sudo()).write(vals)
        self._note(kind, counter, note)

    # -- at the counter
    def _call(self, counter):
        """Call these tickets (none or one) to a counter."""
        if not self:
            return
        now = replay.now(self.env)
        vals = {
            "state": "called",
            "counter_id": counter.id,
            "wanted_counter_id": False,
            "user_id": self.env.uid,
            "called_at": now,
            "call_count": self.call_count + 1,
        }
        if not self.first_called_at:
            wait = (now - self.taken_at).total_seconds() / 60
            vals |= {
                "first_called_at": now,
                "wait_minutes": wait,
                "in_goal": float(wait <= self.service_id._goal()),
            }
        self._move("call", "called", vals, counter)

    def action_call(self, counter_id):
        """Call this ticket out of its turn; the event says so."""
        self.ensure_one()
        counter = self._counter(counter_id)
        counter._hold()
        if current := counter._current():
            raise UserError(
                self.env._(
                    "%s is still at this counter: finish that first.", current.name
                )
            )
        self._call(counter)

    def _counter(self, counter_id):
        """Return a counter of the agency of this ticket.

        :raises UserError: when it is another agency's
        """
        counter = self.env["cchc.counter"].browse(counter_id).exists()
        counter.check_access("read")
        if counter.company_id != self.company_id:
            raise UserError(self.env._("This counter belongs to another agency."))
        return counter

    def action_recall(self):
        """Call the number again: the screen shows and says it once more."""
        for ticket in self:
            ticket._move(
                "recall",
                "recalled",
                {
                    "called_at": replay.now(self.env),
                    "call_count": ticket.call_count + 1,
                },
            )

    def action_start(self):
        """The citizen is at the counter."""
        now = replay.now(self.env)
        for ticket in self:
            ticket._move("start", "started", {"state": "serving", "started_at": now})

    def action_done(self):
        """The citizen has been served."""
        now = replay.now(self.env)
        for ticket in self:
            ticket._move(
                "done",
                "done",
                {"state": "done", "ended_at": now, **ticket._served(now)},
            )

    def _served(self, now):
        """Return the time of service up to now, added to that at other counters."""
        begun = self.started_at or self.called_at
        if self.state not in AT_COUNTER or not begun:
            return {}
        spent = (now - begun).total_seconds() / 60
        return {"serve_minutes": self.serve_minutes + max(spent, 0.0)}

    def action_no_show(self):
        """Nobody came to the counter."""
        now = replay.now(self.env)
        for ticket in self:
            ticket._move("no_show", "no_show", {"state": "no_show", "ended_at": now})

    def action_back(self):
        """Who missed the call stands in the line again, with precedence as before."""
        now = replay.now(self.env)
        for ticket in self:
            if ticket.day != ticket.company_id._cchc_local_date(now):
                raise UserError(
                    self.env._(
                        "%s is a ticket of another day: take a new number.", ticket.name
                    )
                )
            ticket._move(
                "back",
                "back",
                {
                    "state": "waiting",
                    "ended_at": False,
                    "rank_at": ticket.priority_id._rank(now),
                },
            )

    def action_pass(self, counter_id):
        """Send the citizen on to another counter, where he is the next."""
        self.ensure_one()
        counter = self._counter(counter_id)
        if counter == self.counter_id and self.state in AT_COUNTER:
            raise UserError(self.env._("The citizen is at this counter already."))
        now = replay.now(self.env)
        served = self._served(now) if self.state == "serving" else {}
        self._move(
            "pass",
            "passed",
            {
                "state": "passed",
                "wanted_counter_id": counter.id,
                "started_at": False,
                **served,
            },
            note=counter.name,
        )

    def action_cancel(self):
        """The citizen does not wait any longer."""
        for ticket in self:
            ticket._move(
                "cancel",
                "cancelled",
                {"state": "cancelled", "ended_at": replay.now(self.env)},
            )

    # -- to the dossier
    def action_receive(self):
        """Open the reception of a dossier from this ticket; serving begins by it."""
        self.ensure_one()
        self.env["cchc.dossier"].check_access("create")
        if self.state == "called":
            self.action_start()
        if self.state != "serving":
            raise UserError(
                self.env._("%s: call the number before you receive.", self.name)
            )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cchc_onestop.cchc_dossier_action_receive"
        )
        priority = self.priority_id.dossier_priority
        return {
            **action,
            "context": {
                "default_queue_ticket_id": self.id,
                **({"default_priority": priority} if priority else {}),
            },
        }

    def action_open_dossier(self):
        """Open the dossier whose result the citizen comes for."""
        self.ensure_one()
        return self.dossier_id.action_open_dossier()

    def action_dossiers(self):
        """List the dossiers received with this ticket."""
        self.ensure_one()
        if len(self.dossier_ids) == 1:
            return self.dossier_ids.action_open_dossier()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "cchc.dossier",
            "view_mode": "list,form",
            "domain": [("queue_ticket_id", "=", self.id)],
        }

    # -- the close of the day
    @api.model
    def _cron_close(self, batch=BATCH):
        """End the tickets of past days: who waited was not served; what a counter
        forgot to finish is done, without a time of service."""
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=1)
        for company in self.env["cchc.counter"].sudo()._companies():
            today = company._cchc_local_date(fields.Datetime.now())
            domain = (
                Domain("company_id", "=", company.id)
                & Domain("day", "<", today)
                & Domain("state", "in", IN_LINE + AT_COUNTER)
            )
            while tickets := self.sudo().search(domain, limit=batch):
                tickets._close()
                if not progress(len(tickets), remaining=1):
                    return
        progress(remaining=0)

    def _close(self):
        now = fields.Datetime.now()
        forgotten = self.filtered(lambda ticket: ticket.state == "serving")
        unlocked(forgotten).write({"state": "done", "ended_at": now})
        unlocked(self - forgotten).write({"state": "unserved", "ended_at": now})
        self._note("unserved")
