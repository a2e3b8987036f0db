import hashlib
import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import guard, receipt_file, replay

_logger = logging.getLogger(__name__)

_BATCH = 50
#: Minutes until the next try after so many failures.
_PAUSES = (5, 15, 60, 240, 1440)


class ReceiptNotSent(Exception):
    """The provider did not take the message; the text says why."""


class CchcReceiptOutbox(models.Model):
    """A message about one receipt to the provider of e-receipts.

    The receipt is issued whether the line to the provider works or not: the message
    waits here, is tried again, and its error is shown. The file is made from the
    receipt alone, so that making it again gives the same bytes.
    """

    _name = "cchc.receipt.outbox"
    _description = "Message to the Provider of E-Receipts"
    _inherit = ["cchc.guarded.mixin"]
    _guarded_kept = True
    _order = "id desc"
    _rec_name = "filename"

    receipt_id = fields.Many2one(
        "cchc.receipt",
        string="Fee Receipt",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one("res.company", string="Agency", readonly=True)
    kind = fields.Selection(
        [
            ("issue", "Issue"),
            ("cancel", "Cancel"),
            ("adjust", "Adjust"),
            ("replace", "Replace"),
        ],
        required=True,
        readonly=True,
    )
    provider = fields.Char(required=True, readonly=True)
    state = fields.Selection(
        [
            ("queued", "Queued"),
            ("sent", "Sent"),
            ("failed", "Failed"),
            ("acknowledged", "Acknowledged"),
        ],
        required=True,
        readonly=True,
        default="queued",
    )
    filename = fields.Char(compute="_compute_filename")
    content = fields.Binary(string="File", readonly=True, attachment=True)
    sha256 = fields.Char(string="SHA-256", readonly=True)
    tries = fields.Integer(readonly=True)
    next_try_at = fields.Datetime(readonly=True)
    sent_at = fields.Datetime(string="Sent", readonly=True)
    error = fields.Text(readonly=True)
    external_code = fields.Char(
        string="Code of the Provider", readonly=True, help="Answer of the provider"
    )

    _waiting_idx = models.Index("(id) WHERE state IN ('queued', 'failed')")

    @api.depends("receipt_id.code", "kind")
    def _compute_filename(self):
        for message in self:
            receipt = message.receipt_id
            code = f"{receipt.template_symbol}-{receipt.symbol}-{receipt.number_text}"
            message.filename = f"{code}-{message.kind}.xml"

    def _make_file(self):
        """Return the canonical file of this message (bytes)."""
        self.ensure_one()
        return receipt_file.render(self.receipt_id._file_facts(self.kind))

    # ------------------------------------------------------------------
    # Sending
    # ------------------------------------------------------------------
    @api.model
    def _cron_send(self):
        """Send what waits, oldest first; what fails is tried again later."""
        waiting = self.search(
            [
                ("state", "in", ("queued", "failed")),
                "|",
                ("next_try_at", "=", False),
                ("next_try_at", "<=", fields.Datetime.now()),
            ],
            order="id",
        )
        self.env["ir.cron"]._commit_progress(remaining=len(waiting))
        for message in waiting:
            message._send_one()
            self.env["ir.cron"]._commit_progress(1)

    def _send_one(self):
        """Hand this message to its provider and note what became of it."""
        self.ensure_one()
        message = guard.unlocked(self.sudo())
        content = message._make_file()
        try:
            answer = self._provider()._send(self.sudo(), content)
        except ReceiptNotSent as error:
            pause = _PAUSES[min(self.tries, len(_PAUSES) - 1)]
            message.write(
                {
                    "state": "failed",
                    "tries": self.tries + 1,
                    "error": str(error),
                    "next_try_at": fields.Datetime.now() + timedelta(minutes=pause),
                }
            )
            return False
        message.write(
            {
                "state": "sent",
                "tries": self.tries + 1,
                "error": False,
                "next_try_at": False,
                "sent_at": replay.now(self.env),
                "content": receipt_file.encode(content),
                "sha256": hashlib.sha256(content).hexdigest(),
                "external_code": answer or False,
            }
        )
        return True

    def _provider(self):
        """Return the model that talks to the provider of this message.

        :raises ReceiptNotSent: when the addon of the provider is gone
        """
        name = f"cchc.receipt.provider.{self.provider}"
        if name not in self.env:
            raise ReceiptNotSent(
                self.env._(
                    "The provider “%s” is not installed: choose another one on the "
                    "form of the agency.",
                    self.provider,
                )
            )
        return self.env[name]

    def action_send(self):
        """Try again now."""
        self.check_access("write")
        for message in self.filtered(lambda m: m.state in ("queued", "failed")):
            message._send_one()
        return True

    def action_acknowledge(self, external_code=None, signed=True):
        """Note that the provider took the message (and signed the receipt)."""
        self.check_access("write")
        if any(message.state != "sent" for message in self):
            raise UserError(
                self.env._("Only a message that was sent can be acknowledged.")
            )
        vals = {"state": "acknowledged"}
        if external_code:
            vals["external_code"] = external_code
        guard.unlocked(self.sudo()).write(vals)
        if signed:
            guard.unlocked(
                self.sudo().filtered(lambda m: m.kind != "cancel").receipt_id
            ).write({"sign_state": "signed"})
        return True
