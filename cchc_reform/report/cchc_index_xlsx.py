from odoo import models

from ..tools.sheet_page import row_height, set_page

_FONT = {"font_name": "Times New Roman", "font_size": 11}
#: Widths, in characters; columns of points are this wide at the most.
_POINTS = 14
SCORES = (
    ("STT", 9),
    ("Lĩnh vực/tiêu chí/tiêu chí thành phần", 40),
    ("Điểm tối đa", 8),
    ("Số liệu kê khai", 22),
    ("Cách tính điểm", 30),
    ("Tài liệu kiểm chứng", 30),
    ("Điểm tự đánh giá", 9),
    ("Điểm thẩm định", 9),
    ("Giải trình, ghi chú", 32),
)
RANKING = (
    ("TT", 6),
    ("Đơn vị", 36),
    ("Điểm tự đánh giá", 12),
    ("Điểm thẩm định", 12),
    ("Điểm khảo sát", 12),
    ("Điểm cộng/trừ", 12),
    ("Tổng điểm", 12),
    ("Xếp hạng", 10),
    ("Xếp loại", 14),
)
REMEDY = (
    ("TT", 6),
    ("Tiêu chí bị trừ điểm", 34),
    ("Điểm tối đa", 8),
    ("Điểm đạt", 8),
    ("Điểm bị trừ", 8),
    ("Nguyên nhân", 36),
    ("Giải pháp, nhiệm vụ khắc phục", 40),
    ("Chủ trì", 18),
    ("Phối hợp", 18),
    ("Thời hạn", 16),
    ("Kết quả", 18),
)


class IndexXlsx(models.AbstractModel):
    """What the tables of the index share as spreadsheets."""

    _name = "cchc.index.xlsx"
    _description = "Tables of the Index (Excel)"
    _inherit = "report.report_xlsx.abstract"

    #: paper whose sheet is written
    _paper = ""

    def get_workbook_options(self):
        # a name that begins with "=" is a name, not a formula
        return {"strings_to_formulas": False, "strings_to_urls": False}

    def generate_xlsx_report(self, workbook, data, objs):
        objs.check_access("read")
        styles = {
            name: workbook.add_format(
                {**_FONT, "border": 1, "text_wrap": True, "valign": "top", **extra}
            )
            for name, extra in (
                ("body", {}),
                ("body_points", {"align": "center"}),
                ("head", {"bold": True, "align": "center", "valign": "vcenter"}),
                ("sum", {"bold": True, "bg_color": "#EEF3FA"}),
                (
                    "sum_points",
                    {"bold": True, "bg_color": "#EEF3FA", "align": "center"},
                ),
            )
        }
        styles["plain"] = workbook.add_format(_FONT)
        styles["title"] = workbook.add_format(
            {
                **_FONT,
                "bold": True,
                "font_size": 13,
                "align": "center",
                "text_wrap": True,
            }
        )
        paper = self.env[f"report.cchc_reform.{self._paper}"]
        for number, doc in enumerate(objs.with_context(lang="vi_VN"), 1):
            sheet = workbook.add_worksheet(f"Bảng {number}")
            self._write_sheet(sheet, paper._get_sheet(doc), styles)

    def _write_sheet(self, sheet, values, styles):
        """Write one table."""
        raise NotImplementedError

    def _begin(self, sheet, columns, title, values, styles):
        """Write agency, title and headings; returns the next line."""
        line = 3
        sheet.write_string(0, 0, values["agency"].name or "", styles["plain"])
        sheet.merge_range(1, 0, 1, len(columns) - 1, title, styles["title"])
        widths = sum(width for _name, width in columns)
        sheet.set_row(1, row_height([title], [widths]) + 6)
        sheet.set_row(line, row_height(*zip(*columns, strict=True)))
        set_page(sheet, line)
        sheet.freeze_panes(line + 1, 2)
        for column, (name, width) in enumerate(columns):
            sheet.set_column(column, column, width)
            sheet.write_string(line, column, name, styles["head"])
        return line + 1

    def _row(self, sheet, line, values, styles, columns, style="body"):
        """Write a row: points as numbers, all else as text; narrow columns are those
        of points and stand in the middle."""
        cells = [value or "" for value in values]
        widths = [width for _name, width in columns]
        sheet.set_row(line, row_height(cells, widths))
        for column, value in enumerate(values):
            number = _number(value)
            is_points = 0 < column and widths[column] <= _POINTS
            used = styles[f"{style}_points" if is_points else style]
            if column and number is not None:
                sheet.write_number(line, column, number, used)
            else:
                sheet.write_string(line, column, value or "", used)
        return line + 1


class IndexTableXlsx(models.AbstractModel):
    """The table of self-scoring and appraisal."""

    _name = "report.cchc_reform.index_table_xlsx"
    _description = "Table of Scores (Excel)"
    _inherit = "cchc.index.xlsx"
    _paper = "index_table"

    def _write_sheet(self, sheet, values, styles):
        title = f"BẢNG TỰ ĐÁNH GIÁ, CHẤM ĐIỂM CHỈ SỐ CCHC NĂM {values['doc'].year}"
        line = self._begin(sheet, SCORES, title, values, styles)
        for row in values["rows"]:
            style = "body" if row["is_leaf"] else "sum"
            cells = (
                row["code"],
                row["name"],
                row["maximum"],
                row["declared"],
                row["rule"],
                "\n".join(row["proofs"]),
                row["self"],
                row["appraised"] if values["appraised"] else "",
                "\n".join(row["remarks"]),
            )
            line = self._row(sheet, line, cells, styles, SCORES, style)
        total = ("", "Tổng điểm", values["maximum"], "", "", "")
        appraised = values["final"] if values["appraised"] else ""
        cells = (*total, values["self_total"], appraised, "")
        self._row(sheet, line, cells, styles, SCORES, "sum")


class IndexRankingXlsx(models.AbstractModel):
    """The ranking of a round."""

    _name = "report.cchc_reform.index_ranking_xlsx"
    _description = "Ranking of a Round (Excel)"
    _inherit = "cchc.index.xlsx"
    _paper = "index_ranking"

    def _write_sheet(self, sheet, values, styles):
        line = self._begin(sheet, RANKING, values["doc"].name.upper(), values, styles)
        for group in values["groups"]:
            if group["name"]:
                cells = ("", group["name"], *[""] * 7)
                line = self._row(sheet, line, cells, styles, RANKING, "sum")
            for number, row in enumerate(group["rows"], 1):
                cells = (
                    str(number),
                    row["agency"],
                    row["self"],
                    row["appraised"],
                    row["survey"],
                    row["extra"],
                    row["final"],
                    row["rank"],
                    row["class"],
                )
                line = self._row(sheet, line, cells, styles, RANKING)


class IndexRemedyXlsx(models.AbstractModel):
    """The remedy plan of lost points."""

    _name = "report.cchc_reform.index_remedy_xlsx"
    _description = "Remedy of Lost Points (Excel)"
    _inherit = "cchc.index.xlsx"
    _paper = "index_remedy"

    def _write_sheet(self, sheet, values, styles):
        line = self._begin(sheet, REMEDY, values["doc"].name.upper(), values, styles)
        for number, row in enumerate(values["rows"], 1):
            cells = (str(number), *row.values())
            line = self._row(sheet, line, cells, styles, REMEDY)
        if values["kept"]:
            sheet.write_string(
                line + 1, 1, f"Kết quả: {values['kept']}", styles["plain"]
            )


def _number(text):
    """Return printed points as a number, ``None`` for words."""
    try:
        return float((text or "").replace(",", "."))
    except ValueError:
        return None
