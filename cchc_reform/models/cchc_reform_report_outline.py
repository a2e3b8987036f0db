from odoo import fields, models


class CchcReformReportOutline(models.Model):
    """Outline of a report (đề cương): its sections, what each tells, its annexes.

    The shipped one follows the outline of periodic reports (CV 581/BNV-CCHC); an agency
    changes it or makes its own. A report keeps what it was made from.
    """

    _name = "cchc.reform.report.outline"
    _description = "Outline of a Report"
    _order = "sequence, id"

    name = fields.Char(required=True)
    title = fields.Char(
        "Title on Paper",
        required=True,
        help="Printed below “BÁO CÁO”, with {period} for the name of the period",
    )
    basis = fields.Text(
        "Opening",
        help="First paragraphs of the report; {period}, {agency} and {superior} are "
        "filled in",
    )
    section_ids = fields.One2many(
        "cchc.reform.report.outline.section", "outline_id", "Sections", copy=True
    )
    annex_ids = fields.One2many(
        "cchc.reform.report.outline.annex", "outline_id", "Annexes", copy=True
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
