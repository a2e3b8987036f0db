import hashlib

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.cchc_onestop.tools.guard import unlocked


class CchcDossierPaper(models.Model):
    """Issued papers as electronic originals: the PDF as issued, with its signatures.

    The kept PDF and its checksum stay as they are; signing makes a second file that
    begins with the same bytes.
    """

    _inherit = "cchc.dossier.paper"

    signed_attachment_id = fields.Many2one(
        "ir.attachment", string="Signed PDF", readonly=True, ondelete="restrict"
    )
    signature_ids = fields.One2many("cchc.signature", "paper_id", readonly=True)

    def _allowed_fields(self, vals):
        if set(vals) == {"signed_attachment_id"}:
            return frozenset(vals)
        return super()._allowed_fields(vals)

    def _get_content(self):
        content = super()._get_content()
        if self.state == "issued" and self.sudo().signed_attachment_id:
            return self.sudo().with_context(bin_size=False).signed_attachment_id.raw
        return content

    def action_sign_digitally(self):
        """Sign these papers as the person whose name stands below them."""
        for paper in self:
            paper.check_access("read")
            owner = paper.signer_id or paper.issued_by_id
            if owner != self.env.user:
                raise AccessError(
                    self.env._(
                        "%(number)s is signed by %(person)s.",
                        number=paper.name,
                        person=owner.name,
                    )
                )
            key = self.env["cchc.signature.key"]._of_person(paper.company_id)
            paper._sign_with(key, "signature", paper.edition_id.name)
        return True

    def action_seal(self):
        """Affix the seal of the agency to papers that are signed."""
        for paper in self:
            paper.check_access("read")
            key = self.env["cchc.signature.key"]._of_agency(paper.company_id)
            if not paper.sudo().signed_attachment_id:
                raise UserError(
                    self.env._(
                        "%s is not signed yet: the seal follows the signature.",
                        paper.name,
                    )
                )
            paper._sign_with(key, "seal", paper.edition_id.name)
        return True

    def _sign_with(self, key, what, reason):
        self.ensure_one()
        if self.state != "issued":
            raise UserError(self.env._("Paper %s is void.", self.name))
        if key.serial in self.sudo().signature_ids.mapped("serial"):
            raise UserError(
                self.env._(
                    "“%(file)s” bears the signature of %(key)s already.",
                    file=self.name,
                    key=key.subject,
                )
            )
        paper = self.sudo()
        before = paper.signed_attachment_id
        old = (before or paper.attachment_id).with_context(bin_size=False).raw
        content = key._sign(old, what, reason)
        new = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": paper.filename,
                    "raw": content,
                    "mimetype": "application/pdf",
                    "res_model": self._name,
                    "res_id": self.id,
                }
            )
        )
        unlocked(paper).write({"signed_attachment_id": new.id})
        checks = unlocked(self.env["cchc.signature.check"].sudo())
        checks.search([("paper_id", "=", self.id)]).unlink()
        checks._check_new(new, paper=paper)
        # The former file is the beginning of the new one.
        before.unlink()
        self.dossier_id._log_signature(
            what,
            key,
            self.name,
            hashlib.sha1(old).hexdigest(),
            hashlib.sha256(content).hexdigest(),
        )
