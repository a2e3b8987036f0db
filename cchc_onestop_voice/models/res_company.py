from odoo import api, fields, models


class ResCompany(models.Model):
    """What an agency settles about the voice of citizens."""

    _inherit = "res.company"

    cchc_evaluation_days = fields.Integer(
        "Evaluation Is Open for (days)",
        default=30,
        help="Days after the return of a result in which its link is good",
    )
    cchc_evaluation_minimum = fields.Integer(
        "Fewest Slips Shown Together",
        default=5,
        help="Who settled dossiers sees sums of at least as many slips only",
    )
    cchc_evaluation_mail = fields.Boolean(
        "Invite by E-Mail",
        default=True,
        help="Applicants with an e-mail address get the link when the result is "
        "returned",
    )
    cchc_evaluation_text = fields.Text(
        "Text of the Invitation",
        default="{agency}: hồ sơ {code} đã trả kết quả. Mời Ông/Bà đánh giá tại "
        "{link} (đến hết {day}). Phiếu không ghi tên, người giải quyết không xem được.",
        help="SMS or message with the link; {agency}, {code}, {link} and {day} are "
        "filled in",
    )
    cchc_petition_mail = fields.Boolean(
        "Tell Senders of Petitions by E-Mail",
        default=True,
        help="Senders with an e-mail address are told of the receipt and of the "
        "result, without what they wrote and without the answer",
    )
    cchc_followup_days = fields.Integer(
        "Follow-Up of Dissatisfaction (working days)", default=5
    )

    _cchc_evaluation_days_positive = models.Constraint(
        "CHECK (cchc_evaluation_days > 0)",
        "The evaluation of a dossier is open for at least one day.",
    )
    _cchc_evaluation_minimum_safe = models.Constraint(
        "CHECK (cchc_evaluation_minimum >= 3)",
        "Sums of fewer than three slips would tell who said what.",
    )
    _cchc_followup_days_positive = models.Constraint(
        "CHECK (cchc_followup_days > 0)", "A follow-up takes at least one day."
    )

    @api.model
    def _cchc_settings(self):
        return super()._cchc_settings() | {
            "cchc_evaluation_days",
            "cchc_evaluation_minimum",
            "cchc_evaluation_mail",
            "cchc_evaluation_text",
            "cchc_petition_mail",
            "cchc_followup_days",
        }

    def _cchc_voice_slug(self):
        """Return what stands for the agency in public addresses."""
        self.ensure_one()
        return self.cchc_unit_code or str(self.id)

    def _cchc_voice_address(self, page):
        """Return the address of a public page of the agency.

        :param page: ``danh-gia`` results, ``pakn`` petitions
        """
        path = {
            "danh-gia": "/danh-gia/ket-qua/%s",
            "pakn": "/pakn/%s",
            "tra-cuu": "/pakn/%s/tra-cuu",
            "cong-khai": "/pakn/%s/cong-khai",
        }[page]
        return self.get_base_url() + path % self._cchc_voice_slug()
