from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from ..tools import answer


class CchcLookupAsk(models.TransientModel):
    """Ask a register, over the agency's line or by hand.

    The purpose is compulsory; the number is filled in from the dossier. Without a line,
    or when it is down, the officer states what another program shows, and which.
    """

    _name = "cchc.lookup.ask"
    _description = "Look up in a Register"

    dossier_id = fields.Many2one("cchc.dossier", readonly=True)
    partner_id = fields.Many2one("res.partner", "About")
    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", store=True
    )
    service_id = fields.Many2one("cchc.lookup.service", "Register", required=True)
    key_kind = fields.Selection(related="service_id.key_kind")
    key = fields.Char(
        "Number", compute="_compute_key", store=True, readonly=False, required=True
    )
    purpose_id = fields.Many2one(
        "cchc.lookup.purpose",
        required=True,
        compute="_compute_purpose_id",
        store=True,
        readonly=False,
    )
    allowed_purpose_ids = fields.Many2many(
        "cchc.lookup.purpose", compute="_compute_allowed_purpose_ids"
    )
    note = fields.Char(help="What else there is to say about the purpose")
    part_ids = fields.Many2many(
        "cchc.dossier.document",
        string="Stands for",
        domain="[('dossier_id', '=', dossier_id), ('source', '=', 'database')]",
        help="Parts of the dossier that the answer replaces",
    )
    retry_of_id = fields.Many2one("cchc.lookup.request", readonly=True)
    has_line = fields.Boolean(compute="_compute_has_line")
    by_hand = fields.Boolean(
        "Enter by Hand", compute="_compute_by_hand", store=True, readonly=False
    )
    outcome = fields.Selection(
        [
            ("found", "Shows the data below"),
            ("not_found", "Does not know the number"),
            ("failed", "Gave no answer"),
        ],
        "The Other Program",
        default="found",
    )
    source = fields.Char("Program", help="Program or register that showed the data")
    source_at = fields.Datetime("Seen", default=fields.Datetime.now)
    failed_reason = fields.Char("What Happened")
    line_ids = fields.One2many(
        "cchc.lookup.ask.line",
        "ask_id",
        "Data",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )

    @api.model
    def _open(self, dossier=None, partner=None, service=None, retry_of=None):
        """Return the window of this form about a dossier or a person."""
        parts = dossier.document_ids if dossier else self.env["cchc.dossier.document"]
        parts = parts.filtered(
            lambda part: part.kind == "database" and not part.lookup_id
        )
        business = bool(partner and partner.sudo().cchc_identity_type == "tax")
        if not service:
            service = self.env["cchc.lookup.service"].search(
                [("key_kind", "in" if business else "not in", ["tax"])], limit=1
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Look up in a Register"),
            "res_model": self._name,
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_dossier_id": dossier.id if dossier else False,
                "default_partner_id": partner.id if partner else False,
                "default_service_id": service.id,
                "default_part_ids": [Command.set(parts.ids)],
                "default_retry_of_id": retry_of.id if retry_of else False,
            },
        }

    @api.depends("dossier_id")
    @api.depends_context("company")
    def _compute_company_id(self):
        for ask in self:
            ask.company_id = ask.dossier_id.company_id or self.env.company

    @api.depends("partner_id", "service_id")
    def _compute_key(self):
        for ask in self:
            partner = ask.partner_id
            if ask.key_kind == "old":
                ask.key = partner.cchc_old_identity
            else:
                ask.key = partner.cchc_identity

    @api.depends("service_id", "dossier_id")
    def _compute_allowed_purpose_ids(self):
        day = fields.Date.context_today(self)
        purposes = self.env["cchc.lookup.purpose"].search(Domain.TRUE)
        for ask in self:
            ask.allowed_purpose_ids = purposes.filtered(
                lambda purpose, ask=ask: purpose._allows(
                    ask.service_id, ask.dossier_id, day
                )
            )

    @api.depends("allowed_purpose_ids")
    def _compute_purpose_id(self):
        """The first purpose within a dossier; outside of one, a person chooses."""
        for ask in self:
            if ask.purpose_id not in ask.allowed_purpose_ids:
                allowed = ask.allowed_purpose_ids
                ask.purpose_id = allowed[:1] if ask.dossier_id else False

    @api.depends("service_id", "company_id")
    def _compute_has_line(self):
        connections = self.env["cchc.lookup.connection"].sudo()
        for ask in self:
            connection = connections._for(ask.company_id, ask.service_id)
            ask.has_line = bool(connection) and connection.adapter != "manual"

    @api.depends("has_line")
    def _compute_by_hand(self):
        for ask in self:
            ask.by_hand = not ask.has_line

    @api.depends("service_id")
    def _compute_line_ids(self):
        for ask in self:
            ask.line_ids = [Command.clear()] + [
                Command.create({"field_id": field.id})
                for field in ask.service_id.field_ids
            ]

    def action_ask(self):
        """Ask over the line and show what came back."""
        self.ensure_one()
        requests = self.env["cchc.lookup.request"]
        found = requests._ask(
            self.service_id,
            self.key,
            self.purpose_id,
            self.dossier_id,
            self.partner_id,
            self.note,
            self.part_ids,
        )
        return requests.browse(found)._open()

    def action_enter(self):
        """Write down what another program showed."""
        self.ensure_one()
        if self.outcome == "failed" and not (self.failed_reason or "").strip():
            raise UserError(self.env._("Say what happened instead of an answer."))
        found = [
            (line.field_id, line.value or "")
            for line in self.line_ids
            if self.outcome == "found"
        ]
        if self.outcome == "found" and not any(text.strip() for _f, text in found):
            raise UserError(
                self.env._(
                    "Type at least one of the data that the program shows, or choose "
                    "that it does not know the number."
                )
            )
        for field, text in found:
            if field.kind == answer.DAY and not answer.could_be_day(text):
                raise UserError(
                    self.env._(
                        "“%(name)s”: “%(text)s” is no date: type dd/mm/yyyy, or the "
                        "year alone where only that is known.",
                        name=field.name,
                        text=text,
                    )
                )
        request = self.env["cchc.lookup.request"]._enter(
            self.service_id,
            self.key,
            self.purpose_id,
            self.dossier_id,
            self.partner_id,
            found,
            source=self.source,
            source_at=self.source_at,
            note=self.note,
            parts=self.part_ids,
            retry_of=self.retry_of_id,
            failed=self.failed_reason if self.outcome == "failed" else "",
        )
        return request._open()


class CchcLookupAskLine(models.TransientModel):
    """What another program shows in one field."""

    _name = "cchc.lookup.ask.line"
    _description = "Data Seen"
    _order = "id"

    ask_id = fields.Many2one("cchc.lookup.ask", required=True, ondelete="cascade")
    field_id = fields.Many2one("cchc.lookup.field", "Data", required=True)
    value = fields.Char()
