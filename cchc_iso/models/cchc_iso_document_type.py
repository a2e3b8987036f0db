from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import document_code

KEYS = [
    ("policy", "Policy"),
    ("objectives", "Objectives"),
    ("manual", "Manual"),
    ("system_procedure", "System Procedure"),
    ("procedure_process", "Process of a Procedure"),
    ("work_instruction", "Work Instruction"),
    ("form", "Form"),
    ("external", "External Document"),
]


class CchcIsoDocumentType(models.Model):
    """Type of a controlled document: its code, its layout, how long it is kept.

    What a type is for the system says its key; name, pattern of codes and sections
    are an office's own.
    """

    _name = "cchc.iso.document.type"
    _description = "Document Type"
    _order = "sequence, id"

    name = fields.Char(required=True)
    key = fields.Selection(
        KEYS, "Kind", required=True, help="What the type means for the system"
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    code_pattern = fields.Char(
        help="Codes of new documents, e.g. QT-{number:2} or BM-{parent}.{number:2}. "
        "{unit}: code of the agency, {sector}: code of the field, {parent}: code of "
        "the document that a form belongs to. Empty: codes are given by hand",
    )
    is_generated = fields.Boolean(
        compute="_compute_is_generated",
        help="The text is made from the live process of a procedure",
    )
    section_ids = fields.One2many(
        "cchc.iso.document.section",
        "doc_type_id",
        "Sections",
        domain=[("system_id", "=", False)],
        help="Layout of the text; a system may have its own",
    )
    retention = fields.Char(
        "Records Kept for",
        help="How long the records are kept that a document of this type asks for, "
        "where the procedure does not say",
    )
    document_count = fields.Integer("Documents", compute="_compute_document_count")

    @api.depends("key")
    def _compute_is_generated(self):
        for doc_type in self:
            doc_type.is_generated = doc_type.key == "procedure_process"

    def _compute_document_count(self):
        counts = dict(
            self.env["document.page"]._read_group(
                [("doc_type_id", "in", self.ids)], ["doc_type_id"], ["__count"]
            )
        )
        for doc_type in self:
            doc_type.document_count = counts.get(doc_type, 0)

    @api.constrains("code_pattern")
    def _check_code_pattern(self):
        for doc_type in self:
            try:
                document_code.check(doc_type.code_pattern or "")
            except document_code.PatternError as error:
                raise ValidationError(
                    self.env._(
                        "The pattern of codes of “%(type)s” cannot be used: "
                        "%(reason)s.",
                        type=doc_type.name,
                        reason=error,
                    )
                ) from error

    @api.model
    def _of(self, key):
        """Return the first type of this kind."""
        return self.search([("key", "=", key)], limit=1)

    def _next_codes(self, system, company, values_list):
        """Return the next free codes of this type in the system of an agency.

        Codes of documents that are archived are not given again.

        :param values_list: list of ``{token: text}``, see ``tools/document_code.py``
        :return: list of codes; False where the type has no pattern
        """
        self.ensure_one()
        pattern = self.code_pattern
        if not pattern:
            return [False] * len(values_list)
        known = set(
            self.env["document.page"]
            .sudo()
            .with_context(active_test=False)
            .search_fetch(
                [
                    ("system_id", "=", system.id),
                    ("company_id", "=", company.id),
                    ("code", "!=", False),
                ],
                ["code"],
            )
            .mapped("code")
        )
        last, codes = {}, []
        for values in values_list:
            key = tuple(sorted(values.items()))
            if key not in last:
                last[key] = max(
                    (document_code.number_in(pattern, values, code) for code in known),
                    default=0,
                )
            last[key] += 1
            code = document_code.render(pattern, values, last[key])
            codes.append(code if code not in known else False)
            known.add(code)
        return codes

    def action_open_documents(self):
        """Open the documents of this type."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cchc_iso.document_page_action"
        )
        return {
            **action,
            "domain": [("doc_type_id", "=", self.id)],
            "context": {"default_doc_type_id": self.id},
        }
