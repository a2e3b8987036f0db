from odoo import api, fields, models

KINDS = [
    ("text", "Text of the Office"),
    ("heading", "Heading Only"),
    ("references", "Texts Referred to"),
    ("legal", "Legal Bases"),
    ("parts", "Parts of the Dossier"),
    ("sets", "Number of Sets"),
    ("time", "Time of Settlement"),
    ("place", "Place of Reception and Return"),
    ("fees", "Fees"),
    ("steps", "Steps"),
    ("forms", "Forms"),
    ("kept", "Records Kept"),
]


class CchcIsoDocumentSection(models.Model):
    """Section in the layout of a document type: its place, its title, what fills it.

    Sections of the kind “text” are written by the office, each issue anew; all others
    are made from the live process, so that they cannot drift from it.
    """

    _name = "cchc.iso.document.section"
    _description = "Section of a Document"
    _order = "doc_type_id, system_id, sequence, id"
    _rec_name = "title"

    doc_type_id = fields.Many2one(
        "cchc.iso.document.type", required=True, index=True, ondelete="cascade"
    )
    system_id = fields.Many2one(
        "mgmtsystem.system",
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: for all systems. A system with sections of its own uses only "
        "these",
    )
    sequence = fields.Integer(default=10)
    level = fields.Selection(
        [("1", "Section (1, 2, 3 …)"), ("2", "Subsection (5.1, 5.2 …)")],
        required=True,
        default="1",
    )
    title = fields.Char(required=True)
    kind = fields.Selection(KINDS, "Filled with", required=True, default="text")
    standard_text = fields.Html(
        help="Stands where the office has written nothing; {procedure} is the name of "
        "the procedure, {agency} that of the agency"
    )
    optional = fields.Boolean(help="Left out where it would be empty")

    @api.model
    def _layout(self, doc_type, system):
        """Return the sections of a type: the system's own ones, else the general."""
        sections = self.sudo().search(
            [
                ("doc_type_id", "=", doc_type.id),
                ("system_id", "in", [system.id, False]),
            ]
        )
        own = sections.filtered("system_id")
        return own or sections

    def _numbers(self):
        """Return ``{section id: number}``: 1, 2, … and 5.1, 5.2 …"""
        first = second = 0
        numbers = {}
        for section in self:
            if section.level == "1":
                first, second = first + 1, 0
                numbers[section.id] = str(first)
            else:
                second += 1
                numbers[section.id] = f"{first}.{second}"
        return numbers
