import hashlib
import json
import os

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from odoo.addons.cchc_onestop.tools.dossier_import_row import (
    Problem,
    moment_text,
    plain,
)
from odoo.addons.cchc_onestop.tools.search_text import normalise

from ..tools.document_text import body_key, read_reference, write_reference
from ..tools.year_import import LAYOUTS

STATUSES = [
    ("new", "New"),
    ("unchanged", "Unchanged"),
    ("faulty", "Faulty"),
]
KINDS = [
    ("document", "Documents"),
    ("communication", "Communications"),
    ("visit", "Visits of Inspections"),
    ("training", "Training"),
    ("appointment", "Appointments"),
    ("initiative", "Initiatives"),
    ("award", "Awards"),
    ("index", "Results of Other Indices"),
]
_MODELS = {
    "document": "cchc.issued.document",
    "communication": "cchc.reform.communication",
    "visit": "cchc.reform.inspection.visit",
    "training": "cchc.reform.training",
    "appointment": "cchc.reform.appointment",
    "initiative": "cchc.reform.initiative",
    "award": "cchc.reform.award",
    "index": "cchc.external.index.result",
}
#: Columns that are days: (they cannot lie in the future, others are only dates)
_PAST = {"communication": "date", "visit": "day"}


class CchcReformEntryImport(models.Model):
    """Takes over what an office has written down in a spreadsheet.

    Choose the kind, fill in its template, look at the verdict of each row, then import
    all rows together or none. A row that was imported before changes nothing, so the
    same file can be imported again after rows were added to it.
    """

    _name = "cchc.reform.entry.import"
    _description = "Import of Entries of the Year"
    _inherit = ["cchc.import.file"]
    _order = "id desc"

    _row_statuses = tuple(status for status, _label in STATUSES)
    _pending_statuses = ("new",)
    _done_count = "imported_count"

    name = fields.Char(compute="_compute_name", store=True)
    kind = fields.Selection(KINDS, required=True, default="document", string="What")
    plan_id = fields.Many2one(
        "cchc.reform.plan",
        string="Under the Plan",
        ondelete="set null",
        help="Plan under which the entries were carried out; empty: that of the year",
    )
    line_ids = fields.One2many("cchc.reform.entry.import.line", "import_id", "Rows")
    new_count = fields.Integer("New", compute="_compute_counts")
    imported_count = fields.Integer("Imported", compute="_compute_counts")

    @property
    def _layout(self):
        return LAYOUTS[self.kind or "document"]

    @property
    def _template_name(self):
        return f"mau-{self._sheet_name}.xlsx"

    @property
    def _sheet_name(self):
        return normalise(self._layout.title).replace(",", "").replace(" ", "-")

    @api.depends("file_name", "kind")
    def _compute_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for record in self:
            record.name = record.file_name or labels.get(record.kind)

    @api.depends("line_ids.status", "line_ids.is_done")
    def _compute_counts(self):
        return super()._compute_counts()

    @api.onchange("kind")
    def _onchange_kind(self):
        self.plan_id = False

    def _pending(self):
        return self.line_ids.filtered(
            lambda line: line.status == "new" and not line.is_done
        )

    def _pending_or_refuse(self):
        if faulty := self.faulty_count:
            raise UserError(
                self.env._(
                    "%s rows are faulty: mend them in the file and read it again; all "
                    "rows are imported together or none.",
                    faulty,
                )
            )
        if not self._pending():
            raise UserError(self.env._("No row is new: there is nothing to import."))

    def action_dry_run(self):
        """Import and undo it: every rule is tried."""
        self._check_idle()
        self._pending_or_refuse()
        with self.env.cr.savepoint() as savepoint:
            count = len(self._write_entries())
            self.env.flush_all()
            savepoint.rollback()
        self.env.invalidate_all()
        self.sudo().message = self.env._(
            "Trial run: %s rows can be imported, nothing was kept.", count
        )
        return True

    def action_import(self):
        """Import all new rows together."""
        self._check_idle()
        self._pending_or_refuse()
        count = len(self._write_entries())
        self.sudo().write(
            {
                "state": "done",
                "message": self.env._("%s rows were imported.", count),
            }
        )
        return True

    def action_entries(self):
        """Open what was imported."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": _MODELS[self.kind],
            "view_mode": "list,form",
            "domain": [
                ("id", "in", self.line_ids.filtered("is_done").mapped("res_id"))
            ],
            "context": {"default_is_list": False},
        }

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------
    def _preview(self):
        """Read the file into rows that say what importing them does."""
        rows = self._read_rows()
        known = self._known([row.values for row in rows if not row.problems])
        return self._show_rows([self._row_vals(row, known) for row in rows])

    def _known(self, values_list):
        """Return what rows can refer to, and which of them were imported before."""
        digests = {self._digest(values) for values in values_list}
        found = (
            self.env[_MODELS[self.kind]]
            .sudo()
            .search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("import_digest", "in", list(digests)),
                ]
            )
        )
        known = {"digests": {record.import_digest: record.id for record in found}}
        getter = getattr(self, f"_known_{self.kind}", None)
        return {**known, **(getter(values_list) if getter else {})}

    def _known_document(self, values_list):
        types = self.env["cchc.issued.document.type"].search([("active", "=", True)])
        references = {
            write_reference(*found).upper()
            for values in values_list
            if (found := read_reference(values["code"]))
        }
        documents = (
            self.env["cchc.issued.document"]
            .sudo()
            .search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("date", "in", list({values["date"] for values in values_list})),
                ]
            )
        )
        return {
            "types": {
                normalise(text): kind
                for kind in types
                for text in (kind.name, kind.key)
            },
            "own": self.env["cchc.issued.document.issuer"]._of_agency(self.company_id),
            "registered": {
                (
                    document.issuer_id.key,
                    (document.reference or "").upper(),
                    document.date.isoformat(),
                ): document.id
                for document in documents
                if (document.reference or "").upper() in references
            },
        }

    def _known_communication(self, _values_list):
        channels = self.env["cchc.reform.channel"].search([("active", "=", True)])
        known = {}
        for channel in channels:
            known[channel.key] = channel
            name = normalise(channel.name)
            known[name] = channel
            known[name.split("(")[0].split(",")[0].strip()] = channel
        return {"channels": known}

    def _known_visit(self, values_list):
        names = list({values["inspection"] for values in values_list})
        inspections = self.env["cchc.reform.inspection"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("name", "in", names),
                ("state", "not in", ("closed", "cancelled")),
            ]
        )
        return {
            **self._known_appointment(values_list),
            "inspections": {
                (row.name, row.form, row.inspector_type): row for row in inspections
            },
        }

    def _known_appointment(self, _values_list):
        departments = self.env["hr.department"].search(
            [("company_id", "in", [self.company_id.id, False])]
        )
        return {"departments": {normalise(row.name): row for row in departments}}

    def _known_index(self, _values_list):
        indices = self.env["cchc.external.index"].search([("active", "=", True)])
        results = (
            self.env["cchc.external.index.result"]
            .sudo()
            .search([("company_id", "=", self.company_id.id)])
        )
        return {
            "indices": {normalise(row.code): row for row in indices},
            "results": {
                (row.index_id.id, row.year, row.unit.lower()): row.id for row in results
            },
        }

    def _row_vals(self, row, known):
        """Return the values of the line that keeps a row with its verdict."""
        values, problems = row.values, list(row.problems)
        status, changes, res_id = "faulty", False, False
        if not problems:
            problems = self._problems(values, known)
        if not problems:
            res_id = self._present(values, known)
            status = "unchanged" if res_id else "new"
            changes = self._remark(values, known, res_id)
        bad = status == "faulty"
        return {
            "import_id": self.id,
            "number": row.number,
            "code": (values.get("code") or (row.source or [""])[0])[:120],
            "status": status,
            "reason": "\n".join(self._sentence(p, row.number) for p in problems)
            or False,
            "changes": changes,
            "res_id": res_id,
            "data": False if bad else values,
            "source": (
                row.source or [plain(values.get(n)) for n in self._layout.columns]
            )
            if bad
            else False,
        }

    def _problems(self, values, known):
        """Return what keeps a row from being imported, looking at what is here."""
        problems = []
        day = _PAST.get(self.kind)
        today = fields.Date.context_today(self).isoformat()
        if day and values[day] > today:
            problems.append(Problem("future", day, moment_text(values[day])))
        check = getattr(self, f"_problems_{self.kind}", None)
        return problems + (check(values, known) if check else [])

    def _problems_document(self, values, known):
        problems = []
        if not read_reference(values["code"]):
            problems.append(Problem("no_reference", "code", values["code"]))
        if values["type"] and normalise(values["type"]) not in known["types"]:
            problems.append(Problem("no_type", "type", values["type"]))
        if values["direction"] == "incoming" and not values["issuer"]:
            problems.append(Problem("missing", "issuer"))
        return problems

    def _problems_communication(self, values, known):
        channel = known["channels"].get(normalise(values["channel"]))
        if not channel:
            names = ", ".join(
                dict.fromkeys(found.name for found in known["channels"].values())
            )
            return [Problem("no_channel", "channel", values["channel"], names)]
        if values["quantity2"] and not channel.unit2:
            return [
                Problem(
                    "one_unit", "quantity2", plain(values["quantity2"]), channel.name
                )
            ]
        if not values["quantity"] and not values["quantity2"]:
            return [Problem("missing", "quantity")]
        return []

    def _problems_appointment(self, values, known):
        name = values["department"]
        if name and normalise(name) not in known["departments"]:
            return [Problem("no_department", "department", name)]
        return []

    def _problems_index(self, values, known):
        if normalise(values["code"]) not in known["indices"]:
            names = ", ".join(row.code for row in known["indices"].values())
            return [Problem("no_index", "code", values["code"], names)]
        return []

    def _present(self, values, known):
        """Return the id of what the row says, where it is here already."""
        if found := known["digests"].get(self._digest(values)):
            return found
        if self.kind == "document":
            body = body_key(values["issuer"]) or known["own"].key
            reference = write_reference(*read_reference(values["code"])).upper()
            return known["registered"].get((body, reference, values["date"]), False)
        if self.kind == "index":
            index = known["indices"][normalise(values["code"])]
            unit = (values["unit"] or self.company_id.name).lower()
            return known["results"].get((index.id, values["year"], unit), False)
        return False

    def _remark(self, values, known, res_id):
        """Return in words what importing a row does."""
        if res_id:
            return self.env._("Here already; nothing changes.")
        if self.kind == "document":
            document = self.env["cchc.issued.document"].new(
                {
                    name: value
                    for name, value in self._vals_document(values, known).items()
                    if name in ("subject", "type_id", "date", "received_on")
                }
            )
            if document.warning:
                return self.env._("To be checked: %s", document.warning)
        return self.env._("Is added.")

    def _digest(self, values):
        """Return the fingerprint by which a row is known again."""
        content = {name: value for name, value in values.items() if name != "files"}
        text = json.dumps(
            [self.kind, content], sort_keys=True, ensure_ascii=False, default=str
        )
        return hashlib.sha256(text.encode()).hexdigest()

    # ------------------------------------------------------------------
    # Writing
    # ------------------------------------------------------------------
    def _write_entries(self):
        """Write all pending rows; returns their records."""
        lines = self._pending()
        known = self._known([line.data for line in lines])
        for line in lines:
            if problems := self._problems(line.data, known):
                raise UserError(self._sentence(problems[0], line.number))
        if self.kind == "visit":
            self._make_inspections(lines, known)
        builder = getattr(self, f"_vals_{self.kind}")
        vals_list = []
        with self._documents() as documents:
            for line in lines:
                vals = builder(line.data, known)
                names = line.data.get("files") or ()
                vals["attachment_ids"] = [
                    Command.create(
                        {
                            "name": os.path.basename(name.replace("\\", "/")),
                            "raw": self._content(documents, name),
                            "res_model": _MODELS[self.kind],
                        }
                    )
                    for name in names
                ]
                vals_list.append(
                    {
                        **vals,
                        "company_id": self.company_id.id,
                        "import_digest": self._digest(line.data),
                    }
                )
        if self.kind == "visit":
            for vals in vals_list:
                vals.pop("company_id")
        records = self.env[_MODELS[self.kind]].create(vals_list)
        for line, record in zip(lines, records, strict=True):
            line.sudo().write({"is_done": True, "res_id": record.id})
        return records

    def _plan_vals(self):
        return {"plan_id": self.plan_id.id} if self.plan_id else {}

    def _vals_document(self, values, known):
        number, symbol = read_reference(values["code"])
        bodies = self.env["cchc.issued.document.issuer"]
        issuer = known["own"]
        if values["issuer"] and body_key(values["issuer"]) != issuer.key:
            issuer = bodies._find_or_create(values["issuer"])
        kind = known["types"].get(normalise(values["type"]))
        kind = kind or self.env["cchc.issued.document"]._type_of_symbol(symbol)
        return {
            **self._plan_vals(),
            "direction": values["direction"],
            "number": number,
            "symbol": symbol,
            "date": values["date"],
            "received_on": values["received"] or False,
            "type_id": kind.id,
            "issuer_id": issuer.id,
            "subject": values["subject"],
            "signer_name": values["signer"],
            "urgency": values["urgency"],
        }

    def _vals_communication(self, values, known):
        return {
            **self._plan_vals(),
            "date": values["date"],
            "channel_id": known["channels"][normalise(values["channel"])].id,
            "name": values["code"],
            "quantity1": values["quantity"] or 0,
            "quantity2": values["quantity2"] or 0,
            "location": values["place"],
            "audience": values["audience"],
            "url": values["link"],
            "cost": values["cost"],
        }

    def _make_inspections(self, lines, known):
        """Make the inspections that rows name and that are not here yet."""
        first = {}
        for line in lines:
            values = line.data
            key = values["inspection"], values["form"], values["inspector"]
            if key not in known["inspections"]:
                first[key] = min(first.get(key, values["day"]), values["day"])
        made = self.env["cchc.reform.inspection"].create(
            [
                {
                    **self._plan_vals(),
                    "name": name,
                    "form": form,
                    "inspector_type": inspector,
                    "date_from": day,
                    "company_id": self.company_id.id,
                }
                for (name, form, inspector), day in first.items()
            ]
        )
        known["inspections"].update(zip(first, made, strict=True))

    def _vals_visit(self, values, known):
        key = values["inspection"], values["form"], values["inspector"]
        department = known["departments"].get(normalise(values["code"]))
        findings = []
        if values["weakness"]:
            findings.append(
                Command.create(
                    {
                        "weakness": values["weakness"],
                        "recommendation": values["recommendation"],
                        "date_due": values["due"] or False,
                        "violator_count": values["violators"],
                        "responsible_department_id": department and department.id,
                    }
                )
            )
        return {
            "inspection_id": known["inspections"][key].id,
            "department_id": department and department.id,
            "unit_name": False if department else values["code"],
            "day": values["day"],
            "minutes_number": values["minutes"],
            "strengths": values["strengths"],
            "weaknesses": values["weakness"],
            "finding_ids": findings,
        }

    def _vals_training(self, values, _known):
        return {
            **self._plan_vals(),
            "name": values["code"],
            "topic": values["topic"],
            "form": values["form"],
            "date_from": values["date"],
            "date_to": values["date_to"] or False,
            "persons": values["persons"],
            "certificate_count": values["certificates"],
            "organiser": values["organiser"] or self.company_id.name,
            "cost": values["cost"],
        }

    def _vals_appointment(self, values, known):
        department = known["departments"].get(normalise(values["department"]))
        return {
            "is_list": False,
            "person": values["code"],
            "kind": values["kind"],
            "date": values["date"],
            "position": values["position"],
            "position_from": values["former"],
            "department_id": department and department.id,
            "decision": values["decision"],
        }

    def _vals_initiative(self, values, _known):
        return {
            "name": values["code"],
            "kind": values["kind"],
            "author_names": values["authors"],
            "date": values["date"],
            "level": values["level"],
            "decision": values["decision"],
            "contest": values["contest"],
            "prize": values["prize"],
            "effect": values["effect"],
        }

    def _vals_award(self, values, _known):
        return {
            "name": values["code"],
            "recipient": values["recipient"],
            "recipient_type": values["recipient_type"],
            "level": values["level"],
            "date": values["date"],
            "decision": values["decision"],
            "reason": values["reason"],
        }

    def _vals_index(self, values, known):
        return {
            "index_id": known["indices"][normalise(values["code"])].id,
            "year": values["year"],
            "unit": values["unit"] or self.company_id.name,
            "value": values["value"] or 0,
            "rank": values["rank"],
            "rank_of": values["rank_of"],
            "source": values["source"],
        }

    # ------------------------------------------------------------------
    # Sentences
    # ------------------------------------------------------------------
    @api.model
    def _empty_sentence(self):
        return self.env._("The list has headings but no rows.")

    @api.model
    def _cells(self, other):
        env = self.env
        choices = lambda: env._("is none of: %s", other)  # noqa: E731
        return {
            **dict.fromkeys(
                (
                    "unknown_direction",
                    "unknown_urgency",
                    "unknown_topic",
                    "unknown_form",
                    "unknown_inspector",
                    "unknown_kind",
                    "unknown_level",
                    "unknown_recipient_type",
                    "no_channel",
                    "no_index",
                ),
                choices,
            ),
            "quantity": lambda: env._("is no quantity; write a number, e.g. 1,5"),
            "whole": lambda: env._("is no whole number; correct it"),
            "year": lambda: env._("is no year; write it with four digits"),
            "before_first": lambda: env._("lies before %s; correct one of them", other),
            "too_many_certificates": lambda: env._(
                "is more than the %s persons who took part; correct one of them", other
            ),
            "weakness_missing": lambda: env._(
                "is empty, but there is a date by which something is to be remedied"
            ),
            "rank": lambda: env._("is beyond the %s that were ranked", other),
            "no_reference": lambda: env._(
                "is no number with its symbol; write it as printed, e.g. 156/KH-UBND"
            ),
            "no_type": lambda: env._(
                "is no type of document here; write Kế hoạch, Quyết định … or empty it"
            ),
            "no_department": lambda: env._(
                "is no department here; write its name as it stands in the list of "
                "departments, or empty the cell"
            ),
            "one_unit": lambda: env._(
                "cannot be: %s is counted in one unit only; empty the cell", other
            ),
        }


class CchcReformEntryImportLine(models.Model):
    """One row of a list of entries with what importing it does."""

    _name = "cchc.reform.entry.import.line"
    _description = "Row of an Import of Entries"
    _inherit = ["cchc.import.line"]

    import_id = fields.Many2one(
        "cchc.reform.entry.import",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    status = fields.Selection(STATUSES, required=True, readonly=True)
    res_id = fields.Integer("Entry", readonly=True, aggregator=None)

    def action_open(self):
        """Open what the row became, or what was here already."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": _MODELS[self.import_id.kind],
            "res_id": self.res_id,
            "views": [(False, "form")],
        }
