import os
from datetime import datetime

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.dossier_import_row import Problem, moment_text
from ..tools.result_import_row import LAYOUT, STATES, outcome
from ..tools.search_text import normalise
from ..tools.transitions import RUNNING_STATES
from .cchc_dossier_clock import naive

STATUSES = [
    ("result", "Result"),
    ("progress", "News"),
    ("unchanged", "Unchanged"),
    ("faulty", "Faulty"),
]


class CchcBundleImport(models.Model):
    """Enters results of parts of groups that agencies outside this database settled.

    Their software gives a list: external code, state, when it ended, number and file
    of the result. A row finds its part by the external code, or by the code that the
    part has here, and then learns the external one. What was entered before changes
    nothing: the same list can be imported again, whatever happened in between.
    """

    _name = "cchc.bundle.import"
    _description = "Import of Results of Other Agencies"
    _inherit = ["cchc.import.batch"]
    _order = "id desc"

    _row_statuses = tuple(status for status, _label in STATUSES)
    _pending_statuses = ("result", "progress")
    _moments = ("ended_at",)
    _done_count = "entered_count"
    _template_name, _sheet_name = "ket-qua-lien-thong.xlsx", "ket-qua"
    _layout = LAYOUT
    _no_archive = "no_result_archive"

    name = fields.Char(compute="_compute_name", store=True)
    company_id = fields.Many2one(help="Agency that received the groups")
    line_ids = fields.One2many("cchc.bundle.import.line", "import_id", string="Rows")
    result_count = fields.Integer("Results", compute="_compute_counts")
    progress_count = fields.Integer("News", compute="_compute_counts")
    entered_count = fields.Integer("Entered", compute="_compute_counts")

    @api.depends("file_name")
    def _compute_name(self):
        for record in self:
            record.name = record.file_name or self.env._("Results")

    @api.depends("line_ids.status", "line_ids.is_done")
    def _compute_counts(self):
        return super()._compute_counts()

    def _nothing_sentence(self):
        return self.env._("No row says anything new: there is nothing to enter.")

    def _done_sentence(self):
        return self.env._(
            "%(count)s rows were entered, %(unchanged)s said nothing new, "
            "%(faulty)s were left out.",
            count=self.entered_count,
            unchanged=self.unchanged_count,
            faulty=self.faulty_count,
        )

    def _job_title(self, phase):
        if phase == "trial":
            return self.env._("Trial run of results: %s", self.name)
        return self.env._("Results are entered: %s", self.name)

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------
    def _preview(self):
        """Read the file into rows that say what importing them does."""
        rows = self._read_rows()
        found = self._parts_of([row.values for row in rows if not row.problems])
        return self._show_rows([self._row_vals(row, found) for row in rows])

    def _row_vals(self, row, found):
        """Return the values of the line that keeps a row with its verdict."""
        values, problems = row.values, row.problems
        line, status = self.env["cchc.bundle.line"], "faulty"
        changes = False
        if not problems:
            line, status, found_out = self._judge(values, *found)
            if status == "faulty":
                problems = [found_out]
            else:
                changes = found_out
        return {
            "import_id": self.id,
            "number": row.number,
            "code": (values.get("code") or (row.source or [""])[0])[:64],
            "line_id": line.id,
            "status": status,
            "reason": "\n".join(
                self._sentence(problem, row.number) for problem in problems
            )
            or False,
            "changes": changes,
            "data": values if status != "faulty" else False,
            "source": (row.source or self._source_cells(values))
            if status == "faulty"
            else False,
        }

    # ------------------------------------------------------------------
    # What a row means
    # ------------------------------------------------------------------
    def _parts_of(self, rows):
        """Return the parts that rows can mean: by external code, by code here."""
        lines = self.env["cchc.bundle.line"].search(
            [
                ("bundle_id", "!=", False),
                ("dossier_id", "!=", False),
                ("receiving_company_id", "=", self.company_id.id),
                "|",
                ("external_code", "in", [values["code"] for values in rows]),
                (
                    "dossier_id.name",
                    "in",
                    [values["part"] for values in rows if values["part"]],
                ),
            ]
        )
        by_part = {line.dossier_id.name: line for line in lines}
        return lines.grouped("external_code"), by_part

    def _judge(self, values, by_code, by_part):
        """Return what a row does: ``(part, status, problem or what changes)``."""
        line, problem = self._find(values, by_code, by_part)
        if not problem and not line.is_external:
            problem = Problem("inside", "code", values["code"], line.agency_name or "")
        if problem:
            return line, "faulty", problem
        if line.state in ("done", "failed"):
            return self._judge_ended(line, values)
        if line.state != "running":
            return line, "faulty", self._about_state("not_running", line, values)
        kind, words = outcome(values["state"]), STATES[values["state"]][1]
        if kind == "progress":
            news = line.external_state != words or line.external_code != values["code"]
            changes = f"{line.external_state or '∅'} → {words}" if news else False
            return line, "progress" if news else "unchanged", changes
        if line.dossier_id.state not in RUNNING_STATES:
            return line, "faulty", self._about_state("held", line, values)
        ended = values["ended_at"]
        if self._moment(ended) > fields.Datetime.now():
            problem = Problem("future", "ended_at", moment_text(ended))
        elif self._local_text(line.started_at)[: len(ended)] > ended:
            started = moment_text(self._local_text(line.started_at)[:16])
            problem = Problem("before_start", "ended_at", moment_text(ended), started)
        if problem:
            return line, "faulty", problem
        return line, "result", f"{line.display_name}: {words}"

    def _judge_ended(self, line, values):
        """A part that has ended keeps its result; the same one again is no news."""
        kind = outcome(values["state"])
        entered = "granted" if line.state == "done" else "refused"
        if kind not in ("progress", entered):
            return line, "faulty", self._about_state("ended", line, values)
        number = values["number"]
        if number and line.result_number and number != line.result_number:
            return (
                line,
                "faulty",
                Problem("fixed", "number", number, line.result_number),
            )
        return line, "unchanged", False

    def _about_state(self, key, line, values):
        """Return a problem that names the state in which the part is here."""
        label = line._state_label() if line.dossier_id else ""
        return Problem(key, "state", STATES[values["state"]][1], label)

    def _find(self, values, by_code, by_part):
        """Return ``(part, problem)``: the part that a row means."""
        none = self.env["cchc.bundle.line"]
        code, system = values["code"], normalise(values["system"])
        found = by_code.get(code, none)
        if system:
            found = found.filtered(
                lambda line: normalise(line.external_system or "") == system
            )
        if not values["part"]:
            if len(found) == 1:
                return found, None
            return none, Problem("which_system" if found else "no_part", "code", code)
        part = by_part.get(values["part"])
        if not part:
            return none, Problem("no_code_here", "part", values["part"])
        if part.external_code and part.external_code != code:
            return part, Problem("other_code", "code", code, part.external_code)
        others = found - part
        if others:
            return part, Problem(
                "other_part", "code", code, others[0].dossier_id.name or ""
            )
        return part, None

    def _moment(self, text):
        """Return a moment of a row as naive UTC; a date alone begins its day."""
        zone = self.company_id._cchc_tz()
        return naive(datetime.fromisoformat(text).replace(tzinfo=zone))

    def _local_text(self, moment):
        """Return a stored moment in the way of the rows."""
        local = fields.Datetime.context_timestamp(
            self.with_context(tz=str(self.company_id._cchc_tz())), moment
        )
        return local.replace(tzinfo=None).isoformat(timespec="seconds")

    # ------------------------------------------------------------------
    # Entering
    # ------------------------------------------------------------------
    def _enter(self, row, documents):
        """Do what a row says, with the rights of the person who asked."""
        values = row.data
        line, status, found = self._judge(values, *self._parts_of([values]))
        if status == "faulty":
            raise UserError(self._sentence(found, row.number))
        kept = {"is_done": True}
        if status == "unchanged":
            return kept
        line.write(
            {
                "external_code": values["code"],
                "external_state": STATES[values["state"]][1],
            }
        )
        if status == "progress":
            return kept
        files = self.env["ir.attachment"].create(
            [
                {
                    "name": os.path.basename(name.replace("\\", "/")),
                    "raw": self._content(documents, name),
                    "res_model": "cchc.dossier.document",
                }
                for name in values["files"]
            ]
        )
        line.take_external_result(
            outcome(values["state"]) == "refused",
            values["note"],
            self._moment(values["ended_at"]),
            files,
            values["number"],
        )
        return kept

    # ------------------------------------------------------------------
    # Sentences
    # ------------------------------------------------------------------
    @api.model
    def _cells(self, other):
        env = self.env
        return {
            "no_part": lambda: env._(
                "is the external code of no part received here; correct it, or write "
                "the code that the part has here beside it"
            ),
            "no_code_here": lambda: env._(
                "is the code of no part of a group received here; correct it"
            ),
            "which_system": lambda: env._(
                "is a code of more than one software; name the software"
            ),
            "other_code": lambda: env._(
                "is not the external code of this part, which is %s; correct one of "
                "them",
                other,
            ),
            "other_part": lambda: env._(
                "is the external code of %s; correct one of them", other
            ),
            "inside": lambda: env._(
                "is settled in this database by %s; its result comes from there", other
            ),
            "not_running": lambda: env._(
                "comes for a part that was left out or has not begun; leave the row out"
            ),
            "held": lambda: env._(
                "cannot be entered while the part is in the state “%s” here; let it go "
                "on first",
                other,
            ),
            "ended": lambda: env._(
                "contradicts the result that was entered, “%s”; leave the row out",
                other,
            ),
            "before_start": lambda: env._(
                "lies before the part began on %s; correct it", other
            ),
            "no_result_yet": lambda: env._(
                "has a value, but the status is “%s”; correct one of them", other
            ),
            "reason_missing": lambda: env._(
                "is empty, but the status is “%s”; write why", other
            ),
            "no_result_archive": lambda: env._(
                "names a file, but there is no archive; add the .zip"
            ),
        }


class CchcBundleImportLine(models.Model):
    """One row of a list of results with what importing it does."""

    _name = "cchc.bundle.import.line"
    _description = "Row of an Import of Results"
    _inherit = ["cchc.import.line"]

    import_id = fields.Many2one(
        "cchc.bundle.import",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    code = fields.Char("External Code")
    line_id = fields.Many2one(
        "cchc.bundle.line", "Part", readonly=True, ondelete="set null"
    )
    dossier_id = fields.Many2one(related="line_id.dossier_id")
    status = fields.Selection(STATUSES, required=True, readonly=True)
    is_done = fields.Boolean("Entered")
    is_tried = fields.Boolean(readonly=True)

    def action_open_dossier(self):
        """Open the dossier of the part."""
        self.ensure_one()
        return self.dossier_id.action_open_dossier()
