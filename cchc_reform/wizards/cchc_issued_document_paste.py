from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from odoo.addons.cchc_onestop.tools.search_text import normalise

from ..models.cchc_issued_document import DIRECTIONS
from ..tools.document_text import (
    body_key,
    read_document,
    split_documents,
    write_reference,
)


class CchcIssuedDocumentPaste(models.TransientModel):
    """Reads documents from pasted text, shows what it understood, then registers them.

    One document a line, e.g. “Kế hoạch số 156/KH-UBND ngày 5/7/2023 của UBND thị xã về
    nâng cao chỉ số cải cách hành chính”.
    """

    _name = "cchc.issued.document.paste"
    _description = "Documents from Pasted Text"

    company_id = fields.Many2one(
        "res.company",
        "Agency",
        required=True,
        default=lambda self: self.env.company,
    )
    text = fields.Text()
    line_ids = fields.One2many(
        "cchc.issued.document.paste.line",
        "paste_id",
        "Documents",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )

    @api.depends("text")
    def _compute_line_ids(self):
        types = {
            kind.key: kind for kind in self.env["cchc.issued.document.type"].search([])
        }
        names = {key: kind.name for key, kind in types.items()}
        for paste in self:
            paste.line_ids = [
                Command.clear(),
                *(
                    Command.create(self._line_vals(read_document(piece, names), types))
                    for piece in split_documents(paste.text)
                ),
            ]

    def _line_vals(self, found, types):
        own = self.env["cchc.issued.document.issuer"]._of_agency(
            self.company_id or self.env.company
        )
        is_own = not found.issuer or body_key(found.issuer) == own.key
        return {
            "reference": write_reference(found.number, found.symbol),
            "type_id": types[found.type_key].id if found.type_key else False,
            "date": found.day,
            "issuer": found.issuer or own.name,
            "subject": found.subject,
            "direction": "outgoing" if is_own else "incoming",
        }

    def action_register(self):
        """Register the documents and show them.

        :raises UserError: naming the line in which something is missing
        """
        self.ensure_one()
        if not self.line_ids:
            raise UserError(
                self.env._("Paste the text first: one document with its number a line.")
            )
        bodies = self.env["cchc.issued.document.issuer"]
        vals_list = []
        for line in self.line_ids:
            line._check_complete()
            vals_list.append(
                {
                    "company_id": self.company_id.id,
                    "direction": line.direction,
                    "type_id": line.type_id.id,
                    "reference": line.reference,
                    "date": line.date,
                    "received_on": fields.Date.context_today(self)
                    if line.direction == "incoming"
                    else False,
                    "issuer_id": bodies._find_or_create(line.issuer).id,
                    "subject": line.subject,
                }
            )
        documents = self.env["cchc.issued.document"].create(vals_list)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cchc_reform.cchc_issued_document_action"
        )
        action["context"] = {}
        if len(documents) == 1:
            return {**action, "res_id": documents.id, "views": [(False, "form")]}
        return {**action, "domain": [("id", "in", documents.ids)]}


class CchcIssuedDocumentPasteLine(models.TransientModel):
    _name = "cchc.issued.document.paste.line"
    _description = "Document Read from Text"

    paste_id = fields.Many2one("cchc.issued.document.paste", ondelete="cascade")
    reference = fields.Char("Number and Symbol")
    type_id = fields.Many2one("cchc.issued.document.type")
    date = fields.Date()
    issuer = fields.Char("Issued by")
    subject = fields.Char("Abstract")
    direction = fields.Selection(DIRECTIONS, required=True, default="incoming")
    twin_id = fields.Many2one(
        "cchc.issued.document", "In the Register", compute="_compute_twin_id"
    )

    @api.depends("reference", "date", "issuer", "paste_id.company_id")
    def _compute_twin_id(self):
        found = self.env["cchc.issued.document"].search(
            [
                ("company_id", "in", self.paste_id.company_id.ids),
                ("date", "in", [line.date for line in self]),
            ],
            order="id desc",
        )
        known = {
            (
                document.company_id,
                (document.reference or "").lower(),
                document.date,
                document.issuer_id.key,
            ): document
            for document in found
        }
        for line in self:
            line.twin_id = known.get(
                (
                    line.paste_id.company_id,
                    (line.reference or "").lower(),
                    line.date,
                    body_key(line.issuer),
                )
            )

    def _check_complete(self):
        self.ensure_one()
        name = self.reference or (self.subject or "")[:60]
        missing = [
            label
            for value, label in (
                (self.date, self.env._("date")),
                (normalise(self.issuer), self.env._("issuing body")),
                (normalise(self.subject), self.env._("abstract")),
            )
            if not value
        ]
        if missing:
            raise UserError(
                self.env._(
                    "“%(document)s” lacks: %(missing)s. Fill it in, then register.",
                    document=name,
                    missing=", ".join(missing),
                )
            )
        if self.twin_id:
            raise UserError(
                self.env._(
                    "“%s” stands in the register already; take its line out.", name
                )
            )
