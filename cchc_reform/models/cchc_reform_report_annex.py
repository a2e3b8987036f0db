from markupsafe import Markup

from odoo import api, fields, models


class CchcReformReportAnnex(models.Model):
    """Table behind a report, kept as it was collected.

    ``table`` is ``{"head": [headings], "rows": [[cells]], "note": text}``; cells are
    texts or whole numbers; a row of one cell is a heading across the table.
    """

    _name = "cchc.reform.report.annex"
    _description = "Annex of a Report"
    _inherit = "cchc.reform.report.part"
    _order = "report_id, sequence, id"

    kind = fields.Char(required=True, readonly=True)
    name = fields.Char("Title of the Annex", required=True)
    table = fields.Json(readonly=True)
    row_count = fields.Integer("Rows", compute="_compute_table_html")
    table_html = fields.Html(
        "Rows of the Table",
        compute="_compute_table_html",
        sanitize=False,
        export_string_translation=False,
    )

    @api.depends("table")
    def _compute_table_html(self):
        for annex in self:
            table = annex.table or {}
            rows = table.get("rows", [])
            annex.row_count = len(rows)
            annex.table_html = rows and _html(table["head"], rows[:200])


def _html(head, rows):
    """Return a table for the screen; every text is escaped."""
    width = len(head)
    heads = Markup().join(Markup("<th>%s</th>") % text for text in head)
    lines = Markup().join(
        Markup('<tr><td colspan="%s"><b>%s</b></td></tr>') % (width, row[0])
        if len(row) == 1
        else Markup("<tr>%s</tr>")
        % Markup().join(
            Markup('<td class="text-end">%s</td>') % cell
            if isinstance(cell, int)
            else Markup("<td>%s</td>") % cell
            for cell in row
        )
        for row in rows
    )
    return Markup(
        '<table class="table table-sm table-bordered"><thead><tr>%s</tr></thead>'
        "<tbody>%s</tbody></table>"
    ) % (heads, lines)
