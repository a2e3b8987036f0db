from odoo import models

from odoo.addons.cchc_onestop.tools.paper import short_day

from ..tools.sheet_page import row_height, set_page
from .cchc_reform_plan_report import by_area

_FONT = {"font_name": "Times New Roman", "font_size": 11}
#: Columns of the annex with what came of the tasks behind them: heading, key, width.
COLUMNS = (
    ("TT", "code", 8),
    ("Nội dung nhiệm vụ", "name", 42),
    ("Sản phẩm (kết quả đầu ra)", "product", 26),
    ("Cơ quan chủ trì", "lead", 18),
    ("Cơ quan phối hợp", "coordinating", 21),
    ("Thời gian hoàn thành", "deadline", 14),
    ("Kinh phí", "budget", 14),
    ("Nguồn kinh phí", "budget_source", 12),
    ("Căn cứ", "basis", 14),
    ("Ghi chú", "note", 12),
    ("Tình trạng", "status", 14),
    ("Tiến độ (%)", "percent", 8),
    ("Kết quả thực hiện", "result", 32),
)


class CchcReformPlanXlsx(models.AbstractModel):
    """The annex of a plan as a spreadsheet, with the progress of each task."""

    _name = "report.cchc_reform.plan_xlsx"
    _description = "Tasks of a Plan (Excel)"
    _inherit = "report.report_xlsx.abstract"

    def get_workbook_options(self):
        # a text that begins with "=" is a text, not a formula
        return {"strings_to_formulas": False, "strings_to_urls": False}

    def generate_xlsx_report(self, workbook, data, objs):
        objs.check_access("read")
        plans = objs.with_context(lang="vi_VN")
        formats = {
            "title": workbook.add_format(
                {
                    **_FONT,
                    "bold": True,
                    "font_size": 13,
                    "align": "center",
                    "text_wrap": True,
                }
            ),
            "middle": workbook.add_format({**_FONT, "align": "center", "italic": True}),
            "head": workbook.add_format(
                {
                    **_FONT,
                    "bold": True,
                    "border": 1,
                    "text_wrap": True,
                    "align": "center",
                    "valign": "vcenter",
                    "bg_color": "#DDEBF7",
                }
            ),
            "area": workbook.add_format(
                {**_FONT, "bold": True, "border": 1, "bg_color": "#F2F2F2"}
            ),
            "body": workbook.add_format(
                {**_FONT, "border": 1, "text_wrap": True, "valign": "top"}
            ),
            "heading": workbook.add_format(
                {
                    **_FONT,
                    "border": 1,
                    "text_wrap": True,
                    "valign": "top",
                    "bold": True,
                }
            ),
            "money": workbook.add_format(
                {**_FONT, "border": 1, "valign": "top", "num_format": "#,##0"}
            ),
            "plain": workbook.add_format({**_FONT, "bold": True}),
        }
        for index, plan in enumerate(plans, 1):
            self._write_plan(workbook, formats, plan, index)

    def _write_plan(self, workbook, formats, plan, index):
        sheet = workbook.add_worksheet(f"Phụ lục {plan.year} ({index})")
        for column, (_name, _key, width) in enumerate(COLUMNS):
            sheet.set_column(column, column, width)
        last = len(COLUMNS) - 1
        sheet.merge_range(
            0, 0, 0, last, f"PHỤ LỤC: NHIỆM VỤ - {plan.name or ''}", formats["title"]
        )
        day = f" ngày {short_day(plan.date)}" if plan.date else ""
        sheet.merge_range(
            1,
            0,
            1,
            last,
            f"(Kèm theo Kế hoạch số {plan.number or '……'}{day} của "
            f"{plan.company_id.name})",
            formats["middle"],
        )
        heads, _keys, widths = zip(*COLUMNS, strict=True)
        sheet.set_row(3, row_height(heads, widths))
        for column, name in enumerate(heads):
            sheet.write_string(3, column, name, formats["head"])
        set_page(sheet, 3)
        sheet.freeze_panes(4, 2)
        line = 4
        tasks = {task.id: task for task in plan.task_ids}
        for area, rows in by_area(plan.task_ids._paper_rows()):
            sheet.set_row(line, row_height([area], [40]))
            sheet.merge_range(line, 0, line, last, area, formats["area"])
            line += 1
            for row in rows:
                self._write_row(sheet, line, row, tasks[row["id"]], formats)
                line += 1
        sheet.write_string(
            line + 1, 1, f"Đã hoàn thành: {plan.done_text}", formats["plain"]
        )

    def _write_row(self, sheet, line, row, task, formats):
        entry = task.progress_ids.filtered(lambda e: not e.is_corrected)[:1]
        values = {
            **row,
            "name": "   " * row["depth"] + row["name"],
            "status": dict(task._fields["status"]._description_selection(task.env)).get(
                task.status, ""
            ),
            "percent": task.percent,
            "result": " - ".join(filter(None, [entry.text, entry.product_text])),
        }
        text = formats["heading" if row["heading"] else "body"]
        cells = [values[key] or "" for _name, key, _width in COLUMNS]
        sheet.set_row(line, row_height(cells, [width for *_names, width in COLUMNS]))
        for column, (_name, key, _width) in enumerate(COLUMNS):
            value = values[key]
            if key in ("budget", "percent"):
                if value:
                    sheet.write_number(line, column, value, formats["money"])
                else:
                    sheet.write_blank(line, column, None, text)
            else:
                sheet.write_string(line, column, value, text)
