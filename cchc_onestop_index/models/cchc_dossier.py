from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.cchc_onestop.tools.guard import is_unlocked, unlocked


class CchcDossier(models.Model):
    """Contacts that the applicant caused: asked for, but not counted (index 3)."""

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.dossier"

    excused_contact_count = fields.Integer(
        "Contacts Caused by the Applicant",
        readonly=True,
        copy=False,
        help="Requests for supplements whose reason lies with the applicant",
    )

    def write(self, vals):
        if "excused_contact_count" in vals and not is_unlocked(self.env):
            raise UserError(
                self.env._("Contacts are counted from the requests, not typed.")
            )
        return super().write(vals)

    def action_request_supplement(self, content=None, reason=None, paper=None):
        result = super().action_request_supplement(content, reason, paper)
        self._excuse_contact(content, reason)
        return result

    def action_ask_completion(self, content=None, reason=None, paper=None):
        result = super().action_ask_completion(content, reason, paper)
        self._excuse_contact(content, reason)
        return result

    def _excuse_contact(self, content, reason):
        """Note a request whose reason lies with the applicant."""
        if content is None and reason is None:
            return  # the form that asks for them was opened
        reason = self._record("cchc.reason", reason)
        if reason and reason.by_applicant:
            for dossier in unlocked(self.sudo()):
                dossier.excused_contact_count += 1
