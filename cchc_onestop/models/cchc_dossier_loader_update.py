from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools import guard
from ..tools.dossier_import_row import HEADINGS, STATE_WORDS, Problem
from ..tools.transitions import ENDED_STATES
from .cchc_dossier_loader import base_name

#: Columns of a row -> columns of the dossier that stay what they were.
_FIXED = {
    "procedure": "procedure_id",
    "name": "applicant_name",
    "kind": "applicant_kind",
    "identity": "applicant_identity",
    "birth_date": "applicant_birth_date",
    "channel": "channel",
    "received_at": "accepted_at",
    "due_at": "first_due_at",
}
#: Columns that a later file may bring up to date.
_LOOSE = {
    "address": "applicant_address",
    "phone": "applicant_phone",
    "email": "applicant_email",
    "note": "note",
    "late_reason": "late_reason_note",
    "fee": "imported_fee",
}
_WITH_DATE = ("state", "ended_at", "returned_at")


class CchcDossierLoader(models.AbstractModel):
    """Compares rows with what is here, and brings dossiers up to a later file."""

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.dossier.loader"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _classify(self, batch, known):
        """Compare rows with what is here.

        :param batch: rows of the file without problems of their own
        :return: per row a dict with ``status`` (new, unchanged, changed, faulty),
            ``problem`` (faulty), ``changes`` (lines of text), ``dossier_id``
        """
        here = self._here([row.values["code"] for row in batch], known.company)
        found = []
        for row in batch:
            verdict = {"digest": self._digest(row.values)}
            problem = self._problem(row.values, known)
            if problem:
                verdict |= {"status": "faulty", "problem": problem}
            else:
                verdict |= self._compare(row.values, verdict, here, known)
            found.append(verdict)
        changed = [v["dossier_id"] for v in found if v["status"] == "changed"]
        touched = self._touched(changed) if changed else ()
        for row, verdict in zip(batch, found, strict=True):
            if verdict.get("dossier_id") in touched:
                problem = Problem("touched", "code", row.values["code"])
                verdict |= {"status": "faulty", "problem": problem}
        return found

    @api.model
    def _problem(self, values, known):
        """Return what the catalogue or the clock says against a row."""
        if not known.procedures.get(values["procedure"]):
            return Problem("no_procedure", "procedure", values["procedure"])
        moments = self._moments(values, known)
        for name, column in (
            ("received_at", "accepted_at"),
            ("ended_at", "ended_at"),
            ("returned_at", "returned_at"),
        ):
            if moments[column] and moments[column] > known.now:
                return Problem("future", name, values[name])
        for name, first in (("ended_at", "accepted_at"), ("returned_at", "ended_at")):
            if moments[name] and moments[first] and moments[name] < moments[first]:
                other = "received_at" if first == "accepted_at" else first
                return Problem("earlier", name, values[name], HEADINGS[other])
        return None

    @api.model
    def _here(self, codes, company):
        """Return ``{code: row}`` of the dossiers that bear one of these codes."""
        columns = SQL(", ").join(
            SQL.identifier(name)
            for name in (
                *("id", "name", "external_code", "company_id", "import_digest"),
                *("is_open", "due_imported", *_FIXED.values(), *_LOOSE.values()),
                *_WITH_DATE,
            )
        )
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "SELECT %s FROM cchc_dossier WHERE name = ANY(%s) UNION "
                "SELECT %s FROM cchc_dossier WHERE company_id = %s "
                "AND external_code = ANY(%s) AND import_digest IS NOT NULL",
                columns,
                codes,
                columns,
                company.id,
                codes,
            )
        )
        here = {}
        for found in self.env.cr.dictfetchall():
            here.setdefault(found["name"], found)
            if found["external_code"] and found["company_id"] == company.id:
                here[found["external_code"]] = found
        return here

    @api.model
    def _compare(self, values, verdict, here, known):
        found = here.get(values["code"])
        if not found:
            return {"status": "new"}
        code = values["code"]
        if found["company_id"] != known.company.id or not found["import_digest"]:
            return {"status": "faulty", "problem": Problem("taken", "code", code)}
        if found["import_digest"] == verdict["digest"]:
            return {"status": "unchanged", "dossier_id": found["id"]}
        columns = self._columns(values, known)
        problem = self._forbidden(values, columns, found)
        if problem:
            return {"status": "faulty", "problem": problem, "dossier_id": found["id"]}
        lines = [
            f"{HEADINGS[name]}: {found[column] or '∅'} → {columns[column] or '∅'}"
            for name, column in _LOOSE.items()
            if (found[column] or False) != (columns[column] or False)
        ]
        if found["state"] != columns["state"]:
            before, after = (
                STATE_WORDS.get(state, state)
                for state in (found["state"], columns["state"])
            )
            lines.append(f"{HEADINGS['state']}: {before} → {after}")
        return {
            "status": "changed",
            "dossier_id": found["id"],
            "changes": "\n".join(lines),
        }

    @api.model
    def _forbidden(self, values, columns, found):
        """Return what of an imported dossier a later file may not change."""
        for name, column in _FIXED.items():
            old, new = found[column] or False, columns[column] or False
            if column == "first_due_at" and not new and not found["due_imported"]:
                continue
            if old != new:
                return Problem("fixed", name, str(new or ""), str(old or ""))
        same = found["state"] == columns["state"]
        moves_on = columns["state"] in ENDED_STATES and (
            found["is_open"]
            or (found["state"] == "done" and columns["state"] == "returned")
        )
        if not same and not moves_on:
            words = STATE_WORDS.get(found["state"], found["state"])
            return Problem("backwards", "state", STATE_WORDS[columns["state"]], words)
        if not found["is_open"] and found["ended_at"] != columns["ended_at"]:
            return Problem(
                "fixed", "ended_at", values["ended_at"], str(found["ended_at"])
            )
        if same and (found["returned_at"] or False) != columns["returned_at"]:
            return Problem(
                "fixed",
                "returned_at",
                values["returned_at"],
                str(found["returned_at"] or ""),
            )
        return None

    @api.model
    def _change_dossiers(self, lines, known, origin, documents=None):
        """Bring imported dossiers up to a later file, through the ledger.

        :param lines: dicts with ``number``, ``values``, ``digest``, ``dossier_id``
        :raises UserError: for a dossier that has been worked on here since
        """
        dossiers = self.env["cchc.dossier"].browse(line["dossier_id"] for line in lines)
        dossiers._lock()
        touched = self._touched(dossiers.ids)
        for line in lines:
            if line["dossier_id"] in touched:
                raise UserError(
                    self.env["cchc.import.sentence"]._of_cell(
                        Problem("touched", "code", line["values"]["code"]),
                        line["number"],
                    )
                )
        moved, per_dossier = {}, {}
        for dossier, line in zip(dossiers, lines, strict=True):
            columns = self._columns(line["values"], known)
            vals = {column: columns[column] for column in _LOOSE.values()}
            vals["import_digest"] = line["digest"]
            if dossier.state == columns["state"]:
                guard.unlocked(dossier.sudo()).write(vals)
                continue
            moved[dossier.id] = vals | self._end_vals(dossier, columns, known)
            per_dossier[dossier.id] = {
                "content": self.env._(
                    "Brought up to %(file)s, row %(row)s.",
                    file=origin,
                    row=line["number"],
                ),
                "data": {
                    "replayed": True,
                    "imported": {
                        "file": origin,
                        "row": line["number"],
                        "digest": line["digest"],
                    },
                },
            }
        going = dossiers.filtered(lambda dossier: dossier.id in moved)
        if going:
            going._move("import", vals_by_id=moved, per_dossier=per_dossier)
        if documents:
            self._attach(
                dossiers, self._without_known_files(dossiers, lines), documents
            )

    @api.model
    def _without_known_files(self, dossiers, lines):
        """Return the lines with only those files that the dossiers lack."""
        known = {
            dossier.id: set(dossier.sudo().document_ids.attachment_ids.mapped("name"))
            for dossier in dossiers
        }
        return [
            {
                "number": line["number"],
                "values": {
                    "files": [
                        name
                        for name in line["values"]["files"]
                        if base_name(name) not in known[line["dossier_id"]]
                    ]
                },
            }
            for line in lines
        ]

    @api.model
    def _touched(self, dossier_ids):
        """Return those of the imported dossiers that were worked on here since."""
        self.env.cr.execute(
            "SELECT DISTINCT dossier_id FROM cchc_dossier_event "
            "WHERE dossier_id = ANY(%s) AND kind NOT IN ('import', 'miss')",
            (dossier_ids,),
        )
        return {row[0] for row in self.env.cr.fetchall()}

    @api.model
    def _end_vals(self, dossier, columns, known):
        """Return what an imported dossier gets that ended in the other software."""
        vals = {
            "state": columns["state"],
            "is_open": False,
            "ended_at": columns["ended_at"],
            "returned_at": columns["returned_at"],
        }
        if not dossier.is_open:
            return vals
        due, end = dossier.due_at, columns["ended_at"]
        steps = dossier.sudo().step_ids
        current = steps.filtered(lambda step: step.state == "current")
        guard.unlocked(current).write({"state": "done", "ended_at": known.now})
        guard.unlocked(steps.filtered(lambda step: step.state == "waiting")).write(
            {"state": "skipped"}
        )
        stops = dossier.sudo().pause_ids.filtered(lambda pause: not pause.date_to)
        guard.unlocked(stops).write({"date_to": known.now})
        return {
            **vals,
            # By the facts of the file, also where it was marked as missed here only
            # because nobody had said that it had ended.
            "late_at": bool(due and end > due) and due,
            "timeliness": self._timeliness(end, due, known),
            "current_step_id": False,
            "step_due_at": False,
            "supplement_expires_at": False,
        }
