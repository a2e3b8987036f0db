from odoo import api, models

COLUMNS = (
    "Điều khoản",
    "Nội dung",
    "Yêu cầu",
    "Tài liệu duy trì",
    "Hồ sơ chứng minh (12 tháng)",
    "Tình trạng",
    "Lý giải ngoại lệ",
)
WIDTHS = (11, 46, 20, 48, 48, 16, 40)
#: Words of the printed table; official, the same in every interface language.
STATE_NAMES = {
    "proved": "Đáp ứng",
    "partly": "Đáp ứng một phần",
    "missing": "Còn thiếu",
    "excluded": "Không áp dụng",
    "free": "",
}
#: Documents that a cell names; a process document serves 8.1 as all others do.
MOST_NAMED = 5
TEXT_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False}


class CchcIsoCoverage(models.AbstractModel):
    _inherit = "cchc.iso.coverage"

    @api.model
    def _cells(self, row):
        """Return the cells of a clause in the printed table."""
        demands = [
            word
            for key, word in (
                ("maintain", "Duy trì"),
                ("retain", "Lưu giữ"),
                ("available", "Sẵn có"),
            )
            if row[key]
        ]
        return [
            row["code"],
            row["name"],
            ", ".join(demands) + (f" ({row['note']})" if row["note"] else ""),
            self._named(row["documents"]),
            "; ".join(
                f"{kind['name']}: {kind['count'] or kind['place'] or 0}"
                for kind in row["records"]
            ),
            STATE_NAMES[row["state"]],
            f"Theo điều khoản {row['excluded_with']}"
            if row["excluded_with"]
            else row["reason"],
        ]

    @api.model
    def _named(self, pages):
        """Return the documents of a clause by name, the first few of many."""
        names = [
            page["name"] + ("" if page["in_force"] else " (chưa có hiệu lực)")
            for page in pages
        ]
        if len(names) > MOST_NAMED:
            more = len(names) - MOST_NAMED
            names = [*names[:MOST_NAMED], f"và {more} tài liệu khác"]
        return "; ".join(names)

    @api.model
    def _summary(self, figures):
        percent = figures["percent"]
        share = "" if percent is None else f" ({percent:g}%)".replace(".", ",")
        return (
            f"{figures['demanded']} điều khoản yêu cầu thông tin dạng văn bản: "
            f"{figures['proved']} đáp ứng{share}, "
            f"{figures['partly']} đáp ứng một phần, "
            f"{figures['missing']} còn thiếu; "
            f"{figures['excluded']} điều khoản không áp dụng."
        )


class CchcIsoCoverageReport(models.AbstractModel):
    """The coverage of the clauses on paper."""

    _name = "report.cchc_iso.report_coverage"
    _description = "Coverage of the Clauses (paper)"

    @api.model
    def _get_report_values(self, docids, data=None):
        systems = self.env["mgmtsystem.system"].browse(docids)
        systems.check_access("read")
        # the standard is Vietnamese on paper, whatever the reader's language
        coverage = self.env["cchc.iso.coverage"].with_context(lang="vi_VN")
        sheets = []
        for system in systems:
            rows = coverage._rows(system.with_context(lang="vi_VN"))
            sheets.append(
                {
                    "system": system,
                    "agency": system._cchc_company().sudo(),
                    "columns": COLUMNS,
                    "summary": coverage._summary(coverage._figures(rows)),
                    "rows": [(row["level"], coverage._cells(row)) for row in rows],
                }
            )
        return {"doc_ids": docids, "doc_model": systems._name, "sheets": sheets}


class CchcIsoCoverageXlsx(models.AbstractModel):
    """The coverage of the clauses as a spreadsheet."""

    _name = "report.cchc_iso.coverage_xlsx"
    _description = "Coverage of the Clauses (Excel)"
    _inherit = "report.report_xlsx.abstract"

    def get_workbook_options(self):
        return {"constant_memory": True, **TEXT_OPTIONS}

    def generate_xlsx_report(self, workbook, data, objs):
        head = workbook.add_format(
            {"bold": True, "border": 1, "text_wrap": True, "align": "center"}
        )
        bold = workbook.add_format({"bold": True, "border": 1, "text_wrap": True})
        body = workbook.add_format({"border": 1, "text_wrap": True, "valign": "top"})
        coverage = self.env["cchc.iso.coverage"].with_context(lang="vi_VN")
        for number, system in enumerate(objs.with_context(lang="vi_VN"), 1):
            rows = coverage._rows(system)
            sheet = workbook.add_worksheet(f"Điều khoản {number}")
            for column, width in enumerate(WIDTHS):
                sheet.set_column(column, column, width)
            sheet.write_string(
                0, 0, f"{system._cchc_company().name} - {system.edition_id.code}"
            )
            sheet.write_string(1, 0, coverage._summary(coverage._figures(rows)))
            for column, title in enumerate(COLUMNS):
                sheet.write_string(3, column, title, head)
            for line, row in enumerate(rows, 4):
                style = bold if row["level"] == 1 else body
                for column, text in enumerate(coverage._cells(row)):
                    sheet.write_string(line, column, text, style)
            sheet.freeze_panes(4, 2)
