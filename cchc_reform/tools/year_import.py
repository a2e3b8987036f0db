"""Lists of what an office wrote down over the year: what a cell of a row means.

Plain Python. Cells are untrusted. Whatever they hold, a row comes out with values or
with the list of what is wrong in it; nothing is raised. What only the database knows
(channels, departments, bodies) stays a text here.
"""

import re

from odoo.addons.cchc_onestop.tools.dossier_import_row import (
    BadCell,
    Problem,
    moment_text,
    read_cells,
    read_choice,
    read_fee,
    read_files,
    read_line,
    read_moment,
    read_text,
)
from odoo.addons.cchc_onestop.tools.import_layout import Layout
from odoo.addons.cchc_onestop.tools.search_text import normalise

#: Characters of a title, persons of a class, rows of a list.
MAX_TITLE = 500
MAX_COUNT = 1_000_000
MAX_ROWS = 5000
EXAMPLE = "Ví dụ (xóa dòng này)"

_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?")
_CLOCK = re.compile(r"(\d{1,4}):([0-5]\d)(?::00)?")

DIRECTIONS = {"1": ("incoming", "Đến"), "2": ("outgoing", "Đi")}
URGENCIES = {
    "1": ("normal", "Thường"),
    "2": ("urgent", "Khẩn"),
    "3": ("very_urgent", "Thượng khẩn"),
    "4": ("express", "Hỏa tốc"),
}
TOPICS = {
    "1": ("reform", "Cải cách hành chính"),
    "2": ("onestop", "Một cửa, thủ tục hành chính"),
    "3": ("iso", "ISO 9001"),
    "4": ("signature", "Chữ ký số"),
    "5": ("digital", "Chuyển đổi số"),
    "6": ("emulation", "Thi đua, khen thưởng"),
    "7": ("profession", "Chuyên môn, nghiệp vụ"),
    "8": ("politics", "Lý luận chính trị"),
    "9": ("other", "Khác"),
}
TRAINING_FORMS = {
    "1": ("direct", "Trực tiếp"),
    "2": ("online", "Trực tuyến"),
    "3": ("mixed", "Trực tiếp và trực tuyến"),
    "4": ("practice", "Tại nơi làm việc"),
}
KINDS = {
    "1": ("new", "Bổ nhiệm mới"),
    "2": ("again", "Bổ nhiệm lại"),
    "3": ("extended", "Kéo dài thời gian giữ chức vụ"),
    "4": ("rotated", "Luân chuyển"),
    "5": ("transferred", "Điều động"),
    "6": ("dismissed", "Miễn nhiệm"),
}
INITIATIVES = {"1": ("initiative", "Sáng kiến"), "2": ("model", "Mô hình mới")}
LEVELS = {
    "1": ("commune", "Cấp xã"),
    "2": ("district", "Cấp huyện (đến 30/6/2025)"),
    "3": ("province", "Cấp tỉnh"),
    "4": ("national", "Cấp quốc gia"),
}
#: Levels as people call them.
LEVEL_WORDS = {"xa": "1", "huyen": "2", "tinh": "3", "trung uong": "4", "quoc gia": "4"}
RECIPIENTS = {"1": ("collective", "Tập thể"), "2": ("individual", "Cá nhân")}
FORMS = {
    "1": ("plan", "Theo kế hoạch"),
    "2": ("report", "Qua báo cáo"),
    "3": ("surprise", "Đột xuất"),
    "4": ("combined", "Lồng ghép"),
    "5": ("self", "Tự kiểm tra"),
}
INSPECTORS = {
    "1": ("committee", "UBND"),
    "2": ("superior", "Cơ quan cấp trên"),
    "3": ("council", "HĐND"),
    "4": ("front", "Mặt trận Tổ quốc"),
    "5": ("quality", "Chi cục Tiêu chuẩn Đo lường Chất lượng"),
    "6": ("internal", "Nội bộ"),
}


# ----------------------------------------------------------------------
# Cells
# ----------------------------------------------------------------------
def read_title(value):
    """Return the text of a cell that cannot be empty."""
    text = read_line(value)
    if not text:
        raise BadCell("missing")
    if len(text) > MAX_TITLE:
        raise BadCell("too_long", str(MAX_TITLE))
    return text


def read_date(value):
    """Return the ISO form of a day, "" for an empty cell."""
    return read_moment(value)[:10]


def read_needed_date(value):
    text = read_date(value)
    if not text:
        raise BadCell("missing")
    return text


def read_quantity(value):
    """Return a number as people write it (1.000; 1,5; 0:30), "" for an empty cell."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        number = float(value)
    else:
        text = read_line(value).replace(" ", "")
        if not text:
            return ""
        clock = _CLOCK.fullmatch(text)
        if clock:
            number = int(clock[1]) + int(clock[2]) / 60
        else:
            if _THOUSANDS.fullmatch(text):
                text = text.replace(".", "")
            try:
                number = float(text.replace(",", "."))
            except ValueError:
                raise BadCell("quantity") from None
    if not 0 <= number <= MAX_COUNT:
        raise BadCell("quantity")
    return number


def read_count(value):
    """Return a whole number, 0 for an empty cell."""
    number = read_quantity(value) or 0
    if number != int(number):
        raise BadCell("whole")
    return int(number)


def read_year(value):
    number = read_count(value)
    if not 2000 <= number <= 2100:
        raise BadCell("year")
    return number


def read_key(name, codes, more=(), default=None):
    """Return the reader of a column of codes; it gives the key here."""
    words = {normalise(text): number for number, (_key, text) in codes.items()}
    read = read_choice(name, codes, {**words, **dict(more)}, default)
    keys = {key for key, _words in codes.values()}

    def read_one(value):
        # the error sheet holds the keys themselves
        text = read_line(value)
        return text if text in keys else codes[read(value)][0]

    return read_one


# ----------------------------------------------------------------------
# Lists
# ----------------------------------------------------------------------
def _no_contradiction(_row):
    return []


def _later(first, last):
    """Return the check that the day of one column is not before that of another."""

    def check(row):
        values = row.values
        if values[last] and values[first] and values[last] < values[first]:
            return [
                Problem(
                    "before_first",
                    last,
                    moment_text(values[last]),
                    moment_text(values[first]),
                )
            ]
        return []

    return check


def _certificates(row):
    values = row.values
    if values["certificates"] > values["persons"]:
        return [
            Problem(
                "too_many_certificates",
                "certificates",
                str(values["certificates"]),
                str(values["persons"]),
            )
        ]
    return _later("date", "date_to")(row)


def _finding(row):
    values = row.values
    if values["due"] and not values["weakness"]:
        return [Problem("weakness_missing", "weakness")]
    return []


def _rank(row):
    values = row.values
    if values["rank_of"] and values["rank"] > values["rank_of"]:
        return [Problem("rank", "rank", str(values["rank"]), str(values["rank_of"]))]
    return []


def _layout(title, columns, example, codes=None, check=_no_contradiction, hints=()):
    """Return the layout of a list.

    :param columns: column -> (reader, is needed, headings)
    """
    readers = {name: reader for name, (reader, _needed, _words) in columns.items()}

    def read_row(number, cells):
        return read_cells(number, cells, readers, check)

    return Layout(
        title=title,
        columns={name: words for name, (_reader, _needed, words) in columns.items()},
        required=tuple(
            name for name, (_reader, needed, _words) in columns.items() if needed
        ),
        identity=tuple(name for name in columns if name != "files"),
        codes=codes or {},
        read_row=read_row,
        json_cells=lambda record: {
            name: record[name] for name in columns if record.get(name) is not None
        },
        max_rows=MAX_ROWS,
        wide=("code", "subject", "weakness"),
        example={"code": EXAMPLE, **example},
        hints=("Ngày: dd/mm/yyyy, có hoặc không có số 0 ở đầu.", *hints),
    )


_FILES = (read_files, False, ("Tệp", "tệp đính kèm", "minh chứng"))
_FILES_HINT = "Tệp: tên các tệp trong tập tin nén .zip, cách nhau bằng dấu chấm phẩy."

LAYOUTS = {
    "document": _layout(
        "Văn bản",
        {
            "direction": (
                read_key(
                    "direction", DIRECTIONS, {"van ban den": "1", "van ban di": "2"}
                ),
                True,
                ("Đến/Đi", "loại sổ", "đến đi"),
            ),
            "code": (read_title, True, ("Số, ký hiệu", "số ký hiệu", "số và ký hiệu")),
            "date": (
                read_needed_date,
                True,
                ("Ngày văn bản", "ngày ban hành", "ngày, tháng văn bản"),
            ),
            "received": (read_date, False, ("Ngày đến", "ngày nhận")),
            "type": (read_line, False, ("Loại văn bản", "tên loại", "loại")),
            "issuer": (
                read_line,
                False,
                ("Cơ quan ban hành", "tác giả", "nơi ban hành"),
            ),
            "subject": (
                read_title,
                True,
                (
                    "Trích yếu",
                    "trích yếu nội dung",
                    "nội dung",
                    "tên loại và trích yếu",
                ),
            ),
            "signer": (read_line, False, ("Người ký",)),
            "urgency": (
                read_key("urgency", URGENCIES, default="1"),
                False,
                ("Độ khẩn",),
            ),
            "files": _FILES,
        },
        {
            "direction": "Đến",
            "date": "5/7/2023",
            "received": "10/7/2023",
            "type": "Kế hoạch",
            "issuer": "UBND thị xã",
            "subject": "Nâng cao chỉ số cải cách hành chính",
        },
        {"direction": DIRECTIONS, "urgency": URGENCIES},
        hints=(
            "Số, ký hiệu: như trên văn bản, ví dụ 156/KH-UBND, 19-QĐ/ĐU.",
            "Cơ quan ban hành: để trống nếu là văn bản đi của cơ quan.",
            _FILES_HINT,
        ),
    ),
    "communication": _layout(
        "Tuyên truyền",
        {
            "date": (read_needed_date, True, ("Ngày", "ngày thực hiện", "thời gian")),
            "channel": (
                read_title,
                True,
                ("Hình thức", "hình thức tuyên truyền", "kênh"),
            ),
            "code": (read_title, True, ("Nội dung", "tên hoạt động", "tiêu đề")),
            "quantity": (
                read_quantity,
                True,
                ("Số lượng", "số lượng 1", "số bài, tin, buổi"),
            ),
            "quantity2": (
                read_quantity,
                False,
                ("Số lượng thứ hai", "số lượng 2", "số giờ, mét, lượt người"),
            ),
            "place": (read_line, False, ("Địa điểm", "nơi thực hiện")),
            "audience": (read_line, False, ("Đối tượng",)),
            "link": (read_line, False, ("Liên kết", "đường dẫn")),
            "cost": (read_fee, False, ("Kinh phí",)),
            "files": _FILES,
        },
        {
            "date": "10/3/2026",
            "channel": "Phát thanh",
            "quantity": "1",
            "quantity2": "0:30",
            "place": "Thôn Trường Xuân",
        },
        hints=(
            "Số lượng thứ hai: giờ của buổi phát thanh (0:30 hoặc 0,5), mét của băng "
            "rôn, lượt người của hội nghị.",
            _FILES_HINT,
        ),
    ),
    "visit": _layout(
        "Lượt kiểm tra",
        {
            "inspection": (
                read_title,
                True,
                ("Cuộc kiểm tra", "tên cuộc kiểm tra", "nội dung kiểm tra"),
            ),
            "form": (read_key("form", FORMS, default="1"), False, ("Hình thức",)),
            "inspector": (
                read_key("inspector", INSPECTORS, default="1"),
                False,
                ("Cơ quan kiểm tra", "đơn vị kiểm tra"),
            ),
            "code": (
                read_title,
                True,
                ("Đơn vị được kiểm tra", "đối tượng kiểm tra", "đơn vị"),
            ),
            "day": (read_needed_date, True, ("Ngày kiểm tra", "ngày")),
            "minutes": (read_line, False, ("Số biên bản", "biên bản")),
            "strengths": (read_text, False, ("Ưu điểm",)),
            "weakness": (read_line, False, ("Hạn chế", "tồn tại, hạn chế")),
            "recommendation": (read_text, False, ("Kiến nghị", "yêu cầu khắc phục")),
            "due": (read_date, False, ("Hạn khắc phục", "thời hạn khắc phục")),
            "violators": (
                read_count,
                False,
                ("Số cán bộ vi phạm", "số người vi phạm"),
            ),
        },
        {
            "inspection": "Kiểm tra công tác CCHC năm 2026",
            "form": "Theo kế hoạch",
            "day": "15/5/2026",
            "weakness": "Niêm yết thủ tục chưa đầy đủ",
            "due": "30/5/2026",
        },
        {"form": FORMS, "inspector": INSPECTORS},
        _finding,
        ("Một dòng là một lượt: một đơn vị được kiểm tra một lần.",),
    ),
    "training": _layout(
        "Đào tạo, bồi dưỡng",
        {
            "code": (read_title, True, ("Tên lớp", "lớp", "nội dung")),
            "topic": (read_key("topic", TOPICS, default="1"), False, ("Lĩnh vực",)),
            "form": (
                read_key("form", TRAINING_FORMS, {"tap trung": "1"}, default="1"),
                False,
                ("Hình thức",),
            ),
            "date": (read_needed_date, True, ("Từ ngày", "ngày", "thời gian")),
            "date_to": (read_date, False, ("Đến ngày",)),
            "persons": (read_count, True, ("Số người", "số lượng")),
            "certificates": (read_count, False, ("Số chứng chỉ", "chứng chỉ")),
            "organiser": (read_line, False, ("Đơn vị tổ chức", "cơ quan tổ chức")),
            "cost": (read_fee, False, ("Kinh phí",)),
        },
        {"topic": "Chữ ký số", "date": "12/4/2026", "persons": "35"},
        {"topic": TOPICS, "form": TRAINING_FORMS},
        _certificates,
    ),
    "appointment": _layout(
        "Bổ nhiệm",
        {
            "code": (read_title, True, ("Họ và tên", "họ tên")),
            "kind": (
                read_key("kind", KINDS, {"keo dai": "3"}),
                True,
                ("Hình thức", "loại"),
            ),
            "date": (read_needed_date, True, ("Ngày quyết định", "ngày")),
            "position": (read_line, False, ("Chức vụ", "chức vụ bổ nhiệm")),
            "former": (read_line, False, ("Chức vụ cũ", "chức vụ trước")),
            "department": (read_line, False, ("Bộ phận", "phòng, ban", "đơn vị")),
            "decision": (read_line, False, ("Số quyết định", "quyết định")),
        },
        {"kind": "Bổ nhiệm lại", "date": "01/6/2026", "position": "Trưởng phòng"},
        {"kind": KINDS},
    ),
    "initiative": _layout(
        "Sáng kiến, mô hình",
        {
            "code": (
                read_title,
                True,
                ("Tên sáng kiến", "tên sáng kiến, mô hình", "tên"),
            ),
            "kind": (
                read_key("kind", INITIATIVES, {"mo hinh": "2"}, default="1"),
                False,
                ("Loại",),
            ),
            "authors": (read_line, False, ("Tác giả",)),
            "date": (read_needed_date, True, ("Ngày công nhận", "ngày")),
            "level": (
                read_key("level", LEVELS, LEVEL_WORDS, default="1"),
                False,
                ("Cấp công nhận",),
            ),
            "decision": (read_line, False, ("Số quyết định", "quyết định")),
            "contest": (read_line, False, ("Cuộc thi", "hội thi")),
            "prize": (read_line, False, ("Giải thưởng", "giải")),
            "effect": (read_text, False, ("Hiệu quả",)),
        },
        {"kind": "Mô hình mới", "date": "20/10/2025", "prize": "Giải Ba"},
        {"kind": INITIATIVES, "level": LEVELS},
    ),
    "award": _layout(
        "Khen thưởng",
        {
            "code": (read_title, True, ("Danh hiệu", "hình thức khen thưởng")),
            "recipient": (
                read_title,
                True,
                ("Tập thể, cá nhân", "đối tượng", "họ tên"),
            ),
            "recipient_type": (
                read_key("recipient_type", RECIPIENTS, default="1"),
                False,
                ("Loại đối tượng", "loại"),
            ),
            "level": (
                read_key("level", LEVELS, LEVEL_WORDS, default="3"),
                False,
                ("Cấp khen",),
            ),
            "date": (read_needed_date, True, ("Ngày quyết định", "ngày")),
            "decision": (read_line, False, ("Số quyết định", "quyết định")),
            "reason": (read_line, False, ("Thành tích", "lý do")),
        },
        {"recipient": "UBND xã", "date": "15/01/2026"},
        {"recipient_type": RECIPIENTS, "level": LEVELS},
    ),
    "index": _layout(
        "Chỉ số khác",
        {
            "code": (read_title, True, ("Chỉ số", "mã chỉ số")),
            "year": (read_year, True, ("Năm",)),
            "unit": (read_line, False, ("Đơn vị", "cơ quan")),
            "value": (read_quantity, True, ("Điểm", "kết quả", "giá trị")),
            "rank": (read_count, False, ("Xếp hạng", "hạng")),
            "rank_of": (read_count, False, ("Trên tổng số", "tổng số đơn vị")),
            "source": (read_line, False, ("Nguồn", "văn bản công bố")),
        },
        {"year": "2025", "value": "85,6", "rank": "12", "rank_of": "34"},
        check=_rank,
    ),
}
