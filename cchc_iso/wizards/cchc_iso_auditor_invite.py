from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import email_normalize


class CchcIsoAuditorInvite(models.TransientModel):
    """Access for an auditor from outside, e.g. of a Chi cục TĐC, until a last day.

    The user holds the group of auditors and nothing else; what he sees are the
    dossiers sampled in his running audits.
    """

    _name = "cchc.iso.auditor.invite"
    _description = "Invite an Outside Auditor"

    name = fields.Char(required=True)
    email = fields.Char(required=True)
    body = fields.Char("Sent by", required=True, help="E.g. Chi cục TĐC tỉnh Quảng Trị")
    company_id = fields.Many2one(
        "res.company",
        "Agency",
        required=True,
        default=lambda self: self.env.company,
        domain="[('id', 'in', allowed_company_ids)]",
    )
    until = fields.Date(
        "Access until",
        required=True,
        default=lambda self: fields.Date.add(fields.Date.context_today(self), days=30),
        help="Last day of access, that day included",
    )
    audit_id = fields.Many2one(
        "mgmtsystem.audit",
        domain="[('company_id', '=', company_id), ('plan_state', '=', 'draft')]",
        help="Audit whose team he joins; later ones on the audit itself",
    )

    @api.constrains("until")
    def _check_until(self):
        today = fields.Date.context_today(self)
        for invitation in self:
            if invitation.until < today:
                raise ValidationError(
                    self.env._("The last day of access is today or later.")
                )
            if invitation.until > fields.Date.add(today, years=1):
                raise ValidationError(
                    self.env._(
                        "Access of an outside auditor is given for one year at most; "
                        "renew it then."
                    )
                )

    def action_invite(self):
        """Make the user, or renew the access of an outside auditor known already."""
        self.ensure_one()
        if not self.env.user.has_group("cchc_iso.group_officer"):
            raise AccessError(
                self.env._("Only the ISO secretary invites auditors from outside.")
            )
        if self.company_id not in self.env.user.company_ids:
            raise AccessError(self.env._("Invite auditors to your own agency."))
        login = email_normalize(self.email)
        if not login:
            raise UserError(self.env._("“%s” is not an e-mail address.", self.email))
        users = self.env["res.users"].sudo().with_context(active_test=False)
        user = users.search([("login", "=", login)])
        if user and not user.cchc_iso_outside:
            raise UserError(
                self.env._(
                    "%s is a user of this system already: add the person to the team "
                    "of the audit.",
                    user.name,
                )
            )
        if user and self.company_id not in user.company_ids:
            raise UserError(
                self.env._(
                    "%s audits another agency of this system; ask an administrator.",
                    user.name,
                )
            )
        user = self._renew(user) if user else self._make(users, login)
        if self.audit_id:
            # Checked with the rights of whoever invites: he may change the plan.
            self.audit_id.write({"auditor_user_ids": [Command.link(user.id)]})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Outside Auditors"),
            "res_model": "res.users",
            "view_mode": "list",
            "views": [
                (self.env.ref("cchc_iso.res_users_view_list_outside").id, "list")
            ],
            "domain": [("cchc_iso_outside", "=", True)],
            "context": {"active_test": False},
        }

    def _renew(self, user):
        user.write(
            {"cchc_iso_until": self.until, "cchc_iso_body": self.body, "active": True}
        )
        return user

    def _make(self, users, login):
        return users.create(
            {
                "name": self.name,
                "login": login,
                "email": login,
                "lang": self.env.user.lang,
                "tz": self.company_id._cchc_tz().key,
                "company_id": self.company_id.id,
                "company_ids": [Command.set(self.company_id.ids)],
                "group_ids": [Command.set(self.env.ref("cchc_iso.group_auditor").ids)],
                # Has no other business here: his audits are what he meets first.
                "action_id": self.env.ref("cchc_iso.cchc_iso_audit_action").id,
                "cchc_iso_outside": True,
                "cchc_iso_until": self.until,
                "cchc_iso_body": self.body,
            }
        )
