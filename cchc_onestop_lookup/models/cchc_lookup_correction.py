from odoo import api, fields, models
from odoo.exceptions import UserError


class CchcLookupCorrection(models.Model):
    """Request to the body that keeps a register to correct data about a person.

    Drafted from the discrepancies, printed for the head's signature, sent; the answer
    of the body ends it and its discrepancies.
    """

    _name = "cchc.lookup.correction"
    _description = "Correction Request"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"

    name = fields.Char("Reference", readonly=True, copy=False)
    number = fields.Char(
        "Number and Symbol",
        copy=False,
        tracking=True,
        help="As the office numbered the letter; dots are printed without it",
    )
    company_id = fields.Many2one(
        "res.company", "Agency", required=True, readonly=True, index=True
    )
    service_id = fields.Many2one(
        "cchc.lookup.service", "Register", required=True, readonly=True
    )
    partner_id = fields.Many2one(
        "res.partner", "Person or Business", readonly=True, index=True
    )
    authority_name = fields.Char("Addressed to", required=True)
    signer_id = fields.Many2one(
        "res.users",
        domain="[('company_ids', 'in', company_id)]",
        help="Empty: the title of the head is printed, to be signed by hand",
    )
    discrepancy_ids = fields.One2many(
        "cchc.lookup.discrepancy", "correction_id", "Discrepancies", readonly=True
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("sent", "Sent"),
            ("corrected", "Corrected"),
            ("kept", "Not Corrected"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
    )
    sent_on = fields.Date(
        "Date of the Letter",
        copy=False,
        tracking=True,
        help="Day on which the office dated and sent the letter",
    )
    answered_on = fields.Date(readonly=True, copy=False)
    answer = fields.Text(help="What the body wrote back", copy=False)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not self.env.su:
                vals.pop("state", None)
                vals.pop("answered_on", None)
        rows = super().create(vals_list)
        for row in rows:
            day = row.company_id._cchc_local_date(fields.Datetime.now())
            row.sudo().name = self.env["cchc.number"].take(
                f"lookup_correction/{row.company_id.id}",
                str(day.year),
                lambda number, year=day.year: f"ĐC/{year}/{number:04d}",
            )[0]
        return rows

    def write(self, vals):
        if not self.env.su:
            if {"state", "answered_on"} & vals.keys():
                raise UserError(
                    self.env._("Send or end a correction request with its buttons.")
                )
            sent = self.filtered(lambda row: row.state != "draft")
            if sent and ("sent_on" in vals or not vals.get("number", True)):
                raise UserError(
                    self.env._(
                        "%s was sent: it keeps its number and date.", sent[0].name
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_draft_only(self):
        if self.filtered(lambda row: row.state != "draft"):
            raise UserError(self.env._("A correction request that was sent stays."))

    def _move(self, before, state, **values):
        """Bring requests and their discrepancies to another state."""
        self.check_access("write")
        for row in self:
            if row.state != before:
                raise UserError(
                    self.env._(
                        "%(name)s is not in the state for this: it is “%(state)s”.",
                        name=row.name,
                        state=dict(
                            self._fields["state"]._description_selection(self.env)
                        )[row.state],
                    )
                )
            if not row.discrepancy_ids:
                raise UserError(self.env._("%s names no discrepancy.", row.name))
        self.sudo().write({"state": state, **values})
        self.discrepancy_ids.sudo().write(
            {"state": "requested" if state == "sent" else state}
        )

    def action_send(self):
        """Note that the letter went out, with the number and date it bears."""
        self.check_access("write")
        for row in self:
            if not (row.number or "").strip() or not row.sent_on:
                raise UserError(
                    self.env._(
                        "%s: enter the number and the date of the letter as the "
                        "office issued it, then note it as sent.",
                        row.name,
                    )
                )
            if row.sent_on > row.company_id._cchc_local_date(fields.Datetime.now()):
                raise UserError(
                    self.env._(
                        "%s: the date of the letter lies in the future.", row.name
                    )
                )
        self._move("draft", "sent")

    def action_corrected(self):
        """Note that the register was corrected."""
        self._move("sent", "corrected", answered_on=fields.Date.context_today(self))

    def action_kept(self):
        """Note that the register stays as it is; say why in the answer first."""
        for row in self:
            if not (row.answer or "").strip():
                raise UserError(
                    self.env._(
                        "%s: enter what the body answered, then end the request.",
                        row.name,
                    )
                )
        self._move("sent", "kept", answered_on=fields.Date.context_today(self))
