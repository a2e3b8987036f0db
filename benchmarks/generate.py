"""Dossiers by the million, by COPY, the same ones every time.

    generate.py [--dossiers N] [--open N] [--companies N] [--keep NAME]

makes a database from the template, installs the addons and fills it; without
``--keep`` it is dropped again. The benchmarks fill theirs with :class:`Generator`.

Every dossier has the columns that its state gives it in real life: code and number in
the series of its agency and day, both due dates as the deadline engine counts them
from the start of the clock, timeliness from the end, and for those that are open
handler, department, current step, ``overdue_from`` and when they are next looked at
for alerts. Open dossiers and a share of the others have steps, parts and the first
line of the date ledger with its hash.
"""

import argparse
import json
import os
import random
import sys
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent))

import world  # noqa: E402
from common import say  # noqa: E402

from odoo import Command  # noqa: E402

SEED = 19
YEARS = 5
CHUNK = 50_000
DAY = 86_400
#: Above this many new rows indexes are dropped and built anew.
REBUILD = 100_000
#: Share of late ends: that of a commune's half-year, 1.1 %.
LATE = 0.011
#: Share of open dossiers that are overdue.
OVERDUE = 0.01
WITHDRAWN = 0.03

FAMILIES = "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương".split()
MIDDLES = "Văn Thị Hữu Đức Ngọc Minh Thanh Quang Xuân Thu Hồng Kim".split()
GIVEN = (
    "An Bình Châu Dũng Giang Hà Hải Hạnh Hiền Hoa Hùng Hương Khánh Lan Linh Long Mai "
    "Nam Nga Nhung Phong Phúc Quân Sơn Tâm Thảo Thủy Trang Trung Tuấn Vân Yến"
).split()
STATES_OPEN = (
    ("processing", 0.80),
    ("to_sign", 0.08),
    ("supplement", 0.06),
    ("accepted", 0.06),
)


class Generator:
    """Fills ``cchc_dossier`` of one database up to a number of dossiers.

    :param env: environment of the superuser on a database with the world
    :param int companies: agencies among which the dossiers are shared
    """

    def __init__(self, env, companies=50):
        self.env = env(context={**env.context, "tracking_disable": True})
        self.random = random.Random(SEED)
        self.world = world.find(self.env)
        self.agencies = self._agencies(companies)
        self.partners = self._partners()
        self.kinds = self._kinds()
        self.working = self.world.company.resource_calendar_id._cchc_working_time()
        self.now = int(datetime.now(UTC).timestamp())
        self.numbers = {}

    def fill(self, total, opened, mine=120, share=0.02):
        """Bring the table up to ``total`` dossiers, ``opened`` of them open.

        :param mine: open dossiers of the world's handler, which never grow in number
        :param share: share of the closed dossiers that get steps, parts and a line of
            the ledger; the open ones all do
        """
        have, have_open = self._counts()
        closed = max(0, total - opened - (have - have_open))
        more_open = max(0, opened - have_open)
        if not closed and not more_open:
            return
        say(f"generating {closed + more_open:,} dossiers ({more_open:,} open)")
        self._load_numbers()
        tables = ["cchc_dossier", "cchc_number"]
        if max(closed * share, more_open) > REBUILD:
            tables += [f"cchc_dossier_{name}" for name in ("step", "document", "event")]
        definitions = []
        if closed + more_open > REBUILD:
            definitions = drop_indexes(self.env.cr, tables)
        self._as_replica()
        for start in range(0, closed, CHUNK):
            self._chunk(min(CHUNK, closed - start), False, share, 0)
            if start and start % (10 * CHUNK) == 0:
                say(f"{start:,} of {closed:,}")
        if more_open:
            mine = min(mine, more_open // 2) if not have_open else 0
            for start in range(0, more_open, CHUNK):
                count = min(CHUNK, more_open - start)
                self._chunk(count, True, 1.0, 0 if start else mine)
        self.env.cr.execute("RESET session_replication_role")
        self.env.cr.execute("RESET synchronous_commit")
        self.env.cr.execute("SET maintenance_work_mem = '512MB'")
        for definition in definitions:
            self.env.cr.execute(definition)
        self.env.cr.execute("RESET maintenance_work_mem")
        self.env.cr.commit()
        self.env.invalidate_all()
        names = ("", "_step", "_document", "_event")
        vacuum(self.env.cr, [*(f"cchc_dossier{name}" for name in names), "cchc_number"])

    # ------------------------------------------------------------------
    # What the dossiers belong to
    # ------------------------------------------------------------------
    def _agencies(self, count):
        """Return the agencies, that of the world first."""
        world_ = self.world
        have = self.env["res.company"].search([("cchc_unit_code", "=like", "H60.%")])
        missing = count - 1 - len(have)
        if missing > 0:
            have += self._new_companies(len(have), missing)
        result = [
            self._agency(
                world_.company, world_.department, (world_.desk.id, world_.leader.id)
            )
        ]
        for company in have:
            department = self.env["hr.department"].search(
                [("company_id", "=", company.id)], limit=1
            )
            users = self.env["res.users"].search([("company_id", "=", company.id)])
            result.append(self._agency(company, department, tuple(users.ids)))
        return result

    @staticmethod
    def _agency(company, department, users):
        columns = (company.id, company.id, department.id, users[0])
        return Agency(
            company.id,
            company.cchc_unit_code,
            department.id,
            users,
            f"dossier/{company.id}",
            "\t".join(map(str, columns)),
        )

    def _new_companies(self, first, count):
        numbers = range(first + 1, first + count + 1)
        companies = self.env["res.company"].create(
            [
                {
                    "name": f"UBND xã {number}",
                    "cchc_unit_code": f"H60.{number}",
                    "cchc_level": "commune",
                }
                for number in numbers
            ]
        )
        self.env["hr.department"].create(
            [{"name": "Văn phòng", "company_id": company.id} for company in companies]
        )
        group = self.env.ref("cchc_onestop.group_handler")
        self.env["res.users"].with_context(no_reset_password=True).create(
            [
                {
                    "name": f"Cán bộ {company.cchc_unit_code}.{number}",
                    "login": f"bench_{company.cchc_unit_code}.{number}",
                    "company_id": company.id,
                    "company_ids": [Command.set(company.ids)],
                    "group_ids": [Command.set(group.ids)],
                }
                for company in companies
                for number in range(2)
            ]
        )
        self.env.cr.commit()
        return companies

    def _partners(self, count=1_000):
        found = self.env["res.partner"].search([("cchc_identity", "=like", "0461%")])
        if not found:
            found = self.env["res.partner"].create(
                [
                    {
                        "name": self._name(),
                        "cchc_identity_type": "personal",
                        "cchc_identity": f"0461{number:08d}",
                    }
                    for number in range(count)
                ]
            )
            self.env.cr.commit()
        return [f"{p.id}\t{p.name}\t{p.cchc_identity}" for p in found]

    def _kinds(self):
        """Return what dossiers are of: procedures with a stated time in days."""
        kinds = []
        calendar = self.world.company.resource_calendar_id
        today = datetime.now(UTC).date()
        for version in self.env["cchc.procedure.version"].search(
            [("state", "=", "published")], limit=60
        ):
            limit = version._pick_time_limit("counter")
            if not limit.is_stated or limit.unit not in ("working_day", "calendar_day"):
                continue
            rule = self.env["cchc.deadline.rule"]._get_rule(limit.unit, today)
            procedure, amount = version.procedure_id, int(limit.amount) or 1
            columns = (
                *(procedure.id, version.id, calendar.id),
                *(rule.id, rule.id, amount, limit.unit, amount, limit.unit),
            )
            kinds.append(
                Kind(
                    procedure.id,
                    version.id,
                    amount,
                    limit.unit,
                    rule._to_rule(),
                    "\t".join(map(str, columns)),
                )
            )
        return kinds

    def _counts(self):
        self.env.cr.execute(
            "SELECT count(*), count(*) FILTER (WHERE is_open) FROM cchc_dossier"
        )
        return self.env.cr.fetchone()

    def _load_numbers(self):
        self.env.cr.execute(
            "SELECT series, period, max(number) FROM cchc_number GROUP BY 1, 2"
        )
        self.numbers = {row[:2]: row[2] for row in self.env.cr.fetchall()}

    # ------------------------------------------------------------------
    # Rows
    # ------------------------------------------------------------------
    def _chunk(self, count, is_open, share, mine):
        """Write one chunk of dossiers with what lies below them."""
        dossier_id = self._next_id("cchc_dossier")
        step_id = self._next_id("cchc_dossier_step")
        tables = {table: _Copy(table, columns) for table, columns in _COLUMNS.items()}
        add, number = tables["cchc_dossier"].add, tables["cchc_number"].add
        draw, choice = self.random.random, self.random.choice
        rows = self._open_rows(count) if is_open else self._closed_rows(count)
        for position, (kind, moments) in enumerate(rows):
            if position < mine:
                agency = self.agencies[0]
                user = self.world.handler.id
            else:
                agency = choice(self.agencies)
                user = choice(agency.users) if is_open else None
            partner = choice(self.partners)
            code = self._code(agency, moments["accepted_at"], number)
            step = None
            if is_open or draw() < share:
                values = {
                    **moments,
                    "id": dossier_id,
                    "name": code,
                    "company_id": agency.id,
                    "department_id": agency.department,
                    "user_id": user,
                    "receiver_id": agency.users[0],
                    "procedure_id": kind.procedure,
                    "version_id": kind.version,
                }
                step = self._steps(values, is_open, step_id, tables)
                step_id += len(world.STEPS)
                self._documents(values, tables)
                self._event(values, tables)
            add(
                (
                    dossier_id,
                    code,
                    agency.text,
                    kind.text,
                    partner,
                    _CONSTANTS_TEXT,
                    moments["accepted_at"],
                    moments["accepted_at"],
                    *(moments["due_at"],) * 4,
                    user,
                    step if is_open else None,
                    *map(moments.get, _MOMENTS),
                )
            )
            dossier_id += 1
        for table in tables.values():
            table.write(self.env.cr)
        for name in ("cchc_dossier", "cchc_dossier_step"):
            self.env.cr.execute(
                f"SELECT setval('{name}_id_seq', (SELECT max(id) FROM {name}))"
            )
        self.env.cr.commit()

    def _next_id(self, table):
        self.env.cr.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {table}")
        return self.env.cr.fetchone()[0]

    def _starts(self, count, earliest, latest):
        """Return ``[(kind, start, due)]`` in random order, starts in office hours."""
        draw = self.random.random
        days = (latest - earliest) // DAY
        # Midnight in Việt Nam, seven hours before that of UTC.
        midnight = (earliest + 7 * 3600) // DAY * DAY - 7 * 3600
        shares = [0] * len(self.kinds)
        for _each in range(count):
            shares[int(draw() * len(shares))] += 1
        result = []
        for kind, number in zip(self.kinds, shares, strict=True):
            starts = [
                midnight + int(draw() * days) * DAY + 28800 + int(draw() * 10800)
                for _each in range(number)
            ]
            dues = self.working.add_many(starts, kind.amount, kind.unit, kind.engine)
            result += [(kind, *pair) for pair in zip(starts, dues, strict=True)]
        self.random.shuffle(result)
        return result

    def _closed_rows(self, count):
        draw = self.random.random
        earliest, latest = self.now - YEARS * 365 * DAY, self.now - 70 * DAY
        for kind, accepted, due in self._starts(count, earliest, latest):
            late = draw() < LATE
            if late:
                ended = due + 3600 + int(draw() * 5 * DAY)
            else:
                ended = accepted + int((due - accepted) * draw())
            due_at, ended_at = _utc(due), _utc(ended)
            # An end in the half-day of the appointment is on time (to the hour here).
            word = "late" if late else "on_time" if due - ended < 14400 else "early"
            row = {
                "accepted_at": _utc(accepted),
                "due_at": due_at,
                "state": "withdrawn",
                "is_open": "f",
                "supplement_count": 0,
                "ended_at": ended_at,
                "timeliness": word,
                "statutory_timeliness": word,
            }
            if late:
                row["late_at"] = due_at
            if draw() >= WITHDRAWN:
                row.update(state="returned", signed_at=ended_at, returned_at=ended_at)
            yield kind, row

    def _open_rows(self, count):
        overdue = int(count * OVERDUE)
        missing = count - overdue
        while missing:
            # Of these starts, those of which the due date lies ahead.
            for kind, accepted, due in self._starts(
                count, self.now - 20 * DAY, self.now
            ):
                if not missing or due <= self.now + DAY or accepted >= self.now:
                    continue
                missing -= 1
                state = self.random.choices(*zip(*STATES_OPEN, strict=True))[0]
                due_at, held = _utc(due), state == "supplement"
                yield (
                    kind,
                    {
                        "accepted_at": _utc(accepted),
                        "due_at": due_at,
                        "state": state,
                        "is_open": "t",
                        "supplement_count": int(held),
                        "overdue_from": None if held else due_at,
                        "alert_next_at": due_at,
                        "step_due_at": due_at,
                    },
                )
        later = _utc(self.now + DAY)
        for kind, accepted, due in self._starts(
            overdue, self.now - 60 * DAY, self.now - 45 * DAY
        ):
            due_at = _utc(due)
            yield (
                kind,
                {
                    "accepted_at": _utc(accepted),
                    "due_at": due_at,
                    "state": "processing",
                    "is_open": "t",
                    "supplement_count": 0,
                    "overdue_from": due_at,
                    "late_at": due_at,
                    "alert_next_at": later,
                    "step_due_at": due_at,
                },
            )

    def _name(self):
        pick = self.random.choice
        return f"{pick(FAMILIES)} {pick(MIDDLES)} {pick(GIVEN)}"

    def _code(self, agency, accepted_at, add):
        """Give the next code of the agency and day, as acceptance does."""
        day = accepted_at[:10].replace("-", "")
        key = (agency.series, day)
        number = self.numbers.get(key, 0) + 1
        self.numbers[key] = number
        code = f"{agency.unit}-{day[2:]}-{number:04d}"
        add((agency.series, day, number, code, accepted_at))
        return code

    def _steps(self, row, is_open, first_id, tables):
        """Write the four steps; return the id of the second, the current one."""
        for index, (name, role, hours) in enumerate(world.STEPS):
            state = "done" if index == 0 or not is_open else "waiting"
            if index == 1 and is_open:
                state = "current"
            tables["cchc_dossier_step"].add(
                (
                    first_id + index,
                    row["id"],
                    index + 1,
                    name,
                    role,
                    hours,
                    "working_hour",
                    row["due_at"],
                    state,
                    row["department_id"],
                    row["user_id"],
                    None if state == "waiting" else row["accepted_at"],
                    row["accepted_at"] if state == "done" else None,
                    row["due_at"] if state == "current" else None,
                )
            )
        return first_id + 1

    def _documents(self, row, tables):
        for number in range(1, 4):
            tables["cchc_dossier_document"].add(
                (
                    row["id"],
                    number,
                    f"Giấy tờ {number}",
                    "paper\toriginal\tt\t1\t0\tt\tf",
                )
            )

    def _event(self, row, tables):
        """Write a line of the ledger that holds the dossier as it stands."""
        row = {
            **row,
            "clock_start_at": row["accepted_at"],
            **dict.fromkeys(_DUES, row["due_at"]),
        }
        ledger, names = _suite()
        after = {name: self._snapshot(name, row.get(name)) for name in names}
        values = {
            "dossier_id": row["id"],
            "company_id": row["company_id"],
            "sequence": 1,
            "at": datetime.fromisoformat(row["accepted_at"]),
            "kind": "accept",
            "from_state": "draft",
            "to_state": row["state"],
            "user_id": row["receiver_id"],
            "on_behalf_of_id": None,
            "post": "",
            "department": "",
            "step": "",
            "content": "",
            "legal_basis": "",
            "data": {"after": after},
        }
        payload = self.env["cchc.dossier.event"]._payload(values)
        tables["cchc_dossier_event"].add(
            (
                row["id"],
                row["company_id"],
                1,
                row["accepted_at"],
                "accept\tdraft",
                row["state"],
                row["receiver_id"],
                "\t\t\t\t",
                json.dumps(values["data"], ensure_ascii=False),
                ledger.GENESIS,
                ledger.line_hash(ledger.GENESIS, payload),
            )
        )

    @staticmethod
    def _snapshot(name, value):
        if not value:
            return None
        return value.replace(" ", "T") + "Z" if name.endswith("_at") else value

    # ------------------------------------------------------------------
    # The database
    # ------------------------------------------------------------------
    def _as_replica(self):
        """Foreign keys are right by construction; a superuser need not check them."""
        self.env.cr.execute("SELECT current_setting('is_superuser')::bool")
        if self.env.cr.fetchone()[0]:
            self.env.cr.execute("SET session_replication_role = replica")
        self.env.cr.execute("SET synchronous_commit = off")


def drop_indexes(cr, tables):
    """Drop the indexes that a load would keep up row by row.

    :return: the statements that build them anew
    """
    cr.execute(
        """
        SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid)
          FROM pg_index
         WHERE indrelid = ANY(%s::regclass[]) AND NOT indisprimary
        """,
        (tables,),
    )
    definitions = []
    for name, definition in cr.fetchall():
        cr.execute(f"DROP INDEX {name}")
        definitions.append(definition)
    cr.commit()
    return definitions


def vacuum(cr, tables):
    """Leave the tables as autovacuum does, with statistics and visibility map."""
    cr.commit()
    connection = cr._cnx
    connection.autocommit = True
    try:
        for table in tables:
            cr.execute(f"VACUUM ANALYZE {table}")
    finally:
        connection.autocommit = False


class _Copy:
    """Rows for one table, gathered as text for COPY."""

    def __init__(self, table, columns):
        self.table = table
        self.columns = columns
        self.lines = []

    def add(self, values):
        self.lines.append(
            "\t".join(["\\N" if value is None else str(value) for value in values])
        )

    def write(self, cr):
        if self.lines:
            columns = ", ".join(self.columns)
            cr._obj.copy_expert(
                f"COPY {self.table} ({columns}) FROM STDIN",
                StringIO("\n".join(self.lines) + "\n"),
            )


class Agency(NamedTuple):
    id: int
    unit: str
    department: int
    users: tuple
    series: str
    #: company, receiving company, department and receiver as COPY wants them
    text: str


class Kind(NamedTuple):
    """A procedure with its version, time and deadline rule."""

    procedure: int
    version: int
    amount: int
    unit: str
    engine: object
    #: the columns that it gives to a dossier, as COPY wants them
    text: str


_DUES = ("first_due_at", "unextended_due_at", "due_at", "statutory_due_at")
#: Columns that hold the same in every row.
_CONSTANTS = {
    "applicant_identity_type": "personal",
    "applicant_kind": "citizen",
    "applicant_address": "Thôn Trường Xuân",
    "channel": "counter",
    "priority": "0",
    "sets": "1",
    "result_channel": "counter",
    "submitter_relation": "self",
    "lookup_code": "BENCHM",
    "create_uid": "1",
    "write_uid": "1",
    "extension_count": "0",
    "imported": "f",
    "validation_status": "no",
}
_CONSTANTS_TEXT = "\t".join(_CONSTANTS.values())
#: Columns that follow from where a dossier stands.
_MOMENTS = (
    "state",
    "is_open",
    "supplement_count",
    "overdue_from",
    "alert_next_at",
    "step_due_at",
    "late_at",
    "signed_at",
    "ended_at",
    "returned_at",
    "timeliness",
    "statutory_timeliness",
)
_COLUMNS = {
    "cchc_dossier": (
        "id",
        "name",
        *("company_id", "receiving_company_id", "department_id", "receiver_id"),
        *("procedure_id", "version_id", "calendar_id"),
        *("deadline_rule_id", "statutory_rule_id"),
        *("committed_amount", "committed_unit", "statutory_amount", "statutory_unit"),
        *("partner_id", "applicant_name", "applicant_identity"),
        *_CONSTANTS,
        *("accepted_at", "clock_start_at"),
        *_DUES,
        "user_id",
        "current_step_id",
        *_MOMENTS,
    ),
    "cchc_number": ("series", "period", "number", "value", "given_at"),
    "cchc_dossier_step": (
        *("id", "dossier_id", "sequence"),
        *("name", "role", "planned_amount", "planned_unit", "planned_end_at", "state"),
        *("department_id", "user_id", "started_at", "ended_at", "due_at"),
    ),
    "cchc_dossier_document": (
        *("dossier_id", "sequence", "name"),
        *("source", "kind", "required", "originals", "copies", "received"),
        "is_result",
    ),
    "cchc_dossier_event": (
        *("dossier_id", "company_id", "sequence", "at"),
        *("kind", "from_state", "to_state", "user_id"),
        *("post", "department", "step", "content", "legal_basis"),
        *("data", "previous_hash", "hash"),
    ),
}


def _suite():
    """Return the suite's ledger; its path is known only once Odoo is configured."""
    from odoo.addons.cchc_onestop.models.cchc_dossier_event import SNAPSHOT
    from odoo.addons.cchc_onestop.tools import ledger

    return ledger, SNAPSHOT


def _utc(epoch):
    return datetime.fromtimestamp(epoch, UTC).isoformat(" ")[:19]


def main():
    import common
    import run

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dossiers", type=int, default=1_000_000)
    parser.add_argument("--open", type=int, default=100_000)
    parser.add_argument("--companies", type=int, default=50)
    parser.add_argument("--keep", metavar="NAME", help="keep the database as NAME")
    options = parser.parse_args()
    run.configure()
    name = options.keep or f"cchc_generate_{os.getpid()}"
    try:
        run.prepare(name)
        with common.environment(name) as env:
            start = datetime.now()
            generator = Generator(env, options.companies)
            generator.fill(options.dossiers, options.open)
            say(f"{generator._counts()} in {datetime.now() - start}")
    finally:
        common.release(name)
        if not options.keep:
            common.database("drop", name)


if __name__ == "__main__":
    main()
