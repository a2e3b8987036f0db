"""Process records: how fast they are written, what they cost the desk, how fast a chain
is checked.

The records are written for the ended dossiers of the generated volume, each with its
steps, parts and event log; the check is measured beside hashing the same bytes with
hashlib alone, read into memory before.
"""

import csv
import hashlib
import io
import statistics
import time

import world
from common import SETTINGS, Request, row, say, timed
from generate import Generator

#: Dossiers ended one by one, with and without what ending adds for the record.
ENDS = 40
#: Rows copied or read at once.
CHUNK = 10_000


def run(env):
    """Return the rows of the table of results."""
    count = SETTINGS.volume(100_000, 500)
    Generator(env, companies=1).fill(count, 1, share=1.0)
    env.cr.commit()
    return [_writing(env), _closing(env), *_checking(env)]


def _writing(env):
    records = env["cchc.iso.record"]
    queued = records._queue_missing()
    env.cr.commit()
    before = env.cr.sql_log_count
    start = time.perf_counter()
    batches = 0
    while records._record_batch(500):
        env.cr.commit()
        env.invalidate_all()
        batches += 1
    seconds = time.perf_counter() - start
    written = records.search_count([])
    env.cr.execute("SELECT avg(length(payload))::int FROM cchc_iso_record")
    size = env.cr.fetchone()[0]
    statements = (env.cr.sql_log_count - before) / max(1, batches)
    say(f"{written:,} records of {queued:,} dossiers in {seconds:.1f} s")
    return row(
        f"process records of {written:,} ended dossiers",
        written / seconds,
        None,
        "per s",
        None,
        "rate",
        written == queued,
        f"{size:,} letters each; {statements:.0f} statements for 500 dossiers",
    )


def _closing(env):
    """End dossiers one by one, with and without the row that the records need."""
    name = env.cr.dbname
    found = world.find(env)
    draft = world.draft_values(found)
    user = found.desk.id
    queue = type(env["cchc.iso.record.queue"])
    add = queue._add
    times = {True: [], False: []}
    ends = SETTINGS.volume(ENDS, 4)
    for number in range(2 * ends + 2):
        with Request(name, user) as own:
            dossier = own["cchc.dossier"].create(draft)
            dossier.action_accept()
            own.cr.commit()
        recorded = bool(number % 2)
        queue._add = add if recorded else lambda _self, _ids: None
        try:
            with Request(name, user) as own:
                dossier = own["cchc.dossier"].browse(dossier.id)
                start = time.perf_counter()
                dossier.action_withdraw(content="Công dân rút hồ sơ")
                own.cr.commit()
                times[recorded].append(time.perf_counter() - start)
        finally:
            queue._add = add
    ours, bare = (statistics.median(times[kind][1:]) for kind in (True, False))
    share = (ours - bare) / ours
    return row(
        "what its record adds to the transaction that ends a dossier",
        ours * 1000,
        bare * 1000,
        "ms",
        share,
        "≤ 0.15",
        share <= 0.15,
        "withdrawn with its notice; beside it the same without the record",
    )


def _checking(env):
    """Check a chain of a million records, made from those written."""
    total = SETTINGS.volume(1_000_000, 2_000)
    have = env["cchc.iso.record"].search_count([])
    _multiply(env, total - have)
    env.cr.execute("ANALYZE cchc_iso_record")
    env.cr.commit()
    seconds, problems = timed(env["cchc.iso.record"]._chain_problems, None)
    bare = _bare(env)
    return [
        row(
            f"chain check of {total:,} records",
            seconds,
            bare,
            "s",
            seconds / bare,
            "≤ 2",
            seconds <= 2 * bare and not problems,
            "read, hash, columns, neighbours; beside hashing the same bytes alone",
        )
    ]


def _multiply(env, more):
    """Append records to the first chain: those written, under other numbers."""
    if more <= 0:
        return
    env.cr.execute(
        "SELECT * FROM cchc_iso_record WHERE (company_id, year) IN ("
        "SELECT company_id, year FROM cchc_iso_record ORDER BY company_id, year LIMIT 1"
        ") ORDER BY number LIMIT 500"
    )
    originals = env.cr.dictfetchall()
    names = [name for name in originals[0] if name != "id"]
    env.cr.execute(
        "SELECT last_number, last_sha256 FROM cchc_iso_record_chain "
        "ORDER BY company_id, year LIMIT 1"
    )
    number, previous = env.cr.fetchone()
    copy = f"COPY cchc_iso_record ({', '.join(names)}) FROM STDIN WITH (FORMAT csv)"
    for start in range(0, more, CHUNK):
        stream = io.StringIO()
        writer = csv.writer(stream)
        for offset in range(start, min(start + CHUNK, more)):
            number += 1
            vals = _renumbered(originals[offset % len(originals)], number, offset)
            text = vals["payload"].encode()
            vals["previous_sha256"] = previous
            previous = hashlib.sha256(previous.encode() + b"\n" + text).hexdigest()
            vals["sha256"] = previous
            writer.writerow([vals[name] for name in names])
        stream.seek(0)
        env.cr._obj.copy_expert(copy, stream)
        env.cr.commit()
        if start and start % (10 * CHUNK) == 0:
            say(f"{start:,} of {more:,}")


def _renumbered(original, number, offset):
    """Return a record under another number, as one more of its dossier."""
    vals = dict(original)
    vals["number"] = number
    vals["supplement_no"] = 1 + offset
    vals["payload"] = (
        original["payload"]
        .replace(
            f'"number":{original["number"]},"out_of_order_count"',
            f'"number":{number},"out_of_order_count"',
        )
        .replace(
            f'"supplement_no":{original["supplement_no"]},"timeliness"',
            f'"supplement_no":{1 + offset},"timeliness"',
        )
    )
    return vals


def _bare(env):
    """Return the seconds that hashlib takes for the same bytes, once in memory."""
    seconds = last = 0
    while True:
        env.cr.execute(
            "SELECT id, previous_sha256, payload FROM cchc_iso_record WHERE id > %s "
            "ORDER BY id LIMIT %s",
            (last, CHUNK),
        )
        rows = env.cr.fetchall()
        if not rows:
            return seconds
        last = rows[-1][0]
        contents = [f"{before}\n{text}".encode() for _id, before, text in rows]
        start = time.perf_counter()
        for content in contents:
            hashlib.sha256(content).hexdigest()
        seconds += time.perf_counter() - start
