"""Process records: how fast they are written, what they cost the desk, how fast a chain
is checked.

The records are written for the ended dossiers of the generated volume, each with its
process, four steps with who was to do them and who did, parts, fee, two papers and the
event log: somewhat less than the 8.5 kB of a record of the demo commune. The check is
measured beside hashing the same bytes with hashlib alone, by one process that has them
in memory already.
"""

import csv
import hashlib
import io
import statistics
import time

import world
from common import SETTINGS, Request, row, say, timed
from generate import Generator

from odoo import Command

#: Dossiers ended one by one, with and without what ending adds for the record.
ENDS = 40
#: Rows copied or read at once.
CHUNK = 10_000
#: Checks of the whole chain, in turns with hashing alone.
CHECKS = 3

#: What the generator leaves out and every dossier has that was lived through.
_LIVED = (
    """
    UPDATE cchc_dossier dossier SET process_id = process.id
      FROM cchc_process process
     WHERE process.version_id = dossier.version_id
       AND process.company_id = dossier.company_id AND dossier.ended_at IS NOT NULL
    """,
    """
    UPDATE cchc_dossier_step step
       SET process_step_id = plan.id, output = plan.output,
           done_by_id = (SELECT min(person.user_id)
                           FROM cchc_process_step_user_rel person
                          WHERE person.step_id = plan.id)
      FROM cchc_dossier dossier
      JOIN cchc_process_step plan ON plan.process_id = dossier.process_id
     WHERE dossier.id = step.dossier_id AND plan.sequence = step.sequence
       AND dossier.ended_at IS NOT NULL
    """,
    """
    INSERT INTO cchc_dossier_fee
           (dossier_id, name, kind, is_stated, amount, due_amount, paid_amount)
    SELECT id, 'Lệ phí', 'charge', TRUE, 8000, 8000, 8000 FROM cchc_dossier
     WHERE ended_at IS NOT NULL
    """,
    """
    INSERT INTO cchc_dossier_paper
           (dossier_id, company_id, competent_company_id, occasion, edition_id, year,
            issued_by_id, name, code, state, issued_at, sha256)
    SELECT dossier.id, dossier.company_id, dossier.company_id, 1, edition.id, 2026,
           dossier.receiver_id, dossier.id || '/TTPVHCC', edition.code, 'issued',
           dossier.accepted_at, encode(sha256(int4send(dossier.id)), 'hex')
      FROM cchc_dossier dossier,
           (SELECT DISTINCT ON (code) id, code FROM cchc_form_edition
             WHERE code IN ('01', '05') ORDER BY code, id DESC) edition
     WHERE dossier.ended_at IS NOT NULL
    """,
)


def run(env):
    """Return the rows of the table of results."""
    count = SETTINGS.volume(100_000, 500)
    Generator(env, companies=1).fill(count, 1, share=1.0)
    _live(env)
    return [_writing(env), _closing(env), *_checking(env)]


def _live(env):
    """Give the generated dossiers what living through their process leaves."""
    found = world.find(env)
    env.cr.execute("SELECT DISTINCT version_id FROM cchc_dossier ORDER BY 1")
    used = [version_id for (version_id,) in env.cr.fetchall()]
    for version in env["cchc.procedure.version"].browse(used):
        if version.process_ids:
            continue
        process = env["cchc.process"].create(
            {
                "version_id": version.id,
                "company_id": found.company.id,
                "code": f"QT-{version.id:03d}",
                "valid_from": "2020-01-01",
                "step_ids": [
                    Command.create(
                        {
                            "sequence": sequence,
                            "name": name,
                            "role": role,
                            # Fits into the shortest limit, one working day.
                            "planned_amount": hours / 4,
                            "planned_unit": "working_hour",
                            "output": "Dự thảo kết quả giải quyết",
                            "department_id": found.department.id,
                            "user_ids": [
                                Command.set([found.desk.id, found.handler.id])
                            ],
                        }
                    )
                    for sequence, (name, role, hours) in enumerate(world.STEPS, 1)
                ],
            }
        )
        process.action_publish()
    env.flush_all()
    for statement in _LIVED:
        env.cr.execute(statement)
    env.cr.commit()


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
    records = env["cchc.iso.record"]
    ours, bare, problems = [], [_bare(env)], []
    for _repeat in range(CHECKS):
        seconds, found = timed(records._chain_problems, None)
        ours.append(seconds)
        problems += found
        bare.append(_bare(env))
    # Also ends of the chains, supplements, ledger lines, dossiers without a record.
    whole, _problems = timed(records._verify)
    env.cr.execute("SET max_parallel_workers_per_gather = 0")
    alone, _problems = timed(records._chain_problems, None)
    env.cr.execute("RESET max_parallel_workers_per_gather")
    env.cr.execute("SELECT avg(octet_length(payload))::int FROM cchc_iso_record")
    size = env.cr.fetchone()[0]
    seconds, peer = statistics.median(ours), statistics.median(bare)
    return [
        row(
            f"chain check of {total:,} records",
            seconds,
            peer,
            "s",
            seconds / peer,
            "≤ 2",
            seconds <= 2 * peer and not problems,
            f"{size:,} bytes each: read, hash, columns, neighbours, by as many "
            f"processes as PostgreSQL takes (by one {alone:.1f} s, with all other "
            f"checks {whole:.1f} s); beside hashlib alone on the same bytes, in "
            "memory, one process; medians in turns",
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
    definitions = _drop_indexes(env)
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
    env.cr.execute("RESET session_replication_role")
    for definition in definitions:
        env.cr.execute(definition)
    env.cr.execute(
        "UPDATE cchc_iso_record_chain SET last_number = %s, last_sha256 = %s "
        "WHERE (company_id, year) = (SELECT company_id, year "
        "FROM cchc_iso_record_chain ORDER BY company_id, year LIMIT 1)",
        (number, previous),
    )
    env.cr.commit()


def _drop_indexes(env):
    """Drop what slows a load down; return how to make it again."""
    env.cr.execute("SET session_replication_role = replica")
    env.cr.execute(
        """
        SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid)
          FROM pg_index
         WHERE indrelid = 'cchc_iso_record'::regclass AND NOT indisprimary
        """
    )
    definitions = []
    for name, definition in env.cr.fetchall():
        env.cr.execute(f"DROP INDEX {name}")
        definitions.append(definition)
    return definitions


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
