from odoo import api, fields, models

from ..tools import report_text


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
