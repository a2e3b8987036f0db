from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.public_token import digest, new_token


class CchcDeviceMixin(models.AbstractModel):
    """A screen or a kiosk that opens a page of the agency without logging in.

    Its address holds a token of which only the digest is kept, so that a lost device is
    shut out by a new address. What the device does is written by the system alone.
    """

    _name = "cchc.device.mixin"
    _description = "Device without a Log-in"

    #: what the system keeps of a device: nobody writes it by hand
    _kept = ("token_digest", "seen_at")
    #: minutes without a sign of the device after which it is not in use
    _quiet_minutes = 3

    token_digest = fields.Char(readonly=True, copy=False, groups="base.group_system")
    has_address = fields.Boolean(compute="_compute_has_address")
    seen_at = fields.Datetime("Last Seen", readonly=True, copy=False)
    is_online = fields.Boolean("In Use", compute="_compute_is_online")

    @api.depends("token_digest")
    def _compute_has_address(self):
        for device in self:
            device.has_address = bool(device.sudo().token_digest)

    @api.depends("seen_at")
    def _compute_is_online(self):
        limit = fields.Datetime.now() - timedelta(minutes=self._quiet_minutes)
        for device in self:
            device.is_online = bool(device.seen_at and device.seen_at > limit)

    @api.model_create_multi
    def create(self, vals_list):
        self._check_kept(*vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self._check_kept(vals)
        return super().write(vals)

    def _check_kept(self, *vals_list):
        """Refuse what the system keeps when it comes from outside."""
        kept = set(self._kept)
        if not self.env.su and any(kept.intersection(vals) for vals in vals_list):
            raise UserError(
                self.env._("Use the buttons: the system keeps what a device does.")
            )

    def _new_secret(self):
        """Return the token of a new address; the old address is dead."""
        self.ensure_one()
        self.check_access("write")
        secret = new_token()
        self.sudo().write({"token_digest": digest(secret), "seen_at": False})
        return secret

    @api.model
    def _of_token(self, secret):
        """Return the device (sudo) of a token, or nothing."""
        if not secret or not 20 <= len(secret) <= 100:
            return self.sudo().browse()
        return self.sudo().search([("token_digest", "=", digest(secret))], limit=1)

    def _see(self):
        """Note that the device is there, at most twice a minute."""
        now = fields.Datetime.now()
        if not self.seen_at or self.seen_at < now - timedelta(seconds=30):
            self.sudo().seen_at = now
