import base64
import binascii

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..tools.catalogue_parser import CatalogueError, code_key, parse_time
from ..tools.catalogue_xlsx import read_table
from ..tools.search_text import normalise
from ..tools.term import MONTH, SAME_DAY, Term, shorten

#: Columns of the table of such a decision; the more particular wording first.
_HEADINGS = {
    "code": ("ma tthc", "ma thu tuc"),
    "after": ("sau cat giam", "sau khi cat giam", "con lai"),
    "cut": ("cat giam",),
    "statutory": ("theo quy dinh", "quy dinh"),
    "name": ("ten tthc", "ten thu tuc", "thu tuc hanh chinh"),
    "note": ("ghi chu",),
}
#: So many faulty rows are named at once.
_SHOWN = 20


class CchcTimeReductionFill(models.TransientModel):
    """Adds procedures to a time reduction: picked, or from the decision's table."""

    _name = "cchc.time.reduction.fill"
    _description = "Add Procedures to a Time Reduction"

    reduction_id = fields.Many2one("cchc.time.reduction", required=True)
    mode = fields.Selection(
        [("pick", "Pick Procedures"), ("file", "Import the Table")],
        default="pick",
        required=True,
    )
    sector_ids = fields.Many2many(
        "cchc.sector",
        string="Whole Fields",
        help="All procedures of these fields that have a time to shorten",
    )
    reducible_ids = fields.Many2many(
        "cchc.procedure",
        compute="_compute_reducible_ids",
        help="Procedures in force on the day of the decision whose time can be "
        "shortened",
    )
    procedure_ids = fields.Many2many(
        "cchc.procedure",
        string="Procedures",
        compute="_compute_procedure_ids",
        store=True,
        readonly=False,
    )
    left_out = fields.Text(compute="_compute_left_out")
    cut_percent = fields.Float(
        "Shorten by (%)", default=30.0, help="The times can be changed line by line"
    )
    file = fields.Binary(attachment=False)
    file_name = fields.Char()

    _cut_percent_range = models.Constraint(
        "CHECK (cut_percent >= 0 AND cut_percent < 100)",
        "The time can be shortened by 0 to 99 percent.",
    )

    @api.depends("reduction_id", "cut_percent")
    def _compute_reducible_ids(self):
        for wizard in self:
            terms = wizard._get_terms(wizard._get_candidates())
            wizard.reducible_ids = self.env["cchc.procedure"].union(
                *(
                    procedure
                    for procedure, term in terms.items()
                    if wizard._shorten(term)
                )
            )

    @api.depends("sector_ids")
    def _compute_procedure_ids(self):
        for wizard in self:
            fields_chosen = wizard.sector_ids._origin
            wizard.procedure_ids |= wizard.reducible_ids.filtered(
                lambda procedure, chosen=fields_chosen: procedure.sector_id in chosen
            )

    @api.depends("sector_ids", "reducible_ids")
    def _compute_left_out(self):
        """Say which procedures of the chosen fields have no time to shorten."""
        limits = self.env["cchc.procedure.time.limit"]
        for wizard in self:
            others = (
                wizard._get_candidates().filtered(
                    lambda procedure, chosen=wizard.sector_ids._origin: (
                        procedure.sector_id in chosen
                    )
                )
                - wizard.reducible_ids._origin
            )
            terms = wizard._get_terms(others)
            wizard.left_out = "\n".join(
                f"{procedure.display_name}: {limits._format_term(terms[procedure])}"
                for procedure in others
            )

    def _get_candidates(self):
        """Return the procedures in force that an agency of this level settles."""
        level = self.reduction_id.company_id.cchc_level
        procedures = self.env["cchc.procedure"].with_context(cchc_date=self._get_day())
        return procedures.search(
            [("state", "=", "in_force"), ("level", "in", [level, False])]
        )

    def _get_day(self):
        return self.reduction_id.valid_from or fields.Date.context_today(self)

    def _get_terms(self, procedures):
        """Return ``{procedure: statutory term}``; None where the law states no time."""
        versions = procedures._versions_at(
            self._get_day(), self.reduction_id.company_id
        )
        return {
            procedure: versions[procedure]._pick_time_limit()._get_term()
            if procedure in versions
            else None
            for procedure in procedures
        }

    def _shorten(self, term):
        """Return ``term`` after the cut in its own unit, None when nothing is cut."""
        if not term or term.unit == SAME_DAY:
            return None
        if term.unit == MONTH:
            whole = max(int(term.amount * (1 - self.cut_percent / 100) + 1e-6), 1)
            shorter = term._replace(amount=float(whole))
        else:
            shorter = shorten(term, self.cut_percent / 100)
        return shorter if shorter.amount < term.amount else None

    def action_fill(self):
        """Add the lines; a procedure that stands in the table is brought up to date."""
        self.ensure_one()
        self.reduction_id.check_access("write")
        if self.mode == "file":
            self._fill_from_file()
        else:
            self._fill_from_choice()
        return {"type": "ir.actions.act_window_close"}

    def _fill_from_choice(self):
        known = self.reduction_id.line_ids.procedure_id
        fresh = self.procedure_ids - known
        terms = self._get_terms(fresh)
        commands = []
        for procedure in fresh:
            vals = {"procedure_id": procedure.id}
            if shorter := self._shorten(terms[procedure]):
                vals["committed_amount"] = shorter.amount
            commands.append(Command.create(vals))
        self.reduction_id.line_ids = commands

    # --- From the table of the decision

    def _fill_from_file(self):
        rows = self._read_rows()
        found = self._find_procedures(rows)
        lines = {line.procedure_id: line for line in self.reduction_id.line_ids}
        errors, commands, seen = [], [], {}
        for number, texts in rows:
            try:
                procedure = self._match(found, texts)
                if procedure in seen:
                    raise UserError(
                        self.env._(
                            "%(name)s is already in row %(row)s.",
                            name=procedure.display_name,
                            row=seen[procedure],
                        )
                    )
                seen[procedure] = number
                vals = self._read_times(procedure, texts)
            except UserError as error:
                errors.append(
                    self.env._("Row %(row)s: %(reason)s", row=number, reason=str(error))
                )
                continue
            if line := lines.get(procedure):
                commands.append(Command.update(line.id, vals))
            else:
                vals.update(procedure_id=procedure.id, sequence=number)
                commands.append(Command.create(vals))
        if errors:
            if len(errors) > _SHOWN:
                errors[_SHOWN:] = [
                    self.env._("… and %s more rows.", len(errors) - _SHOWN)
                ]
            raise UserError("\n".join(errors))
        self.reduction_id.line_ids = commands

    def _read_rows(self):
        if not self.file:
            raise UserError(self.env._("Choose a file first (.xlsx)."))
        try:
            return read_table(base64.b64decode(self.file), _HEADINGS, ("name", "after"))
        except binascii.Error as error:
            raise UserError(
                self.env._("The file did not arrive whole; choose it again.")
            ) from error
        except CatalogueError as error:
            raise UserError(
                self.env["cchc.import.sentence"]._of_error(error)
            ) from error

    def _find_procedures(self, rows):
        """Return ``{code key or plain name: procedures in force}`` for all rows."""
        procedures = self.env["cchc.procedure"].search(
            [("level", "in", [self.reduction_id.company_id.cchc_level, False])]
        )
        codes = {code_key(texts.get("code") or "") for _number, texts in rows} - {""}
        procedures |= procedures.search([("code_key", "in", list(codes))])
        found = {}
        for procedure in procedures:
            for key in (procedure.code_key, normalise(procedure.name)):
                found[key] = found.get(key, procedure.browse()) | procedure
        return found

    def _match(self, found, texts):
        key = code_key(texts.get("code") or "") or normalise(texts["name"])
        procedures = found.get(key, self.env["cchc.procedure"])
        if len(procedures) != 1:
            sentence = (
                self.env._(
                    "%s is the name of several procedures; add the column Mã TTHC.",
                    texts["name"],
                )
                if procedures
                else self.env._(
                    "%s is not in the catalogue; correct the name or add the column "
                    "Mã TTHC.",
                    texts["name"],
                )
            )
            raise UserError(sentence)
        return procedures

    def _read_times(self, procedure, texts):
        """Return amount and unit after the cut.

        :raise UserError: when the table contradicts the catalogue or itself
        """
        statutory = self._get_statutory(procedure)
        times = {
            name: self._parse(texts[name])
            for name in ("statutory", "cut", "after")
            if texts.get(name)
        }
        limit_model = self.env["cchc.procedure.time.limit"]
        for time in times.values():
            if statutory and time.unit != statutory.unit:
                raise UserError(
                    self.env._(
                        "%(name)s: the law says %(statutory)s and the decision "
                        "%(committed)s; state both in the same unit.",
                        name=procedure.display_name,
                        statutory=limit_model._format_term(statutory),
                        committed=limit_model._format_term(time),
                    )
                )
        stated = times.get("statutory")
        if stated and statutory and stated.amount != statutory.amount:
            raise UserError(
                self.env._(
                    "%(name)s: the table says %(table)s by law, the catalogue "
                    "%(catalogue)s; correct one of them.",
                    name=procedure.display_name,
                    table=limit_model._format_term(stated),
                    catalogue=limit_model._format_term(statutory),
                )
            )
        after, cut = times["after"], times.get("cut")
        if (
            cut
            and statutory
            and round(statutory.amount - cut.amount, 2) != after.amount
        ):
            raise UserError(
                self.env._(
                    "%(name)s: %(statutory)s less %(cut)s is not %(after)s.",
                    name=procedure.display_name,
                    statutory=limit_model._format_term(statutory),
                    cut=limit_model._format_term(cut),
                    after=limit_model._format_term(after),
                )
            )
        return {
            "committed_amount": after.amount,
            "committed_unit": after.unit,
            "note": texts.get("note") or False,
        }

    def _get_statutory(self, procedure):
        version = procedure._version_at(
            self.reduction_id.valid_from, self.reduction_id.company_id
        )
        return version._pick_time_limit()._get_term() if version else None

    def _parse(self, text):
        try:
            limit = parse_time(text)[0]
        except CatalogueError as error:
            raise UserError(
                self.env["cchc.import.sentence"]._of_error(error)
            ) from error
        if not limit["is_stated"]:
            raise UserError(self.env._('"%s" is not a time.', text[:80]))
        return Term(limit["amount"], limit["unit"])
