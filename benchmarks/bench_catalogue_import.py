"""Importing 1,000 procedures, beside Odoo's own import of the same rows.

The peer is ``load()`` (what the standard import of a spreadsheet calls) of as many
procedures with one version, one channel and one time limit: without comparison with
what is known, and without preview or publication.

``run(env)`` returns a list of {name, ours, peer, unit, ratio, target, met}; everything
is rolled back.
"""

import base64
import io
import time

from openpyxl import Workbook

COUNT = 1_000
SECONDS = 60.0
HEADINGS = (
    "STT",
    "Mã TTHC",
    "Tên TTHC",
    "Lĩnh vực",
    "Cấp",
    "Thời hạn",
    "Địa điểm",
    "Cách thức",
    "Phí, lệ phí",
    "Căn cứ pháp lý",
    "Mức độ DVC",
    "Ghi chú",
)


def make_rows(days):
    """Return the cells of a list whose time limits are ``days`` working days."""
    return [
        (
            index,
            f"6.{index:06}",
            f"Thủ tục hành chính số {index} của danh mục đo",
            f"Lĩnh vực đo {index % 40}",
            "Cấp xã",
            f"{days:02} ngày làm việc",
            "Trung tâm Phục vụ hành chính công cấp xã",
            "Trực tiếp, trực tuyến, bưu chính",
            "8.000 đồng/bản",
            "Luật số 60/2014/QH13; Nghị định số 23/2015/NĐ-CP",
            "Toàn trình",
            "",
        )
        for index in range(1, COUNT + 1)
    ]


def make_workbook(days):
    """Return the bytes of the list as a workbook."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(HEADINGS)
    for cells in make_rows(days):
        sheet.append(cells)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def import_list(env, days, valid_from):
    """Preview and import the list; return the seconds of both."""
    wizard = (
        env["cchc.procedure.import"]
        .with_context(cchc_no_progress=True)
        .create(
            {
                "file": base64.b64encode(make_workbook(days)),
                "file_name": "danh-muc.xlsx",
                "valid_from": valid_from,
            }
        )
    )
    begin = time.perf_counter()
    wizard.action_preview()
    env.flush_all()
    seen = time.perf_counter()
    wizard.action_import()
    env.flush_all()
    return seen - begin, time.perf_counter() - seen


def load_plain(env):
    """Return the seconds that Odoo's own import takes for the same procedures."""
    sector = env["cchc.sector"].create({"name": "Lĩnh vực đo của Odoo"})
    names = [
        "code",
        "name",
        "sector_id/.id",
        "version_ids/name",
        "version_ids/valid_from",
        "version_ids/channel_ids/channel",
        "version_ids/channel_ids/time_limit_ids/amount",
        "version_ids/channel_ids/time_limit_ids/unit",
    ]
    rows = [
        [
            f"5.{index:06}",
            f"Thủ tục hành chính số {index} của danh mục đo",
            str(sector.id),
            f"Thủ tục hành chính số {index} của danh mục đo",
            "2026-01-01",
            "counter",
            "3",
            "working_day",
        ]
        for index in range(1, COUNT + 1)
    ]
    begin = time.perf_counter()
    result = env["cchc.procedure"].with_context(tracking_disable=True).load(names, rows)
    env.flush_all()
    if not result["ids"]:
        raise ValueError(result["messages"])
    return time.perf_counter() - begin


def row(name, ours, peer):
    """Return one line of the results; the target is a bound on our own seconds."""
    return {
        "name": name,
        "ours": round(ours, 2),
        "peer": round(peer, 2),
        "unit": "s",
        "ratio": round(ours / peer, 2),
        "target": f"<= {SECONDS:g} s",
        "met": ours <= SECONDS,
    }


def run(env):
    """Measure new, unchanged and changed procedures; nothing is kept."""
    with env.cr.savepoint() as savepoint:
        peer = load_plain(env)
        new = import_list(env, 5, "2026-01-01")
        env.invalidate_all()
        same = import_list(env, 5, "2026-06-01")
        env.invalidate_all()
        changed = import_list(env, 3, "2026-06-01")
        savepoint.rollback()
    env.invalidate_all()
    return [
        row(f"import {COUNT} new procedures (preview + import)", sum(new), peer),
        row(f"import {COUNT} unchanged procedures again", sum(same), peer),
        row(f"import {COUNT} changed procedures (new versions)", sum(changed), peer),
    ]
