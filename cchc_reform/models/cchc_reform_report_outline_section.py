from odoo import fields, models

#: What stands below the heading of a section that nobody wrote anything into.
WHEN_EMPTY = [
    ("none_arose", "Print “Nothing arose in the period”"),
    ("none", "Print “None”"),
    ("left_out", "Leave the section out"),
    ("bare", "Print the heading only"),
]


class CchcReformReportOutlineSection(models.Model):
    """Section of an outline: a heading, the sentences it begins with, its figures."""

    _name = "cchc.reform.report.outline.section"
    _description = "Section of an Outline"
    _order = "outline_id, sequence, id"

    outline_id = fields.Many2one(
        "cchc.reform.report.outline", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer(default=10)
    number = fields.Char("No.", help="As printed, e.g. I or 2")
    name = fields.Char("Heading", required=True)
    is_part = fields.Boolean(
        "Part", help="A heading of the first order, e.g. I; others stand below it"
    )
    template = fields.Text(
        "Sentences",
        help="One sentence a line. {key} is the value of a figure, {key.part} and "
        "{key.of} numerator and denominator of a share. A sentence of which all "
        "figures are zero is left out, unless it begins with {?key} (only when that "
        "figure is not zero) or {!key} (only when it is zero).",
    )
    when_empty = fields.Selection(
        WHEN_EMPTY,
        required=True,
        default="none_arose",
        help="What is printed when the section has no text; of a part with sections "
        "below it nothing is printed but its heading",
    )
    item_ids = fields.One2many(
        "cchc.reform.report.outline.item", "section_id", "Figures", copy=True
    )
