from markupsafe import Markup

from odoo import api, fields, models

from ..tools.figure import is_printed_number, vietnamese


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
    row_count = fields.Integer("Number of Rows", compute="_compute_table_html")
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
            annex.table_html = rows and _html(table, rows[:200])


def _html(table, rows):
    """Return a table for the screen, laid out as on paper; every text is escaped."""
    head = table["head"]
    sizes = table.get("widths") or [1] * len(head)
    heads = Markup().join(
        Markup('<th class="text-center align-middle" style="width: %s%%">%s</th>')
        % (round(100 * size / sum(sizes), 1), text)
        for size, text in zip(sizes, head, strict=True)
    )
    lines = Markup().join(
        Markup('<tr><td colspan="%s"><b>%s</b></td></tr>') % (len(head), row[0])
        if len(row) == 1
        else Markup("<tr>%s</tr>") % Markup().join(map(_cell, range(len(row)), row))
        for row in rows
    )
    return Markup(
        '<table class="table table-sm table-bordered"><thead><tr>%s</tr></thead>'
        "<tbody>%s</tbody></table>"
    ) % (heads, lines)


def _cell(position, cell):
    side = "end" if is_printed_number(cell) else "start"
    return Markup('<td class="text-%s">%s</td>') % (
        side if position else "center",
        vietnamese(cell) if isinstance(cell, int) else cell,
    )
