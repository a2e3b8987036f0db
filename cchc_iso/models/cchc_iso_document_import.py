import base64
import os
from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.cchc_onestop.tools.dossier_import_row import Problem, plain
from odoo.addons.cchc_onestop.tools.guard import unlocked
from odoo.addons.cchc_onestop.tools.search_text import normalise

from ..tools.document_import_row import HEADINGS, LAYOUT, kind

STATUSES = [
    ("new", "New Document"),
    ("issue", "Further Issue"),
    ("unchanged", "Unchanged"),
    ("faulty", "Faulty"),
]
_PENDING = ("new", "issue")


class CchcIsoDocumentImport(models.Model):
    """Takes over the process documents that an office already has.

    A list and an archive of the files: look first, try, then import, all rows without
    a fault together or none. Issues that are taken over say so, and show the file that
    was issued; they are as closed as those approved here.
    """

    _name = "cchc.iso.document.import"
    _description = "Import of Documents"
    _inherit = ["cchc.import.file"]
    _order = "id desc"

    _row_statuses = tuple(status for status, _label in STATUSES)
    _pending_statuses = _PENDING
    _done_count = "imported_count"
    _template_name, _sheet_name = "tai-lieu-iso.xlsx", "tai-lieu-iso"
    _layout = LAYOUT
    _no_archive = "no_document_archive"

    name = fields.Char(compute="_compute_name", store=True)
    system_id = fields.Many2one(
        "mgmtsystem.system",
        required=True,
        default=lambda self: self.env["mgmtsystem.system"]._cchc_for(),
    )
    describe_current = fields.Boolean(
        "They Describe the Processes in Use",
        default=True,
        help="The latest issues apply to the processes as they are here now. Unticked: "
        "their documents are to be updated",
    )
    line_ids = fields.One2many("cchc.iso.document.import.line", "import_id", "Rows")
    new_count = fields.Integer("New Documents", compute="_compute_counts")
    issue_count = fields.Integer("Further Issues", compute="_compute_counts")
    imported_count = fields.Integer("Taken Over", compute="_compute_counts")

    @api.depends("file_name")
    def _compute_name(self):
        for record in self:
            record.name = record.file_name or self.env._("Documents")

    @api.depends("line_ids.status", "line_ids.is_done")
    def _compute_counts(self):
        return super()._compute_counts()

    def _pending(self):
        """Return the rows that are still to be written, earlier issues first."""
        return self.line_ids.filtered(
            lambda line: line.status in _PENDING and not line.is_done
        ).sorted(lambda line: (line.code, line.data["number"]))

    def _pending_or_refuse(self):
        if not self._pending():
            raise UserError(self.env._("No row is new: there is nothing to take over."))

    def action_dry_run(self):
        """Take the documents over and undo it: every rule is tried."""
        self._check_idle()
        self._pending_or_refuse()
        with self.env.cr.savepoint() as savepoint:
            count = self._write_documents()
            savepoint.rollback()
        self.env.invalidate_all()
        self.sudo().message = self.env._(
            "Trial run: %s issues can be taken over, nothing was kept.", count
        )
        return True

    def action_import(self):
        """Take all rows without a fault over, together or not at all."""
        self._check_idle()
        self._pending_or_refuse()
        count = self._write_documents()
        self.sudo().write(
            {
                "state": "done",
                "message": self.env._("%s issues were taken over.", count),
            }
        )
        return True

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------
    def _preview(self):
        """Read the file into rows that say what importing them does."""
        rows = self._read_rows()
        known = self._known([row.values for row in rows if not row.problems])
        seen = {}
        vals_list = []
        for row in sorted(
            rows,
            key=lambda row: (
                bool(row.problems),
                row.values.get("code") or "",
                row.values.get("number") or 0,
            ),
        ):
            vals_list.append(self._row_vals(row, known, seen))
        vals_list.sort(key=lambda vals: (vals["status"] != "faulty", vals["number"]))
        return self._show_rows(vals_list)

    def _known(self, values_list):
        """Return what rows can refer to: procedures, departments, documents here."""
        procedures = self.env["cchc.procedure"]
        keys = {
            procedures._get_code_key(values["procedure"])
            for values in values_list
            if values["procedure"]
        }
        found = procedures.search([("code_key", "in", list(keys))])
        departments = self.env["hr.department"].search(
            [("company_id", "in", [self.company_id.id, False])]
        )
        pages = (
            self.env["document.page"]
            .with_context(active_test=False)
            .search(
                [
                    ("system_id", "=", self.system_id.id),
                    ("company_id", "=", self.company_id.id),
                    ("code", "in", [values["code"] for values in values_list]),
                ]
            )
        )
        return {
            "procedures": {row.code_key: row for row in found},
            "departments": {normalise(row.name): row for row in departments},
            "pages": {page.code: page for page in pages},
        }

    def _row_vals(self, row, known, seen):
        """Return the values of the line that keeps a row with its verdict."""
        values, problems = row.values, list(row.problems)
        status, changes = "faulty", False
        if not problems:
            problems = self._problems(values, known, seen)
        if not problems:
            status, changes = self._judge(values, known, seen)
        bad = status == "faulty"
        return {
            "import_id": self.id,
            "number": row.number,
            "code": (values.get("code") or (row.source or [""])[0])[:64],
            "title": values.get("name") or False,
            "status": status,
            "reason": "\n".join(self._sentence(p, row.number) for p in problems)
            or False,
            "changes": changes,
            "data": False if bad else values,
            "source": (row.source or [plain(values.get(n)) for n in HEADINGS])
            if bad
            else False,
        }

    def _problems(self, values, known, seen):
        """Return what keeps a row from being taken over, looking at what is here."""
        problems = []
        procedure = self._procedure(values, known)
        if values["procedure"] and not procedure:
            problems.append(Problem("no_procedure", "procedure", values["procedure"]))
        if values["unit"] and not known["departments"].get(normalise(values["unit"])):
            problems.append(Problem("no_department", "unit", values["unit"]))
        page = known["pages"].get(values["code"])
        key = kind(values["type"])
        if page and (page.doc_key != key or not page.active):
            words = page.doc_type_id.name or ""
            problems.append(Problem("other_document", "code", values["code"], words))
        if (
            page
            and procedure
            and page.procedure_id not in (procedure, procedure.browse())
        ):
            problems.append(
                Problem(
                    "other_procedure",
                    "procedure",
                    values["procedure"],
                    page.procedure_id.code,
                )
            )
        latest = page and self._latest(page)
        if latest and not self._same(latest, values):
            number = latest.issue_no
            if values["number"] <= number:
                problems.append(
                    Problem("older", "number", str(values["number"]), f"{number:02d}")
                )
            elif fields.Date.to_date(values["day"]) <= latest.effective_from:
                words = latest.effective_from.strftime("%d/%m/%Y")
                problems.append(Problem("earlier_day", "day", values["day"], words))
        before = seen.get(values["code"])
        if before and values["day"] <= before["day"]:
            words = date.fromisoformat(before["day"]).strftime("%d/%m/%Y")
            problems.append(Problem("earlier_day", "day", values["day"], words))
        return problems

    def _judge(self, values, known, seen):
        """Return what importing a sound row does: ``(status, words)``."""
        page = known["pages"].get(values["code"])
        earlier = seen.get(values["code"])
        seen[values["code"]] = values
        latest = page and self._latest(page)
        if latest and self._same(latest, values):
            return "unchanged", False
        if page or earlier:
            return "issue", self.env._("Issue %02d", values["number"])
        return "new", self.env._("New document, issue %02d", values["number"])

    @api.model
    def _procedure(self, values, known):
        key = self.env["cchc.procedure"]._get_code_key(values["procedure"])
        return known["procedures"].get(key, self.env["cchc.procedure"])

    @api.model
    def _latest(self, page):
        """Return the approved issue of a document with the highest number."""
        return page.issue_ids.filtered(lambda i: i.state == "approved").sorted(
            "issue_no"
        )[-1:]

    @api.model
    def _same(self, issue, values):
        return (
            issue.is_imported
            and issue.issue_no == values["number"]
            and issue.effective_from == fields.Date.to_date(values["day"])
        )

    # ------------------------------------------------------------------
    # Writing
    # ------------------------------------------------------------------
    def _write_documents(self):
        """Write the documents and issues of all pending rows; returns how many."""
        self.env["document.page"]._cchc_check_officer()
        lines = self._pending()
        known = self._known([line.data for line in lines])
        self._check_again(lines, known)
        missing = {
            line.data["code"]: self._page_values(line.data, known)
            for line in lines
            if line.data["code"] not in known["pages"]
        }
        pages = self.env["document.page"].create(list(missing.values()))
        known["pages"] |= {page.code: page for page in pages}
        # only the latest issue of a document describes the process that is in use now
        latest = {line.data["code"]: line for line in lines}
        with self._documents() as documents:
            for line in lines:
                page = known["pages"][line.data["code"]]
                current = self.describe_current and line == latest[line.data["code"]]
                process = (
                    page.process_id.sudo() if current else page.process_id.browse()
                )
                self._write_issue(line, page, process, documents)
        touched = self.env["document.page"].union(
            *(known["pages"][line.data["code"]] for line in lines)
        )
        touched.sudo()._compute_history_head()
        self._note_outdated(touched)
        return len(lines)

    def _check_again(self, lines, known):
        """Refuse rows that what came in between keeps from being taken over."""
        seen = {}
        for line in lines:
            if problems := self._problems(line.data, known, seen):
                raise UserError(self._sentence(problems[0], line.number))
            seen[line.data["code"]] = line.data

    def _page_values(self, values, known):
        """Return the values of the document that a row makes."""
        procedure = self._procedure(values, known)
        process = self._process_of(procedure)
        return {
            "name": values["name"],
            "doc_type_id": self.env["cchc.iso.document.type"]
            ._of(kind(values["type"]))
            .id,
            "code": values["code"],
            "system_id": self.system_id.id,
            "company_id": self.company_id.id,
            "procedure_id": procedure.id,
            "process_id": process.id,
            "department_id": known["departments"]
            .get(normalise(values["unit"]), self.env["hr.department"])
            .id,
        }

    def _process_of(self, procedure):
        """Return the process in use here of a procedure."""
        if not procedure:
            return self.env["cchc.process"]
        today = self.company_id._cchc_local_date(fields.Datetime.now())
        version = procedure._version_at(today, self.company_id)
        return self.env["cchc.process"]._for(version, self.company_id, today)

    def _write_issue(self, line, page, process, documents):
        """Write the issue of a row and end the one before it."""
        values = line.data
        day = fields.Date.to_date(values["day"])
        before = self._latest(page.sudo())
        name = (values["files"] or [False])[0]
        system = page.system_id
        issue = unlocked(self.env["document.page.history"].sudo()).create(
            {
                "page_id": page.id,
                "issue_no": values["number"],
                "name": f"{values['number']:02d}",
                "summary": self.env._("Taken over from the list %s", self.name),
                "code": page.code,
                "title": values["name"],
                "agency_name": page.company_id.name,
                "edition_id": system.edition_id.id,
                "process_id": process.id,
                "version_id": process.version_id.id,
                "previous_issue_id": before.id,
                "effective_from": day,
                "is_imported": True,
                "file": name and base64.b64encode(self._content(documents, name)),
                "file_name": os.path.basename(name) if name else False,
                "state": "approved",
                "approved_date": fields.Datetime.now(),
                "approved_uid": self.env.uid,
            }
        )
        if before:
            unlocked(before).write({"effective_to": fields.Date.subtract(day, days=1)})
        unlocked(issue).write({"content_sha256": issue._cchc_digest()})
        page.invalidate_recordset(["issue_ids", "history_ids"])
        line.sudo().write({"is_done": True, "page_id": page.id})

    def _note_outdated(self, pages):
        """Ask to update the documents that do not describe the present processes."""
        if self.describe_current:
            return
        tasks = self.env["cchc.iso.update.task"]
        tasks._want(
            [
                (page, "process", page.process_id, page.process_id.valid_from)
                for page in pages.sudo()
                if page.process_id
            ]
        )

    # ------------------------------------------------------------------
    # Sentences
    # ------------------------------------------------------------------
    @api.model
    def _empty_sentence(self):
        return self.env._("The list has no documents.")

    @api.model
    def _cells(self, other):
        env = self.env
        return {
            "duplicate": lambda: env._(
                "stands in row %s with this issue number as well; keep one", other
            ),
            "unknown_type": lambda: env._(
                "is no type of document; use one of: %s", other
            ),
            "issue_number": lambda: env._(
                "is no issue number; write a whole number from 1 to %s", other
            ),
            "procedure_needed": lambda: env._(
                "is empty, but the document is the process of a procedure; write its "
                "code"
            ),
            "no_procedure": lambda: env._(
                "is no procedure of the catalogue; correct the code"
            ),
            "no_department": lambda: env._(
                "is no department here; write its name as it stands in the list of "
                "departments, or empty the cell"
            ),
            "other_document": lambda: env._(
                "is the code of another document here (%s); correct the code", other
            ),
            "other_procedure": lambda: env._(
                "differs from the procedure that the document has here (%s)", other
            ),
            "older": lambda: env._(
                "is not later than issue %s, which the document has here", other
            ),
            "earlier_day": lambda: env._(
                "is not later than the issue before (%s); correct one of them", other
            ),
            "file_kind": lambda: env._("is no document file; allowed are %s", other),
            "no_document_archive": lambda: env._(
                "names a file, but there is no archive; add the .zip or empty the cell"
            ),
        }


class CchcIsoDocumentImportLine(models.Model):
    """One row of a list of documents with what importing it does."""

    _name = "cchc.iso.document.import.line"
    _description = "Row of an Import of Documents"
    _inherit = ["cchc.import.line"]

    import_id = fields.Many2one(
        "cchc.iso.document.import",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    title = fields.Char(readonly=True)
    status = fields.Selection(STATUSES, required=True, readonly=True)
    page_id = fields.Many2one("document.page", readonly=True, ondelete="set null")
    is_done = fields.Boolean("Taken Over")
