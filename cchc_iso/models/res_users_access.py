from odoo import api, fields, models
from odoo.exceptions import AccessDenied
from odoo.fields import Domain


class ResUsers(models.Model):
    """Until when an auditor sees the dossiers of his audits.

    The rules compare the date with the day on which data are asked for, so that the
    access ends by itself, without a job and without a cache to be cleared.
    """

    # One file per subject: see docs/architecture.md.
    _inherit = "res.users"  # pylint: disable=consider-merging-classes-inherited

    cchc_iso_until = fields.Date(
        "Audits until",
        groups="base.group_erp_manager,cchc_iso.group_officer",
        help="Last day on which this person sees dossiers as an auditor; empty: as "
        "long as he is of the team of a running audit",
    )
    cchc_iso_outside = fields.Boolean(
        "Outside Auditor",
        groups="base.group_erp_manager,cchc_iso.group_officer",
        help="Of another body, e.g. Chi cục Tiêu chuẩn Đo lường Chất lượng: sees no "
        "address book, and cannot log in after the last day",
    )
    cchc_iso_body = fields.Char(
        "Sent by",
        groups="base.group_erp_manager,cchc_iso.group_officer",
        help="Body that an outside auditor comes from",
    )

    _cchc_iso_outside_until = models.Constraint(
        "CHECK (cchc_iso_outside IS NOT TRUE OR cchc_iso_until IS NOT NULL)",
        "The access of an outside auditor has a last day.",
    )

    @api.model
    def _get_invalidation_fields(self):
        # A rule on contacts looks at it.
        return super()._get_invalidation_fields() | {"cchc_iso_outside"}

    def _check_credentials(self, credential, env):
        result = super()._check_credentials(credential, env)
        if self.env.user.sudo()._cchc_iso_expired():
            raise AccessDenied(
                self.env._("Your access as an auditor has ended; ask the agency.")
            )
        return result

    def _cchc_iso_expired(self):
        """Return whether an outside auditor's last day has passed."""
        self.ensure_one()
        today = self.company_id._cchc_local_date(fields.Datetime.now())
        return self.cchc_iso_outside and self.cchc_iso_until < today

    @api.model
    def _cron_cchc_iso_close(self):
        """Archive outside auditors after their last day: ends what is still open."""
        outside = self.search(
            Domain("cchc_iso_outside", "=", True)
            & Domain("cchc_iso_until", "<=", fields.Date.context_today(self))
        )
        outside.filtered(lambda user: user._cchc_iso_expired()).action_archive()


class ResPartner(models.Model):
    _inherit = "res.partner"

    cchc_agency_ids = fields.One2many(
        "res.company", "partner_id", "Agencies of the Contact"
    )
