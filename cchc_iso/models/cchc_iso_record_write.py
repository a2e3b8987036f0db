import hashlib

from psycopg2 import errors

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.cchc_onestop.tools import guard, ledger, rows

from ..tools import record_header, record_payload

#: Dossiers recorded between two commits.
BATCH = 500
#: Batches that another worker's commit made void, one after the other, before giving
#: way to it.
_GIVE_WAY = 3


class CchcIsoRecord(models.Model):
    """Writes process records, outside the transactions of the desk.

    A batch is one transaction: rows, ends of the chains and the queue stay or go
    together. Two workers never record one dossier twice: the rows of the queue and the
    ends of the chains are locked, and who read too early begins anew.
    """

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.iso.record"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _cron_record(self, batch=BATCH):
        """Record what is ready, batch by batch, each with a commit of its own.

        May be stopped at any point: what was not committed is still in the queue.
        """
        progress = self.env["ir.cron"]._commit_progress
        refused = 0
        progress(remaining=self._ready_count())
        while refused < _GIVE_WAY:
            try:
                taken = self._record_batch(batch)
            except (errors.SerializationFailure, errors.UniqueViolation):
                # Another worker has just recorded some of these.
                self.env.cr.rollback()
                self.env.invalidate_all(flush=False)
                refused += 1
                continue
            refused = 0
            self.env.flush_all()
            self.env.invalidate_all()
            if not taken or not progress(taken):
                return

    @api.model
    def _ready_count(self):
        self.env.cr.execute(
            "SELECT count(*) FROM (SELECT FROM cchc_iso_record_queue "
            "WHERE ready_at <= now() AT TIME ZONE 'UTC' LIMIT 100000) ready"
        )
        return self.env.cr.fetchone()[0]

    @api.model
    def _record_batch(self, limit):
        """Take dossiers that are ready out of the queue and record them.

        :return: how many rows of the queue were done with
        """
        self.env.cr.execute(
            "SELECT id, dossier_id FROM cchc_iso_record_queue "
            "WHERE ready_at <= now() AT TIME ZONE 'UTC' ORDER BY ready_at, id "
            "LIMIT %s FOR UPDATE SKIP LOCKED",
            (limit,),
            log_exceptions=False,
        )
        taken = self.env.cr.fetchall()
        if taken:
            self._record_dossiers({dossier_id for _id, dossier_id in taken})
            self.env.cr.execute(
                "DELETE FROM cchc_iso_record_queue WHERE id = ANY(%s)",
                ([row_id for row_id, _dossier_id in taken],),
                log_exceptions=False,
            )
        return len(taken)

    @api.model
    def _record_dossiers(self, dossier_ids):
        """Write the records that these dossiers lack, and return them.

        Nothing is written where nothing has changed since the last record.
        """
        bodies = self.sudo()._bodies(dossier_ids)
        lasts = self._lasts(bodies)
        now = fields.Datetime.now()
        wanted = []
        for dossier_id, body in bodies.items():
            digest = hashlib.sha256(ledger.canonical(body)).hexdigest()
            last = lasts.get(dossier_id)
            if last and last["content_sha256"] == digest:
                continue
            # A supplement belongs to the year in which it was written.
            moment = now if last else record_header.stored(body["dossier"]["ended_at"])
            wanted.append((body, digest, last, self._year(body, moment)))
        if not wanted:
            return self.browse()
        heads = self._lock_chains(
            {(body["agency"]["id"], year) for body, _digest, _last, year in wanted}
        )
        vals_list = [self._row(*each, heads, now) for each in wanted]
        made = rows.insert(guard.unlocked(self.sudo()), vals_list)
        self._move_heads(heads)
        return made.with_env(self.env)

    @api.model
    def _year(self, body, moment):
        company = self.env["res.company"].sudo().browse(body["agency"]["id"])
        return company._cchc_local_date(moment).year

    @api.model
    def _lasts(self, dossier_ids):
        """Return ``{dossier id: last record}`` with what a supplement points to."""
        self.env.cr.execute(
            """
            SELECT DISTINCT ON (record.dossier_id)
                   record.dossier_id, record.supplement_no, record.content_sha256,
                   first.id AS first_id, first.number, first.year, first.sha256
              FROM cchc_iso_record record
              JOIN cchc_iso_record first
                ON first.id = coalesce(record.first_id, record.id)
             WHERE record.dossier_id = ANY(%s)
          ORDER BY record.dossier_id, record.supplement_no DESC
            """,
            (list(dossier_ids),),
        )
        return {row["dossier_id"]: row for row in self.env.cr.dictfetchall()}

    @api.model
    def _row(self, body, digest, last, year, heads, now):
        """Return the columns of one record and move the end of its chain."""
        head = heads[body["agency"]["id"], year]
        vals = record_payload.columns(body)
        for name in ("accepted_at", "ended_at"):
            vals[name] = record_header.stored(vals[name])
        vals.update(
            year=year,
            number=head["last_number"] + 1,
            kind="supplement" if last else "end",
            supplement_no=last["supplement_no"] + 1 if last else 0,
            first_id=last["first_id"] if last else None,
            recorded_at=now,
            content_sha256=digest,
        )
        payload = {**body, "record": record_header.header(vals), "first": None}
        if last:
            payload["first"] = {
                name: last[name] for name in ("year", "number", "sha256")
            }
        text = ledger.canonical(payload)
        previous = head["last_sha256"]
        sha256 = hashlib.sha256(previous.encode() + b"\n" + text).hexdigest()
        head.update(last_number=vals["number"], last_sha256=sha256)
        vals.update(payload=text.decode(), previous_sha256=previous, sha256=sha256)
        return vals

    @api.model
    def _lock_chains(self, keys):
        """Lock the chains ``(agency, year)``, begun if need be, and return their ends.

        :raises SerializationFailure: when another transaction has moved one meanwhile
        """
        keys = sorted(keys)
        wanted = SQL(", ").join(
            SQL("(%s, %s, 0, %s)", company_id, year, ledger.GENESIS)
            for company_id, year in keys
        )
        self.env.cr.execute(
            SQL(
                "INSERT INTO cchc_iso_record_chain "
                "(company_id, year, last_number, last_sha256) VALUES %s "
                "ON CONFLICT (company_id, year) DO NOTHING",
                wanted,
            ),
            log_exceptions=False,
        )
        self.env.cr.execute(
            "SELECT chain.id, chain.company_id, chain.year, chain.last_number, "
            "chain.last_sha256 FROM cchc_iso_record_chain chain "
            "WHERE (chain.company_id, chain.year) IN %s "
            "ORDER BY chain.company_id, chain.year FOR UPDATE",
            (tuple(keys),),
            log_exceptions=False,
        )
        return {
            (row["company_id"], row["year"]): row for row in self.env.cr.dictfetchall()
        }

    @api.model
    def _move_heads(self, heads):
        ends = SQL(", ").join(
            SQL("(%s, %s, %s)", head["id"], head["last_number"], head["last_sha256"])
            for head in heads.values()
        )
        self.env.cr.execute(
            SQL(
                "UPDATE cchc_iso_record_chain chain SET last_number = head.number, "
                "last_sha256 = head.sha256 "
                "FROM (VALUES %s) AS head (id, number, sha256) "
                "WHERE chain.id = head.id",
                ends,
            )
        )
        self.env["cchc.iso.record.chain"].invalidate_model(flush=False)

    @api.model
    def _queue_missing(self):
        """Queue ended dossiers that have no record: those of before the installation.

        :return: how many
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "INSERT INTO cchc_iso_record_queue (dossier_id, ready_at) "
                "SELECT missing.id, now() AT TIME ZONE 'UTC' FROM (%s) missing "
                "WHERE NOT EXISTS (SELECT FROM cchc_iso_record_queue queue "
                "                   WHERE queue.dossier_id = missing.id)",
                self._missing_sql(),
            )
        )
        return self.env.cr.rowcount

    @api.model
    def _missing_sql(self):
        """Return the SQL of ended dossiers that ought to have a record and have none.

        Columns: id, code, agency and end.
        """
        return SQL("""
            SELECT dossier.id, dossier.name, dossier.company_id, dossier.ended_at
              FROM cchc_dossier dossier
         LEFT JOIN cchc_iso_record record
                ON record.dossier_id = dossier.id AND record.supplement_no = 0
             WHERE dossier.ended_at IS NOT NULL AND record.id IS NULL
               AND (dossier.imported IS NOT TRUE OR EXISTS (
                        SELECT FROM cchc_dossier_event event
                         WHERE event.dossier_id = dossier.id AND event.kind != 'import'
                   ))
        """)
