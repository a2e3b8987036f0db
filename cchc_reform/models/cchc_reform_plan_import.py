import os
import re

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from odoo.addons.cchc_onestop.tools.catalogue_parser import CatalogueError
from odoo.addons.cchc_onestop.tools.dossier_import_row import Problem
from odoo.addons.cchc_onestop.tools.search_text import normalise

from ..tools.plan_file import read_tables
from ..tools.plan_table import LAYOUT, read_plan
from .cchc_reform_plan import PLAN_TYPES

STATUSES = [
    ("new", "New"),
    ("changed", "Changed"),
    ("unchanged", "Unchanged"),
    ("faulty", "Faulty"),
]
_PENDING = ("new", "changed")
#: What a row of the file says of a task that is there already.
_COMPARED = (
    "product",
    "lead_department_id",
    "coordinating_department_ids",
    "deadline_type",
    "date_deadline",
    "budget",
    "budget_source",
    "note",
)
_SPLIT = re.compile(r"[;\n]+|,(?! *cán bộ)")
#: Words in the names of departments that do not tell them apart.
_IDLE = frozenset(
    "ubnd xa phuong cac va cua hdnd ban phong co quan don vi bo phan".split()
)


class CchcReformPlanImport(models.Model):
    """Takes over a plan that exists as a table in Word or Excel.

    Look first, then import: each row says in one sentence what importing it does or
    what to mend. All rows are written together or none; the same file again changes
    nothing.
    """

    _name = "cchc.reform.plan.import"
    _description = "Import of a Plan"
    _inherit = ["cchc.import.file"]
    _order = "id desc"

    _row_statuses = tuple(status for status, _label in STATUSES)
    _pending_statuses = _PENDING
    _done_count = "imported_count"
    _template_name, _sheet_name = "ke-hoach-cchc.xlsx", "ke-hoach-cchc"
    _layout = LAYOUT

    name = fields.Char(compute="_compute_name", store=True)
    file = fields.Binary(help="Word (.docx) or Excel (.xlsx) with the table of tasks")
    plan_id = fields.Many2one(
        "cchc.reform.plan",
        domain="[('state', '=', 'draft'), ('company_id', '=', company_id)]",
        help="Draft that the tasks come to; empty makes a new plan",
    )
    plan_name = fields.Char(
        "Title of the Plan", compute="_compute_plan_name", store=True, readonly=False
    )
    plan_type = fields.Selection(PLAN_TYPES, required=True, default="reform")
    year = fields.Integer(
        required=True, default=lambda self: fields.Date.context_today(self).year
    )
    without_faulty = fields.Boolean(
        "Leave Faulty Rows Out", help="Import the rows that are in order only"
    )
    line_ids = fields.One2many("cchc.reform.plan.import.line", "import_id", "Rows")
    new_count = fields.Integer("New", compute="_compute_counts")
    changed_count = fields.Integer("Changed", compute="_compute_counts")
    imported_count = fields.Integer("Imported", compute="_compute_counts")

    @api.depends("file_name")
    def _compute_name(self):
        for record in self:
            record.name = record.file_name or self.env._("Plan")

    @api.onchange("file_name")
    def _onchange_file_name(self):
        """Take the year from the name of the file, where it bears one."""
        years = set(re.findall(r"(?<!\d)20\d\d(?!\d)", self.file_name or ""))
        if len(years) == 1 and not self.plan_id:
            self.year = int(years.pop())

    @api.depends("year", "plan_type")
    def _compute_plan_name(self):
        for record in self:
            record.plan_name = f"Kế hoạch cải cách hành chính năm {record.year}"

    @api.depends("line_ids.status", "line_ids.is_done")
    def _compute_counts(self):
        return super()._compute_counts()

    # --- What the person does

    def action_import(self):
        """Write all rows together; nothing when one of them cannot be written."""
        self._check_idle()
        self._pending_or_refuse()
        if self.faulty_count and not self.without_faulty:
            raise UserError(
                self.env._(
                    "%s rows are faulty: mend them in the file, or tick “Leave Faulty "
                    "Rows Out”.",
                    self.faulty_count,
                )
            )
        lines = self.line_ids.filtered(lambda line: line.status in _PENDING)
        # what changed since the preview is judged again
        found = self._known()
        sound = self.line_ids.filtered(lambda line: line.status != "faulty")
        by_number = {line.number: line.data for line in sound}
        for line in sound:
            problems, _status, _words = self._judge(line.data, found, by_number)
            if problems:
                raise UserError(self._sentence(problems[0], line.number))
        plan = self.plan_id or self._find_plan() or self._new_plan()
        self._write_rows(plan, found)
        lines.sudo().is_done = True
        self.sudo().write(
            {
                "plan_id": plan.id,
                "state": "done",
                "message": self.env._(
                    "%(count)s tasks were imported into %(plan)s.",
                    count=len(lines),
                    plan=plan.display_name,
                ),
            }
        )
        return True

    def action_plan(self):
        """Open the plan."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "cchc.reform.plan",
            "res_id": self.plan_id.id,
            "view_mode": "form",
        }

    def _pending_or_refuse(self):
        if not self.line_ids.filtered(
            lambda line: line.status in _PENDING and not line.is_done
        ):
            raise UserError(
                self.env._("No row says anything new: there is nothing to import.")
            )

    def _is_xlsx(self):
        extension = os.path.splitext(self.file_name or "")[1].lower()
        if extension not in (".docx", ".xlsx"):
            raise UserError(
                self.env._(
                    "A %s file cannot be read; save it as Word (.docx) or Excel "
                    "(.xlsx).",
                    extension or self.file_name,
                )
            )
        return extension == ".xlsx"

    # --- Reading

    def _preview(self):
        self._is_xlsx()
        try:
            with self._open("file") as stream:
                rows = read_plan(read_tables(stream), self.year)
        except CatalogueError as error:
            raise UserError(self._file_sentence(error)) from error
        if rows is None:
            raise UserError(
                self.env._(
                    "No table has a heading like “%s”; check the first rows.",
                    "TT | Nội dung nhiệm vụ | Cơ quan chủ trì | Thời gian hoàn thành",
                )
            )
        tasks = [row for row in rows if row.kind == "task"]
        if not tasks:
            raise UserError(self.env._("The table has headings but no tasks."))
        found = self._known()
        areas = {row.number: row for row in rows if row.kind == "area"}
        by_number = {row.number: self._data(row) for row in tasks}
        vals_list = [self._row_vals(row, found, by_number) for row in tasks]
        vals_list += [
            self._area_vals(row) for row in areas.values() if self._area_unknown(row)
        ]
        vals_list.sort(key=lambda vals: vals["number"])
        return self._show_rows(vals_list)

    @api.model
    def _file_sentence(self, error):
        if error.key == "plan_file":
            return self.env._(
                "The file cannot be read as Word (.docx) or Excel (.xlsx); open it and "
                "save it again."
            )
        return super()._file_sentence(error)

    def _area_unknown(self, row):
        return bool(row.problems) and not self._area(row.area, row.code)

    def _area_vals(self, row):
        return {
            "import_id": self.id,
            "number": row.number,
            "code": row.code,
            "title": row.values["name"],
            "status": "faulty",
            "reason": "\n".join(self._sentence(p, row.number) for p in row.problems),
            "source": [row.code, row.values["name"]],
        }

    @api.model
    def _data(self, row):
        """Return what is kept of a row until it is written."""
        return {
            **row.values,
            "number": row.number,
            "above": row.above,
            "area": row.area,
            "area_code": row.area_code,
            "has_parts": row.has_parts,
        }

    def _row_vals(self, row, found, by_number):
        data = by_number[row.number]
        problems, status, words = list(row.problems), "faulty", False
        if not problems:
            problems, status, words = self._judge(data, found, by_number)
        faulty = bool(problems)
        return {
            "import_id": self.id,
            "number": row.number,
            "code": row.code[:64],
            "title": row.values["name"],
            "area_id": self._area(row.area, row.area_code).id,
            "lead_department_id": self._departments(data, found)[0].id,
            "deadline": row.values["deadline"],
            "status": "faulty" if faulty else status,
            "reason": "\n".join(self._sentence(p, row.number) for p in problems)
            or False,
            "changes": words,
            "data": False if faulty else data,
            "source": row.source if faulty else False,
        }

    # --- What a row means

    def _known(self):
        """Return what rows can refer to: departments, and the tasks that are there."""
        departments = self.env["hr.department"].search(
            [("company_id", "in", [self.company_id.id, False])]
        )
        plan = self.plan_id or self._find_plan()
        return {
            "departments": {normalise(row.name): row for row in departments},
            "plan": plan,
            "tasks": {self._task_key(task): task for task in plan.task_ids},
        }

    def _task_key(self, task):
        above = task.parent_id
        return (
            task.area_id.key or "",
            self._task_key(above) if above else None,
            normalise(task.name),
        )

    def _row_key(self, data, by_number):
        """Return the key of a row as that of the task it means."""
        above = by_number.get(data["above"])
        area = self._area(data["area"], data["area_code"])
        return (
            area.key or "",
            self._row_key(above, by_number) if above else None,
            normalise(data["name"]),
        )

    def _find_plan(self):
        """Return the plan of this title and year when it is there."""
        if not self.plan_name:
            return self.env["cchc.reform.plan"]
        return self.env["cchc.reform.plan"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("plan_type", "=", self.plan_type),
                ("year", "=", self.year),
                ("level", "=", "year"),
                ("name", "=", self.plan_name),
            ],
            limit=1,
        )

    def _programme(self):
        if self.plan_id.programme_id:
            return self.plan_id.programme_id
        return self.env["cchc.reform.programme"]._in_force(
            fields.Date.to_date(f"{self.year}-01-01")
        )

    def _area(self, key, code):
        """Return the area that a title or its number names; may be empty."""
        areas = self._programme().area_ids
        return (
            areas.filtered(lambda area: area.key == key)
            or areas.filtered(lambda area: code and area.number == code)
        )[:1]

    def _judge(self, data, found, by_number):
        """Return what a row does: ``(problems, status, words)``."""
        problems = []
        lead, others, unknown = self._departments(data, found)
        if not data["has_parts"]:
            if not data["lead"]:
                problems.append(Problem("missing", "lead"))
            elif not lead:
                names = ", ".join(
                    row.name for row in list(found["departments"].values())[:8]
                )
                problems.append(Problem("no_department", "lead", data["lead"], names))
            if not data["deadline_type"]:
                problems.append(Problem("missing", "deadline"))
        if not self._area(data["area"], data["area_code"]) and self._programme():
            problems.append(Problem("no_area", "name", data["name"][:80]))
        task = found["tasks"].get(self._row_key(data, by_number))
        if found["plan"] and found["plan"].state != "draft" and not task:
            problems.append(
                Problem(
                    "approved", "name", data["name"][:80], found["plan"].display_name
                )
            )
        if problems:
            return problems, "faulty", False
        if not task:
            words = self.env._("New task") if not unknown else self._left_out(unknown)
            return [], "new", words
        changed = self._changed(task, self._values(data, lead, others, unknown))
        if changed and found["plan"].state == "draft":
            return [], "changed", ", ".join(changed)
        return [], "unchanged", False

    def _left_out(self, unknown):
        return self.env._(
            "New task; “%s” is no department here and comes to the notes",
            ", ".join(unknown),
        )

    def _departments(self, data, found):
        """Return ``(lead, coordinating, names that are no department)``."""
        none = self.env["hr.department"]
        names = [part.strip() for part in _SPLIT.split(data["lead"]) if part.strip()]
        leads = [self._department(name, found) for name in names]
        lead = leads[0] if leads else none
        others, unknown = none.union(*leads[1:]), []
        for part in _SPLIT.split(data["coordinating"]):
            name = part.strip(" .")
            department = self._department(name, found) if name else none
            others |= department
            if name and not department:
                unknown.append(name)
        return lead, others - lead, unknown

    def _department(self, name, found):
        """Return the department that a name means, without regard to accents."""
        none = self.env["hr.department"]
        wanted = normalise(name).replace("&", " va ").replace("vp ", "van phong ")
        if wanted in found["departments"]:
            return found["departments"][wanted]
        words = _telling(wanted)
        fitting = [
            row
            for key, row in found["departments"].items()
            if words and words == _telling(key)
        ] or [
            row
            for key, row in found["departments"].items()
            if len(words) > 1 and (words <= _telling(key) or _telling(key) <= words)
            if len(_telling(key)) > 1
        ]
        return fitting[0] if len(fitting) == 1 else none

    # --- Writing

    def _new_plan(self):
        return self.env["cchc.reform.plan"].create(
            {
                "name": self.plan_name,
                "plan_type": self.plan_type,
                "company_id": self.company_id.id,
                "date_from": f"{self.year}-01-01",
                "date_to": f"{self.year}-12-31",
            }
        )

    def _values(self, data, lead, others, unknown):
        """Return the values of the task that a row makes."""
        note = data["note"]
        if unknown:
            note = "; ".join(filter(None, [note, f"Phối hợp: {', '.join(unknown)}"]))
        return {
            "name": data["name"],
            "area_id": self._area(data["area"], data["area_code"]).id,
            "product": data["product"],
            "lead_department_id": lead.id,
            "coordinating_department_ids": [Command.set(others.ids)],
            "deadline_type": data["deadline_type"] or "fixed",
            "date_deadline": data["date_deadline"] or False,
            "budget": data["budget"],
            "budget_source": data["budget_source"],
            "note": note,
        }

    def _changed(self, task, values):
        """Return the names of what differs between a task and a row of the file."""
        names = []
        for name in _COMPARED:
            value = values[name]
            if name == "coordinating_department_ids":
                value = sorted(value[0][2])
            elif name == "date_deadline" and values["deadline_type"] != "fixed":
                continue
            if (value or False) != (task._raw(name) or False):
                names.append(task._fields[name]._description_string(self.env))
        return names

    def _write_rows(self, plan, found):
        lines = self.line_ids.filtered(lambda line: line.status != "faulty").sorted(
            "number"
        )
        by_number = {line.number: line.data for line in lines}
        tasks = {}
        for sequence, line in enumerate(lines, 1):
            data = line.data
            task = found["tasks"].get(self._row_key(data, by_number))
            if line.status in _PENDING:
                values = self._values(data, *self._departments(data, found))
                if task:
                    task.write(values)
                else:
                    task = self.env["cchc.reform.task"].create(
                        {
                            **values,
                            "plan_id": plan.id,
                            "parent_id": tasks[data["above"]].id
                            if data["above"] in tasks
                            else False,
                            "sequence": 10 * sequence,
                        }
                    )
            tasks[data["number"]] = task
            line.sudo().task_id = task

    @api.model
    def _cells(self, other):
        env = self.env
        return {
            "deadline": lambda: env._(
                "is no deadline; write e.g. 30/6/2026, Tháng 9, Quý II, Hằng quý, "
                "Trong năm or Thường xuyên"
            ),
            "no_department": lambda: env._(
                "is no department of the agency; write one of: %s", other
            ),
            "no_area": lambda: env._(
                "stands below no area; put the area above it, with a Roman number"
            ),
            "area": lambda: env._(
                "is no area of the programme of this year; write the area as the "
                "programme names it"
            ),
            "twice": lambda: env._("stands twice in its area; keep one row"),
            "approved": lambda: env._(
                "is not in %s, which is approved; add it by an adjustment", other
            ),
        }


class CchcReformPlanImportLine(models.Model):
    """One row of a plan to import with what importing it does."""

    _name = "cchc.reform.plan.import.line"
    _description = "Row of a Plan to Import"
    _inherit = ["cchc.import.line"]

    import_id = fields.Many2one(
        "cchc.reform.plan.import",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    code = fields.Char("No.")
    title = fields.Char("Task Text", readonly=True)
    area_id = fields.Many2one("cchc.reform.area", readonly=True)
    lead_department_id = fields.Many2one("hr.department", "Lead", readonly=True)
    deadline = fields.Char("Time", readonly=True)
    status = fields.Selection(STATUSES, required=True, readonly=True)
    task_id = fields.Many2one("cchc.reform.task", readonly=True, ondelete="set null")


def _telling(name):
    """Return the words of a normalised name that tell departments apart."""
    words = set(re.sub(r"[^a-z0-9 ]+", " ", name).split())
    return words - _IDLE or words
