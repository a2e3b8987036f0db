from odoo import models

PLAN = (
    ("TT", 5),
    ("Mục tiêu", 44),
    ("Chỉ tiêu", 18),
    ("Số liệu đo", 34),
    ("Kỳ đo", 12),
    ("Phụ trách", 24),
    ("Việc thực hiện", 44),
    ("Nguồn lực", 24),
    ("Người thực hiện", 24),
    ("Thời hạn", 12),
    ("Cách đánh giá", 24),
    ("Hoàn thành", 12),
)


class ObjectivesXlsx(models.AbstractModel):
    """Quality objectives, plan and results as a spreadsheet: one sheet per year."""

    _name = "report.cchc_iso.objectives_xlsx"
    _description = "Quality Objectives and Plan (Excel)"
    _inherit = "report.report_xlsx.abstract"

    def get_workbook_options(self):
        # a name that begins with "=" is a name, not a formula
        return {"strings_to_formulas": False, "strings_to_urls": False}

    def generate_xlsx_report(self, workbook, data, objs):
        objs.check_access("read")
        head = workbook.add_format(
            {"bold": True, "border": 1, "text_wrap": True, "align": "center"}
        )
        body = workbook.add_format({"border": 1, "text_wrap": True, "valign": "top"})
        title = workbook.add_format({"bold": True, "font_size": 14})
        papers = self.env["report.cchc_iso.report_objectives"]
        for index, objective in enumerate(objs._one_per_year(), 1):
            paper = papers._get_sheet(objective)
            sheet = workbook.add_worksheet(f"MTCL {paper['year']} ({index})")
            for column, (_name, width) in enumerate(PLAN):
                sheet.set_column(column, column, width)
            sheet.write_string(
                0,
                0,
                f"MỤC TIÊU CHẤT LƯỢNG NĂM {paper['year']} VÀ KẾ HOẠCH THỰC HIỆN",
                title,
            )
            sheet.write_string(1, 0, f"{paper['agency'].name} - {paper['system']}")
            line = self._write(sheet, 3, [name for name, _w in PLAN], head)
            for number, row in enumerate(paper["rows"], 1):
                for values in self._plan_rows(number, row):
                    line = self._write(sheet, line, values, body)
            for table in paper["results"]:
                columns = [f"{table['head']} {period}" for period in table["periods"]]
                line = self._write(
                    sheet, line + 1, ["", "Mục tiêu", "Chỉ tiêu", *columns], head
                )
                for row in table["rows"]:
                    cells = [self._cell(cell) for cell in row["cells"]]
                    name = f"- {row['unit']}" if row["unit"] else row["name"]
                    line = self._write(
                        sheet, line, ["", name, row["target"], *cells], body
                    )

    def _plan_rows(self, number, row):
        """Yield a row per line of the plan; the objective stands in each of them, so
        that the table can be filtered."""
        objective = (
            str(number),
            row["doc"].name,
            row["target"],
            " - ".join(filter(None, [row["metric"], row["scope"]])),
            row["period"],
            row["responsible"],
        )
        keys = ("name", "resources", "who", "until", "evaluation", "done")
        for line in row["plan"] or [dict.fromkeys(keys, "")]:
            yield (*objective, *(line[key] for key in keys))

    def _cell(self, cell):
        count = f" ({cell['count']})" if cell["count"] else ""
        verdict = f" - {cell['verdict']}" if cell["verdict"] else ""
        return f"{cell['value']}{count}{verdict}"

    def _write(self, sheet, line, values, style):
        for column, text in enumerate(values):
            sheet.write_string(line, column, text or "", style)
        return line + 1
