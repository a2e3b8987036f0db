"""Process records: how fast they are written, what they cost the desk, how fast a chain
is checked.

The records are written for the ended dossiers of the generated volume, each with its
process, the seven steps that most processes of a commune have, with who was to do them
and who did, parts, fee, two papers and the event log: about as much as in a record of
the demo commune (8.5 kB). The check is measured beside hashing the same bytes with
hashlib alone, by one process that has them in memory already.
"""

import hashlib
import statistics
import time

import world
from common import SETTINGS, Request, row, say, timed
from generate import Generator

from odoo import Command

#: Dossiers ended one by one, with and without what ending adds for the record.
ENDS = 40
#: Rows read at once.
CHUNK = 10_000
#: Checks of the whole chain, in turns with hashing alone.
CHECKS = 3

#: Steps of most processes of a commune: name, role, hours, what comes out of it.
_STEPS = (
    (
        "Tiếp nhận, kiểm tra hồ sơ",
        "receive",
        0.125,
        "Giấy tiếp nhận hồ sơ và hẹn trả kết quả",
    ),
    ("Phân công thụ lý", "assign", 0.125, ""),
    ("Thẩm định, xác minh, dự thảo kết quả", "handle", 2.0, "Dự thảo kết quả"),
    ("Lãnh đạo phòng xem xét", "review", 0.25, ""),
    ("Lãnh đạo UBND xã ký duyệt", "sign", 0.25, "Kết quả đã ký"),
    ("Văn thư vào sổ, đóng dấu, ký số của cơ quan", "clerk", 0.125, ""),
    ("Trả kết quả, thu phí, lệ phí (nếu có)", "return", 0.125, ""),
)
#: What the generator leaves out and every dossier has that was lived through.
_LIVED = (
    """
    UPDATE cchc_dossier dossier SET process_id = process.id
      FROM cchc_process process
     WHERE process.version_id = dossier.version_id
       AND process.company_id = dossier.company_id AND dossier.ended_at IS NOT NULL
    """,
    """
    DELETE FROM cchc_dossier_step step USING cchc_dossier dossier
     WHERE dossier.id = step.dossier_id AND dossier.process_id IS NOT NULL
    """,
    """
    INSERT INTO cchc_dossier_step
           (dossier_id, sequence, name, role, planned_amount, planned_unit,
            planned_end_at, state, department_id, user_id, started_at, ended_at,
            due_at, process_step_id, output, done_by_id)
    SELECT dossier.id, plan.sequence, plan.name, plan.role,
           plan.planned_amount, plan.planned_unit, dossier.due_at, 'done',
           plan.department_id, person.id, dossier.accepted_at, dossier.ended_at,
           dossier.due_at, plan.id, plan.output, person.id
      FROM cchc_dossier dossier
      JOIN cchc_process_step plan ON plan.process_id = dossier.process_id
      JOIN LATERAL (SELECT min(user_id) AS id FROM cchc_process_step_user_rel
                     WHERE step_id = plan.id) person ON TRUE
     WHERE dossier.ended_at IS NOT NULL
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

_ORIGINALS = """
    CREATE TEMPORARY TABLE original ON COMMIT DROP AS
    SELECT record.*, row_number() OVER (ORDER BY number)::int - 1 AS place
      FROM cchc_iso_record record
     WHERE (company_id, year) = (SELECT company_id, year FROM cchc_iso_record_chain
                                  ORDER BY company_id, year LIMIT 1)
  ORDER BY number LIMIT 500;
    CREATE UNIQUE INDEX ON original (place)
"""
#: Each original as one more record of its dossier, hashed as the writer does it.
_MULTIPLY = """
    DO $$
    DECLARE
        chain cchc_iso_record_chain;
        original original;
        content text;
        hash text;
        count int := (SELECT count(*) FROM original);
    BEGIN
        SELECT * INTO chain FROM cchc_iso_record_chain
         ORDER BY company_id, year LIMIT 1;
        FOR offset_ IN 0 .. {more} - 1 LOOP
            SELECT * INTO original FROM original o WHERE o.place = offset_ % count;
            chain.last_number := chain.last_number + 1;
            content := replace(replace(original.payload,
                '"number":' || original.number || ',"out_of_order_count"',
                '"number":' || chain.last_number || ',"out_of_order_count"'),
                '"supplement_no":' || original.supplement_no || ',"timeliness"',
                '"supplement_no":' || 1 + offset_ || ',"timeliness"');
            hash := encode(sha256(convert_to(
                chain.last_sha256 || E'\\n' || content, 'UTF8')), 'hex');
            INSERT INTO cchc_iso_record (number, supplement_no, payload,
                   previous_sha256, sha256, {same})
            SELECT chain.last_number, 1 + offset_, content, chain.last_sha256, hash,
                   {same}
              FROM original o WHERE o.place = offset_ % count;
            chain.last_sha256 := hash;
        END LOOP;
        UPDATE cchc_iso_record_chain SET last_number = chain.last_number,
               last_sha256 = chain.last_sha256 WHERE id = chain.id;
    END $$
"""


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
                            "planned_amount": hours,
                            "planned_unit": "working_hour",
                            "output": output,
                            "department_id": found.department.id,
                            "user_ids": [
                                Command.set([found.desk.id, found.handler.id])
                            ],
                        }
                    )
                    for sequence, (name, role, hours, output) in enumerate(_STEPS, 1)
                ],
            }
        )
        process.action_publish()
    env.flush_all()
    # Foreign keys are right by construction, and slow to check row by row.
    env.cr.execute("SET session_replication_role = replica")
    for statement in _LIVED:
        env.cr.execute(statement)
    env.cr.execute("RESET session_replication_role")
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
    definitions = _drop_indexes(env)
    env.cr.execute(_ORIGINALS)
    env.cr.execute(
        "SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute "
        "WHERE attrelid = 'cchc_iso_record'::regclass AND attnum > 0 "
        "AND NOT attisdropped AND attname NOT IN "
        "('id', 'number', 'supplement_no', 'payload', 'previous_sha256', 'sha256')"
    )
    same = env.cr.fetchone()[0]
    env.cr.execute(_MULTIPLY.format(same=same, more=int(more)))
    env.cr.commit()
    say(f"{more:,} more")
    env.cr.execute("RESET session_replication_role")
    for definition in definitions:
        env.cr.execute(definition)
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
