"""The books of the desk: which rows, which columns, and their workbook.

A book is read by plain SQL in chunks, each beginning after the last row of the one
before, so that its length costs no memory. Cells are written as text: what begins with
``=``, ``+``, ``-`` or ``@`` is never a formula.
"""

from dataclasses import dataclass, field

import xlsxwriter

from odoo.tools import SQL

from .statistic import headings
from .xlsx_rows import RowSheet

#: Rows read at once.
CHUNK = 2000


@dataclass(frozen=True)
class Column:
    """One column of a book.

    :param key: name of the value, see :func:`values`
    :param path: headings from the top down, official wording
    :param width: in characters
    :param center: centred, for dates and numbers
    """

    key: str
    path: tuple
    width: int
    center: bool = False


@dataclass(frozen=True)
class Book:
    """One book (sổ) kept for an agency and a period.

    :param title: official title
    :param form: number of the form
    :param moment: expression of the moment that decides about the period and the order
    :param join: further table ``x`` with one row per line of the book
    :param where: further condition
    :param both: also dossiers that the agency received for another one
    """

    title: str
    columns: tuple
    form: str = ""
    moment: str = "d.accepted_at"
    key: str = "d.id"
    join: str = ""
    where: str = "TRUE"
    both: bool = False
    extra: dict = field(default_factory=dict)


_INDEX = Column("index", ("TT",), 6, True)
_CODE = Column("code", ("Mã hồ sơ",), 30)
_PROCEDURE = Column("procedure", ("Tên thủ tục hành chính",), 40)
_NAME = Column("applicant", ("Tên cá nhân, tổ chức",), 26)
_ADDRESS = Column("address", ("Địa chỉ, số điện thoại",), 32)
_AGENCY = Column("agency", ("Cơ quan chủ trì giải quyết",), 24)
_NOTE = Column("note", ("Ghi chú",), 20)
_SIGN = Column("signature", ("Ký nhận",), 14)
IDENTITY = Column("identity", ("Số định danh, mã số thuế",), 16)
_DATES = "Nhận và trả kết quả (ngày, tháng, năm)"
#: How the books of what happened to a dossier begin.
_PERSON = (
    _INDEX,
    _CODE,
    _PROCEDURE,
    _NAME,
    _ADDRESS,
    Column("accepted", ("Nhận hồ sơ",), 16, True),
)
_MAIN = (
    _INDEX,
    _CODE,
    _PROCEDURE,
    Column("sets", ("Số lượng hồ sơ (bộ)",), 9, True),
    _NAME,
    _ADDRESS,
    _AGENCY,
    Column("accepted", (_DATES, "Nhận hồ sơ"), 16, True),
    Column("due", (_DATES, "Hẹn trả kết quả"), 16, True),
    Column("returned", (_DATES, "Trả kết quả"), 16, True),
    Column("result_channel", (_DATES, "Phương thức nhận kết quả"), 18),
    Column("signature", (_DATES, "Ký nhận"), 14),
    _NOTE,
)

BOOKS = {
    "main": Book("SỔ THEO DÕI HỒ SƠ", _MAIN, form="Mẫu số 07"),
    "non_territorial": Book(
        "SỔ THEO DÕI HỒ SƠ TIẾP NHẬN PHI ĐỊA GIỚI HÀNH CHÍNH",
        (
            *_MAIN[:6],
            Column("receiving", ("Nơi tiếp nhận",), 24),
            *_MAIN[6:],
        ),
        where="d.company_id <> d.receiving_company_id",
        both=True,
    ),
    "handover": Book(
        "PHIẾU BÀN GIAO KẾT QUẢ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH",
        (
            _INDEX,
            _CODE,
            _PROCEDURE,
            _NAME,
            Column("handler", ("Người thụ lý",), 22),
            Column("due", ("Hẹn trả kết quả",), 16, True),
            Column("ended", ("Có kết quả",), 16, True),
            Column("timeliness", ("Tiến độ",), 12, True),
            Column("returned", ("Trả người nộp",), 16, True),
            Column("giver", ("Bên giao (ký)",), 14),
            Column("taker", ("Bên nhận (ký)",), 14),
            _NOTE,
        ),
        moment="d.ended_at",
        where="d.state IN ('done', 'rejected_result', 'returned')",
    ),
    "extension": Book(
        "SỔ THEO DÕI VĂN BẢN XIN LỖI, GIA HẠN THỜI GIAN GIẢI QUYẾT",
        (
            *_PERSON,
            Column("before", ("Hẹn trả lần trước",), 16, True),
            Column("moment", ("Ngày xin lỗi, gia hạn",), 16, True),
            Column("after", ("Hẹn trả lần sau",), 16, True),
            Column("content", ("Lý do",), 36),
            Column("person", ("Người quyết định",), 20),
            Column("returned", ("Trả kết quả",), 16, True),
        ),
        moment="x.granted_at",
        key="x.id",
        join="JOIN cchc_dossier_extension x ON x.dossier_id = d.id "
        "LEFT JOIN res_users xu ON xu.id = x.user_id "
        "LEFT JOIN res_partner xp ON xp.id = xu.partner_id",
        extra={
            "before": "x.due_before",
            "after": "x.due_at",
            "content": "x.content",
            "person": "xp.name",
        },
    ),
    "supplement": Book(
        "SỔ THEO DÕI YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ",
        (
            *_PERSON,
            Column("moment", ("Ngày yêu cầu",), 16, True),
            Column("content", ("Nội dung, lý do",), 40),
            Column("before", ("Hạn bổ sung",), 16, True),
            Column("after", ("Ngày bổ sung xong",), 16, True),
            _NOTE,
        ),
        moment="x.date_from",
        key="x.id",
        join="JOIN cchc_dossier_pause x "
        "ON x.dossier_id = d.id AND x.kind = 'supplement'",
        extra={"before": "x.expires_at", "after": "x.date_to", "content": "x.content"},
    ),
    "refusal": Book(
        "SỔ THEO DÕI HỒ SƠ TỪ CHỐI TIẾP NHẬN",
        (
            _INDEX,
            _PROCEDURE,
            _NAME,
            _ADDRESS,
            Column("moment", ("Ngày từ chối",), 16, True),
            Column("content", ("Lý do",), 50),
            Column("person", ("Người tiếp nhận",), 22),
            _NOTE,
        ),
        moment="x.at",
        key="x.id",
        join="JOIN cchc_dossier_event x "
        "ON x.dossier_id = d.id AND x.kind = 'refuse' "
        "LEFT JOIN res_users xu ON xu.id = x.user_id "
        "LEFT JOIN res_partner xp ON xp.id = xu.partner_id",
        where="d.state = 'refused'",
        extra={"content": "x.content", "person": "xp.name"},
    ),
    "stopped": Book(
        "SỔ THEO DÕI HỒ SƠ RÚT, DỪNG GIẢI QUYẾT",
        (
            *_PERSON,
            Column("due", ("Hẹn trả kết quả",), 16, True),
            Column("ended", ("Ngày rút, dừng",), 16, True),
            Column("state", ("Hình thức",), 18),
            Column("content", ("Lý do",), 40),
        ),
        moment="d.ended_at",
        join="LEFT JOIN LATERAL (SELECT e.content FROM cchc_dossier_event e "
        "WHERE e.dossier_id = d.id AND e.kind IN ('withdraw', 'stop') "
        "ORDER BY e.id DESC LIMIT 1) x ON TRUE",
        where="d.state IN ('withdrawn', 'stopped')",
        extra={"content": "x.content"},
    ),
}

#: Words of the printed books.
RESULT_CHANNELS = {
    "counter": "Trực tiếp",
    "post": "Bưu chính công ích",
    "online": "Trực tuyến",
    "other_desk": "Tại nơi khác",
}
TIMELINESS = {"early": "Trước hạn", "on_time": "Đúng hạn", "late": "Quá hạn"}
ENDS = {"withdrawn": "Người nộp rút hồ sơ", "stopped": "Dừng giải quyết"}
_MOMENTS = {
    "accepted": "d.accepted_at",
    "due": "d.due_at",
    "ended": "d.ended_at",
    "returned": "d.returned_at",
}
_TEXTS = {
    "code": "d.name",
    "procedure": "coalesce(nullif(d.summary, ''), procedure.name)",
    "sets": "d.sets",
    "applicant": "d.applicant_name",
    "identity": "d.applicant_identity",
    "address": "concat_ws(', ', nullif(d.applicant_address, ''), "
    "nullif(d.applicant_phone, ''))",
    "agency": "competent.name",
    "receiving": "receiving.name",
    "handler": "handler.name",
}


def _choice(column, words):
    return SQL(
        "CASE %s %s END",
        SQL(column),
        SQL(" ").join(SQL("WHEN %s THEN %s", *pair) for pair in words.items()),
    )


def values(book, columns, zone):
    """Return the expressions of the columns that the database knows, in order.

    :param str zone: time zone of the agency
    """

    def moment(expression):
        return SQL(
            "to_char(%s AT TIME ZONE 'UTC' AT TIME ZONE %s, 'DD/MM/YYYY HH24:MI')",
            SQL(expression),
            zone,
        )

    result = []
    for column in columns:
        key = column.key
        if key in book.extra:
            expression = book.extra[key]
            result.append(
                moment(expression) if key in ("before", "after") else SQL(expression)
            )
        elif key == "moment":
            result.append(moment(book.moment))
        elif key in _MOMENTS:
            result.append(moment(_MOMENTS[key]))
        elif key in _TEXTS:
            result.append(SQL(_TEXTS[key]))
        elif key == "result_channel":
            result.append(_choice("d.result_channel", RESULT_CHANNELS))
        elif key == "timeliness":
            result.append(_choice("d.timeliness", TIMELINESS))
        elif key == "state":
            result.append(_choice("d.state", ENDS))
        elif key == "note":
            result.append(
                SQL(
                    """CASE WHEN d.state = 'void'
                            THEN concat('Đã hủy, nhập lại: ', coalesce(
                                (SELECT r.name FROM cchc_dossier r
                                  WHERE r.id = d.replaced_by_id), '…'))
                            WHEN d.imported THEN 'Chuyển từ phần mềm khác'
                            ELSE '' END"""
                )
            )
        else:
            result.append(SQL("''"))
    return result


def write_workbook(target, head, columns, rows, total=0, step=None):
    """Write a book as a workbook, row by row.

    :param target: path or file
    :param head: lines above the table
    :param rows: iterable of tuples; the first value (number in the book) may be empty
    :param step: called with ``(done, total)`` after each chunk
    :return: number of rows written
    """
    workbook = xlsxwriter.Workbook(
        target,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    sheet = workbook.add_worksheet("Sổ", worksheet_class=RowSheet)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    bold = {"bold": True, "text_wrap": True, "align": "center", "valign": "vcenter"}
    title = workbook.add_format({**bold, "text_wrap": False, "font_size": 14})
    heading = workbook.add_format({**bold, "border": 1})
    text = workbook.add_format({"border": 1, "text_wrap": True, "valign": "top"})
    center = workbook.add_format({"border": 1, "valign": "top", "align": "center"})
    for index, column in enumerate(columns):
        sheet.set_column(index, index, column.width)
    line = 0
    for words in head:
        sheet.merge_range(line, 0, line, len(columns) - 1, "", title)
        sheet.write_string(line, 0, words, title)
        line += 1
    line = write_head(sheet, line, [column.path for column in columns], heading)
    for index in range(len(columns)):
        sheet.write_string(line, index, f"({index + 1})", heading)
    line += 1
    sheet.freeze_panes(line, 0)
    sheet.repeat_rows(line - 1 - len(headings([c.path for c in columns])), line - 1)
    sheet.start_table(line, [center if c.center else text for c in columns])
    write, done = sheet.write_table_row, 0
    for row in rows:
        write(row)
        done += 1
        if step and not done % CHUNK:
            step(done, total)
    sheet.end_table()
    workbook.close()
    return done


def write_head(sheet, line, paths, cell_format):
    """Write merged headings from ``line`` on and return the line below them.

    In constant memory a row is written once and for all, so that cells that span rows
    are merged without a second write.
    """
    rows = headings(paths)
    for level, cells in enumerate(rows):
        for index in range(len(paths)):
            sheet.write_blank(line + level, index, None, cell_format)
        for label, column, across, down in cells:
            sheet.write_string(line + level, column, label, cell_format)
            if across > 1 or down > 1:
                sheet.merge.append(
                    [line + level, column, line + level + down - 1, column + across - 1]
                )
    return line + len(rows)
