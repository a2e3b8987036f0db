"""A file of old dossiers, read and waiting to be tried and imported."""

import base64
import io
from datetime import timedelta

import xlsxwriter

from ..tools.dossier_import_row import HEADINGS

_RETURNED = "Đã trả kết quả"
#: Code, procedure, owner, identity number, received so many days ago, settled after
#: so many days (0: still open), status. The last rows show what has to be mended.
_ROWS = (
    ("0101", "1.001193", "Lê Thị Thu", "045192001118", 220, 1, _RETURNED),
    ("0102", "2.000815", "Trần Quốc Việt", "045085003227", 214, 1, _RETURNED),
    ("0117", "1.004873", "Hồ Văn Lực", "045098004316", 190, 3, _RETURNED),
    ("0131", "1.013831", "Nguyễn Đình Phú", "045071002425", 171, 19, _RETURNED),
    ("0142", "1.001612", "Phan Thị Ánh", "045188006534", 155, 2, _RETURNED),
    ("0158", "1.004222", "Võ Minh Đức", "045095007643", 140, 6, _RETURNED),
    (
        "0166",
        "1.010041",
        "Bùi Thị Lài",
        "045177008752",
        131,
        4,
        "Công dân yêu cầu rút hồ sơ",
    ),
    ("0183", "1.013225", "Đặng Xuân Trường", "045080009861", 15, 0, "Đang xử lý"),
    ("0190", "1.014027", "Hoàng Thị Nậy", "045151001970", 12, 0, "Đang xử lý"),
    ("0194", "9.999901", "Mai Văn Thạch", "045083002089", 90, 2, _RETURNED),
    ("0195", "1.001193", "Trương Thị Hậu", "04519300119", 60, 1, _RETURNED),
    ("0196", "2.000635", "Ngô Quang Vinh", "045090003198", 45, 0, _RETURNED),
)
_DUE_AFTER = 20


def read(env, today):
    """Have the file of the former software read; nothing is imported yet.

    :param env: environment of the manager of the commune
    :param today: day of installation
    """
    record = env["cchc.dossier.import"].create(
        {
            "file": base64.b64encode(_workbook(today)),
            "file_name": "ho-so-phan-mem-cu.xlsx",
        }
    )
    record.action_preview()


def _workbook(today):
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet("Hồ sơ")
        for column, heading in enumerate(HEADINGS.values()):
            sheet.write_string(0, column, heading)
        for line, row in enumerate(_ROWS, 1):
            cells = _cells(row, today)
            for column, name in enumerate(HEADINGS):
                sheet.write_string(line, column, cells.get(name, ""))
    return stream.getvalue()


def _cells(row, today):
    code, procedure, name, identity, ago, took, state = row
    received = today - timedelta(days=ago)
    ended = received + timedelta(days=took) if took else None
    return {
        "code": f"HT-{received:%Y}-{code}",
        "procedure": procedure,
        "name": name,
        "identity": identity,
        "address": "Xã Hải Trường, tỉnh Quảng Trị",
        "received_at": f"{received:%d/%m/%Y}",
        "due_at": f"{received + timedelta(days=_DUE_AFTER):%d/%m/%Y}",
        "state": state,
        "ended_at": f"{ended:%d/%m/%Y}" if ended else "",
        "returned_at": f"{ended:%d/%m/%Y}" if ended and state == _RETURNED else "",
    }
