from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..tools import answer


class CchcLookupSettle(models.TransientModel):
    """Decide, piece by piece, on what differs between a register and our data.

    Nothing is taken over unless a person ticks it; what the register has wrong becomes
    a discrepancy with what the paper says and the evidence.
    """

    _name = "cchc.lookup.settle"
    _description = "Decide on an Answer"

    request_id = fields.Many2one("cchc.lookup.request", required=True, readonly=True)
    partner_id = fields.Many2one(related="request_id.partner_id")
    evidence = fields.Char(
        help="Paper that shows what is right: kind, number, day, who issued it"
    )
    attachment_ids = fields.Many2many("ir.attachment", string="Files")
    line_ids = fields.One2many("cchc.lookup.settle.line", "settle_id", "Data")
    any_wrong = fields.Boolean(compute="_compute_any_wrong")

    @api.model
    def _open(self, request):
        """Return the window of this form about an answer."""
        settle = self.create(
            {
                "request_id": request.id,
                "line_ids": [
                    Command.create({"value_id": value.id})
                    for value in request.value_ids
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Decide on the Answer"),
            "res_model": self._name,
            "res_id": settle.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    @api.depends("line_ids.decision")
    def _compute_any_wrong(self):
        for settle in self:
            settle.any_wrong = "wrong" in settle.line_ids.mapped("decision")

    def action_confirm(self):
        """Carry out the decisions, all or none."""
        self.ensure_one()
        request = self.request_id
        if not request.can_settle:
            raise UserError(
                self.env._(
                    "Only who made a look-up decides on it, while its data last."
                )
            )
        taken = self.line_ids.filtered(lambda line: line.decision == "take")
        wrong = self.line_ids.filtered(lambda line: line.decision == "wrong")
        if not taken and not wrong:
            raise UserError(
                self.env._("Choose for at least one line what is to be done with it.")
            )
        if taken:
            self._take_over(taken)
        if wrong:
            self._record(wrong)
        return request._open()

    def _take_over(self, lines):
        """Write the ticked data to the person, and say so in the chatter."""
        partner = self.partner_id
        if not partner:
            raise UserError(self.env._("This look-up is about no applicant of ours."))
        values = {}
        for line in lines:
            value = line.value_id
            if not value.partner_field:
                raise UserError(
                    self.env._(
                        "“%s” is shown only: there is no field for it here.", value.name
                    )
                )
            values[value.partner_field] = line._partner_value()
        # officers do not write contacts; these few fields they may, from an answer
        partner.check_access("read")
        partner.sudo().write(values)
        names = ", ".join(lines.mapped("value_id.name"))
        partner.sudo().message_post(
            body=self.env._(
                "Taken over from %(register)s (look-up %(reference)s): %(names)s.",
                register=self.request_id.source,
                reference=self.request_id.reference[:8],
                names=names,
            )
        )

    def _record(self, lines):
        """Record what the register has wrong."""
        self.env["cchc.lookup.discrepancy"].create(
            [
                {
                    "request_id": self.request_id.id,
                    "name": line.value_id.name,
                    "returned": line.value_id.returned,
                    "on_paper": line.on_paper,
                    "evidence": self.evidence,
                    "attachment_ids": [Command.set(self.attachment_ids.ids)],
                }
                for line in lines
            ]
        )


class CchcLookupSettleLine(models.TransientModel):
    """One piece of data of an answer, and what is to be done with it."""

    _name = "cchc.lookup.settle.line"
    _description = "Decision on a Piece of Data"
    _order = "id"

    settle_id = fields.Many2one("cchc.lookup.settle", required=True, ondelete="cascade")
    value_id = fields.Many2one("cchc.lookup.value", required=True, ondelete="cascade")
    name = fields.Char(related="value_id.name")
    returned = fields.Char(related="value_id.returned")
    ours = fields.Char(related="value_id.ours")
    verdict = fields.Selection(related="value_id.verdict")
    can_take = fields.Boolean(compute="_compute_can_take")
    decision = fields.Selection(
        [
            ("keep", "Leave as it is"),
            ("take", "Take over here"),
            ("wrong", "The register is wrong"),
        ],
        default="keep",
        required=True,
    )
    on_paper = fields.Char("The Paper Says")

    @api.depends("value_id")
    def _compute_can_take(self):
        for line in self:
            value = line.value_id
            line.can_take = bool(value.partner_field and value.returned)

    def _partner_value(self):
        """Return the value as the applicant's field holds it."""
        value = self.value_id
        if not value.returned:
            raise UserError(
                self.env._(
                    "“%s”: the register returned nothing to take over.", value.name
                )
            )
        if value.kind == answer.DAY:
            day = answer.parse_day(value.returned)
            if not day:
                raise UserError(
                    self.env._(
                        "“%(name)s”: “%(text)s” is no whole date; type it on the "
                        "applicant by hand.",
                        name=value.name,
                        text=value.returned,
                    )
                )
            return day
        if value.kind == answer.SEX:
            return answer.canonical(answer.SEX, value.returned)
        return value.returned
