from odoo import models
from odoo.tools import email_normalize

from odoo.addons.cchc_onestop.tools import replay

#: Moves after which the sender is told how his petition ended.
RESULTS = ("answer", "refuse", "transfer")


class CchcPetition(models.Model):
    """Senders who left an e-mail address are told of the receipt and of the result."""

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.petition"  # pylint: disable=consider-merging-classes-inherited

    def _take_in(self):
        result = super()._take_in()
        self._mail_sender("received")
        return result

    def _move(self, key, text=False, vals=None):
        result = super()._move(key, text, vals)
        if key in RESULTS:
            self._mail_sender("result")
        return result

    def _mail_sender(self, what):
        """Queue a message to each sender with an address, where the agency wants it.

        The mail is nobody's record and is deleted once it has left, so that the address
        stands nowhere but in the petition. What is taken over from the past is told to
        nobody.

        :param what: ``received`` or ``result``
        """
        if replay.clock(self.env):
            return
        template = self.env.ref(
            f"cchc_onestop_voice.mail_template_petition_{what}",
            raise_if_not_found=False,
        )
        addresses = {
            petition: email_normalize(petition.sender_email or "")
            for petition in self.sudo()
            if petition.company_id.cchc_petition_mail
        }
        told = self.sudo().browse(
            petition.id for petition, address in addresses.items() if address
        )
        if not (template and told):
            return
        template = template.sudo()
        subjects = template._render_field("subject", told.ids)
        bodies = template._render_field("body_html", told.ids)
        self.env["mail.mail"].sudo().create(
            [
                {
                    "subject": subjects[petition.id],
                    "body_html": bodies[petition.id],
                    "email_from": petition.company_id.email_formatted
                    or self.env.ref("base.user_root").sudo().email_formatted,
                    "email_to": addresses[petition],
                    "auto_delete": True,
                }
                for petition in told
            ]
        )
