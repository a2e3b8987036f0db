"""Importing 1,000 procedures, beside Odoo's own import of the same rows.

The peer is ``load()`` (what the standard import of a spreadsheet calls) of as many
procedures with one version, one channel and one time limit: without comparison with
what is known, and without preview or publication.

Everything is rolled back.
"""

import base64
import io
import time

from common import SETTINGS, row
from openpyxl import Workbook

from odoo.addons.cchc_onestop.tools.catalogue_xlsx import COLUMNS

SECONDS = 60


def make_rows(count, days):
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
        for index in range(1, count + 1)
    ]


def make_workbook(count, days):
    """Return the bytes of the list as a workbook."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(COLUMNS)
    for cells in make_rows(count, days):
        sheet.append(cells)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def import_list(env, count, days, valid_from):
    """Preview and import the list; return the seconds that both took."""
    wizard = (
        env["cchc.procedure.import"]
        .with_context(cchc_no_progress=True)
        .create(
            {
                "file": base64.b64encode(make_workbook(count, days)),
                "file_name": "danh-muc.xlsx",
                "valid_from": valid_from,
            }
        )
    )
    begin = time.perf_counter()
    wizard.action_preview()
    env.flush_all()
    wizard.action_import()
    env.flush_all()
    return time.perf_counter() - begin


def load_plain(env, count):
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
        for index in range(1, count + 1)
    ]
    begin = time.perf_counter()
    result = env["cchc.procedure"].with_context(tracking_disable=True).load(names, rows)
    env.flush_all()
    if not result["ids"]:
        raise ValueError(result["messages"])
    return time.perf_counter() - begin


def run(env):
    """Measure new, unchanged and changed procedures; nothing is kept."""
    count = SETTINGS.volume(1_000, 100)
    with env.cr.savepoint() as savepoint:
        peer = load_plain(env, count)
        new = import_list(env, count, 5, "2026-01-01")
        env.invalidate_all()
        same = import_list(env, count, 5, "2026-06-01")
        env.invalidate_all()
        changed = import_list(env, count, 3, "2026-06-01")
        savepoint.rollback()
    env.invalidate_all()
    return [
        row(
            f"import {count} procedures: {name} (preview and import)",
            ours,
            peer,
            "s",
            ours / peer,
            f"≤ {SECONDS} s",
            ours <= SECONDS,
            "beside Odoo's load() of the same rows without comparison or publication",
        )
        for name, ours in (("new", new), ("unchanged", same), ("changed", changed))
    ]
