import hashlib

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.cchc_onestop.tools import ledger

from ..tools import record_header

#: Problems of one kind that a check names.
NAMED = 200
#: Problems that mean that somebody changed the tables, not that work is behind.
TOUCHED = frozenset(
    {
        *("content", "columns", "number", "first", "link", "gap", "double"),
        *("cut", "added", "end", "chain", "anchor", "ledger"),
    }
)


class CchcIsoRecord(models.Model):
    """Verifies process records straight from the tables and names what was touched."""

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.iso.record"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _verify(self, anchors=None, company_ids=None):
        """Check every chain of records.

        :param anchors: chains known from outside, as ``{(agency code, year): hashes}``
            of the records 1, 2, 3, …
        :param company_ids: agencies whose chains are checked; ``None`` for all
        :return: list of problems, dicts with ``kind``, ``company_id``, ``year``,
            ``number``, ``code`` and what the kind needs; empty when all is whole
        """
        self.env.flush_all()
        problems = self._chain_problems(company_ids)
        # What follows from a record that was touched is not told a second time.
        known = {(p["company_id"], p["year"], p["number"]) for p in problems}
        problems += [
            problem
            for problem in (
                *self._end_problems(company_ids),
                *self._first_problems(company_ids),
                *self._ledger_problems(company_ids),
                *self._anchor_problems(anchors or {}, company_ids),
            )
            if (problem["company_id"], problem["year"], problem["number"]) not in known
            or problem["kind"] in ("cut", "chain", "ledger")
        ]
        return problems + self._missing_problems(company_ids)

    # ------------------------------------------------------------------
    # Chains
    # ------------------------------------------------------------------
    @api.model
    def _of(self, alias, company_ids):
        """Return the SQL condition that limits rows to these agencies."""
        if company_ids is None:
            return SQL("TRUE")
        return SQL("%s = ANY(%s)", SQL.identifier(alias, "company_id"), company_ids)

    @api.model
    def _chain_problems(self, company_ids):
        ids = self._suspects(company_ids)
        return [
            problem
            for row in self._beside_neighbours(ids)
            for problem in self._row_problems(row)
        ]

    @api.model
    def _suspects(self, company_ids):
        """Hash every record once and return the ids of those that something is wrong
        with, in the order of the chains.
        """
        self._plan_for_suspects("off", "UTF8")
        self.env.cr.execute(self._suspects_sql(company_ids))
        ids = [row[0] for row in self.env.cr.fetchall()]
        self._plan_for_suspects(None, None)
        return ids + self._doubles(company_ids)

    @api.model
    def _plan_for_suspects(self, joins, encoding):
        """Set, for this transaction, how PostgreSQL is to go through the records.

        It would rather hash or sort them for the join, with all their payloads; and
        ``textsend`` gives the bytes of the encoding that the client reads.

        :param joins: ``off``; ``None`` sets all back to what it was
        """
        self.env.cr.execute(
            SQL("; ").join(
                SQL("SET LOCAL %s TO %s", SQL(name), value or SQL("DEFAULT"))
                for name, value in (
                    ("enable_hashjoin", joins),
                    ("enable_mergejoin", joins),
                    ("jit", joins),
                    ("client_encoding", encoding),
                )
            )
        )

    @api.model
    def _suspects_sql(self, company_ids):
        """Return the SQL that goes through all records, by several processes.

        Each payload is unpacked once: what an outer join brings in is worked out below
        the conditions that use it. All conditions are one, so that they are looked at
        above the join. Order and limit stand apart: PostgreSQL would take them for a
        reason to go through an index, hoping to find enough suspects soon.
        """
        return SQL(
            """
            WITH suspect AS MATERIALIZED (
                SELECT record.id, record.company_id, record.year, record.number
                  FROM cchc_iso_record record
             LEFT JOIN LATERAL (
                       SELECT record.previous_sha256 || E'\n' || record.payload AS text
                       ) line ON TRUE
             LEFT JOIN cchc_iso_record before
                    ON before.company_id = record.company_id
                   AND before.year = record.year
                   AND before.number = record.number - 1
                 WHERE (record.sha256 = encode(sha256(textsend(line.text)), 'hex')
                        AND split_part(line.text, %s, 2) != ''
                        AND record.previous_sha256 = coalesce(before.sha256, %s)
                        AND (record.number = 1 OR before.id IS NOT NULL)) IS NOT TRUE
                   AND %s
            )
            SELECT id FROM suspect ORDER BY company_id, year, number, id LIMIT %s
            """,
            SQL(record_header.header_sql("record")),
            ledger.GENESIS,
            self._of("record", company_ids),
            NAMED,
        )

    @api.model
    def _doubles(self, company_ids):
        """Return the ids of records whose number another one has already.

        Possible only once the unique index is gone.
        """
        self.env.cr.execute(
            SQL(
                """
                SELECT record.company_id, record.year, record.number
                  FROM cchc_iso_record record
                 WHERE %s
              GROUP BY record.company_id, record.year, record.number
                HAVING count(*) > 1
              ORDER BY record.company_id, record.year, record.number
                 LIMIT %s
                """,
                self._of("record", company_ids),
                NAMED,
            )
        )
        places = tuple(self.env.cr.fetchall())
        if not places:
            return []
        self.env.cr.execute(
            SQL(
                """
                SELECT unnest((array_agg(id ORDER BY id))[2:]) FROM cchc_iso_record
                 WHERE (company_id, year, number) IN %s
              GROUP BY company_id, year, number
                """,
                places,
            )
        )
        return [row[0] for row in self.env.cr.fetchall()]

    @api.model
    def _beside_neighbours(self, ids):
        """Return rows of records with what stands before them in their chain."""
        if not ids:
            return []
        self.env.cr.execute(
            SQL(
                """
            WITH place AS (
                SELECT record.company_id, record.year, record.number,
                       (SELECT max(before.number) FROM cchc_iso_record before
                         WHERE before.company_id = record.company_id
                           AND before.year = record.year
                           AND before.number < record.number) AS before
                  FROM cchc_iso_record record
                 WHERE record.id = ANY(%(ids)s)
            ), line AS (
                SELECT record.id, record.company_id, record.year, record.number,
                       record.code, record.previous_sha256, record.sha256,
                       record.sha256 = encode(sha256(convert_to(
                           record.previous_sha256 || E'\n' || record.payload, 'UTF8'
                       )), 'hex') AS content_whole,
                       strpos(record.payload, %(header)s) > 0 AS columns_whole
                  FROM cchc_iso_record record
                 WHERE (record.company_id, record.year, record.number) IN (
                       SELECT company_id, year, number FROM place
                        UNION SELECT company_id, year, before FROM place)
            ), neighbour AS (
                SELECT line.*, lag(number) OVER chain AS before,
                       lag(sha256) OVER chain AS before_sha256,
                       lag(content_whole) OVER chain AS before_whole,
                       lag(code) OVER chain AS before_code
                  FROM line
                WINDOW chain AS (PARTITION BY company_id, year ORDER BY number, id)
            )
            SELECT * FROM neighbour WHERE id = ANY(%(ids)s)
          ORDER BY company_id, year, number, id
            """,
                ids=ids,
                header=SQL(record_header.header_sql("record")),
            )
        )
        return self.env.cr.dictfetchall()

    @api.model
    def _row_problems(self, row):
        """Return what is wrong with one record and its place behind the one before."""
        place = {
            name: row[name] for name in ("company_id", "year", "number", "code", "id")
        }
        before = row["before"] or 0
        problems = []
        if row["number"] > before + 1:
            gap = {"from": before + 1, "to": row["number"] - 1}
            problems.append({**place, **gap, "kind": "gap", "number": before + 1})
        elif row["number"] <= before:
            problems.append({**place, "kind": "double"})
        if not row["content_whole"]:
            problems.append({**place, "kind": "content"})
        elif not row["columns_whole"]:
            problems.append({**place, **self._column_problem(row)})
        if (
            not problems
            and row["before_whole"] is not False
            and row["previous_sha256"] != (row["before_sha256"] or ledger.GENESIS)
        ):
            earlier = {"before": before, "before_code": row["before_code"]}
            problems.append({**place, **earlier, "kind": "link"})
        return problems

    @api.model
    def _column_problem(self, row):
        """Return which columns of a record differ from its payload."""
        record = self.sudo().browse(row["id"])
        record.invalidate_recordset(flush=False)
        told = record._data().get("record") or {}
        stands = record_header.header(
            {
                name: self._column_value(record, name, kind)
                for name, kind in record_header.COLUMNS.items()
            }
        )
        differing = sorted(
            name for name, value in told.items() if stands.get(name) != value
        )
        if {"number", "year", "company_id"} & set(differing):
            was = {"was_number": told["number"], "was_year": told["year"]}
            return {"kind": "number", **was}
        return {"kind": "columns", "columns": differing}

    @api.model
    def _column_value(self, record, name, kind):
        """Return the value of a column as the header takes it."""
        if name.endswith("_id"):
            return record[name].id or None
        if kind in (record_header.INTEGER, record_header.BOOLEAN):
            return record[name]
        return record[name] or None

    @api.model
    def _end_problems(self, company_ids):
        """Chains that are shorter, longer or other than where they ended."""
        self.env.cr.execute(
            SQL(
                """
            SELECT chain.company_id, chain.year, chain.last_number, chain.last_sha256,
                   last.number, last.sha256, last.code
              FROM cchc_iso_record_chain chain
         LEFT JOIN LATERAL (
                   SELECT record.number, record.sha256, record.code
                     FROM cchc_iso_record record
                    WHERE record.company_id = chain.company_id
                      AND record.year = chain.year
                 ORDER BY record.number DESC LIMIT 1) last ON TRUE
             WHERE (chain.last_number != coalesce(last.number, 0)
                OR (last.sha256 IS NOT NULL AND chain.last_sha256 != last.sha256))
               AND %s
          ORDER BY chain.company_id, chain.year
            """,
                self._of("chain", company_ids),
            )
        )
        problems = []
        for row in self.env.cr.dictfetchall():
            place = {name: row[name] for name in ("company_id", "year", "code")}
            last = row["number"] or 0
            if last < row["last_number"]:
                gap = {"from": last + 1, "to": row["last_number"]}
                problems.append({**place, **gap, "kind": "cut", "number": last + 1})
            elif last > row["last_number"]:
                gap = {"from": row["last_number"] + 1, "to": last}
                problems.append({**place, **gap, "kind": "added", "number": last})
            else:
                problems.append({**place, "kind": "end", "number": last})
        self.env.cr.execute(
            SQL(
                """
            SELECT record.company_id, record.year
              FROM cchc_iso_record record
         LEFT JOIN cchc_iso_record_chain chain
                ON chain.company_id = record.company_id AND chain.year = record.year
             WHERE chain.id IS NULL AND %s
          GROUP BY record.company_id, record.year
            """,
                self._of("record", company_ids),
            )
        )
        return problems + [
            {**row, "number": 0, "code": "", "kind": "chain"}
            for row in self.env.cr.dictfetchall()
        ]

    @api.model
    def _first_problems(self, company_ids):
        """Supplements that point to another record than they were written for."""
        self.env.cr.execute(
            SQL(
                """
            SELECT record.id, record.company_id, record.year, record.number, record.code
              FROM cchc_iso_record record
         LEFT JOIN cchc_iso_record first
                ON first.id = record.first_id AND first.kind = 'end'
               AND first.dossier_id = record.dossier_id
             WHERE record.kind = 'supplement' AND (
                   first.id IS NULL OR strpos(record.payload,
                       '"first":{"number":' || first.number || ',"sha256":"'
                       || first.sha256 || '","year":' || first.year || '}') = 0)
               AND %s
             LIMIT %s
            """,
                self._of("record", company_ids),
                NAMED,
            )
        )
        return [{**row, "kind": "first"} for row in self.env.cr.dictfetchall()]

    @api.model
    def _ledger_problems(self, company_ids=None, ids=None):
        """Records whose dossier's event log no longer holds the recorded hash."""
        self.env.cr.execute(
            SQL(
                """
                SELECT record.id, record.company_id, record.year, record.number,
                       record.code, record.event_count
                  FROM cchc_iso_record record
             LEFT JOIN cchc_dossier_event event
                    ON event.dossier_id = record.dossier_id
                   AND event.sequence = record.event_count
                 WHERE record.event_count > 0
                   AND event.hash IS DISTINCT FROM record.event_hash
                   AND %s
              ORDER BY record.company_id, record.year, record.number
                 LIMIT %s
                """,
                SQL("record.id = ANY(%s)", ids)
                if ids
                else self._of("record", company_ids),
                NAMED,
            )
        )
        return [{**row, "kind": "ledger"} for row in self.env.cr.dictfetchall()]

    @api.model
    def _anchor_problems(self, anchors, company_ids):
        """Chains that do not hold what earlier checks and packages saw in them."""
        problems = []
        for (company_id, year), (number, sha256) in sorted(
            self.env["cchc.iso.record.check"]._seen().items()
        ):
            if number and (not company_ids or company_id in company_ids):
                problems += self._anchor_problem(company_id, year, {number: sha256})
        companies = {
            company.cchc_unit_code or str(company.id): company.id
            for company in self.env["res.company"].sudo().search([])
        }
        for (code, year), hashes in sorted(anchors.items()):
            company_id = companies.get(code)
            if not company_id or (company_ids and company_id not in company_ids):
                continue
            # It says from which record on; an earlier check knows only the end.
            found = self._anchor_problem(company_id, year, dict(enumerate(hashes, 1)))
            for problem in found:
                problems = [
                    p for p in problems if self._chain_of(p) != (company_id, year)
                ]
                problems.append(problem)
        return problems

    @staticmethod
    def _chain_of(problem):
        return problem["company_id"], problem["year"]

    @api.model
    def _anchor_problem(self, company_id, year, hashes):
        """Return the first record that has another hash than was seen, in a list.

        :param hashes: ``{number: SHA-256}``
        """
        self.env.cr.execute(
            SQL(
                """
                SELECT seen.number, record.code
                  FROM unnest(%s::int[], %s::text[]) AS seen (number, sha256)
             LEFT JOIN cchc_iso_record record
                    ON record.company_id = %s AND record.year = %s
                   AND record.number = seen.number
                 WHERE record.sha256 IS DISTINCT FROM seen.sha256
              ORDER BY seen.number
                 LIMIT 1
                """,
                list(hashes),
                list(hashes.values()),
                company_id,
                year,
            )
        )
        return [
            {
                "kind": "anchor",
                "company_id": company_id,
                "year": year,
                "number": number,
                "code": code or "",
            }
            for number, code in self.env.cr.fetchall()
        ]

    @api.model
    def _missing_problems(self, company_ids):
        """Ended dossiers whose record should have been written an hour ago."""
        self.env.cr.execute(
            SQL(
                """
                SELECT missing.company_id, missing.name AS code,
                       extract(year FROM missing.ended_at)::int AS year
                  FROM (%s) missing
             LEFT JOIN cchc_iso_record_queue queue ON queue.dossier_id = missing.id
                 WHERE missing.ended_at < (now() AT TIME ZONE 'UTC') - interval '1 hour'
                   AND (queue.id IS NULL OR queue.ready_at
                        < (now() AT TIME ZONE 'UTC') - interval '1 hour')
                   AND %s
              ORDER BY missing.ended_at
                 LIMIT %s
                """,
                self._missing_sql(),
                self._of("missing", company_ids),
                NAMED,
            )
        )
        return [
            {**row, "number": 0, "kind": "missing"}
            for row in self.env.cr.dictfetchall()
        ]

    # ------------------------------------------------------------------
    # Words
    # ------------------------------------------------------------------
    @api.model
    def _problem_sentences(self, problems):
        """Return one sentence per problem: which record, and what happened to it."""
        companies = (
            self.env["res.company"].sudo().browse({p["company_id"] for p in problems})
        )
        names = {company.id: company.name for company in companies}
        return [
            self._problem_sentence(problem, names.get(problem["company_id"], ""))
            for problem in problems
        ]

    @api.model
    def _problem_sentence(self, problem, agency):
        number = f"{problem['number']:06d}/{problem['year']}"
        texts = {
            "content": lambda: self.env._("its content or its hash was changed"),
            "columns": lambda: self.env._(
                "columns differ from its content: %s",
                ", ".join(self._column_label(name) for name in problem["columns"]),
            ),
            "number": lambda: self.env._(
                "it was renumbered; it was written as %s",
                f"{problem['was_number']:06d}/{problem['was_year']}",
            ),
            "first": lambda: self.env._(
                "it points to another record than the one it supplements"
            ),
            "link": lambda: self.env._(
                "it does not follow record %(before)s (%(code)s): one of the two was "
                "put in the place of another",
                before=f"{problem['before']:06d}/{problem['year']}",
                code=problem["before_code"] or "",
            ),
            "gap": lambda: self.env._(
                "removed, up to %s", f"{problem['to']:06d}/{problem['year']}"
            ),
            "cut": lambda: self.env._(
                "removed from the end of the chain, up to %s",
                f"{problem['to']:06d}/{problem['year']}",
            ),
            "double": lambda: self.env._("its number stands there twice"),
            "added": lambda: self.env._("added behind the end of the chain"),
            "end": lambda: self.env._("the chain ended in another hash than its own"),
            "chain": lambda: self.env._("the end of the chain is not noted any more"),
            "anchor": lambda: self.env._(
                "it has another hash than at an earlier check or export"
            ),
            "ledger": lambda: self.env._(
                "line %s of the dossier's event log has another hash than recorded",
                problem["event_count"],
            ),
        }
        if problem["kind"] == "missing":
            return self.env._(
                "%(agency)s: the ended dossier %(code)s has no process record.",
                agency=agency,
                code=problem["code"],
            )
        code = problem.get("code")
        removed = problem["kind"] in ("gap", "cut")
        return self.env._(
            "%(agency)s, record %(number)s: %(what)s.",
            agency=agency,
            number=f"{number} ({code})" if code and not removed else number,
            what=texts[problem["kind"]](),
        )

    @api.model
    def _column_label(self, name):
        return self._fields[name].get_description(self.env, ["string"])["string"]

    # ------------------------------------------------------------------
    # One record
    # ------------------------------------------------------------------
    def action_verify(self):
        """Verify these records, with the files they name, and say what was found."""
        self.check_access("read")
        texts = self.sudo()._verify_these()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._("Process Records"),
                "message": " ".join(texts)
                or self.env._("%s record(s): everything is as recorded.", len(self)),
                "type": "danger" if texts else "success",
                "sticky": bool(texts),
            },
        }

    def _verify_these(self):
        """Return sentences of what is wrong with these records and their files."""
        self.env.flush_all()
        texts = []
        for record in self:
            problems = [
                problem
                for row in self._beside_neighbours(record.ids)
                for problem in self._row_problems(row)
            ]
            problems += self._ledger_problems(ids=record.ids)
            texts += self._problem_sentences(problems)
            if not problems:
                texts += record._file_problems()
        return texts

    def _file_problems(self):
        """Return sentences about kept files that are not those recorded."""
        self.ensure_one()
        data = self._data()
        kept = self.dossier_id.document_ids.attachment_ids
        kept |= self.dossier_id.paper_ids.attachment_id
        known = {
            hashlib.sha256(file.with_context(bin_size=False).raw or b"").hexdigest()
            for file in kept
        }
        wanted = [
            (file["name"], file["sha256"])
            for document in data["documents"]
            for file in document["files"]
        ] + [(paper["number"], paper["sha256"]) for paper in data["papers"]]
        return [
            self.env._(
                "Record %(number)s: the file “%(name)s” is not kept any more as it was "
                "recorded.",
                number=self.name,
                name=name,
            )
            for name, sha256 in wanted
            if sha256 and sha256 not in known
        ]
