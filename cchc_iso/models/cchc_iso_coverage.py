from odoo import api, fields, models
from odoo.exceptions import UserError

#: What a clause asks for, in the order of the columns.
STATES = ("proved", "partly", "missing", "excluded", "free")


class CchcIsoCoverage(models.AbstractModel):
    """Which clause of the standard is maintained by what, proved by what, or missing.

    ``maintain`` and ``available`` ask for a document in force, ``retain`` for records
    (ISO 9001 A.6). A document or kind of record tied to a clause serves the clauses
    below it too.
    """

    _name = "cchc.iso.coverage"
    _description = "Coverage of the Clauses"

    @api.model
    def get_data(self, system_id=False):
        """Return the page: system, figures and chapters with their clauses.

        :param system_id: quality system; by default the one of the agency in use
        """
        system = self._system(system_id)
        if not system:
            return {"system": False, "systems": []}
        rows = self._rows(system)
        return {
            "system": {
                "id": system.id,
                "name": system.name,
                "edition": system.edition_id.code,
                "amendment": system.edition_id.amendment or "",
                "agency": system._cchc_company().name,
            },
            "systems": self.env["mgmtsystem.system"].search_read(
                [("edition_id", "!=", False)], ["name"], limit=50
            ),
            "figures": self._figures(rows),
            "chapters": self._chapters(rows),
            "may_edit": self.env.user.has_group("cchc_iso.group_officer"),
        }

    @api.model
    def _system(self, system_id=False):
        systems = self.env["mgmtsystem.system"]
        if system_id:
            system = systems.browse(system_id).exists()
            system.check_access("read")
            return system
        return systems._cchc_for()

    @api.model
    def _rows(self, system):
        """Return one dict per clause of the system's edition, in order.

        A fixed number of queries, and one per kind of record.
        """
        if not system.edition_id:
            raise UserError(
                self.env._("%s conforms to no edition: choose one first.", system.name)
            )
        clauses = self.env["cchc.iso.clause"].search(
            [("edition_id", "=", system.edition_id.id)]
        )
        reasons = self._reasons(system)
        documents = self._documents(system, clauses)
        records = self._records(system, clauses)
        return [self._row(clause, reasons, documents, records) for clause in clauses]

    @api.model
    def _reasons(self, system):
        """Return ``{id of an excluded clause: justification}``."""
        return {
            row.clause_id.id: row.justification
            for row in system.exclusion_ids
            if row.edition_id == system.edition_id
        }

    @api.model
    def _documents(self, system, clauses):
        """Return ``{clause id: [documents]}`` of the agency, drafts included."""
        company = system._cchc_company()
        pages = self.env["document.page"].search(
            [
                ("doc_type_id", "!=", False),
                ("company_id", "in", [company.id, False]),
                ("clause_ids", "in", clauses.ids),
            ]
        )
        found = {}
        for page in pages:
            values = {
                "id": page.id,
                "name": page.display_name,
                "in_force": page.document_state == "in_force",
                "issue": f"{page.issue_no:02d}" if page.issue_no else "",
            }
            for clause in page.clause_ids:
                found.setdefault(clause.id, []).append(values)
        return found

    @api.model
    def _records(self, system, clauses):
        """Return ``{clause id: [kinds of records]}`` with their live counts."""
        company = system._cchc_company()
        today = company._cchc_local_date(fields.Datetime.now())
        kinds = self.env["cchc.iso.clause.record"].search(
            [
                ("clause_ids", "in", clauses.ids),
                ("system_id", "in", [system.id, False]),
            ]
        )
        leads = any(
            self.env.user.has_group(f"cchc_iso.group_{role}")
            for role in ("officer", "leader")
        )
        found = {}
        for kind in kinds:
            proved, count = kind._is_proved(company, today)
            live = kind.source == "live"
            values = {
                "id": kind.id,
                "name": kind.name,
                "proved": proved,
                "count": count,
                "place": kind.place or "",
                "seen_on": fields.Date.to_string(kind.seen_on) or "",
                "may_open": live
                and leads
                and self.env[kind.model_name].has_access("read"),
            }
            for clause in kind.clause_ids:
                found.setdefault(clause.id, []).append(values)
        return found

    @api.model
    def _row(self, clause, reasons, documents, records):
        lineage = [int(key) for key in clause.parent_path.split("/") if key]
        pages = _gather(documents, lineage)
        kinds = _gather(records, lineage)
        cause = next((key for key in lineage if key in reasons), None)
        reason = reasons.get(cause)
        above = clause.browse(cause).code if cause not in (None, clause.id) else ""
        demands = []
        if clause.requires_document or clause.must_be_available:
            demands.append(any(page["in_force"] for page in pages))
        if clause.requires_record:
            demands.append(any(kind["proved"] for kind in kinds))
        return {
            "id": clause.id,
            "code": clause.code,
            "name": clause.name or "",
            "level": len(lineage),
            "maintain": clause.requires_document,
            "available": clause.must_be_available,
            "retain": clause.requires_record,
            "note": clause.information_note or "",
            "documents": pages,
            "records": kinds,
            "reason": reason or "",
            "excluded_with": above,
            "state": _state(demands, reason is not None),
        }

    @api.model
    def _figures(self, rows):
        """Return the number of clauses per state, and the share proved in per cent of
        those that ask for documented information and apply."""
        states = [row["state"] for row in rows]
        figures = {state: states.count(state) for state in STATES}
        whole = figures["proved"] + figures["partly"] + figures["missing"]
        figures["demanded"] = whole
        figures["percent"] = (
            round(100 * figures["proved"] / whole, 1) if whole else None
        )
        return figures

    @api.model
    def _chapters(self, rows):
        chapters = []
        for row in rows:
            if row["level"] == 1:
                chapters.append({**row, "clauses": []})
            elif chapters:
                chapters[-1]["clauses"].append(row)
        return chapters

    @api.model
    def _state_names(self):
        """Return what the states are called."""
        return {
            "proved": self.env._("Proved"),
            "partly": self.env._("Partly"),
            "missing": self.env._("Missing"),
            "excluded": self.env._("Excluded"),
            "free": self.env._("Nothing demanded"),
        }


def _gather(found, lineage):
    """Return what is tied to a clause or to one above it, each thing once."""
    return list(
        {
            values["id"]: values for key in lineage for values in found.get(key, ())
        }.values()
    )


def _state(demands, is_excluded):
    if is_excluded:
        return "excluded"
    if not demands:
        return "free"
    if all(demands):
        return "proved"
    return "partly" if any(demands) else "missing"
