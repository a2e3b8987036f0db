import hashlib
import logging
from collections import defaultdict
from types import SimpleNamespace

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools import record_payload

_logger = logging.getLogger(__name__)

#: States in which what was asked for was decided.
_SETTLED = frozenset({"done", "returned"})


class CchcIsoRecord(models.Model):
    """Reads what process records hold: a fixed number of statements for a batch."""

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.iso.record"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _bodies(self, dossier_ids):
        """Return ``{dossier id: payload without its place in the chain}``.

        Left out: dossiers that have not ended, and those that ended in other software
        before they were taken over. Nothing of their process happened here, so there
        is nothing here that could prove it; the import says where they come from.
        """
        self.env.flush_all()
        reader = _Reader(self.with_context(lang=self._record_lang()).env)
        return reader.bodies(dossier_ids)

    @api.model
    def _record_lang(self):
        """Language of the names in a record: that of what leaves the office."""
        return self.env["cchc.form.edition"]._office_lang()


class _Reader:
    """One batch of dossiers, read by plain SQL as superuser."""

    def __init__(self, env):
        self.env = env(su=True)
        self.cr = env.cr
        self.clocks = {}
        self.days = {}

    def bodies(self, dossier_ids):
        dossiers = self._dossiers(dossier_ids)
        ids = [row.id for row in dossiers]
        steps, events = self._steps(ids), self._events(ids)
        documents, papers = self._documents(ids), self._papers(ids)
        pauses, extensions = self._pauses(ids), self._extensions(ids)
        fees = self._fees(ids)
        processes = self._processes({row.process_id for row in dossiers})
        issues = self._issues(dossiers)
        names = self._names(steps, events, papers, extensions)
        choose = self.env["cchc.iso.retention.rule"]._chooser()
        result = {}
        for row in dossiers:
            self._complete(row, steps[row.id])
            end_day = self._local_day(row.company_id, row.ended_at)
            rule = choose(
                row.company_id,
                row.procedure_id,
                row.sector_id,
                row.state in _SETTLED and not row.is_refusal,
                end_day,
            )
            result[row.id] = record_payload.payload(
                SimpleNamespace(
                    dossier=row,
                    agency=self._agency(row),
                    process=processes.get(row.process_id),
                    issue=issues.get(row.id),
                    steps=steps[row.id],
                    events=events[row.id],
                    documents=documents[row.id],
                    papers=papers[row.id],
                    pauses=pauses[row.id],
                    extensions=extensions[row.id],
                    fees=fees[row.id],
                    names=names,
                    rule=rule
                    and SimpleNamespace(
                        name=rule.name,
                        basis=rule.legal_basis,
                        years=rule.years,
                        permanent=rule.permanent,
                    ),
                    end_day=end_day,
                    clock=self._clock(row),
                )
            )
        return result

    # ------------------------------------------------------------------
    # Rows
    # ------------------------------------------------------------------
    def _rows(self, query, *args, **kwargs):
        self.cr.execute(SQL(query, *args, **kwargs))
        columns = [column.name for column in self.cr.description]
        return [
            SimpleNamespace(**dict(zip(columns, values, strict=True)))
            for values in self.cr.fetchall()
        ]

    def _by_dossier(self, query, *values):
        rows = defaultdict(list)
        for row in self._rows(query, *values):
            rows[row.dossier_id].append(row)
        return rows

    def _name_of(self, model, alias, field="name"):
        return self.env[model]._field_to_sql(alias, field)

    def _dossiers(self, ids):
        return self._rows(
            """
            SELECT dossier.id, dossier.name, dossier.company_id, dossier.procedure_id,
                   dossier.version_id, dossier.process_id, dossier.calendar_id,
                   dossier.channel, dossier.state, dossier.applicant_name,
                   dossier.department_id, dossier.imported, dossier.is_refusal,
                   dossier.refusal_content, dossier.result_channel,
                   dossier.accepted_at, dossier.clock_start_at, dossier.first_due_at,
                   dossier.due_at, dossier.statutory_due_at, dossier.ended_at,
                   dossier.returned_at, dossier.signed_at, dossier.timeliness,
                   dossier.statutory_timeliness, dossier.late_at,
                   dossier.late_reason_note, dossier.supplement_count,
                   dossier.extension_count, dossier.committed_amount,
                   dossier.committed_unit, dossier.statutory_amount,
                   dossier.statutory_unit, procedure.code AS procedure_code,
                   procedure.sector_id, %(sector)s AS sector, %(reason)s AS late_reason,
                   coalesce(%(version)s, %(procedure)s) AS procedure,
                   company.name AS agency, company.cchc_unit_code AS agency_code,
                   company.resource_calendar_id, parent.name AS parent,
                   CASE WHEN dossier.receiving_company_id != dossier.company_id
                        THEN receiving.name END AS receiving_agency
              FROM cchc_dossier dossier
              JOIN cchc_procedure procedure ON procedure.id = dossier.procedure_id
              JOIN res_company company ON company.id = dossier.company_id
              JOIN res_company receiving ON receiving.id = dossier.receiving_company_id
         LEFT JOIN cchc_sector sector ON sector.id = procedure.sector_id
         LEFT JOIN cchc_procedure_version version ON version.id = dossier.version_id
         LEFT JOIN cchc_reason reason ON reason.id = dossier.late_reason_id
         LEFT JOIN cchc_dossier parent ON parent.id = dossier.parent_id
             WHERE dossier.id = ANY(%(ids)s) AND dossier.ended_at IS NOT NULL
               AND (dossier.imported IS NOT TRUE OR EXISTS (
                        SELECT FROM cchc_dossier_event event
                         WHERE event.dossier_id = dossier.id AND event.kind != 'import'
                   ))
          ORDER BY dossier.ended_at, dossier.id
            """,
            ids=list(ids),
            sector=self._name_of("cchc.sector", "sector"),
            reason=self._name_of("cchc.reason", "reason"),
            version=self._name_of("cchc.procedure.version", "version"),
            procedure=self._name_of("cchc.procedure", "procedure"),
        )

    def _steps(self, ids):
        steps = self._by_dossier(
            """
            SELECT step.id, step.dossier_id, step.process_step_id, step.name, step.role,
                   step.state, step.planned_amount, step.planned_unit,
                   step.planned_end_at, step.started_at, step.due_at, step.ended_at,
                   step.done_by_id, step.on_behalf_of_id, step.output,
                   step.department_id, step.user_id,
                   coalesce(%s, %s) AS department
              FROM cchc_dossier_step step
         LEFT JOIN cchc_process_step plan ON plan.id = step.process_step_id
         LEFT JOIN hr_department planned ON planned.id = plan.department_id
         LEFT JOIN hr_department actual ON actual.id = step.department_id
             WHERE step.dossier_id = ANY(%s)
          ORDER BY step.dossier_id, step.sequence, step.id
            """,
            self._name_of("hr.department", "planned"),
            self._name_of("hr.department", "actual"),
            ids,
        )
        planned = {s.process_step_id for rows in steps.values() for s in rows}
        candidates = defaultdict(list)
        for row in self._rows(
            """
            SELECT rel.step_id, person.id, partner.name
              FROM cchc_process_step_user_rel rel
              JOIN res_users person ON person.id = rel.user_id
              JOIN res_partner partner ON partner.id = person.partner_id
             WHERE rel.step_id = ANY(%s)
          ORDER BY rel.step_id, person.id
            """,
            list(planned - {None}),
        ):
            candidates[row.step_id].append((row.id, row.name))
        for rows in steps.values():
            for step in rows:
                step.candidates = candidates[step.process_step_id]
        return steps

    def _events(self, ids):
        return self._by_dossier(
            """
            SELECT dossier_id, at, kind, user_id, on_behalf_of_id, post, department,
                   step, content, hash, data ->> 'outcome' AS outcome,
                   data ->> 'tier' AS tier,
                   CASE WHEN kind = 'assign' THEN (data ->> 'user')::int END
                        AS assigned_id
              FROM cchc_dossier_event
             WHERE dossier_id = ANY(%s)
          ORDER BY dossier_id, sequence
            """,
            ids,
        )

    def _documents(self, ids):
        documents = self._by_dossier(
            """
            SELECT id, dossier_id, code, name, kind, source, required, received,
                   originals, copies, is_result
              FROM cchc_dossier_document
             WHERE dossier_id = ANY(%s)
          ORDER BY dossier_id, sequence, id
            """,
            ids,
        )
        files = defaultdict(list)
        hashes = _FileHashes(self.env)
        for row in self._rows(
            """
            SELECT rel.document_id, file.id, file.name, file.file_size, file.checksum,
                   file.store_fname, file.db_datas IS NOT NULL AS in_database
              FROM cchc_dossier_document document
              JOIN cchc_dossier_document_attachment_rel rel
                ON rel.document_id = document.id
              JOIN ir_attachment file ON file.id = rel.attachment_id
             WHERE document.dossier_id = ANY(%s) AND file.type = 'binary'
          ORDER BY rel.document_id, file.id
            """,
            ids,
        ):
            files[row.document_id].append(
                SimpleNamespace(
                    name=row.name,
                    size=row.file_size or 0,
                    sha256=hashes.sha256(row),
                )
            )
        for rows in documents.values():
            for document in rows:
                document.files = files[document.id]
        return documents

    def _papers(self, ids):
        return self._by_dossier(
            """
            SELECT paper.dossier_id, paper.code, paper.name, paper.issued_at,
                   paper.issued_by_id, paper.signer_id, paper.sha256, paper.state,
                   paper.void_reason, edition.code AS edition,
                   later.name AS replaced_by
              FROM cchc_dossier_paper paper
              JOIN cchc_form_edition edition ON edition.id = paper.edition_id
         LEFT JOIN cchc_dossier_paper later ON later.id = paper.replaced_by_id
             WHERE paper.dossier_id = ANY(%s)
          ORDER BY paper.dossier_id, paper.issued_at, paper.id
            """,
            ids,
        )

    def _pauses(self, ids):
        return self._by_dossier(
            """
            SELECT dossier_id, kind, date_from, date_to, expires_at, counts, content
              FROM cchc_dossier_pause
             WHERE dossier_id = ANY(%s)
          ORDER BY dossier_id, date_from, id
            """,
            ids,
        )

    def _extensions(self, ids):
        return self._by_dossier(
            """
            SELECT line.dossier_id, line.number, line.granted_at, line.user_id,
                   line.due_before, line.due_at, line.content, line.in_time,
                   %s AS reason
              FROM cchc_dossier_extension line
         LEFT JOIN cchc_reason reason ON reason.id = line.reason_id
             WHERE line.dossier_id = ANY(%s)
          ORDER BY line.dossier_id, line.number
            """,
            self._name_of("cchc.reason", "reason"),
            ids,
        )

    def _fees(self, ids):
        fees = self._by_dossier(
            """
            SELECT id, dossier_id, name, kind, is_stated, due_amount, paid_amount,
                   waived_amount, exemption_percent
              FROM cchc_dossier_fee
             WHERE dossier_id = ANY(%s)
          ORDER BY dossier_id, id
            """,
            ids,
        )
        receipts = defaultdict(list)
        for row in self._rows(
            """
            SELECT payment.fee_id, receipt.symbol, receipt.number_text AS number,
                   receipt.issued_at, line.amount, receipt.state, receipt.nature
              FROM cchc_payment_line payment
              JOIN cchc_receipt_line line ON line.payment_line_id = payment.id
              JOIN cchc_receipt receipt ON receipt.id = line.receipt_id
             WHERE payment.dossier_id = ANY(%s)
          ORDER BY payment.fee_id, receipt.issued_at, receipt.id
            """,
            ids,
        ):
            receipts[row.fee_id].append(row)
        for rows in fees.values():
            for fee in rows:
                fee.receipts = receipts[fee.id]
        return fees

    def _processes(self, ids):
        rows = self._rows(
            "SELECT id, code, name, valid_from FROM cchc_process WHERE id = ANY(%s)",
            list(ids - {None}),
        )
        return {row.id: row for row in rows}

    def _issues(self, dossiers):
        """Return ``{dossier id: issue of the process document}`` of its reception."""
        days = {
            row.id: (
                row.process_id,
                self._local_day(
                    row.company_id,
                    row.clock_start_at or row.accepted_at or row.ended_at,
                ),
            )
            for row in dossiers
            if row.process_id
        }
        issues = self.env["document.page.history"]
        companies = {row.id: row.company_id for row in dossiers}
        found = {}
        for company_id in set(companies.values()):
            pairs = {key for own, key in days.items() if companies[own] == company_id}
            company = self.env["res.company"].browse(company_id)
            for key, issue in issues._cchc_in_force_by(list(pairs), company).items():
                found[company_id, key] = issue
        result = {}
        for dossier_id, key in days.items():
            if issue := found[companies[dossier_id], key]:
                result[dossier_id] = SimpleNamespace(
                    id=issue.id,
                    code=issue.code or "",
                    issue_no=str(issue.issue_no or ""),
                    effective_from=(
                        issue.effective_from.isoformat()
                        if issue.effective_from
                        else None
                    ),
                    sha256=issue.content_sha256 or None,
                )
        return result

    def _names(self, steps, events, papers, extensions):
        """Return ``{user id: name}`` of everybody who appears in the records."""
        ids = set()
        for rows in steps.values():
            for row in rows:
                ids |= {row.done_by_id, row.on_behalf_of_id}
        for rows in events.values():
            for row in rows:
                ids |= {row.user_id, row.on_behalf_of_id}
        for rows in papers.values():
            for row in rows:
                ids |= {row.issued_by_id, row.signer_id}
        for rows in extensions.values():
            ids |= {row.user_id for row in rows}
        return {
            row.id: row.name
            for row in self._rows(
                "SELECT person.id, partner.name FROM res_users person "
                "JOIN res_partner partner ON partner.id = person.partner_id "
                "WHERE person.id = ANY(%s)",
                list(ids - {None}),
            )
        }

    # ------------------------------------------------------------------
    # Agency
    # ------------------------------------------------------------------
    @staticmethod
    def _complete(row, steps):
        """Add the department that handled the dossier."""
        handling = [step for step in steps if step.role == "handle"][-1:]
        row.handling_department_id = row.department_id
        row.handling_department = ""
        for step in handling:
            row.handling_department_id = step.department_id or row.department_id
            row.handling_department = step.department or ""

    @staticmethod
    def _agency(row):
        return SimpleNamespace(
            id=row.company_id, code=row.agency_code or "", name=row.agency
        )

    def _clock(self, row):
        calendar_id = row.calendar_id or row.resource_calendar_id
        if calendar_id not in self.clocks:
            calendar = self.env["resource.calendar"].browse(calendar_id or ())
            try:
                working = calendar._cchc_working_time()
            except (UserError, ValueError) as error:
                # a record without working times is better than none
                _logger.info("Working time of %s: %s", row.agency, error)
                working = None
            self.clocks[calendar_id] = record_payload.Clock(
                working, calendar.hours_per_day
            )
        return self.clocks[calendar_id]

    def _local_day(self, company_id, moment):
        key = (company_id, moment)
        if key not in self.days:
            company = self.env["res.company"].browse(company_id)
            self.days[key] = company._cchc_local_date(moment)
        return self.days[key]


class _FileHashes:
    """SHA-256 of kept files; those of a group are read once for all its parts."""

    def __init__(self, env):
        self.attachments = env["ir.attachment"].sudo()
        self.known = {}

    def sha256(self, row):
        """Return the hex digest of an attachment's bytes, ``None`` when they are gone.

        :param row: ``id``, ``store_fname`` and ``in_database``
        """
        key = row.store_fname or row.id
        if key not in self.known:
            self.known[key] = self._read(row)
        return self.known[key]

    def _read(self, row):
        if row.in_database:
            raw = self.attachments.browse(row.id).with_context(bin_size=False).raw
            return hashlib.sha256(raw).hexdigest()
        if not row.store_fname:
            return None
        try:
            with open(self.attachments._full_path(row.store_fname), "rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError:
            return None
