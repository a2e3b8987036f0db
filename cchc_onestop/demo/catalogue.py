"""A life of the catalogue: one decision of each kind, applied by the product itself."""

import io
from datetime import datetime, time

import xlsxwriter
from dateutil.relativedelta import relativedelta

from ..tools import replay
from ..tools.catalogue_xlsx import COLUMNS, parse_xlsx

_ISSUER = "Chủ tịch UBND tỉnh Quảng Trị"
#: So many days ago the first decision took effect.
PUBLISHED_AGO = 80
#: Invented procedures, so that nothing official is changed by the demo.
_FIELD = "Thủ tục minh họa"
_CODES = {
    "old": ("9.100001", "Xác nhận hộ có nhu cầu vay vốn (minh họa)"),
    "new": ("9.100002", "Xác nhận nhu cầu vay vốn sản xuất (minh họa)"),
    "amended": ("9.100003", "Xác nhận tình trạng nhà ở (minh họa)"),
    "repealed": ("9.100004", "Cấp thẻ ra vào chợ xã (minh họa)"),
}


def publish(env, today):
    """Apply four decisions of the last months, one of each kind.

    :param env: environment of the manager of the commune
    :param today: day of installation
    """
    for number, name, ago, rows, values in (
        (
            "1201/QĐ-UBND",
            "Công bố danh mục thủ tục hành chính mới ban hành (minh họa)",
            PUBLISHED_AGO,
            [("old", ""), ("amended", ""), ("repealed", "")],
            {"entered_on": 4},
        ),
        (
            "1388/QĐ-UBND",
            "Công bố thủ tục hành chính được sửa đổi, bổ sung (minh họa)",
            40,
            [("amended", "Sửa đổi, bổ sung")],
            {"entered_on": 9},
        ),
        (
            "1450/QĐ-UBND",
            "Công bố thủ tục hành chính được thay thế (minh họa)",
            20,
            [("new", "Thay thế 9.100001")],
            {"entered_on": 3},
        ),
        (
            "1502/QĐ-UBND",
            "Công bố thủ tục hành chính bị bãi bỏ (minh họa)",
            6,
            [("repealed", "Bãi bỏ")],
            {
                "transition": "stop_on_request",
                "transition_basis": "NQ 66.18/2026/NQ-CP Đ.6",
            },
        ),
    ):
        _apply(env, number, name, today - relativedelta(days=ago), rows, values)
    _tick(env)


def offer_stop(lives):
    """Say to who handles dossiers of the abolished procedure that they may be stopped.

    :param lives: :class:`~.lives.Lives`, after its dossiers are told
    """
    decision = lives.env["cchc.publication.decision"].search(
        [("number", "=", "1502/QĐ-UBND"), ("issuer", "=", _ISSUER)]
    )
    lives._as("quantri", decision).action_offer_stop()


def _apply(env, number, name, day, rows, values):
    entered = values.pop("entered_on", None)
    decision = env["cchc.publication.decision"].create(
        {
            "number": number,
            "name": name,
            "issuer": _ISSUER,
            "date": day - relativedelta(days=7),
            "effective_date": day,
            **values,
        }
    )
    limit = "05 ngày làm việc" if number != "1201/QĐ-UBND" else "07 ngày làm việc"
    plan = env["cchc.catalogue.loader"]._plan(
        parse_xlsx(_sheet(rows, limit)), day, official=True
    )
    decision._apply_plan(plan, checksum=False)
    if entered:
        decision.entered_on = decision.date + relativedelta(days=entered)


def _sheet(rows, limit):
    """Return the list of a decision as an office would send it."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    sheet = book.add_worksheet()
    for column, title in enumerate(COLUMNS):
        sheet.write_string(0, column, title)
    for line, (key, note) in enumerate(rows, 1):
        code, name = _CODES[key]
        cells = {
            1: code,
            2: name,
            3: _FIELD,
            4: "Cấp xã",
            5: limit,
            7: "Trực tiếp, trực tuyến",
            8: "Không thu",
            9: "118/2025/NĐ-CP",
            10: "Một phần",
            11: note,
        }
        for column, text in cells.items():
            sheet.write_string(line, column, text)
    book.close()
    return stream.getvalue()


def _tick(env):
    """The desk has posted what the earlier decisions asked for, on the day."""
    postings = env["cchc.posting"].search(
        [("company_id", "=", env.company.id)], order="due_on, id"
    )
    for day, due in postings[:-2].grouped("due_on").items():
        clock = replay.Clock(datetime.combine(day, time(2)))
        due.write({"place": "Bảng niêm yết tại Trung tâm"})
        replay.replayed(due, clock).action_done()
