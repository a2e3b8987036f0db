from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import escape_psql

from odoo.addons.cchc_onestop.tools.guard import is_unlocked, unlocked
from odoo.addons.cchc_onestop.tools.search_text import normalise, words

from ..tools.document_text import (
    is_too_early,
    read_reference,
    reported_period,
    same_day_next_year,
    write_reference,
)

DIRECTIONS = [("outgoing", "Outgoing"), ("incoming", "Incoming")]
URGENCIES = [
    ("normal", "Normal"),
    ("urgent", "Urgent"),
    ("very_urgent", "Very Urgent"),
    ("express", "Express"),
]
SIGNATURES = [
    ("none", "Not Signed"),
    ("paper", "Signed on Paper"),
    ("digital", "Digitally Signed"),
]
_REMARK = ("confirmed_by_id", "confirmed_at", "confirm_reason")
_DATES = frozenset(
    {"date", "received_on", "period_from", "period_to", "subject", "type_id"}
)


class CchcIssuedDocument(models.Model):
    """Document in the register of an agency (sổ đăng ký văn bản), issued or received.

    It is known by issuer, number, symbol and date: the same number comes back every
    year and in every agency. Dates that cannot be are questioned, never refused: what
    was printed wrongly stays as it was printed, with the reason why it is accepted.
    """

    _name = "cchc.issued.document"
    _description = "Issued Document"
    _inherit = ["cchc.reform.entry.mixin"]
    _order = "date desc, number_order desc, id desc"
    _check_company_auto = True

    direction = fields.Selection(DIRECTIONS, required=True, default="outgoing")
    type_id = fields.Many2one(
        "cchc.issued.document.type", ondelete="restrict", index=True
    )
    number = fields.Char("No.", index="btree_not_null", tracking=True)
    number_order = fields.Integer(
        compute="_compute_reference", store=True, aggregator=None
    )
    symbol = fields.Char(tracking=True, help="E.g. KH-UBND, of party bodies QĐ/ĐU")
    reference = fields.Char(
        "Number and Symbol",
        compute="_compute_reference",
        inverse="_inverse_reference",
        store=True,
        help="As printed: 156/KH-UBND, 19-QĐ/ĐU",
    )
    date = fields.Date(
        required=True,
        index=True,
        default=lambda self: fields.Date.context_today(self),
        tracking=True,
    )
    received_on = fields.Date("Received on", tracking=True)
    entry_number = fields.Char(
        "Register No.", help="Number in the book of incoming documents (số đến)"
    )
    subject = fields.Char(
        "Abstract", required=True, tracking=True, help="Trích yếu nội dung"
    )
    issuer_id = fields.Many2one(
        "cchc.issued.document.issuer",
        "Issued by",
        required=True,
        ondelete="restrict",
        index=True,
        compute="_compute_issuer_id",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
    )
    signer_name = fields.Char("Signed by")
    urgency = fields.Selection(URGENCIES, required=True, default="normal")
    area_id = fields.Many2one("cchc.reform.area", ondelete="restrict", index=True)
    plan_id = fields.Many2one(
        "cchc.reform.plan",
        check_company=True,
        ondelete="set null",
        index="btree_not_null",
        help="Plan that this document issues or reports on",
    )
    signature_state = fields.Selection(
        SIGNATURES,
        string="Signature",
        compute="_compute_signature_state",
        store=True,
        readonly=False,
    )
    url = fields.Char("Link")
    note = fields.Text("Notes")
    period_from = fields.Date(
        "Looks Back from",
        compute="_compute_period",
        store=True,
        readonly=False,
        precompute=True,
    )
    period_to = fields.Date(
        "Looks Back until",
        compute="_compute_period",
        store=True,
        readonly=False,
        precompute=True,
        help="Last day of what the document tells of; worked out from its abstract",
    )
    is_contradictory = fields.Boolean(
        "Dates Contradict Each Other", compute="_compute_is_contradictory", store=True
    )
    needs_check = fields.Boolean(
        "To Be Checked", compute="_compute_warning", search="_search_needs_check"
    )
    warning = fields.Text(compute="_compute_warning")
    confirm_reason = fields.Char(
        "Accepted Because", readonly=True, copy=False, tracking=True
    )
    confirmed_by_id = fields.Many2one(
        "res.users", "Accepted by", readonly=True, copy=False
    )
    confirmed_at = fields.Datetime("Accepted on", readonly=True, copy=False)
    search_text = fields.Char(compute="_compute_search_text", store=True)

    _document_uniq = models.UniqueIndex(
        "(company_id, issuer_id, upper(number), coalesce(upper(symbol), ''), date) "
        "WHERE number IS NOT NULL",
        "This document (issuer, number, symbol, date) stands in the register already.",
    )
    _search_text_idx = models.Index(
        lambda registry: (
            "USING gin (search_text gin_trgm_ops)" if registry.has_trigram else ""
        )
    )
    _year_idx = models.Index("(company_id, date)")

    # --- Computed

    @api.depends("number", "symbol")
    def _compute_reference(self):
        for document in self:
            document.reference = (
                write_reference(document.number, document.symbol) or False
            )
            digits = "".join(filter(str.isdigit, document.number or ""))
            document.number_order = int(digits[:9] or 0)

    def _inverse_reference(self):
        for document in self:
            text = (document.reference or "").strip()
            found = read_reference(text)
            if found:
                document.number, document.symbol = found
            elif text.isdigit() or not text:
                document.number, document.symbol = text or False, False
            else:
                raise UserError(
                    self.env._(
                        "“%s” is no number with its symbol; write it as printed, e.g. "
                        "156/KH-UBND or 19-QĐ/ĐU.",
                        text,
                    )
                )

    @api.depends("direction", "company_id")
    def _compute_issuer_id(self):
        bodies = self.env["cchc.issued.document.issuer"]
        for document in self:
            if document.direction == "outgoing" and document.company_id:
                if not document.issuer_id:
                    document.issuer_id = bodies._of_agency(document.company_id)
            elif document.issuer_id.agency_id == document.company_id:
                document.issuer_id = False

    @api.depends("attachment_ids")
    def _compute_signature_state(self):
        for document in self:
            files = document.sudo().attachment_ids
            if any(_is_signed(file) for file in files):
                document.signature_state = "digital"
            else:
                document.signature_state = document.signature_state or (
                    "paper" if files else "none"
                )

    @api.depends("subject", "type_id")
    def _compute_period(self):
        for document in self:
            first, last = reported_period(
                document.subject, document.type_id.is_report
            ) or (False, False)
            document.period_from, document.period_to = first, last

    @api.depends("date", "received_on", "period_to")
    def _compute_is_contradictory(self):
        for document in self:
            document.is_contradictory = bool(document.date) and bool(
                (document.received_on and document.received_on < document.date)
                or (document.period_to and document._is_too_early())
            )

    def _is_too_early(self):
        return is_too_early(self.date, self.period_to)

    @api.depends("date", "received_on", "period_to", "confirmed_at", "number")
    @api.depends_context("tz")
    def _compute_warning(self):
        today = fields.Date.context_today(self)
        for document in self:
            sentences = document._date_sentences(today)
            document.needs_check = bool(sentences) and not document.confirmed_at
            document.warning = "\n".join(sentences) or False

    def _date_sentences(self, today):
        """Return what is odd about the dates of the document, a sentence each."""
        self.ensure_one()
        sentences = []
        if not self.date:
            return sentences
        day = self.date.strftime("%d/%m/%Y")
        if self.date > today:
            sentences.append(
                self.env._("The document is dated %s, which lies in the future.", day)
            )
        if self.received_on and self.received_on > today:
            sentences.append(
                self.env._(
                    "It is received on %s, which lies in the future.",
                    self.received_on.strftime("%d/%m/%Y"),
                )
            )
        if self.received_on and self.received_on < self.date:
            sentences.append(
                self.env._(
                    "It arrived on %(received)s, before it was issued on %(day)s.",
                    received=self.received_on.strftime("%d/%m/%Y"),
                    day=day,
                )
            )
        if self.period_to and self._is_too_early():
            later = same_day_next_year(self.date)
            guess = ""
            if not is_too_early(later, self.period_to):
                guess = self.env._("Perhaps %s is meant.", later.strftime("%d/%m/%Y"))
            sentences.append(
                " ".join(
                    filter(
                        None,
                        [
                            self.env._(
                                "It is dated %(day)s, but looks back on a time that "
                                "ended on %(last)s.",
                                day=day,
                                last=self.period_to.strftime("%d/%m/%Y"),
                            ),
                            guess,
                        ],
                    )
                )
            )
        return sentences

    def _search_needs_check(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        domain = Domain("confirmed_at", "=", False) & (
            Domain("is_contradictory", "=", True)
            | Domain("date", ">", today)
            | Domain("received_on", ">", today)
        )
        return domain if True in value else ~domain

    @api.depends("reference", "subject", "issuer_id.name", "signer_name", "type_id")
    def _compute_search_text(self):
        for document in self:
            document.search_text = normalise(
                " ".join(
                    filter(
                        None,
                        [
                            document.reference,
                            document.type_id.name,
                            document.subject,
                            document.issuer_id.name,
                            document.signer_name,
                        ],
                    )
                )
            )

    @api.depends("reference", "date", "subject")
    @api.depends_context("formatted_display_name")
    def _compute_display_name(self):
        for document in self:
            head = document.reference or document.type_id.name or ""
            if document.date:
                head = f"{head} ({document.date:%d/%m/%Y})".strip()
            subject = document.subject or ""
            if len(subject) > 80:
                subject = f"{subject[:80].rsplit(' ', 1)[0]} …"
            document.display_name = " ".join(filter(None, [head, subject]))

    @api.model
    def _search_display_name(self, operator, value):
        """Find by number, abstract, issuer: all words, without regard to accents."""
        if operator in ("ilike", "like") and isinstance(value, str):
            return Domain.AND(
                Domain("search_text", "like", escape_psql(word))
                for word in words(value)
            )
        if operator in ("not ilike", "not like"):
            return ~Domain(self._search_display_name("ilike", value))
        return super()._search_display_name(operator, value)

    # --- Entry

    @api.onchange("direction")
    def _onchange_direction(self):
        if self.direction == "incoming" and not self.received_on:
            self.received_on = fields.Date.context_today(self)
        elif self.direction == "outgoing":
            self.received_on = False

    @api.onchange("reference")
    def _onchange_reference(self):
        found = read_reference(self.reference)
        if not found:
            return
        self.number, self.symbol = found
        if not self.type_id:
            self.type_id = self._type_of_symbol(found.symbol)

    @api.model
    def _type_of_symbol(self, symbol):
        """Return the type that a symbol bears; letters bear none."""
        key = symbol.replace("/", "-").split("-")
        key = key[1] if key[0].isdigit() and len(key) > 1 else key[0]
        return self.env["cchc.issued.document.type"].search(
            [("key", "=ilike", escape_psql(key))], limit=1
        )

    @api.model_create_multi
    def create(self, vals_list):
        if not is_unlocked(self.env):
            for vals in vals_list:
                for name in _REMARK:
                    vals.pop(name, None)
        types = {}
        for vals in vals_list:
            _split_reference(vals)
            symbol = vals.get("symbol")
            if symbol and "type_id" not in vals:
                if symbol not in types:
                    types[symbol] = self._type_of_symbol(symbol).id
                vals["type_id"] = types[symbol]
        documents = super().create(vals_list)
        documents.filtered("attachment_ids")._file_to_dms()
        return documents

    def write(self, vals):
        if not is_unlocked(self.env):
            if any(vals.get(name) for name in _REMARK):
                raise AccessError(
                    self.env._("Who accepted a date and why is kept by the system.")
                )
            if _DATES & set(vals):
                # What was accepted were the dates before.
                vals = {**vals, **dict.fromkeys(_REMARK, False)}
        vals = dict(vals)
        _split_reference(vals)
        result = super().write(vals)
        if "attachment_ids" in vals:
            self._file_to_dms()
        return result

    def accept_dates(self, reason):
        """Accept dates that cannot be as they are printed, with the reason."""
        self.check_access("write")
        reason = (reason or "").strip()
        if not reason:
            raise UserError(
                self.env._("Say why the dates are right as they are, e.g. misprint.")
            )
        unlocked(self).write(
            {
                "confirm_reason": reason,
                "confirmed_by_id": self.env.uid,
                "confirmed_at": fields.Datetime.now(),
            }
        )
        return True


def _split_reference(vals):
    """Write number and symbol where only the reference as printed is given."""
    if vals.get("reference") and not vals.get("number"):
        found = read_reference(vals["reference"])
        if found:
            vals.pop("reference")
            vals["number"], vals["symbol"] = found


def _is_signed(attachment):
    """Whether a PDF carries a digital signature."""
    if attachment.mimetype != "application/pdf":
        return False
    raw = attachment.raw or b""
    return b"/ByteRange" in raw and b"/Sig" in raw
