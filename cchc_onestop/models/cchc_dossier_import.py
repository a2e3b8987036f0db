import time
from contextlib import contextmanager
from itertools import islice

from psycopg2 import IntegrityError

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..tools import rows
from ..tools.catalogue_parser import CatalogueError
from ..tools.dossier_import_file import read_file
from ..tools.dossier_import_row import HEADINGS, Problem, moment_text

#: Rows that are read, tried or written together.
READ_BATCH, WRITE_BATCH = 2000, 1000
#: Seconds after which reading makes way for other scheduled work, and goes on.
READ_SECONDS = 90
#: Up to this many bytes a file is looked at while the person waits.
AT_ONCE = 400_000
STATUSES = [
    ("new", "New"),
    ("changed", "Changed"),
    ("unchanged", "Unchanged"),
    ("faulty", "Faulty"),
]
#: What is written.
_PENDING = ("new", "changed")


class CchcDossierImport(models.Model):
    """Moves dossiers in from other software: look first, try, then import.

    A file is read into rows, each of which says what importing it does. The import
    itself runs in the background, in batches that stay: stopped at any point, it goes
    on where it was, and nothing is there twice. A row is recognised by agency and
    old code, and by a fingerprint of its content: the same file changes nothing the
    second time.
    """

    _name = "cchc.dossier.import"
    _description = "Import of Old Dossiers"
    _inherit = ["cchc.import.file"]
    _order = "id desc"

    _row_statuses = tuple(status for status, _label in STATUSES)
    _pending_statuses = _PENDING
    _done_count = "imported_count"
    _template_name, _sheet_name = "ho-so-cu.xlsx", "ho-so"

    name = fields.Char(compute="_compute_name", store=True)
    without_files = fields.Boolean(
        help="Take the dossiers over without the files that the rows name"
    )
    department_id = fields.Many2one(
        "hr.department",
        string="Open Ones Go to",
        help="Department that goes on with open dossiers whose handler is not known "
        "here; empty: as their process says",
    )
    alias_ids = fields.One2many(
        "cchc.dossier.import.alias", "import_id", string="Codes of Procedures"
    )
    line_ids = fields.One2many("cchc.dossier.import.line", "import_id", string="Rows")
    read_count = fields.Integer(
        readonly=True, copy=False, help="Rows that were read so far"
    )
    new_count = fields.Integer("New", compute="_compute_counts")
    changed_count = fields.Integer("Changed", compute="_compute_counts")
    imported_count = fields.Integer("Moved In", compute="_compute_counts")

    @api.depends("file_name")
    def _compute_name(self):
        for record in self:
            record.name = record.file_name or self.env._("Old dossiers")

    # ------------------------------------------------------------------
    # What the person does
    # ------------------------------------------------------------------
    def action_lines(self):
        """Open the rows."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cchc_onestop.cchc_dossier_import_line_action"
        )
        return {**action, "domain": [("import_id", "=", self.id)]}

    def _preview(self):
        if self._file_size() > AT_ONCE:
            return self._start("read")
        while self._read():
            pass
        return True

    def _forget(self):
        self.sudo().read_count = 0
        return super()._forget()

    def _check_idle(self):
        if self.company_id not in self.env.companies:
            raise UserError(
                self.env._(
                    "Dossiers of %s are imported by its own managers: change to that "
                    "agency first.",
                    self.company_id.name,
                )
            )
        return super()._check_idle()

    def _pending_or_refuse(self):
        if not self._pending(limit=1):
            raise UserError(
                self.env._("No row is new or changed: there is nothing to import.")
            )

    def _job_title(self, phase):
        return {
            "read": self.env._("Old dossiers are read: %s", self.name),
            "trial": self.env._("Trial run of old dossiers: %s", self.name),
            "run": self.env._("Old dossiers are imported: %s", self.name),
        }[phase]

    @api.model
    def _batch_work(self, params, step):
        """One batch of the background work, see ``cchc.job``."""
        record = self.browse(params["import"]).exists()
        if not record:
            return False
        if params["phase"] == "read":
            return record._read(step)
        return record._write_batch(params["trial"], step)

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------
    @contextmanager
    def _documents(self):
        """Open the archive of files, ``None`` when none is taken over."""
        if self.without_files:
            yield None
            return
        with super()._documents() as documents:
            yield documents

    def _delete_lines(self):
        self.env.flush_all()
        self.env.cr.execute(
            "DELETE FROM cchc_dossier_import_line WHERE import_id = %s", (self.id,)
        )
        self.env.invalidate_all()

    def _read(self, step=None):
        """Read the file into rows that say what importing them does.

        :return: whether the time was up before the end; the next call goes on
        """
        self.ensure_one()
        aliases = {
            alias.code: alias.procedure_id.id
            for alias in self.alias_ids
            if alias.procedure_id
        }
        end = None
        try:
            with self._open("file") as stream, self._documents() as documents:
                # What was read before is read once more: codes may be double.
                found = islice(
                    read_file(stream, self._is_xlsx()), self.read_count, None
                )
                while batch := list(islice(found, READ_BATCH)):
                    # Counted from here: however long it took to come back to where
                    # the last turn ended, each turn goes on.
                    end = end or time.monotonic() + READ_SECONDS
                    self._keep_rows(batch, aliases, documents)
                    self.sudo().read_count += len(batch)
                    if step:
                        step(self.read_count, 0)
                    if time.monotonic() > end:
                        return True
        except CatalogueError as error:
            raise UserError(
                self.env["cchc.import.sentence"]._of_error(error)
            ) from error
        self._keep_unknown_codes(aliases)
        self.sudo().write(
            {
                "state": "preview",
                "message": self.env._(
                    "%s rows were read; nothing is imported.", self.read_count
                ),
            }
        )
        self._write_error_file()
        return False

    def _keep_rows(self, batch, aliases, documents):
        """Store a batch of rows with their verdict."""
        loader = self.env["cchc.dossier.loader"]
        sentences = self.env["cchc.import.sentence"]
        for row in batch:
            self._check_files(row, documents)
        sound = [row for row in batch if not row.problems]
        known = loader._prepare(
            self.company_id, {row.values["procedure"] for row in sound}, aliases
        )
        verdicts = dict(
            zip(map(id, sound), loader._classify(sound, known), strict=True)
        )
        vals_list = []
        for row in batch:
            verdict = verdicts.get(id(row), {"status": "faulty"})
            problems = row.problems or filter(None, [verdict.get("problem")])
            status = verdict["status"]
            source = None
            if status == "faulty":
                source = row.source or cells_of(row.values)
            vals_list.append(
                {
                    "import_id": self.id,
                    "number": row.number,
                    "code": (row.values.get("code") or source[0])[:64],
                    "owner": row.values.get("name") or False,
                    "status": status,
                    "reason": "\n".join(
                        sentences._of_cell(problem, row.number) for problem in problems
                    )
                    or False,
                    "unknown_code": self._unknown_code(row, verdict),
                    "changes": verdict.get("changes") or False,
                    "dossier_id": verdict.get("dossier_id") or False,
                    "digest": verdict.get("digest") or False,
                    "data": row.values if status in _PENDING else None,
                    "source": source,
                    "is_done": False,
                }
            )
        rows.insert(self.env["cchc.dossier.import.line"].sudo(), vals_list)
        self.env.invalidate_all()

    def _unknown_code(self, row, verdict):
        problem = verdict.get("problem")
        if problem and problem.key == "no_procedure":
            return row.values["procedure"]
        return False

    def _check_files(self, row, documents):
        """Note which files of a row cannot be taken over."""
        names = row.values.get("files")
        if not names:
            return
        if self.without_files:
            row.values["files"] = []
            return
        for name in names:
            key = documents.check(name) if documents else "no_archive"
            if key:
                row.problems.append(Problem(key, "files", name))

    def _keep_unknown_codes(self, aliases):
        """Offer a line of the table of codes for each code that is not known."""
        self.env.cr.execute(
            "SELECT DISTINCT unknown_code FROM cchc_dossier_import_line "
            "WHERE import_id = %s AND unknown_code IS NOT NULL ORDER BY 1 LIMIT 500",
            (self.id,),
        )
        self.env["cchc.dossier.import.alias"].create(
            [
                {"import_id": self.id, "code": code}
                for (code,) in self.env.cr.fetchall()
                if code not in aliases
            ]
        )

    # ------------------------------------------------------------------
    # Writing
    # ------------------------------------------------------------------
    def _pending(self, trial=False, limit=None):
        """Return the ids of the rows that are still to be written, or tried."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "SELECT id FROM cchc_dossier_import_line WHERE import_id = %s "
                "AND status IN ('new', 'changed') AND is_done IS NOT TRUE "
                "%s ORDER BY id LIMIT %s",
                self.id,
                SQL("AND is_tried IS NOT TRUE") if trial else SQL(),
                limit,
            )
        )
        return [row[0] for row in self.env.cr.fetchall()]

    def _write_batch(self, trial, step):
        """Write one batch, or try it and undo it.

        :return: whether anything is left
        """
        self.check_access("write")
        todo = self._pending(trial)
        ids = todo[:WRITE_BATCH]
        if ids:
            with self._documents() as documents:
                self._write_lines(ids, trial, documents)
            self._mark(ids, "is_tried" if trial else "is_done")
        total = self._count(_PENDING)
        step(total - len(todo) + len(ids), total)
        if len(todo) > len(ids):
            return True
        self._end(trial)
        return False

    def _count(self, statuses):
        return self.env["cchc.dossier.import.line"].search_count(
            [("import_id", "=", self.id), ("status", "in", statuses)]
        )

    def _write_lines(self, ids, trial, documents):
        """Write rows together; where one cannot be, find it and write the others."""
        try:
            with self.env.cr.savepoint() as savepoint:
                made = self._write_together(ids, documents)
                # What is only checked at the end of a transaction belongs to its row.
                self.env.flush_all()
                if trial:
                    savepoint.rollback()
        except (UserError, ValidationError, IntegrityError) as error:
            self.env.invalidate_all()
            if len(ids) == 1:
                self._mark_faulty(ids[0], error)
                return
            middle = len(ids) // 2
            self._write_lines(ids[:middle], trial, documents)
            self._write_lines(ids[middle:], trial, documents)
            return
        self.env.invalidate_all()
        if not trial and made:
            self.env.cr.execute(
                SQL(
                    "UPDATE cchc_dossier_import_line line "
                    "SET dossier_id = made.dossier "
                    "FROM unnest(%s::int[], %s::int[]) AS made(id, dossier) "
                    "WHERE line.id = made.id",
                    list(made),
                    list(made.values()),
                )
            )

    def _write_together(self, ids, documents):
        """Write rows; return ``{row: new dossier}``."""
        loader = self.env["cchc.dossier.loader"]
        self.env.cr.execute(
            "SELECT id, number, status, data, digest, dossier_id "
            "FROM cchc_dossier_import_line WHERE id = ANY(%s) ORDER BY id",
            (ids,),
        )
        lines = [
            {**line, "values": line["data"]} for line in self.env.cr.dictfetchall()
        ]
        aliases = {
            alias.code: alias.procedure_id.id
            for alias in self.alias_ids
            if alias.procedure_id
        }
        known = loader._prepare(
            self.company_id, {line["values"]["procedure"] for line in lines}, aliases
        )
        self._check_known(lines, known)
        new = [line for line in lines if line["status"] == "new"]
        changed = [line for line in lines if line["status"] == "changed"]
        origin = self.name
        made = {}
        if new:
            dossiers = loader._create_dossiers(
                new, known, self.department_id.id, origin, documents
            )
            made = dict(zip((line["id"] for line in new), dossiers._ids, strict=True))
        if changed:
            loader._change_dossiers(changed, known, origin, documents)
        return made

    def _check_known(self, lines, known):
        for line in lines:
            code = line["values"]["procedure"]
            if not known.procedures.get(code):
                raise UserError(
                    self.env["cchc.import.sentence"]._of_cell(
                        Problem("no_procedure", "procedure", code), line["number"]
                    )
                )

    def _mark(self, ids, column):
        self.env.cr.execute(
            SQL(
                "UPDATE cchc_dossier_import_line SET %s = TRUE WHERE id = ANY(%s) "
                "AND status <> 'faulty'",
                SQL.identifier(column),
                ids,
            )
        )
        self.env.invalidate_all()

    def _mark_faulty(self, line_id, error):
        """Note why a row could not be written; it comes into the error sheet."""
        if isinstance(error, IntegrityError):
            reason = self.env._(
                "The database refuses the row: its code was given to another dossier "
                "meanwhile. Read the file again."
            )
        else:
            reason = str(error.args[0])
        line = self.env["cchc.dossier.import.line"].sudo().browse(line_id)
        line.write(
            {
                "status": "faulty",
                "reason": reason,
                "source": cells_of(line.data),
                "data": False,
            }
        )

    def _end(self, trial):
        """Say what was done, and write the error sheet."""
        faulty = self._count(("faulty",))
        if trial:
            message = self.env._(
                "Trial run: %(count)s rows would be imported, %(faulty)s are faulty; "
                "nothing was kept.",
                count=self._count(_PENDING),
                faulty=faulty,
            )
            self.env.cr.execute(
                "UPDATE cchc_dossier_import_line SET is_tried = FALSE "
                "WHERE import_id = %s AND is_tried",
                (self.id,),
            )
            self.sudo().message = message
        else:
            self.env.invalidate_all()
            message = self.env._(
                "%(count)s rows were imported, %(unchanged)s had not changed, "
                "%(faulty)s were left out.",
                count=self.imported_count,
                unchanged=self.unchanged_count,
                faulty=faulty,
            )
            self.sudo().write({"state": "done", "message": message})
        self._write_error_file()

    # ------------------------------------------------------------------
    # Error sheet
    # ------------------------------------------------------------------
    def _faulty_rows(self):
        last, more = 0, True
        while more:
            self.env.cr.execute(
                "SELECT id, source, reason FROM cchc_dossier_import_line "
                "WHERE import_id = %s AND status = 'faulty' AND id > %s "
                "ORDER BY id LIMIT %s",
                (self.id, last, READ_BATCH),
            )
            batch = self.env.cr.fetchall()
            for last, source, reason in batch:  # noqa: B007 the last id goes on
                yield source, reason or ""
            more = len(batch) == READ_BATCH

    @api.autovacuum
    def _gc_rows(self):
        """Drop the rows of imports that were done long ago; the dossiers keep them."""
        limit = fields.Datetime.subtract(fields.Datetime.now(), days=90)
        old = self.sudo().search(
            [
                ("state", "=", "done"),
                ("write_date", "<", limit),
                ("line_ids", "!=", []),
            ],
            limit=5,
        )
        for record in old:
            record._delete_lines()


class CchcDossierImportLine(models.Model):
    """One row of the file with what importing it does."""

    _name = "cchc.dossier.import.line"
    _description = "Row of an Import of Dossiers"
    _order = "import_id, id"
    _rec_name = "code"
    _log_access = False

    import_id = fields.Many2one(
        "cchc.dossier.import", required=True, readonly=True, ondelete="cascade"
    )
    number = fields.Integer("Row", readonly=True, aggregator=None)
    code = fields.Char("Old Code", readonly=True)
    owner = fields.Char(readonly=True)
    status = fields.Selection(STATUSES, required=True, readonly=True)
    reason = fields.Text("What to Mend", readonly=True)
    changes = fields.Text(readonly=True)
    unknown_code = fields.Char(readonly=True)
    dossier_id = fields.Many2one("cchc.dossier", readonly=True, ondelete="set null")
    digest = fields.Char(readonly=True)
    data = fields.Json(readonly=True)
    source = fields.Json(readonly=True)
    is_done = fields.Boolean("Moved In", readonly=True)
    is_tried = fields.Boolean(readonly=True)

    _status_idx = models.Index("(import_id, status, is_done)")
    _dossier_idx = models.Index("(dossier_id) WHERE dossier_id IS NOT NULL")

    def action_open_dossier(self):
        """Open the dossier of the row."""
        self.ensure_one()
        return self.dossier_id.action_open_dossier()


class CchcDossierImportAlias(models.Model):
    """A code of the other software beside the procedure that it means here."""

    _name = "cchc.dossier.import.alias"
    _description = "Code of a Procedure in Other Software"
    _order = "import_id, code"
    _rec_name = "code"

    import_id = fields.Many2one(
        "cchc.dossier.import", required=True, ondelete="cascade", index=True
    )
    code = fields.Char("Code in the File", required=True)
    procedure_id = fields.Many2one("cchc.procedure", ondelete="cascade")

    _code_uniq = models.Constraint(
        "UNIQUE (import_id, code)", "This code is in the table already."
    )


def cells_of(values):
    """Return the cells of a row that was read, as the error sheet has them."""
    cells = []
    for name in HEADINGS:
        value = values[name]
        if name.endswith("_at") and value:
            value = moment_text(value)
        elif name == "birth_date" and value:
            value = moment_text(value)
        elif isinstance(value, list):
            value = "; ".join(value)
        cells.append(str(value or ""))
    return cells
