import base64
import binascii
import os

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..tools.catalogue_diff import describe
from ..tools.catalogue_json import parse_json
from ..tools.catalogue_parser import MAX_BYTES, CatalogueError
from ..tools.catalogue_xlsx import parse_xlsx, write_errors

STATUSES = [
    ("new", "New"),
    ("changed", "Changed"),
    ("repealed", "To Be Repealed"),
    ("replaced", "To Be Replaced"),
    ("confirmed", "Confirmed"),
    ("unchanged", "Unchanged"),
    ("faulty", "Faulty"),
]
RANKS = {
    "faulty": 1,
    "repealed": 2,
    "replaced": 3,
    "changed": 4,
    "new": 5,
    "confirmed": 6,
    "unchanged": 7,
}
PROGRESS = "cchc_procedure_import/progress"


class CchcProcedureImport(models.TransientModel):
    """Imports a published list of procedures: look first, then all or nothing.

    Reads the spreadsheet of a provincial list or the JSON of ``LayThuTuc``. A row
    updates the procedure with the same first two groups of the code; what changed
    becomes a new version from the effective date. Importing a file twice changes
    nothing the second time.
    """

    _name = "cchc.procedure.import"
    _description = "Import Procedures"

    file = fields.Binary(attachment=False)
    file_name = fields.Char()
    valid_from = fields.Date(
        "Effective from",
        required=True,
        default=fields.Date.context_today,
        help="New versions hold from this day; repealed procedures end on it",
    )
    decision_id = fields.Many2one("cchc.publication.decision")
    company_id = fields.Many2one(
        "res.company",
        "Only for the Agency",
        help="Empty: the shared list of all agencies; else the list that this agency "
        "(a province and its communes) applies",
    )
    official = fields.Boolean(
        "Official Publication",
        help="The file is an official publication: its rows are confirmed",
    )
    state = fields.Selection(
        [("upload", "File"), ("preview", "Preview"), ("done", "Done")],
        default="upload",
    )
    line_ids = fields.One2many("cchc.procedure.import.line", "wizard_id", "Rows")
    new_count = fields.Integer("New", compute="_compute_counts")
    changed_count = fields.Integer("Changed", compute="_compute_counts")
    unchanged_count = fields.Integer("Unchanged", compute="_compute_counts")
    repealed_count = fields.Integer("To Be Repealed", compute="_compute_counts")
    faulty_count = fields.Integer("Faulty", compute="_compute_counts")
    error_file = fields.Binary(readonly=True, attachment=False)
    error_file_name = fields.Char(readonly=True)
    message = fields.Char(readonly=True)

    @api.depends("file_name")
    def _compute_display_name(self):
        for wizard in self:
            wizard.display_name = wizard.file_name or self._get_title()

    def _get_title(self):
        """Hook: name of a wizard that has no file yet."""
        return self.env._("Import Procedures")

    @api.depends("line_ids.status")
    def _compute_counts(self):
        for wizard in self:
            statuses = wizard.line_ids.mapped("status")
            wizard.new_count = statuses.count("new")
            wizard.changed_count = statuses.count("changed")
            wizard.repealed_count = statuses.count("repealed") + statuses.count(
                "replaced"
            )
            wizard.faulty_count = statuses.count("faulty")
            wizard.unchanged_count = statuses.count("unchanged") + statuses.count(
                "confirmed"
            )

    # --- Reading

    def _get_bytes(self):
        if not self.file:
            raise UserError(self.env._("Choose a file first (.xlsx or .json)."))
        content = self.file
        if len(content) > MAX_BYTES * 4 // 3 + 4:
            raise UserError(
                self.env["cchc.import.sentence"]._of_error(
                    CatalogueError("too_big", size=MAX_BYTES // 1024 // 1024)
                )
            )
        try:
            return base64.b64decode(content)
        except binascii.Error as error:
            raise UserError(
                self.env._("The file did not arrive whole; choose it again.")
            ) from error

    def _read_items(self):
        """Return the items of the file.

        :raise UserError: one sentence that says why the file cannot be read
        """
        data = self._get_bytes()
        extension = os.path.splitext(self.file_name or "")[1].lower()
        is_xlsx = data[:4] == b"PK\x03\x04" or extension in (".xlsx", ".xlsm")
        if extension in (".xls", ".ods", ".csv", ".pdf", ".doc", ".docx"):
            raise UserError(
                self.env._(
                    "A %s file cannot be read; save the list as an Excel workbook "
                    "(.xlsx) and import that.",
                    extension,
                )
            )
        try:
            return parse_xlsx(data) if is_xlsx else parse_json(data)
        except CatalogueError as error:
            raise UserError(
                self.env["cchc.import.sentence"]._of_error(error)
            ) from error

    # --- Steps of the wizard

    def action_preview(self):
        """Read the file and show what importing it would do; nothing is imported."""
        self.ensure_one()
        plan = self._make_plan()
        self.line_ids.unlink()
        self.write(
            {
                "state": "preview",
                "message": False,
                "line_ids": [
                    Command.create(self._prepare_line(entry)) for entry in plan
                ],
            }
        )
        self._write_error_file(plan)
        return True

    def _make_plan(self):
        return self.env["cchc.catalogue.loader"]._plan(
            self._read_items(),
            self.valid_from,
            self.company_id,
            self.official,
            step=lambda done, total: self._send_progress("read", done, total),
        )

    def _prepare_line(self, entry):
        item = entry["item"]
        error = entry["error"]
        sentences = self.env["cchc.import.sentence"]
        return {
            "rank": RANKS[entry["status"]],
            "number": item.number,
            "code": item.identity.get("code") or " ".join(item.source[:2])[:64],
            "name": item.identity.get("name"),
            "status": entry["status"],
            "reason": sentences._of_error(error) if error else False,
            "procedure_id": entry["procedure"].id if entry["procedure"] else False,
            "changes": self._describe_entry(entry),
        }

    def _describe_entry(self, entry):
        """Return what an entry changes, one difference per line."""
        lines = [describe(*change) for change in entry["changes"]]
        if successor := entry.get("replaced_by"):
            if isinstance(successor, dict):
                identity = successor["item"].identity
                name = f"{identity['code']} {identity['name']}"
            else:
                name = successor.display_name
            lines.append(self.env._("Replaced by %s", name))
        return "\n".join(lines)

    def _write_error_file(self, plan):
        faulty = [entry for entry in plan if entry["status"] == "faulty"]
        if not faulty:
            self.write({"error_file": False, "error_file_name": False})
            return
        content = write_errors(
            [
                (
                    entry["item"].number,
                    entry["item"].source,
                    self.env["cchc.import.sentence"]._of_error(entry["error"]),
                )
                for entry in faulty
            ],
            self.env._("What to mend"),
        )
        self.write(
            {
                "error_file": base64.b64encode(content),
                "error_file_name": self.env._("faulty-rows.xlsx"),
            }
        )

    def action_dry_run(self):
        """Carry out the import and undo it: every rule of the database is tried."""
        self.ensure_one()
        plan = self._make_plan()
        with self.env.cr.savepoint() as savepoint:
            count = len(self._apply(plan))
            savepoint.rollback()
        self.env.invalidate_all()
        self.message = self.env._(
            "Trial run: %(count)s versions would be published, nothing was kept.",
            count=count,
        )
        return True

    def action_import(self):
        """Import the rows that are not faulty, all of them or none."""
        self.ensure_one()
        self.env["cchc.procedure"].check_access("create")
        plan = self._make_plan()
        versions = self._apply(plan)
        self.line_ids.unlink()
        self.write(
            {
                "state": "done",
                "line_ids": [
                    Command.create(self._prepare_line(entry)) for entry in plan
                ],
                "message": self.env._(
                    "%(count)s versions are published; %(faulty)s rows were left out.",
                    count=len(versions),
                    faulty=sum(entry["status"] == "faulty" for entry in plan),
                ),
            }
        )
        self._write_error_file(plan)
        return True

    def _apply(self, plan):
        return self.env["cchc.catalogue.loader"]._apply(
            plan,
            self.valid_from,
            self.company_id,
            self.decision_id,
            step=lambda done, total: self._send_progress("write", done, total),
        )

    def action_back(self):
        """Go back to the choice of the file."""
        self.write({"state": "upload", "line_ids": [Command.clear()]})
        return True

    # --- Progress

    def _send_progress(self, phase, done, total):
        """Tell the waiting page how far the import is.

        The import is one transaction, of which nothing is visible before its end; the
        notice goes out through a cursor of its own, which carries nothing else.
        """
        if not total or self.env.context.get("cchc_no_progress"):
            return
        with self.env.registry.cursor() as cursor:
            env = self.env(cr=cursor)
            env.user._bus_send(
                PROGRESS,
                {"wizard": self.id, "phase": phase, "done": done, "total": total},
            )


class CchcProcedureImportLine(models.TransientModel):
    """One row of the file with what importing it does."""

    _name = "cchc.procedure.import.line"
    _description = "Row of a Procedure Import"
    _order = "wizard_id, rank, number, id"

    wizard_id = fields.Many2one(
        "cchc.procedure.import", required=True, ondelete="cascade", index=True
    )
    rank = fields.Integer(help="What needs attention comes first")
    number = fields.Integer("Row", aggregator=None)
    code = fields.Char()
    name = fields.Char()
    status = fields.Selection(STATUSES, required=True)
    reason = fields.Text("What to Mend")
    changes = fields.Text()
    procedure_id = fields.Many2one("cchc.procedure")
