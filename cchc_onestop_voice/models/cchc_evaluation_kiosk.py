from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.cchc_onestop.tools import code_template

#: How long a dossier that the desk put on the screen stays there.
PUSHED_MINUTES = 3


class CchcEvaluationKiosk(models.Model):
    """A screen at the desk on which citizens evaluate."""

    _name = "cchc.evaluation.kiosk"
    _description = "Evaluation Screen"
    _inherit = ["cchc.device.mixin"]
    _order = "company_id, name"

    _kept = ("token_digest", "seen_at", "pushed_dossier_id", "pushed_at")
    _quiet_minutes = 2

    name = fields.Char(required=True, help="E.g. Quầy số 1")
    company_id = fields.Many2one(
        "res.company",
        "Agency",
        required=True,
        default=lambda self: self.env.company,
    )
    pushed_dossier_id = fields.Many2one(
        "cchc.dossier", "On the Screen", readonly=True, copy=False
    )
    pushed_at = fields.Datetime(readonly=True, copy=False)
    active = fields.Boolean(default=True)

    _token_uniq = models.UniqueIndex("(token_digest) WHERE token_digest IS NOT NULL")

    def action_new_address(self):
        """Give the screen a new address and show it once; the old one is dead."""
        secret = self._new_secret()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Address of the Screen"),
            "res_model": "cchc.evaluation.invite",
            "view_mode": "form",
            "views": [
                (
                    self.env.ref(
                        "cchc_onestop_voice.cchc_evaluation_invite_view_form_kiosk"
                    ).id,
                    "form",
                )
            ],
            "target": "new",
            "context": {
                "default_link": f"{self.get_base_url()}/danh-gia/man-hinh/{secret}"
            },
        }

    # -- from the desk to the screen
    def _push(self, dossier):
        """Put a returned dossier on the screen."""
        self.ensure_one()
        self.sudo().write(
            {"pushed_dossier_id": dossier.id, "pushed_at": fields.Datetime.now()}
        )

    # -- what the screen asks (sudo, by its token)
    def _take(self):
        """Return a token for the dossier that the desk has put here, and clear it."""
        self.ensure_one()
        dossier = self.pushed_dossier_id
        if not dossier:
            return None
        limit = fields.Datetime.now() - timedelta(minutes=PUSHED_MINUTES)
        fresh = self.pushed_at and self.pushed_at > limit
        self.sudo().write({"pushed_dossier_id": False, "pushed_at": False})
        return self._invite(dossier) if fresh else None

    def _invite(self, dossier):
        issue = self.env["cchc.evaluation.invitation"]._issue
        return issue(dossier, "kiosk", self)[dossier]

    def _identify(self, code, digits):
        """Return a token for the dossier with this code, or why there is none:
        ``(token, problem)``.

        :param digits: last four digits of the phone or identity number
        """
        self.ensure_one()
        throttle = self.env["cchc.public.throttle"].sudo()
        code = "".join((code or "").split()).upper()[:60]
        if throttle._is_blocked("kiosk", self.id) or throttle._is_blocked(
            "kiosk_dossier", code
        ):
            return None, "blocked"
        dossier = (
            self.env["cchc.dossier"]
            .sudo()
            .search(
                [("name", "=", code), ("company_id", "=", self.company_id.id)], limit=1
            )
        )
        if not dossier or not self._knows(dossier, digits):
            throttle._hit("kiosk", self.id)
            throttle._hit("kiosk_dossier", code)
            return None, "unknown"
        return self._invite(dossier), ""

    def _example_code(self):
        """Return how a code of the agency looks today, "" before its first template."""
        company = self.company_id
        day = company._cchc_local_date(fields.Datetime.now())
        numbering = self.env["cchc.code.template"]._numbering(company.id, day)
        if not numbering:
            return ""
        return code_template.render(numbering[0], company.cchc_unit_code or "", day, 1)

    @api.model
    def _knows(self, dossier, digits):
        digits = (digits or "").strip()
        if len(digits) != 4 or not digits.isdigit():
            return False
        numbers = (
            dossier.applicant_phone,
            dossier.applicant_identity,
            dossier.partner_id.phone,
            dossier.partner_id.cchc_identity,
            dossier.submitter_id.phone,
            dossier.submitter_id.cchc_identity,
        )
        return any(
            "".join(char for char in number or "" if char.isdigit())[-4:] == digits
            for number in numbers
        )
