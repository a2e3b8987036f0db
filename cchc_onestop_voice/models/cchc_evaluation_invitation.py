from datetime import UTC, datetime, time, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.cchc_onestop.tools.guard import unlocked

from ..tools import token


class CchcEvaluationInvitation(models.Model):
    """A link with which the holder of a receipt evaluates one dossier, once.

    Only a digest of its token is kept, so that nobody in the office can use it. It is
    good from the return of the result for the days that the agency settled.
    """

    _name = "cchc.evaluation.invitation"
    _description = "Invitation to Evaluate"
    _inherit = ["cchc.guarded.mixin"]
    _order = "id desc"
    _rec_name = "dossier_id"

    dossier_id = fields.Many2one(
        "cchc.dossier", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="dossier_id.company_id", store=True, precompute=True, string="Agency"
    )
    token_digest = fields.Char(
        required=True, readonly=True, index=True, groups="base.group_system"
    )
    way = fields.Selection(
        [
            ("paper", "Printed Slip"),
            ("message", "Message"),
            ("mail", "E-Mail"),
            ("kiosk", "Kiosk"),
        ],
        required=True,
        readonly=True,
    )
    kiosk_id = fields.Many2one("cchc.evaluation.kiosk", readonly=True)
    used_at = fields.Datetime(readonly=True, groups="base.group_system")

    _token_uniq = models.UniqueIndex("(token_digest)")

    @api.model
    def _issue(self, dossiers, way, kiosk=None):
        """Return ``{dossier: token}`` of fresh invitations; the tokens are nowhere
        else."""
        tokens = {dossier: token.new_token() for dossier in dossiers}
        unlocked(self.sudo()).create(
            [
                {
                    "dossier_id": dossier.id,
                    "token_digest": token.digest(secret),
                    "way": way,
                    "kiosk_id": kiosk.id if kiosk else False,
                }
                for dossier, secret in tokens.items()
            ]
        )
        return tokens

    @api.model
    def _address(self, secret):
        """Return the address of the page that opens with a token."""
        return f"{self.get_base_url()}/danh-gia/{secret}"

    @api.model
    def _find(self, secret):
        """Return the invitation (sudo) of a token, or nothing."""
        if not secret or len(secret) < 20 or len(secret) > 100:
            return self.sudo().browse()
        return self.sudo().search([("token_digest", "=", token.digest(secret))])

    @api.model
    def _last_day(self, dossier):
        """Return the last day on which the dossier is evaluated by its link."""
        company = dossier.company_id
        returned = dossier.returned_at or fields.Datetime.now()
        return company._cchc_local_date(returned) + timedelta(
            days=company.cchc_evaluation_days
        )

    def _problem(self):
        """Return why the page does not take an evaluation: ``early``, ``expired``,
        ``done``; empty when it does."""
        self.ensure_one()
        dossier = self.dossier_id
        if self._is_evaluated(dossier):
            return "done"
        if not dossier.returned_at:
            return "early"
        company = dossier.company_id
        end = datetime.combine(
            self._last_day(dossier), time.max, tzinfo=company._cchc_tz()
        )
        if fields.Datetime.now().replace(tzinfo=UTC) > end:
            return "expired"
        return ""

    @api.model
    def _is_evaluated(self, dossier):
        return bool(
            self.env["cchc.evaluation"]
            .sudo()
            .search_count([("dossier_id", "=", dossier.id)], limit=1)
        )

    def _form(self):
        """Return the form that the page shows."""
        self.ensure_one()
        source = "device" if self.kiosk_id else "online"
        return self.env["cchc.evaluation"]._form_of(source, self.dossier_id.company_id)

    def _lines(self):
        """Return the questions that the page shows; a kiosk has few."""
        lines = self._form().line_ids
        if self.kiosk_id:
            lines = lines.filtered("on_kiosk")
        return lines

    def _submit(self, level, levels=None, reasons=(), comment=""):
        """Take the evaluation down, once.

        Whoever sends at the same moment waits for the row of the dossier and then
        finds it evaluated.

        :param dict levels: ``{criterion id: level}`` of the questions answered
        :param reasons: ids of reasons that were ticked
        :return: what :meth:`_problem` says; empty when it was taken
        """
        self.ensure_one()
        self.env.cr.execute(
            "SELECT id FROM cchc_evaluation_invitation WHERE dossier_id = %s "
            "ORDER BY id FOR UPDATE",
            (self.dossier_id.id,),
        )
        problem = self._problem()
        if problem:
            return problem
        evaluations = self.env["cchc.evaluation"]
        if level not in dict(evaluations._fields["level"].selection):
            raise UserError(self.env._("Choose how satisfied you are."))
        lines = self._lines()
        allowed = set(lines.criterion_id.ids)
        chosen = {
            criterion: answer
            for criterion, answer in (levels or {}).items()
            if criterion in allowed
            and answer in dict(evaluations._fields["level"].selection)
        }
        known = self.env["cchc.evaluation.reason"].sudo()
        known = known.search([("id", "in", list(reasons))])
        evaluations.sudo().create(
            {
                "dossier_id": self.dossier_id.id,
                "source": "device" if self.kiosk_id else "online",
                "form_id": self._form().id,
                "kiosk_id": self.kiosk_id.id,
                "level": level,
                "comment": (comment or "").strip()[:2000] or False,
                "reason_ids": [
                    fields.Command.set(known.ids if level == "dissatisfied" else [])
                ],
                "answer_ids": [
                    fields.Command.create(
                        {
                            "criterion_id": criterion.id,
                            "level": chosen.get(criterion.id, False),
                        }
                    )
                    for criterion in lines.criterion_id
                ],
            }
        )
        unlocked(self).write({"used_at": fields.Datetime.now()})
        return ""
