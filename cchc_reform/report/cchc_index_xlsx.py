from odoo import models

from .cchc_reform_report_xlsx import row_height

SCORES = (
    ("STT", 9),
    ("Lĩnh vực/tiêu chí/tiêu chí thành phần", 52),
    ("Điểm tối đa", 10),
    ("Số liệu kê khai", 26),
    ("Cách tính điểm", 36),
    ("Tài liệu kiểm chứng", 40),
    ("Điểm tự đánh giá", 11),
    ("Điểm thẩm định", 11),
    ("Giải trình, ghi chú", 40),
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
    ("Tiêu chí bị trừ điểm", 46),
    ("Điểm tối đa", 9),
    ("Điểm đạt", 9),
    ("Điểm bị trừ", 9),
    ("Nguyên nhân", 34),
    ("Giải pháp, nhiệm vụ khắc phục", 40),
    ("Chủ trì", 22),
    ("Phối hợp", 22),
    ("Thời hạn", 20),
    ("Kết quả", 24),
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
                {"border": 1, "text_wrap": True, "valign": "top", **extra}
            )
            for name, extra in (
                ("body", {}),
                ("head", {"bold": True, "align": "center"}),
                ("sum", {"bold": True, "bg_color": "#EEF3FA"}),
            )
        }
        styles["title"] = workbook.add_format({"bold": True, "font_size": 14})
        paper = self.env[f"report.cchc_reform.{self._paper}"]
        for number, doc in enumerate(objs.with_context(lang="vi_VN"), 1):
            sheet = workbook.add_worksheet(f"Bảng {number}")
            self._write_sheet(sheet, paper._get_sheet(doc), styles)

    def _write_sheet(self, sheet, values, styles):
        """Write one table."""
        raise NotImplementedError

    def _begin(self, sheet, columns, title, styles, line=2):
        """Write title and headings; returns the next line."""
        sheet.write_string(0, 0, title, styles["title"])
        sheet.set_row(line, row_height(*zip(*columns, strict=True)))
        for column, (name, width) in enumerate(columns):
            sheet.set_column(column, column, width)
            sheet.write_string(line, column, name, styles["head"])
        return line + 1

    def _row(self, sheet, line, values, style, columns):
        """Write a row: points as numbers, all else as text."""
        cells = [value or "" for value in values]
        widths = [width for _name, width in columns]
        sheet.set_row(line, row_height(cells, widths))
        for column, value in enumerate(values):
            number = _number(value)
            if column and number is not None:
                sheet.write_number(line, column, number, style)
            else:
                sheet.write_string(line, column, value or "", style)
        return line + 1


class IndexTableXlsx(models.AbstractModel):
    """The table of self-scoring and appraisal."""

    _name = "report.cchc_reform.index_table_xlsx"
    _description = "Table of Scores (Excel)"
    _inherit = "cchc.index.xlsx"
    _paper = "index_table"

    def _write_sheet(self, sheet, values, styles):
        title = f"BẢNG TỰ ĐÁNH GIÁ, CHẤM ĐIỂM CHỈ SỐ CCHC NĂM {values['doc'].year}"
        line = self._begin(sheet, SCORES, title, styles)
        sheet.write_string(1, 0, values["agency"].name or "")
        for row in values["rows"]:
            style = styles["body" if row["is_leaf"] else "sum"]
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
            line = self._row(sheet, line, cells, style, SCORES)
        total = ("", "Tổng điểm", values["maximum"], "", "", "")
        appraised = values["final"] if values["appraised"] else ""
        cells = (*total, values["self_total"], appraised, "")
        self._row(sheet, line, cells, styles["sum"], SCORES)
        sheet.freeze_panes(3, 2)


class IndexRankingXlsx(models.AbstractModel):
    """The ranking of a round."""

    _name = "report.cchc_reform.index_ranking_xlsx"
    _description = "Ranking of a Round (Excel)"
    _inherit = "cchc.index.xlsx"
    _paper = "index_ranking"

    def _write_sheet(self, sheet, values, styles):
        line = self._begin(sheet, RANKING, values["doc"].name.upper(), styles)
        for group in values["groups"]:
            if group["name"]:
                cells = ("", group["name"], *[""] * 7)
                line = self._row(sheet, line, cells, styles["sum"], RANKING)
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
                line = self._row(sheet, line, cells, styles["body"], RANKING)
        sheet.freeze_panes(3, 2)


class IndexRemedyXlsx(models.AbstractModel):
    """The remedy plan of lost points."""

    _name = "report.cchc_reform.index_remedy_xlsx"
    _description = "Remedy of Lost Points (Excel)"
    _inherit = "cchc.index.xlsx"
    _paper = "index_remedy"

    def _write_sheet(self, sheet, values, styles):
        line = self._begin(sheet, REMEDY, values["doc"].name.upper(), styles)
        for number, row in enumerate(values["rows"], 1):
            cells = (str(number), *row.values())
            line = self._row(sheet, line, cells, styles["body"], REMEDY)
        if values["kept"]:
            sheet.write_string(line, 1, values["kept"])
        sheet.freeze_panes(3, 2)


def _number(text):
    """Return printed points as a number, ``None`` for words."""
    try:
        return float((text or "").replace(",", "."))
    except ValueError:
        return None
