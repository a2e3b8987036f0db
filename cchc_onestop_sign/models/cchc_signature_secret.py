from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.cchc_onestop.tools.guard import unlocked

from ..tools import vault


class CchcSignatureSecret(models.Model):
    """A key file, passphrase or token, locked; no role of any kind reads this table.

    There is no access right on it, for the administrator neither: only the methods that
    sign open a value, and hand it to nobody.
    """

    _name = "cchc.signature.secret"
    _description = "Locked Secret"
    _inherit = ["cchc.guarded.mixin"]
    _log_access = False

    key_id = fields.Many2one(
        "cchc.signature.key", readonly=True, ondelete="cascade", index=True
    )
    provider_id = fields.Many2one(
        "cchc.signature.provider", readonly=True, ondelete="cascade", index=True
    )
    name = fields.Char(required=True, readonly=True)
    value = fields.Text(
        required=True, readonly=True, prefetch=False, groups="base.group_no_one"
    )

    @api.model
    def _database_secret(self):
        return self.env["ir.config_parameter"].sudo().get_param("database.secret")

    @api.model
    def _put(self, owner, name, content):
        """Lock ``content`` (bytes; nothing removes it) of a certificate or provider."""
        column = "key_id" if owner._name == "cchc.signature.key" else "provider_id"
        secrets = self._opened()
        secrets.search([(column, "=", owner.id), ("name", "=", name)]).unlink()
        if content:
            value = vault.lock(content, self._database_secret())
            secrets.create({column: owner.id, "name": name, "value": value})

    @api.model
    def _get(self, owner, name):
        """Return the bytes that were locked, or nothing.

        :raises UserError: the key of the server is another one than then
        """
        column = "key_id" if owner._name == "cchc.signature.key" else "provider_id"
        secret = self._opened().search([(column, "=", owner.id), ("name", "=", name)])
        if not secret:
            return b""
        try:
            return vault.unlock(secret.value, self._database_secret())
        except vault.CannotOpen as error:
            raise UserError(
                self.env._(
                    "“%s” was stored with another key of the server (this may be a "
                    "copy of the database): enter it again.",
                    owner.display_name,
                )
            ) from error

    @api.model
    def _opened(self):
        return unlocked(self.sudo())
