from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.cchc_onestop.tools.dossier_import_row import Problem, plain

from ..tools import criterion_row
from ..tools.criterion_row import HEADINGS, LAYOUT, RULES, SUM, parent_of
from ..tools.scoring import BONUS, ZERO, exact

STATUSES = [
    ("new", "Criterion"),
    ("mismatch", "Does Not Add Up"),
    ("faulty", "Faulty"),
]


class CchcIndexSetImport(models.Model):
    """Reads the table of criteria of a decision from a workbook into a draft set.

    Each row is judged when it is read, also whether its parts make its maximum. Sums
    that differ are read all the same, to be corrected in the set: without them it is
    not published.
    """

    _name = "cchc.index.set.import"
    _description = "Import of Criteria"
    _inherit = ["cchc.import.file"]
    _order = "id desc"

    _row_statuses = tuple(status for status, _label in STATUSES)
    _pending_statuses = ("new", "mismatch")
    _done_count = "imported_count"
    _template_name, _sheet_name = "bo-tieu-chi.xlsx", "bo-tieu-chi"
    _layout = LAYOUT

    name = fields.Char(compute="_compute_name", store=True)
    set_id = fields.Many2one(
        "cchc.index.set",
        "Into the Set",
        required=True,
        ondelete="cascade",
        domain="[('state', '=', 'draft')]",
        help="A draft; criteria that it has are replaced",
    )
    company_id = fields.Many2one(
        related="set_id.company_id",
        store=True,
        readonly=True,
        required=False,
        default=None,
    )
    line_ids = fields.One2many("cchc.index.set.import.line", "import_id", "Rows")
    new_count = fields.Integer("Criteria", compute="_compute_counts")
    mismatch_count = fields.Integer("Sums That Differ", compute="_compute_counts")
    imported_count = fields.Integer("Imported", compute="_compute_counts")

    @api.depends("file_name")
    def _compute_name(self):
        for record in self:
            record.name = record.file_name or self.env._("Criteria")

    @api.depends("line_ids.status", "line_ids.is_done")
    def _compute_counts(self):
        return super()._compute_counts()

    def _preview(self):
        """Read the file into rows that say what importing them does."""
        rows = self._read_rows()
        codes = {row.values["code"] for row in rows if row.values.get("code")}
        parts = {}
        for row in rows:
            above = parent_of(row.values.get("code") or "", codes)
            if above and not row.problems:
                parts.setdefault(above, []).append(row.values)
        return self._show_rows([self._row_vals(row, codes, parts) for row in rows])

    def _row_vals(self, row, codes, parts):
        """Return the values of the line that keeps a row with its verdict."""
        values, problems = row.values, list(row.problems)
        code = values.get("code")
        below = parts.get(code, ())
        if not problems and below and values["rule"] not in ("0", "1"):
            problems.append(Problem("rule_of_parts", "rule", RULES[values["rule"]][1]))
        status, changes = "new", False
        if problems:
            status = "faulty"
        elif below:
            status, changes = self._judge_sum(values, below)
        elif RULES[values["rule"]][0] == SUM:
            problems = [Problem("rule_needed", "rule")]
            status = "faulty"
        bad = status == "faulty"
        return {
            "import_id": self.id,
            "number": row.number,
            "code": (code or (row.source or [""])[0])[:64],
            "title": values.get("name") or False,
            "status": status,
            "reason": "\n".join(self._sentence(p, row.number) for p in problems)
            or False,
            "changes": changes or self._words(values, bool(below)),
            "data": False if bad else {**values, "parent": parent_of(code, codes)},
            "source": (row.source or [plain(values.get(n)) for n in HEADINGS])
            if bad
            else False,
        }

    def _judge_sum(self, values, below):
        """Return whether the parts of a row make its maximum: ``(status, words)``."""
        counted = [row for row in below if RULES[row["rule"]][0] != BONUS] or below
        total = sum((exact(row["maximum"]) for row in counted), ZERO)
        if total == exact(values["maximum"]):
            return "new", False
        text = self.env["cchc.index.set"]._text
        return "mismatch", self.env._(
            "Its parts make %(parts)s points, not %(maximum)s",
            parts=text(total),
            maximum=text(exact(values["maximum"])),
        )

    def _words(self, values, is_sum):
        if not values.get("rule"):
            return False
        return False if is_sum else RULES[values["rule"]][1]

    def _pending_or_refuse(self):
        if self.faulty_count:
            raise UserError(
                self.env._(
                    "%s rows are faulty: the table is read whole or not at all; "
                    "correct them first.",
                    self.faulty_count,
                )
            )
        if not self.line_ids:
            raise UserError(self.env._("The table has no rows."))

    def action_import(self):
        """Write the criteria into the draft, in place of those that it has."""
        self._check_idle()
        self._pending_or_refuse()
        self.set_id.check_access("write")
        if self.set_id.state != "draft":
            raise UserError(
                self.env._(
                    "“%s” is published; make a new version and import into that.",
                    self.set_id.display_name,
                )
            )
        self.set_id.criterion_ids.unlink()
        nodes = {}
        lines = self.line_ids.sorted("number")
        depth = {line: line.data["code"].count(".") for line in lines}
        for level in sorted(set(depth.values())):
            of_level = lines.filtered(lambda line, level=level: depth[line] == level)
            created = self.env["cchc.index.criterion"].create(
                [
                    self._criterion_vals(line, nodes.get(line.data["parent"]))
                    for line in of_level
                ]
            )
            codes = [line.data["code"] for line in of_level]
            nodes.update(zip(codes, created, strict=True))
        self.set_id._propose_previous()
        lines.sudo().write({"is_done": True})
        self.sudo().write(
            {
                "state": "done",
                "message": self.env._("%s criteria were imported.", len(lines)),
            }
        )
        return self.set_id.action_open()

    def _criterion_vals(self, line, above):
        values, parsed = line.data, line.data["parsed"]
        rule = RULES[values["rule"]][0]
        return {
            "set_id": self.set_id.id,
            "parent_id": above.id if above else False,
            "sequence": line.number,
            "code": values["code"],
            "name": values["name"],
            "maximum": float(values["maximum"]),
            "rule": False if rule == SUM else rule,
            "evidence_hint": values["hint"] or False,
            **criterion_row.values(parsed),
        }

    @api.model
    def _empty_sentence(self):
        return self.env._("The table has no criteria.")

    @api.model
    def _cells(self, other):
        env = self.env
        return {
            "duplicate": lambda: env._("stands in row %s as well; keep one", other),
            "unknown_rule": lambda: env._(
                "is no way of scoring; use one of: %s", other
            ),
            "points": lambda: env._("is no number of points; write e.g. 2 or 1,5"),
            "parameters": lambda: env._(
                "cannot be understood; see the examples in the template"
            ),
            "items_needed": lambda: env._(
                "is empty; name the parts, e.g. Bảng tin = 0,5 (tối đa 2)"
            ),
            "options_needed": lambda: env._(
                "is empty; name the answers, e.g. A = 100%; B = 60%"
            ),
            "rule_needed": lambda: env._(
                "says that parts are added up, but no row is a part of it; say how it "
                "is scored"
            ),
            "rule_of_parts": lambda: env._(
                "is a way of scoring, but other rows are parts of it; write 0"
            ),
        }


class CchcIndexSetImportLine(models.Model):
    """One row of a table of criteria with what importing it does."""

    _name = "cchc.index.set.import.line"
    _description = "Criterion to Import"
    _inherit = ["cchc.import.line"]

    import_id = fields.Many2one(
        "cchc.index.set.import", required=True, ondelete="cascade", index=True
    )
    title = fields.Char("Criterion", readonly=True)
    status = fields.Selection(STATUSES, "Verdict", readonly=True)
