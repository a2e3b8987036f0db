"""100,000 old dossiers from a workbook: read, compared, written, and again unchanged.

Everything is measured: ledger, contacts, steps of the open ones, commits in batches.
Beside it Odoo's own ``load()`` of plain draft dossiers (no ledger, no dates, no
contact), on a sample, per row.
"""

import base64
import io
import resource
import time
from datetime import date, timedelta

import world
import xlsxwriter
from common import SETTINGS, row, say, timed

from odoo.addons.cchc_onestop.tools.dossier_import_row import HEADINGS

TARGET = 600
#: Of so many dossiers one is open, and one late.
OPEN_EVERY, LATE_EVERY = 40, 90
#: Dossiers of one owner.
PER_OWNER = 3


def run(env):
    """Return the rows of the table of results."""
    count, sample = SETTINGS.volume(100_000, 2_000), SETTINGS.volume(1_000, 200)
    content = _workbook(count)
    say(f"workbook of {count:,} rows, {len(content) / 2**20:.0f} MB")
    first, record = timed(_import, env, content)
    assert record.imported_count == count, record.message
    second, again = timed(_preview, env, content)
    assert again.unchanged_count == count, again.message
    verify = timed(_verify, env)[0]
    peer = timed(_load, env, sample)[0] / sample * count
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        row(
            f"import {count:,} old dossiers, beside load() of bare drafts",
            first,
            peer,
            "s",
            peer / first,
            f"≤ {TARGET} s",
            first <= TARGET * count / 100_000,
            f"{1000 * first / count:.1f} ms each with ledger and contacts; load() on "
            f"{sample:,} rows, scaled; peak of the process {memory:.0f} MB; all ledger "
            f"lines verified in {verify:.0f} s",
        ),
        row(
            f"the same {count:,} rows again: nothing changes",
            second,
            first,
            "s",
            first / second,
            "≥ 2",
            first >= 2 * second,
            "read and compared",
        ),
    ]


def _import(env, content):
    record = _preview(env, content)
    start = time.perf_counter()
    while record._write_batch(False, lambda _done, _total: None):
        env.cr.commit()
        env.invalidate_all()
    env.cr.commit()
    env.invalidate_all()
    say(f"written in {time.perf_counter() - start:.1f} s")
    return record


def _preview(env, content):
    company = world.find(env).company
    record = env["cchc.dossier.import"].create(
        {
            "file": base64.b64encode(content),
            "file_name": "ho-so.xlsx",
            "company_id": company.id,
        }
    )
    start = time.perf_counter()
    while record._read():
        env.cr.commit()
        env.invalidate_all()
    env.cr.commit()
    env.invalidate_all()
    say(f"read and compared in {time.perf_counter() - start:.1f} s")
    return record


def _verify(env):
    broken = env["cchc.dossier.event"]._verify()
    assert broken is None, broken


def _workbook(count):
    """Return a workbook as another software exports it."""
    stream = io.BytesIO()
    first = date.today() - timedelta(days=1500)
    with xlsxwriter.Workbook(stream, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for index, heading in enumerate(HEADINGS.values()):
            sheet.write_string(0, index, heading)
        for number in range(count):
            for index, text in enumerate(_cells(number, count, first).values()):
                if text:
                    sheet.write_string(number + 1, index, text)
    return stream.getvalue()


def _cells(number, count, first):
    received = first + timedelta(days=1490 * number // count)
    owner = number // PER_OWNER
    is_open = number % OPEN_EVERY == 0
    took = 20 if number % LATE_EVERY == 0 else 2
    cells = dict.fromkeys(HEADINGS, "")
    ended = min(received + timedelta(days=took), first + timedelta(days=1499))
    cells.update(
        code=f"000.00.99.H50-{received:%y%m%d}-{number:06}",
        procedure="9.990001",
        name=f"Nguyễn Văn {owner}",
        kind="1",
        identity=f"045190{owner:06}",
        birth_date="08/03/1990",
        address=f"Thôn {number % 40}, xã Đo Lường",
        phone=f"09{number:08}",
        channel=str(1 + number % 3),
        received_at=f"{received:%d/%m/%Y} 08:15",
        due_at=f"{received + timedelta(days=5):%d/%m/%Y} 17:00",
        state="4" if is_open else "10",
        unit="Văn phòng",
        handler="Công chức",
        fee="8000",
    )
    if not is_open:
        cells["ended_at"] = f"{ended:%d/%m/%Y} 09:00"
        cells["returned_at"] = f"{ended:%d/%m/%Y} 15:30"
    return cells


def _load(env, count):
    """Load drafts with the same columns by Odoo's own import."""
    fields = (
        *("procedure_id/.id", "applicant_name", "applicant_identity"),
        *("applicant_birth_date", "applicant_address", "applicant_phone"),
        *("external_code", "company_id/.id", "receiving_company_id/.id"),
    )
    found = world.find(env)
    rows = [
        [
            str(found.procedure.id),
            f"Nguyễn Văn {number}",
            f"045191{number:06}",
            "1990-03-08",
            f"Thôn {number % 40}",
            f"09{number:08}",
            f"L-{number}",
            str(found.company.id),
            str(found.company.id),
        ]
        for number in range(count)
    ]
    result = env["cchc.dossier"].load(list(fields), rows)
    assert result["ids"], result["messages"][:3]
    env.flush_all()
    env.cr.rollback()
