from odoo import api, fields, models

from ..tools import report_text
from .cchc_reform_report_outline_section import WHEN_EMPTY


class CchcReformReportSection(models.Model):
    """Section of a report: what a person writes, begun with sentences from figures.

    Filling it again changes only the sentences that still stand as they were filled;
    where a person changed one, the newer one is offered beside.
    """

    _name = "cchc.reform.report.section"
    _description = "Section of a Report"
    _inherit = "cchc.reform.report.part"
    _order = "report_id, sequence, id"

    number = fields.Char("No.")
    name = fields.Char("Heading", required=True)
    is_part = fields.Boolean("Part")
    template = fields.Text("Sentences", readonly=True)
    body = fields.Text(help="One paragraph a line, as printed")
    # Without a value: laid out before there was a choice, printed as it was then.
    when_empty = fields.Selection(
        WHEN_EMPTY, help="What is printed when the section has no text"
    )
    filled = fields.Json(readonly=True, help="Sentences of the last filling")
    offered = fields.Text(
        "Newer Sentences",
        readonly=True,
        help="Their figures are newer than the text, but a person changed the "
        "paragraph they would replace",
    )
    figure_ids = fields.One2many("cchc.reform.report.figure", "section_id", "Figures")

    @api.depends("number", "name")
    def _compute_display_name(self):
        for section in self:
            section.display_name = ". ".join(
                filter(None, [section.number, section.name])
            )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(
            [{"when_empty": "none_arose", **vals} for vals in vals_list]
        )

    def _fill(self, values):
        """Fill the sections from figures, keeping what a person wrote.

        :param values: ``{key: report_text.Value}``
        """
        for section in self:
            after = report_text.fill(section.template, values)
            merged = report_text.merge(section.body, section.filled or {}, after)
            section.write(
                {
                    "body": merged.text,
                    "filled": after,
                    "offered": "\n".join(merged.open),
                }
            )

    def action_take_offered(self):
        """Put the newer sentences below the text."""
        for section in self:
            section.write(
                {
                    "body": "\n".join(filter(None, [section.body, section.offered])),
                    "offered": False,
                }
            )
        return True

    def action_drop_offered(self):
        """Leave the text as it is."""
        self.write({"offered": False})
        return True
