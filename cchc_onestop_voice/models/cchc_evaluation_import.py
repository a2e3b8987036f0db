from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.cchc_onestop.tools.dossier_import_row import Problem, moment_text

from ..tools.slip_import_row import LAYOUT, LEVELS

STATUSES = [
    ("new", "Slip"),
    ("unchanged", "Evaluated Already"),
    ("faulty", "Faulty"),
]


class CchcEvaluationImport(models.Model):
    """Enters a list of paper slips: looked at, tried, entered once.

    A dossier that has been evaluated is left as it is, and nothing is said of what its
    slip holds: the same list can be imported again. What the rows say is forgotten as
    soon as the slips are entered, and so is the file, so that no second copy is left
    for whom the slips are hidden from.
    """

    _name = "cchc.evaluation.import"
    _description = "Import of Paper Slips"
    _inherit = ["cchc.import.batch"]
    _order = "id desc"

    _row_statuses = tuple(status for status, _label in STATUSES)
    _pending_statuses = ("new",)
    _batch_size = 50
    _moments = ("day",)
    _done_count = "entered_count"
    _template_name, _sheet_name = "phieu-danh-gia.xlsx", "phieu-danh-gia"
    _layout = LAYOUT

    name = fields.Char(compute="_compute_name", store=True)
    source = fields.Selection(
        [("counter", "Slip at the Desk"), ("phone", "Telephone, Inquiry")],
        required=True,
        default="counter",
    )
    legend = fields.Char("Order of the Answers", compute="_compute_legend")
    line_ids = fields.One2many(
        "cchc.evaluation.import.line", "import_id", string="Rows"
    )
    new_count = fields.Integer("Slips", compute="_compute_counts")
    entered_count = fields.Integer("Entered", compute="_compute_counts")

    @api.depends("file_name")
    def _compute_name(self):
        for record in self:
            record.name = record.file_name or self.env._("Paper Slips")

    @api.depends("source", "company_id")
    def _compute_legend(self):
        for record in self:
            criteria = record._form().line_ids.criterion_id
            record.legend = ", ".join(criteria.mapped("code"))

    @api.depends("line_ids.status", "line_ids.is_done")
    def _compute_counts(self):
        return super()._compute_counts()

    def _form(self):
        return self.env["cchc.evaluation"]._form_of(self.source, self.company_id)

    def _nothing_sentence(self):
        return self.env._("No row is a new slip: there is nothing to enter.")

    def _done_sentence(self):
        return self.env._(
            "%(count)s slips were entered, %(unchanged)s dossiers had been "
            "evaluated already, %(faulty)s rows were left out. The file is not "
            "kept.",
            count=self.entered_count,
            unchanged=self.unchanged_count,
            faulty=self.faulty_count,
        )

    def _job_title(self, phase):
        if phase == "trial":
            return self.env._("Trial run of paper slips: %s", self.name)
        return self.env._("Paper slips are entered: %s", self.name)

    # -- reading
    def _preview(self):
        """Read the file into rows that say what importing them does."""
        rows = self._read_rows()
        found = self._dossiers_of([row.values for row in rows if not row.problems])
        return self._show_rows([self._row_vals(row, found) for row in rows])

    def _row_vals(self, row, found):
        """Return the values of the line that keeps a row with its verdict."""
        values, problems = row.values, row.problems
        dossier, status = self.env["cchc.dossier"], "faulty"
        if not problems:
            dossier, status, problem = self._judge(values, *found)
            problems = [problem] if problem else []
        faulty = status == "faulty"
        return {
            "import_id": self.id,
            "number": row.number,
            "code": (values.get("code") or (row.source or [""])[0])[:64],
            "dossier_id": dossier.id,
            "status": status,
            "reason": "\n".join(
                self._sentence(problem, row.number) for problem in problems
            )
            or False,
            "data": values if status == "new" else False,
            "source": (row.source or self._source_cells(values)) if faulty else False,
        }

    def _dossiers_of(self, rows):
        """Return ``({code: dossier}, ids of those evaluated)`` of the agency."""
        dossiers = self.env["cchc.dossier"].search(
            [
                ("name", "in", [values["code"] for values in rows]),
                ("company_id", "=", self.company_id.id),
            ]
        )
        slips = self.env["cchc.evaluation"].sudo()
        evaluated = slips.search([("dossier_id", "in", dossiers.ids)]).dossier_id
        return dossiers.grouped("name"), set(evaluated.ids)

    def _judge(self, values, by_code, evaluated):
        """Return what a row does: ``(dossier, status, problem)``."""
        dossier = by_code.get(values["code"], self.env["cchc.dossier"])
        if dossier.id in evaluated:
            return dossier, "unchanged", None
        day, marks = values["day"], values["marks"]
        problem = None
        if not dossier:
            problem = Problem("no_dossier", "code", values["code"])
        elif not dossier.returned_at:
            problem = Problem("not_returned", "code", values["code"])
        elif day and date.fromisoformat(day) > self.company_id._cchc_local_date(
            fields.Datetime.now()
        ):
            problem = Problem("future", "day", moment_text(day))
        elif day and date.fromisoformat(day) < self.company_id._cchc_local_date(
            dossier.returned_at
        ):
            problem = Problem("before_return", "day", moment_text(day))
        elif marks and len(marks) != len(self._form().line_ids.criterion_id):
            count = len(self._form().line_ids.criterion_id)
            problem = Problem("marks_count", "marks", marks, str(count))
        return dossier, "faulty" if problem else "new", problem

    # -- entering
    def _enter(self, row, documents):
        values = row.data
        dossier, status, problem = self._judge(values, *self._dossiers_of([values]))
        if problem:
            raise UserError(self._sentence(problem, row.number))
        if status == "new":
            slips = self.env["cchc.evaluation"]
            form = self._form()
            vals = {
                "dossier_id": dossier.id,
                "source": self.source,
                "level": LEVELS[values["level"]][0],
                "comment": values["comment"] or False,
                "answer_ids": slips._answer_rows(
                    form, slips._levels_of(form, values["marks"])
                ),
            }
            if values["day"]:
                day = date.fromisoformat(values["day"])
                vals["evaluated_at"] = slips._moment_of(self.company_id, day)
            slips.create(vals)
            return {"is_done": True, "data": False}
        return {"status": status, "data": False}

    def _end(self, trial):
        """Say what was done, write the error sheet, and forget the slips."""
        if not trial:
            self.sudo().file = False
        return super()._end(trial)

    # -- sentences
    @api.model
    def _cells(self, other):
        env = self.env
        return {
            "no_dossier": lambda: env._(
                "is the code of no dossier of the agency; correct it"
            ),
            "not_returned": lambda: env._(
                "is a dossier whose result was not returned yet; leave the row out"
            ),
            "before_return": lambda: env._(
                "lies before the return of the result; correct it"
            ),
            "unknown_level": lambda: env._("is no level; write one of: %s", other),
            "marks": lambda: env._("holds something else than figures from 0 to 3"),
            "marks_count": lambda: env._(
                "is not one figure per question; write %s figures from 0 to 3, or none",
                other,
            ),
        }


class CchcEvaluationImportLine(models.Model):
    """One row of a list of paper slips with what importing it does."""

    _name = "cchc.evaluation.import.line"
    _description = "Row of an Import of Paper Slips"
    _inherit = ["cchc.import.line"]

    import_id = fields.Many2one(
        "cchc.evaluation.import",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    dossier_id = fields.Many2one("cchc.dossier", readonly=True, ondelete="set null")
    status = fields.Selection(STATUSES, required=True, readonly=True)
    is_done = fields.Boolean("Entered")
    is_tried = fields.Boolean(readonly=True)
