from datetime import timedelta

from odoo import api, fields, models

from ..tools import token

#: Scope: how many within how many minutes.
LIMITS = {
    # addresses that lead nowhere
    "guess": (20, 10),
    # dossier code and four digits at a kiosk, per kiosk and per dossier
    "kiosk": (20, 10),
    "kiosk_dossier": (5, 60),
    # petitions sent from one place; an office or a village café may share it
    "petition": (10, 60),
    # receipt code and secret, per place and per petition
    "lookup": (10, 10),
    "lookup_petition": (5, 30),
}


class CchcPublicThrottle(models.Model):
    """How often somebody tried something on the public pages; of addresses only a
    keyed digest is kept, for two days."""

    _name = "cchc.public.throttle"
    _description = "Limit of the Public Pages"
    _log_access = False

    scope = fields.Char(required=True, readonly=True)
    client = fields.Char(required=True, readonly=True)
    window_at = fields.Datetime(required=True, readonly=True)
    hits = fields.Integer(required=True, readonly=True)

    _window_uniq = models.UniqueIndex("(scope, client, window_at)")

    @api.model
    def _client(self, text):
        """Return the digest under which a client (address, code) is counted."""
        key = self.env["ir.config_parameter"].sudo().get_param("database.secret")
        return token.keyed_digest(key, f"throttle {text}")

    @api.model
    def _window(self, scope):
        minutes = LIMITS[scope][1]
        now = fields.Datetime.now()
        passed = (now.hour * 60 + now.minute) % minutes
        return now.replace(second=0, microsecond=0) - timedelta(minutes=passed)

    @api.model
    def _is_blocked(self, scope, client):
        """Return whether the client has used up what the scope allows for now."""
        self.env.cr.execute(
            "SELECT hits FROM cchc_public_throttle "
            "WHERE scope = %s AND client = %s AND window_at = %s",
            (scope, self._client(client), self._window(scope)),
        )
        hits = (self.env.cr.fetchone() or (0,))[0]
        return hits >= LIMITS[scope][0]

    @api.model
    def _hit(self, scope, client):
        """Count one try of the client."""
        self.env.cr.execute(
            """
            INSERT INTO cchc_public_throttle (scope, client, window_at, hits)
            VALUES (%s, %s, %s, 1)
                ON CONFLICT (scope, client, window_at)
                DO UPDATE SET hits = cchc_public_throttle.hits + 1
            """,
            (scope, self._client(client), self._window(scope)),
        )

    @api.autovacuum
    def _gc_windows(self):
        self.env.cr.execute(
            "DELETE FROM cchc_public_throttle WHERE window_at < %s",
            (fields.Datetime.now() - timedelta(days=2),),
        )
