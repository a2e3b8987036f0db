from odoo import models
from odoo.tools import email_normalize

from ..tools import replay
from ..tools.forms import APOLOGY


class CchcDossierPaper(models.Model):
    """The applicant is told of what was issued: by e-mail, or a note says to call."""

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.dossier.paper"  # pylint: disable=consider-merging-classes-inherited

    def _tell_applicants(self):
        """Send each paper to the applicant, and keep in the dossier that it was sent.

        Without an address the chatter says how to reach him: the new appointment of an
        apology has to be told (NĐ 61/2018/NĐ-CP Đ.19 k.9). Nothing is sent for what is
        taken over from the past.
        """
        if replay.clock(self.env):
            return
        for paper in self:
            dossier = paper.dossier_id
            address = email_normalize(
                dossier.applicant_email or dossier.sudo().partner_id.email or ""
            )
            sender = self.env.user.email_formatted or paper.company_id.email_formatted
            if address and sender:
                paper._send(address, sender)
            elif paper.code == APOLOGY:
                dossier.sudo()._message_log(
                    body=self.env._(
                        "The applicant has no e-mail address: tell him the new "
                        "appointment by phone (%s).",
                        dossier.applicant_phone or "–",
                    )
                )

    def _send(self, address, sender):
        """Send the paper as an e-mail that the dossier keeps."""
        self.ensure_one()
        office = self.with_context(
            lang=self.env["cchc.form.edition"]._office_lang()
        ).sudo()
        company = office.company_id
        code = office.dossier_id.name or office.dossier_id.external_code or ""
        office.dossier_id.message_post(
            author_id=self.env.user.partner_id.id,
            body=self.env._(
                "%(agency)s sends you “%(title)s” no. %(number)s (see the file "
                "attached).",
                agency=company.name,
                title=office.edition_id.name,
                number=office.name,
            ),
            subject=f"{office.edition_id.name} {code}".strip(),
            email_from=sender,
            outgoing_email_to=address,
            attachment_ids=office.attachment_id.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
