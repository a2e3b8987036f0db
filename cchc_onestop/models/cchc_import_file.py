import base64
import io
import os
from contextlib import closing, contextmanager

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.catalogue_parser import CatalogueError
from ..tools.dossier_import_file import (
    Documents,
    ErrorSheet,
    read_file,
    write_template,
)
from ..tools.dossier_import_row import Problem


class CchcImportFile(models.AbstractModel):
    """A list that people send, with an archive of the documents its rows name.

    Look first, try, then import: the file is read into rows that say what importing
    them does; the work itself goes in batches in the background (``_batch_work``, see
    ``cchc.job``), and what is wrong comes back as a workbook to mend. A model that
    inherits this one has rows under ``line_ids`` (``import_id``, ``status``,
    ``is_done``) and fills in the hooks below.
    """

    _name = "cchc.import.file"
    _description = "File to Import"

    #: statuses of rows, each counted in a field ``<status>_count``
    _row_statuses = ()
    #: those of them that importing writes
    _pending_statuses = ()
    #: field that counts the rows written
    _done_count = ""
    #: names of the template, and of the error sheet of a file without a name
    _template_name, _sheet_name = "", ""
    #: columns of the file, ``None`` for those of old dossiers
    _layout = None
    #: problem of a file that a row names when there is no archive
    _no_archive = "no_archive"

    company_id = fields.Many2one(
        "res.company",
        string="Agency",
        required=True,
        default=lambda self: self.env.company,
    )
    state = fields.Selection(
        lambda self: self._get_states(),
        default="draft",
        required=True,
        readonly=True,
        copy=False,
    )
    job_id = fields.Many2one("cchc.job", readonly=True, copy=False)
    job_state = fields.Selection(related="job_id.state", string="State of the Work")
    job_done = fields.Integer(related="job_id.done")
    job_total = fields.Integer(related="job_id.total")
    job_message = fields.Char(related="job_id.message", string="Why It Failed")
    message = fields.Char(readonly=True, copy=False)
    unchanged_count = fields.Integer("Unchanged", compute="_compute_counts")
    faulty_count = fields.Integer("Faulty", compute="_compute_counts")
    error_file = fields.Binary(readonly=True, copy=False)
    error_file_name = fields.Char(readonly=True, copy=False)
    file = fields.Binary(help="Workbook (.xlsx) or JSON")
    file_name = fields.Char()
    archive = fields.Binary(
        string="Files (.zip)", help="Holds the files that the column “Tệp” names"
    )
    archive_name = fields.Char()

    @api.model
    def _get_states(self):
        """Return the states of an import, the same in the imports of every addon.

        Labels of a list would belong to the addon of the import and be translated
        there once more.
        """
        return [
            ("draft", self.env._("File")),
            ("preview", self.env._("Preview")),
            ("running", self.env._("Running")),
            ("done", self.env._("Done")),
        ]

    def _compute_counts(self):
        counts = {}
        for record, status, done, count in self.line_ids.browse()._read_group(
            [("import_id", "in", self.ids)],
            ["import_id", "status", "is_done"],
            ["__count"],
        ):
            counts[record.id, status, done] = count
        for record in self:
            for status in self._row_statuses:
                record[f"{status}_count"] = sum(
                    counts.get((record.id, status, done), 0) for done in (True, False)
                )
            record[self._done_count] = sum(
                counts.get((record.id, status, True), 0)
                for status in self._pending_statuses
            )

    # ------------------------------------------------------------------
    # What the person does
    # ------------------------------------------------------------------
    def action_template(self):
        """Give the workbook to fill in."""
        self.check_access("create")
        stream = io.BytesIO()
        write_template(stream, *self._layout_arguments())
        attachment = self.env["ir.attachment"].create(
            {
                "name": self._template_name,
                "raw": stream.getvalue(),
                "res_model": self._name,
            }
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "self",
        }

    def action_preview(self):
        """Read the file and show what importing it would do; nothing is imported."""
        self._check_idle()
        self._check_not_begun()
        if not self.file_name or not self._file_size():
            raise UserError(self.env._("Choose a file first (.xlsx or .json)."))
        self._forget()
        return self._preview()

    def action_dry_run(self):
        """Carry the import out and undo it: every rule of the database is tried."""
        self._check_idle()
        self._pending_or_refuse()
        return self._start("trial")

    def action_import(self):
        """Import the rows that are not faulty, in the background."""
        self._check_idle()
        self._pending_or_refuse()
        self.sudo().state = "running"
        return self._start("run")

    def action_back(self):
        """Choose another file, or other settings."""
        self._check_idle()
        self._check_not_begun()
        self._forget()
        return True

    def action_job(self):
        """Open the page of the background work."""
        return self.job_id.action_open()

    def action_error_file(self):
        """Give the workbook of the faulty rows, to be corrected and imported again."""
        self.ensure_one()
        self.check_access("read")
        self._write_error_file()
        if not self.error_file:
            raise UserError(self.env._("No row is faulty."))
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/error_file/"
            f"{self.error_file_name}?download=true",
            "target": "self",
        }

    # ------------------------------------------------------------------
    # Hooks
    # ------------------------------------------------------------------
    def _preview(self):
        """Read the file into rows, or have them read in the background."""
        raise NotImplementedError

    def _delete_lines(self):
        """Forget the rows."""
        self.line_ids.sudo().unlink()

    def _pending_or_refuse(self):
        """Raise when no row is left that importing would write."""
        raise NotImplementedError

    def _job_title(self, phase):
        """Return what the background work is called: ``trial``, ``run``, …"""
        raise NotImplementedError

    @api.model
    def _cells(self, other):
        """Return ``{key: wording}`` of what can be wrong with a row of this list only.

        :param str other: what else the wording names
        """
        return {}

    @api.model
    def _empty_sentence(self):
        """Return what is said of a file without rows, if not what others say."""
        return None

    def _faulty_rows(self):
        """Yield the cells and the reason of each faulty row."""
        for line in self.line_ids.filtered(lambda line: line.status == "faulty"):
            yield line.source, line.reason or ""

    # ------------------------------------------------------------------
    # The way of an import
    # ------------------------------------------------------------------
    def _layout_arguments(self):
        return (self._layout,) if self._layout else ()

    def _check_idle(self):
        self.ensure_one()
        self.check_access("write")
        if self.job_state in ("queued", "running"):
            raise UserError(
                self.env._("This import is being worked on: wait until it has ended.")
            )

    def _check_not_begun(self):
        if self.state not in ("draft", "preview"):
            raise UserError(
                self.env._("This import has begun: make a new one for another file.")
            )

    def _forget(self):
        """Forget what was read."""
        self._delete_lines()
        self.sudo().write({"state": "draft", "message": False, "error_file": False})

    def _start(self, phase):
        """Have the work done in the background."""
        self.sudo().job_id = (
            self.env["cchc.job"]
            .with_company(self.company_id)
            ._enqueue_batches(
                self._job_title(phase),
                self._name,
                "work",
                {"import": self.id, "phase": phase, "trial": phase == "trial"},
            )
        )
        return True

    def _read_rows(self):
        """Return the rows of the file; what the archive lacks is noted in them.

        :raises UserError: when the file cannot be read as this list at all
        """
        try:
            with self._open("file") as stream, self._documents() as documents:
                rows = list(read_file(stream, self._is_xlsx(), self._layout))
                for row in rows:
                    self._check_files(row, documents)
        except CatalogueError as error:
            raise UserError(self._file_sentence(error)) from error
        return rows

    def _check_files(self, row, documents):
        """Note which files of a row are not there."""
        for name in row.values.get("files") or ():
            key = documents.check(name) if documents else self._no_archive
            if key:
                row.problems.append(Problem(key, "files", name))

    def _show_rows(self, vals_list):
        """Keep the rows with their verdicts and show them."""
        self.line_ids.browse().sudo().create(vals_list)
        self.sudo().write(
            {
                "state": "preview",
                "message": self.env._(
                    "%s rows were read; nothing is imported yet.", len(vals_list)
                ),
            }
        )
        self._write_error_file()
        return True

    @api.model
    def _file_sentence(self, error):
        """Return the sentence for a file that cannot be read at all."""
        if error.key == "template":
            return self.env._(
                "No sheet has the headings %s in its first rows; use the template.",
                ", ".join(
                    self._layout.headings[name] for name in self._layout.required
                ),
            )
        if error.key in ("no_dossiers", "json_no_dossiers"):
            if sentence := self._empty_sentence():
                return sentence
        return self.env["cchc.import.sentence"]._of_error(error)

    @api.model
    def _sentence(self, problem, number):
        """Return what is wrong with a cell and how to mend it, in one sentence."""
        return self.env["cchc.import.sentence"]._of_cell(
            problem, number, self._layout.headings, self._cells(problem.other)
        )

    def _write_error_file(self):
        """Write the workbook of the faulty rows."""
        stream = io.BytesIO()
        sheet = ErrorSheet(
            stream, self.env._("What to Mend"), *self._layout_arguments()
        )
        found = False
        for source, reason in self._faulty_rows():
            sheet.add(source, reason)
            found = True
        sheet.close()
        base = os.path.splitext(self.file_name or self._sheet_name)[0]
        self.sudo().write(
            {
                "error_file": found and base64.b64encode(stream.getvalue()),
                "error_file_name": found and f"{base}-can-sua.xlsx",
            }
        )

    # ------------------------------------------------------------------
    # Files
    # ------------------------------------------------------------------
    def _file_size(self):
        return self._attachment("file").file_size or 0

    def _attachment(self, field):
        return (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "=", self.id),
                    ("res_field", "=", field),
                ],
                limit=1,
            )
        )

    @contextmanager
    def _open(self, field):
        """Open a file of the import as a stream; large ones stay on the disk."""
        attachment = self._attachment(field)
        if attachment.store_fname:
            with open(attachment._full_path(attachment.store_fname), "rb") as stream:
                yield stream
        else:
            yield io.BytesIO(attachment.raw or b"")

    @contextmanager
    def _documents(self):
        """Open the archive of files, ``None`` when there is none."""
        if not self._attachment("archive"):
            yield None
            return
        with self._open("archive") as stream, closing(self._archive(stream)) as found:
            yield found

    def _archive(self, stream):
        try:
            return Documents(stream)
        except CatalogueError as error:
            raise UserError(
                self.env["cchc.import.sentence"]._of_error(error)
            ) from error

    def _content(self, documents, name):
        """Return the content of a file that a row names.

        :raises UserError: when it is damaged, or came out of the archive meanwhile
        """
        if not documents:
            raise UserError(
                self.env._("The archive with the file “%s” is missing.", name)
            )
        try:
            return documents.content(name)
        except CatalogueError as error:
            raise UserError(
                self.env._("The file “%s” in the archive is damaged or missing.", name)
            ) from error

    def _is_xlsx(self):
        extension = os.path.splitext(self.file_name or "")[1].lower()
        with self._open("file") as stream:
            if stream.read(4) == b"PK\x03\x04":
                return True
        if extension and extension not in (".json", ".xlsx"):
            raise UserError(
                self.env._(
                    "A %s file cannot be read; save it as an Excel workbook (.xlsx), "
                    "or take the JSON export.",
                    extension,
                )
            )
        return extension == ".xlsx"
