from odoo import api, fields, models, tools
from odoo.exceptions import AccessDenied
from odoo.fields import Domain
from odoo.http import SessionExpiredException, request


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
        return super()._get_invalidation_fields() | {
            "cchc_iso_outside",
            "cchc_iso_until",
        }

    def _check_credentials(self, credential, env):
        result = super()._check_credentials(credential, env)
        if self.env.user.sudo()._cchc_iso_expired():
            raise AccessDenied(
                self.env._("Your access as an auditor has ended; ask the agency.")
            )
        return result

    @api.model
    def _check_uid_passwd(self, uid, passwd):
        # A password that was right once is not asked for again: the day is.
        result = super()._check_uid_passwd(uid, passwd)
        if self.browse(uid)._cchc_iso_expired():
            raise AccessDenied(
                self.env._("Your access as an auditor has ended; ask the agency.")
            )
        return result

    def _cchc_iso_expired(self):
        """Return whether an outside auditor's last day has passed."""
        self.ensure_one()
        until = self._cchc_iso_last_day(self.id)
        if not until:
            return False
        company = self.sudo().company_id
        return until < company._cchc_local_date(fields.Datetime.now())

    @api.model
    @tools.ormcache("uid")
    def _cchc_iso_last_day(self, uid):
        """Return the last day of an outside auditor; nothing for everybody else."""
        user = self.sudo().browse(uid).exists()
        return user.cchc_iso_until if user.cchc_iso_outside else False

    @api.model
    def _cron_cchc_iso_close(self):
        """Archive outside auditors after their last day: ends what is still open."""
        outside = self.search(
            Domain("cchc_iso_outside", "=", True)
            & Domain("cchc_iso_until", "<=", fields.Date.context_today(self))
        )
        outside.filtered(lambda user: user._cchc_iso_expired()).action_archive()


class IrHttp(models.AbstractModel):
    """After his last day no request of an outside auditor is answered, also none of a
    session or by a key that was opened before."""

    _inherit = "ir.http"

    @classmethod
    def _authenticate_explicit(cls, auth):
        result = super()._authenticate_explicit(auth)
        uid = request.env.uid
        if uid and request.env["res.users"].browse(uid)._cchc_iso_expired():
            raise SessionExpiredException("Session expired")
        return result


class ResPartner(models.Model):
    _inherit = "res.partner"

    cchc_agency_ids = fields.One2many(
        "res.company", "partner_id", "Agencies of the Contact"
    )
