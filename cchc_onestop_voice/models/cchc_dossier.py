from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from odoo.addons.cchc_onestop.tools import paper, replay


class CchcDossier(models.Model):
    """Inviting who got a result to evaluate, and petitions about the dossier."""

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.dossier"  # pylint: disable=consider-merging-classes-inherited

    petition_count = fields.Integer(
        compute="_compute_petition_count",
        groups="cchc_onestop_voice.group_petition,cchc_onestop.group_leader",
    )

    def _compute_petition_count(self):
        counts = dict(
            self.env["cchc.petition"]._read_group(
                [("dossier_id", "in", self.ids)], ["dossier_id"], ["__count"]
            )
        )
        for dossier in self:
            dossier.petition_count = counts.get(dossier, 0)

    def action_return_result(self, content=None):
        """Who has an e-mail address is invited to evaluate."""
        result = super().action_return_result(content)
        if not replay.clock(self.env):
            self._mail_invitations()
        return result

    def _mail_invitations(self):
        """Send the link to applicants with an address, where the agency wants it."""
        addresses = {
            dossier: email_normalize(dossier.applicant_email or "")
            for dossier in self.sudo()
            if dossier.company_id.cchc_evaluation_mail
        }
        invited = self.sudo().browse(
            dossier.id for dossier, address in addresses.items() if address
        )
        tokens = self.env["cchc.evaluation.invitation"]._issue(invited, "mail")
        for dossier, token in tokens.items():
            dossier._mail_invitation(addresses[dossier], token)

    def _mail_invitation(self, address, token):
        """Queue the mail; the text with the link is kept nowhere in the dossier."""
        text = self._invitation_text(token)
        self.env["mail.mail"].sudo().create(
            {
                "subject": f"Mời đánh giá việc giải quyết hồ sơ {self.name}",
                "body_html": Markup("<p>%s</p>") % text,
                "email_from": self.company_id.email_formatted
                or self.env.user.email_formatted,
                "email_to": address,
                "auto_delete": True,
            }
        )

    def _invitation_text(self, token):
        """Return the text of the message with the link."""
        self.ensure_one()
        invitations = self.env["cchc.evaluation.invitation"]
        text = self.company_id.sudo().cchc_evaluation_text or "{link}"
        for key, value in {
            "agency": self.company_id.sudo().name,
            "code": self.name or "",
            "link": invitations._address(token),
            "day": paper.short_day(invitations._last_day(self.sudo())),
        }.items():
            text = text.replace(f"{{{key}}}", value)
        return text

    def action_evaluate(self):
        """Say at once that a dossier has been evaluated already."""
        self.ensure_one()
        if self.env["cchc.evaluation.invitation"]._is_evaluated(self):
            raise UserError(self.env._("%s has been evaluated already.", self.name))
        return super().action_evaluate()

    def action_invite(self):
        """Show the link, the code and the text of the message for this dossier."""
        self.ensure_one()
        self._check_inviting()
        token = self.env["cchc.evaluation.invitation"]._issue(self, "message")[self]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Invite to Evaluate"),
            "res_model": "cchc.evaluation.invite",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_dossier_id": self.id,
                "default_link": self.env["cchc.evaluation.invitation"]._address(token),
                "default_text": self._invitation_text(token),
            },
        }

    def action_print_invitation(self):
        """Print the small slip with the code."""
        self._check_inviting()
        return self.env.ref(
            "cchc_onestop_voice.report_evaluation_invitation_action"
        ).report_action(self)

    def action_print_evaluation_form(self):
        """Print the paper slip for these dossiers."""
        self._check_inviting()
        return self.env.ref(
            "cchc_onestop_voice.report_evaluation_slip_action"
        ).report_action(self)

    def _check_inviting(self):
        self.check_access("read")
        if not self.env.user.has_group("cchc_onestop.group_desk"):
            raise UserError(self.env._("The desk invites citizens to evaluate."))
        for dossier in self:
            if not dossier.accepted_at:
                raise UserError(
                    self.env._("Only dossiers that were accepted are evaluated.")
                )

    def action_push_to_kiosk(self):
        """Put this dossier on the screen at the desk."""
        self.ensure_one()
        self._check_inviting()
        if not self.returned_at:
            raise UserError(
                self.env._("%s is evaluated after its result was returned.", self.name)
            )
        kiosks = self.env["cchc.evaluation.kiosk"].search(
            [("company_id", "=", self.company_id.id)]
        )
        if not kiosks:
            raise UserError(
                self.env._("The agency has no evaluation screen: ask an administrator.")
            )
        if len(kiosks) == 1:
            return self._push_to(kiosks)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("On Which Screen?"),
            "res_model": "cchc.evaluation.push",
            "view_mode": "form",
            "target": "new",
            "context": {"default_dossier_id": self.id},
        }

    def _push_to(self, kiosk):
        kiosk._push(self)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if kiosk.is_online else "warning",
                "message": self.env._(
                    "%(code)s is on the screen “%(kiosk)s”.",
                    code=self.name,
                    kiosk=kiosk.name,
                )
                if kiosk.is_online
                else self.env._(
                    "“%s” has not been seen for some minutes: is it switched on?",
                    kiosk.name,
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def action_open_petitions(self):
        """Open the petitions about this dossier."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Petitions"),
            "res_model": "cchc.petition",
            "view_mode": "list,form",
            "domain": [("dossier_id", "=", self.id)],
            "context": {"default_dossier_id": self.id},
        }
