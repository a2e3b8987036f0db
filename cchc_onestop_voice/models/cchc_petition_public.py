from odoo import api, fields, models

from odoo.addons.cchc_onestop.tools.guard import unlocked

from ..tools import token

#: What a stranger may send.
MOST_FILES = 3
FILE_BYTES = 5 * 1024 * 1024
FILE_TYPES = {
    "application/pdf": ".pdf",
    "image/jpeg": ".jpg",
    "image/png": ".png",
}
TEXT_LENGTH = 5000
SUBJECT_LENGTH = 200


class CchcPetition(models.Model):
    """What the public page asks of petitions, with full rights and few values."""

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.petition"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _secret_key(self):
        return self.env["ir.config_parameter"].sudo().get_param("database.secret")

    @api.model
    def _send(self, company, values, nonce, files=()):
        """Register what a citizen sent; the same form again gives the same receipt.

        :param dict values: checked values
        :param str nonce: what the form carried, random
        :param files: ``(name, mimetype, content)``
        :return: ``(petition (sudo), secret)``
        """
        key = self._secret_key()
        secret = token.typed_secret(key, nonce)
        request = token.keyed_digest(key, f"request {nonce}")
        petitions = self.sudo()
        petition = petitions.search([("request_digest", "=", request)])
        if not petition:
            petition = unlocked(
                petitions.with_context(
                    mail_create_nolog=True, mail_create_nosubscribe=True
                )
            ).create(
                {
                    **values,
                    "company_id": company.id,
                    "source": "online",
                    "request_digest": request,
                    "secret_digest": self._secret_digest(secret),
                }
            )
            petition._keep_files(files)
        return petitions.browse(petition.id), secret

    def _keep_files(self, files):
        self.ensure_one()
        attachments = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                [
                    {
                        "name": name,
                        "raw": content,
                        "mimetype": mimetype,
                        "res_model": self._name,
                        "res_id": self.id,
                    }
                    for name, mimetype, content in files
                ]
            )
        )
        unlocked(self).write({"attachment_ids": [fields.Command.set(attachments.ids)]})

    @api.model
    def _secret_digest(self, secret):
        return token.keyed_digest(
            self._secret_key(), f"secret {token.normal_secret(secret)}"
        )

    @api.model
    def _find_sent(self, company, code, secret):
        """Return the petition (sudo) with this code and secret, or nothing."""
        if not token.normal_secret(secret):
            return self.sudo().browse()
        return self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("name", "=", "".join((code or "").split()).upper()[:60]),
                ("secret_digest", "=", self._secret_digest(secret)),
            ],
            limit=1,
        )

    def _rate_as_sender(self, satisfied):
        """Take down what the sender says of the answer, once."""
        self.ensure_one()
        if not self.satisfied and self.state in ("answered", "published", "kept"):
            self._rate(satisfied)

    @api.model
    def _published_of(self, company):
        """Return the domain of what the page of an agency shows."""
        return [("company_id", "=", company.id), ("state", "=", "published")]
