from datetime import timedelta

from odoo import api, fields, models

from ..tools.guard import unlocked

#: Persons served in one transaction.
BATCH = 50
#: A failed message is tried again this many times.
ATTEMPTS = 5
#: Days in which a failed message is tried again.
RETRY_DAYS = 3


class CchcDigestMixin(models.AbstractModel):
    """One message per person and period, written by the system.

    A row is who was served when, with the mail, so that a failure shows and is tried
    again. A model that inherits this mixin says which agencies wait
    (:meth:`_agency_waits`), who of them (:meth:`_waiting_users`) and what they read
    (:meth:`_send_to`), and has a unique index, so that nobody gets a message twice.
    """

    _name = "cchc.digest.mixin"
    _description = "Digest"
    _inherit = ["cchc.guarded.mixin"]

    user_id = fields.Many2one(
        "res.users", string="Person", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", string="Agency", required=True, readonly=True, index=True
    )
    date = fields.Date(required=True, readonly=True)
    mail_id = fields.Many2one("mail.mail", readonly=True, ondelete="set null")
    mail_state = fields.Selection(related="mail_id.state", string="Message")
    failure_reason = fields.Text(related="mail_id.failure_reason")
    attempts = fields.Integer(readonly=True, default=1)

    def _guarded_sentence(self):
        return self.env._("Digests are written by the system.")

    # -- the scheduled action
    @api.model
    def _cron_send(self):
        """Send the digests of the agencies whose hour has come."""
        progress = self.env["ir.cron"]._commit_progress
        now = fields.Datetime.now()
        self._try_failed_again(now)
        agencies = self.env["res.company"].sudo()
        for company in agencies.search([("resource_calendar_id", "!=", False)]):
            if not self._agency_waits(company, now):
                continue
            waiting = self._waiting_users(company, now)
            while waiting:
                batch, waiting = waiting[:BATCH], waiting[BATCH:]
                self._send_to(company, batch, now)
                if not progress(len(batch), remaining=len(waiting) + 1):
                    return
            self._agency_served(company, now)
        progress(remaining=0)

    @api.model
    def _agency_waits(self, company, now):
        """Whether the hour of an agency has come and somebody may not be served."""
        raise NotImplementedError()

    @api.model
    def _agency_served(self, company, now):
        """Write down that everybody of an agency is served."""
        raise NotImplementedError()

    @api.model
    def _waiting_users(self, company, now):
        """Return the users of an agency who have no digest yet."""
        raise NotImplementedError()

    @api.model
    def _send_to(self, company, users, now):
        """Write and queue the digests of those of ``users`` who have one to read."""
        raise NotImplementedError()

    @api.model
    def _mail(self, user, company, subject, body):
        """Queue a message to a person and return it; it stays for the record."""
        return (
            self.env["mail.mail"]
            .sudo()
            .create(
                {
                    "subject": subject,
                    "body_html": body,
                    "email_from": company.email_formatted
                    or self.env.user.email_formatted,
                    "recipient_ids": [fields.Command.set(user.partner_id.ids)],
                    "auto_delete": False,
                }
            )
        )

    # -- failures
    @api.model
    def _try_failed_again(self, now):
        """Put failed messages of the last days back into the queue."""
        failed = self.sudo().search(
            [
                ("date", ">=", (now - timedelta(days=RETRY_DAYS)).date()),
                ("mail_id.state", "=", "exception"),
                ("attempts", "<", ATTEMPTS),
            ]
        )
        failed.action_send_again()

    def action_send_again(self):
        """Put the failed messages back into the queue."""
        self.check_access("write")
        for digest in self.sudo().filtered(lambda d: d.mail_state == "exception"):
            digest.mail_id.mark_outgoing()
            unlocked(digest).write({"attempts": digest.attempts + 1})
