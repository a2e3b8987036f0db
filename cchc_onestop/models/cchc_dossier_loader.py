import hashlib
import json
import mimetypes
from datetime import UTC, datetime, time
from types import SimpleNamespace

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools import code_template, guard, ledger, rows
from ..tools.catalogue_parser import CatalogueError
from ..tools.dossier_import_row import HEADINGS, STATE_WORDS, Problem, identity_type
from ..tools.search_text import normalise
from ..tools.transitions import ENDED_STATES, HELD_STATES, RUNNING_STATES
from .cchc_dossier_clock import aware
from .cchc_dossier_event import SNAPSHOT, snapshot_value

#: Local hours of a date without one: the office has opened, the office closes.
_OPENING, _CLOSING = time(8), time(17)
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
    """Writes dossiers of other software, a thousand with a handful of statements.

    What is read from a file is first compared with what is here (:meth:`_classify`)
    and then written (:meth:`_create_dossiers`, :meth:`_change_dossiers`). Dates are
    those of the file; whether a dossier was late is judged by the rule of this
    system from the imported appointment.
    """

    _name = "cchc.dossier.loader"
    _description = "Loader of Old Dossiers"

    # ------------------------------------------------------------------
    # What the rows refer to
    # ------------------------------------------------------------------
    @api.model
    def _prepare(self, company, codes=None, aliases=None):
        """Return what the rows of an import refer to.

        :param company: agency that takes the dossiers over
        :param codes: codes of procedures in the file; ``None`` for none
        :param dict aliases: code in the file -> id of the procedure
        """
        company = company.sudo()
        procedures = self.env["cchc.procedure"].with_context(active_test=False)
        keys = {code: procedures._get_code_key(code) for code in codes or ()}
        found = procedures.search_fetch(
            [("code_key", "in", list(set(keys.values())))], ["code_key"]
        )
        by_key = {procedure.code_key: procedure.id for procedure in found}
        return SimpleNamespace(
            company=company,
            zone=company._cchc_tz(),
            now=fields.Datetime.now(),
            procedures={
                **{code: by_key.get(key) for code, key in keys.items()},
                **(aliases or {}),
            },
        )

    @api.model
    def _people(self, company):
        """Return handlers, departments and reasons of delay by what they are called."""
        users = (
            self.env["res.users"]
            .sudo()
            .search_fetch(
                [
                    ("company_ids", "in", company.ids),
                    (
                        "all_group_ids",
                        "in",
                        self.env.ref("cchc_onestop.group_base").ids,
                    ),
                ],
                ["login", "name"],
            )
        )
        by_name = {}
        for user in users:
            by_name.setdefault(normalise(user.name), set()).add(user.id)
        handlers = {name: min(ids) for name, ids in by_name.items() if len(ids) == 1}
        handlers |= {normalise(user.login): user.id for user in users}
        departments = (
            self.env["hr.department"]
            .sudo()
            .search_fetch([("company_id", "in", [company.id, False])], ["name"])
        )
        reasons = (
            self.env["cchc.reason"]
            .sudo()
            .search_fetch([("kind", "=", "late")], ["name", "code"])
        )
        return SimpleNamespace(
            handlers=handlers,
            departments={normalise(d.name): d.id for d in departments},
            reasons={normalise(r.name): r.id for r in reasons}
            | {normalise(r.code): r.id for r in reasons},
        )

    # ------------------------------------------------------------------
    # Columns
    # ------------------------------------------------------------------
    @api.model
    def _digest(self, values):
        """Return the fingerprint of a row: the same content gives the same."""
        text = json.dumps(values, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:40]

    @api.model
    def _moments(self, values, known):
        """Return ``{column: naive UTC moment}`` of a row.

        A date without an hour means the day at the office: received in the morning,
        due when it closes, and ended in time when it ended on the day of its
        appointment, as nothing says otherwise.
        """

        def at(name, hour):
            text = values[name]
            if not text:
                return False
            moment = datetime.fromisoformat(text)
            if "T" not in text:
                moment = datetime.combine(moment.date(), hour)
            moment = moment.replace(tzinfo=known.zone).astimezone(UTC)
            return moment.replace(tzinfo=None)

        received, due = at("received_at", _OPENING), at("due_at", _CLOSING)
        ended, returned = at("ended_at", _CLOSING), at("returned_at", _CLOSING)
        if due and "T" not in values["due_at"]:
            due = max(due, received)
        if ended and "T" not in values["ended_at"]:
            if due and values["ended_at"] == values["due_at"][:10]:
                ended = due
            ended = max(min(ended, known.now), received)
        if returned and "T" not in values["returned_at"]:
            returned = max(min(returned, known.now), ended or received)
        if values["state"] in ENDED_STATES and not ended:
            ended = returned
        if values["state"] == "returned" and not returned:
            returned = ended
        return {
            "accepted_at": received,
            "first_due_at": due,
            "ended_at": ended,
            "returned_at": returned,
        }

    @api.model
    def _columns(self, values, known):
        """Return the columns of a dossier that a row gives."""
        number = values["identity"]
        birth = values["birth_date"]
        return {
            **self._moments(values, known),
            "procedure_id": known.procedures.get(values["procedure"]) or False,
            "applicant_name": values["name"],
            "applicant_kind": values["kind"],
            "applicant_identity": number or False,
            "applicant_identity_type": identity_type(number) if number else False,
            "applicant_birth_date": birth and fields.Date.to_date(birth),
            "applicant_address": values["address"] or False,
            "applicant_phone": values["phone"] or False,
            "applicant_email": values["email"] or False,
            "channel": values["channel"],
            "state": values["state"],
            "note": values["note"] or False,
            "late_reason_note": values["late_reason"] or False,
            "imported_fee": values["fee"],
        }

    # ------------------------------------------------------------------
    # Comparing
    # ------------------------------------------------------------------
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

    # ------------------------------------------------------------------
    # Writing new ones
    # ------------------------------------------------------------------
    @api.model
    def _create_dossiers(self, lines, known, policy, origin, documents=None):
        """Write new dossiers with their ledger, contacts, steps and files.

        :param lines: dicts with ``number``, ``values`` and ``digest`` of the rows
        :param known: see :meth:`_prepare`
        :param policy: who goes on with open ones: ``department_id`` (0: as the
            process says)
        :param str origin: name of the file, for the ledger
        :param documents: archive of the files, see :class:`Documents`
        :return: the dossiers, in order
        """
        people = self._people(known.company)
        vals_list = [self._dossier_vals(line, known, people) for line in lines]
        outlines = self._outlines(vals_list, known)
        self._set_versions(vals_list, known)
        self._set_partners(vals_list)
        for vals in vals_list:
            self._judge(vals, known)
        dossiers = rows.insert(
            guard.unlocked(self.env["cchc.dossier"].sudo()), vals_list
        )
        self._reserve_numbers(vals_list, known)
        self._write_ledger(dossiers, vals_list, lines, known, origin)
        self._go_on(dossiers, vals_list, lines, outlines, policy, people, known)
        if documents:
            self._attach(dossiers, lines, documents)
        return dossiers.with_env(self.env)

    @api.model
    def _dossier_vals(self, line, known, people):
        values = line["values"]
        vals = self._columns(values, known)
        company, calendar = known.company, known.company.resource_calendar_id
        is_open = vals["state"] not in ENDED_STATES
        due = vals["first_due_at"]
        return {
            **vals,
            "name": values["code"],
            "external_code": values["code"],
            "import_digest": line["digest"],
            "draft_token": False,
            "company_id": company.id,
            "receiving_company_id": company.id,
            "imported": True,
            "is_open": is_open,
            "clock_start_at": vals["accepted_at"],
            "calendar_id": calendar.id,
            "due_imported": bool(due),
            "unextended_due_at": due,
            "due_at": due,
            "statutory_due_at": False,
            "timeliness": False,
            "statutory_timeliness": False,
            "late_at": False,
            "overdue_from": False,
            "version_id": False,
            "process_id": False,
            "partner_id": False,
            "lookup_code": is_open and self.env["cchc.dossier"]._new_lookup_code(),
            "user_id": people.handlers.get(normalise(values["handler"]), False),
            "department_id": people.departments.get(normalise(values["unit"]), False),
            "late_reason_id": people.reasons.get(
                normalise(values["late_reason"]), False
            ),
        }

    @api.model
    def _outlines(self, vals_list, known):
        """Return ``{(procedure, channel): plan}`` for the dossiers that go on here."""
        outlines = {}
        for vals in vals_list:
            key = (vals["procedure_id"], vals["channel"])
            if not vals["is_open"]:
                continue
            if not vals["due_at"]:
                # Nothing was promised there: this system works the date out.
                plan = self._outline(vals, vals["accepted_at"], known)
                due, statutory = (
                    plan
                    and self._draft(vals, known)._plan_dates(plan, vals["accepted_at"])
                    or (False, False)
                )
                if not due:
                    raise UserError(
                        self.env._(
                            "The row of dossier %s is open and has no appointment, and "
                            "none can be worked out, as the procedure has no time "
                            "limit on that day; fill in the column Ngày hẹn trả.",
                            vals["name"],
                        )
                    )
                vals |= {
                    "first_due_at": due,
                    "unextended_due_at": due,
                    "due_at": due,
                    "statutory_due_at": statutory,
                    "outline": plan,
                }
            elif key not in outlines:
                outlines[key] = self._outline(vals, known.now, known) or self._outline(
                    vals, vals["accepted_at"], known
                )
        for vals in vals_list:
            plan = vals.pop("outline", None)
            key = (vals["procedure_id"], vals["channel"])
            if plan:
                outlines.setdefault(key, plan)
            plan = vals["is_open"] and (plan or outlines[key])
            if plan:
                columns = self.env["cchc.dossier"]._plan_columns(plan)
                columns.pop("lookup_code")
                vals |= columns
        return outlines

    @api.model
    def _draft(self, vals, known):
        return self.env["cchc.dossier"].new(
            {
                "company_id": known.company.id,
                "receiving_company_id": known.company.id,
                "procedure_id": vals["procedure_id"],
                "channel": vals["channel"],
            }
        )

    @api.model
    def _outline(self, vals, moment, known):
        """Return what a dossier received then is promised, ``None`` when nothing."""
        try:
            return self._draft(vals, known)._reception_plan(moment)
        except UserError:
            # Repealed meanwhile, or not published on that day: what was accepted
            # there is settled all the same.
            return None

    @api.model
    def _set_versions(self, vals_list, known):
        """Note the version of the procedure in force when each was received."""
        ranking = [False, *map(int, known.company.parent_path.split("/")[:-1])]
        versions = (
            self.env["cchc.procedure.version"]
            .sudo()
            .search_fetch(
                [
                    ("procedure_id", "in", [v["procedure_id"] for v in vals_list]),
                    ("state", "=", "published"),
                    ("company_id", "in", ranking),
                ],
                ["procedure_id", "company_id", "valid_from", "valid_to"],
                order="id",
            )
        )
        by_procedure = {}
        for version in versions:
            by_procedure.setdefault(version.procedure_id.id, []).append(
                (
                    ranking.index(version.company_id.id or False),
                    version.valid_from,
                    version.id,
                    version.valid_to,
                )
            )
        for vals in vals_list:
            if vals["version_id"] and not vals["due_imported"]:
                continue
            day = vals["accepted_at"].replace(tzinfo=UTC).astimezone(known.zone).date()
            candidates = [
                entry[:3]
                for entry in by_procedure.get(vals["procedure_id"], ())
                if entry[1] and entry[1] <= day and (not entry[3] or entry[3] >= day)
            ]
            if candidates:
                vals["version_id"] = max(candidates)[2]

    @api.model
    def _set_partners(self, vals_list):
        """Match the owners with contacts by identity number, and add those unknown.

        An owner without a number gets no contact: names alone make doubles.
        """
        numbers = {vals["applicant_identity"] for vals in vals_list} - {False}
        if not numbers:
            return
        partners = self.env["res.partner"].sudo()
        partners.flush_model(["cchc_identity", "cchc_old_identity", "vat", "parent_id"])
        partner_of = {}
        # The alias last: a number of one's own goes before an old one of somebody.
        for column in ("cchc_identity", "vat", "cchc_old_identity"):
            self.env.cr.execute(
                SQL(
                    "SELECT %(column)s, min(id) FROM res_partner "
                    "WHERE %(column)s = ANY(%(numbers)s) AND active "
                    "AND parent_id IS NULL GROUP BY 1",
                    column=SQL.identifier(column),
                    numbers=list(numbers),
                )
            )
            for number, partner_id in self.env.cr.fetchall():
                partner_of.setdefault(number, partner_id)
        unknown = {}
        for vals in vals_list:
            number = vals["applicant_identity"]
            if number and number not in partner_of:
                unknown.setdefault(number, vals)
        made = partners.with_context(
            tracking_disable=True, mail_create_nolog=True, mail_create_nosubscribe=True
        ).create([self._partner_vals(vals) for vals in unknown.values()])
        partner_of.update(zip(unknown, made._ids, strict=True))
        for vals in vals_list:
            vals["partner_id"] = partner_of.get(vals["applicant_identity"], False)

    @api.model
    def _partner_vals(self, vals):
        kind, number = vals["applicant_identity_type"], vals["applicant_identity"]
        person = vals["applicant_kind"] in (
            *("citizen", "foreigner", "household_business"),
        )
        return {
            "name": vals["applicant_name"],
            "is_company": not person,
            "phone": vals["applicant_phone"],
            "email": vals["applicant_email"],
            "street": vals["applicant_address"],
            "vat": number if kind == "tax" else False,
            "cchc_identity_type": kind,
            "cchc_identity": number,
            "cchc_old_identity": number if kind == "old" else False,
            "cchc_birth_date": vals["applicant_birth_date"],
        }

    @api.model
    def _judge(self, vals, known):
        """Judge by our rule what the imported dates say."""
        due, end = vals["due_at"], vals["ended_at"]
        if not vals["is_open"]:
            late = bool(due and end > due)
            vals["late_at"] = late and due
            vals["timeliness"] = self._timeliness(end, due, known)
        elif vals["state"] in RUNNING_STATES:
            vals["overdue_from"] = due

    @api.model
    def _timeliness(self, end, due, known):
        if not due or due == end:
            return "on_time"
        if end > due:
            return "late"
        starts = known.__dict__.setdefault("session_starts", {})
        if due not in starts:
            working = known.company.resource_calendar_id._cchc_working_time()
            starts[due] = working.session_start(aware(due))
        return "early" if aware(end) < starts[due] else "on_time"

    # ------------------------------------------------------------------
    # Codes and ledger
    # ------------------------------------------------------------------
    @api.model
    def _reserve_numbers(self, vals_list, known):
        """Take numbers of our own series that old codes bear out of the series.

        Without it the next acceptance of that day would meet a code that is taken.
        """
        templates = self.env["cchc.code.template"].sudo()
        companies = self.env["res.company"].sudo()
        found = templates.with_context(active_test=False).search_fetch(
            [], ["pattern", "reset", "company_id"]
        )
        agencies = {}
        for company in companies.search_fetch(
            [("cchc_unit_code", "!=", False)], ["cchc_unit_code"]
        ):
            agencies.setdefault(company.cchc_unit_code, []).append(company.id)
        taken = set()
        for template in found:
            for vals in vals_list:
                parts = code_template.parse(template.pattern, vals["name"])
                if not parts:
                    continue
                unit, day, number = parts
                owners = agencies.get(unit, []) if unit else [known.company.id]
                period = code_template.period(template.reset, day)
                taken |= {
                    (f"dossier/{owner}", period, number, vals["name"])
                    for owner in owners
                    if template.company_id.id in (False, owner)
                }
        if taken:
            self.env.cr.execute(
                SQL(
                    "INSERT INTO cchc_number (series, period, number, value, given_at) "
                    "SELECT *, now() AT TIME ZONE 'UTC' FROM unnest(%s::varchar[], "
                    "%s::varchar[], %s::int[], %s::varchar[]) ON CONFLICT DO NOTHING",
                    *(list(column) for column in zip(*sorted(taken), strict=True)),
                )
            )

    @api.model
    def _write_ledger(self, dossiers, vals_list, lines, known, origin):
        """Begin the ledger of each dossier: imported, and where its due date is of."""
        events = self.env["cchc.dossier.event"].sudo()
        post = self.env.user._cchc_posts()[self.env.uid]
        file_due = self.env._("Appointment taken over from %(file)s, row %(row)s.")
        worked_out = self.env._(
            "Taken over from %(file)s, row %(row)s, without an appointment; this "
            "system worked it out."
        )
        without = self.env._("Taken over from %(file)s, row %(row)s: no appointment.")
        event_vals = []
        for dossier_id, vals, line in zip(dossiers._ids, vals_list, lines, strict=True):
            if vals["due_imported"]:
                content = file_due
            else:
                content = worked_out if vals["due_at"] else without
            event = {
                "dossier_id": dossier_id,
                "company_id": known.company.id,
                "sequence": 1,
                "at": known.now,
                "kind": "import",
                "from_state": False,
                "to_state": vals["state"],
                "user_id": self.env.uid,
                "on_behalf_of_id": False,
                "post": post.title,
                "department": post.department,
                "step": "",
                "content": content % {"file": origin, "row": line["number"]},
                "legal_basis": "",
                "data": {
                    "replayed": True,
                    "imported": {
                        "file": origin,
                        "row": line["number"],
                        "digest": line["digest"],
                        "due_at": snapshot_value(
                            "due_at", vals["due_imported"] and vals["due_at"]
                        ),
                        "unit": line["values"]["unit"],
                        "handler": line["values"]["handler"],
                        "fee": line["values"]["fee"],
                    },
                    "after": {
                        name: snapshot_value(name, vals.get(name)) for name in SNAPSHOT
                    },
                },
                "previous_hash": ledger.GENESIS,
            }
            event["hash"] = ledger.line_hash(ledger.GENESIS, events._payload(event))
            event_vals.append(event)
        rows.insert(events, event_vals)

    # ------------------------------------------------------------------
    # Open ones
    # ------------------------------------------------------------------
    @api.model
    def _go_on(self, dossiers, vals_list, lines, outlines, policy, people, known):
        """Give the open ones their present step, stop clocks, plan alerts."""
        plan_of, wanted = {}, {}
        for dossier, vals, line in zip(dossiers, vals_list, lines, strict=True):
            if not vals["is_open"]:
                continue
            plan = outlines.get((vals["procedure_id"], vals["channel"]))
            if not plan:
                raise UserError(
                    self.env._(
                        "The row of dossier %s is open, but the procedure has no "
                        "published version, so nobody could go on with it; publish "
                        "one in the catalogue first.",
                        vals["name"],
                    )
                )
            plan_of[dossier] = plan
            wanted[dossier] = (
                people.handlers.get(normalise(line["values"]["handler"]), False),
                people.departments.get(normalise(line["values"]["unit"]), False)
                or policy,
            )
        if not plan_of:
            return
        opened = dossiers.browse(dossier.id for dossier in plan_of)
        steps = opened._create_steps(plan_of, opened._posts_of(plan_of), known.now)
        step_groups = {}
        for dossier in opened:
            user, department = wanted[dossier]
            vals = dict(steps[dossier])
            if user or department:
                own = {"user_id": user or False}
                own["department_id"] = department or vals["department_id"]
                vals |= own
                key = tuple(own.items())
                step_groups.setdefault(key, []).append(vals["current_step_id"])
            guard.unlocked(dossier).write(vals)
        for key, ids in step_groups.items():
            step = self.env["cchc.dossier.step"].sudo().browse(filter(None, ids))
            guard.unlocked(step).write(dict(key))
        rows.insert(
            guard.unlocked(self.env["cchc.dossier.pause"].sudo()),
            [
                {
                    "dossier_id": dossier.id,
                    "kind": dossier.state,
                    "date_from": known.now,
                    "counts": dossier.due_at >= known.now,
                }
                for dossier in opened
                if dossier.state in HELD_STATES
            ],
        )
        opened.invalidate_recordset(["pause_ids"], flush=False)
        opened._cchc_schedule_alerts(fresh=True)

    # ------------------------------------------------------------------
    # Files
    # ------------------------------------------------------------------
    @api.model
    def _attach(self, dossiers, lines, documents):
        """Attach the files of the rows to a part of their dossier.

        Scans bear identity numbers: those of a part are for who handles dossiers. The
        filing job files them with the rest.
        """
        with_files = [
            (dossier_id, line["number"], line["values"]["files"])
            for dossier_id, line in zip(dossiers._ids, lines, strict=True)
            if line["values"]["files"]
        ]
        if not with_files:
            return
        parts = rows.insert(
            self.env["cchc.dossier.document"].sudo(),
            [
                {
                    "dossier_id": dossier_id,
                    "name": self.env._("Files of the former software"),
                    "source": "efile",
                    "kind": "electronic",
                    "required": False,
                    "originals": 1,
                    "received": True,
                }
                for dossier_id, _number, _names in with_files
            ],
        )
        vals_list = []
        for part_id, (_dossier_id, number, names) in zip(
            parts._ids, with_files, strict=True
        ):
            for name in names:
                try:
                    content = documents.content(name)
                except CatalogueError as error:
                    raise UserError(
                        self.env["cchc.dossier.import"]._sentence(
                            Problem(error.key, "files", name), number
                        )
                    ) from error
                base = _base(name)
                vals_list.append(
                    {
                        "name": base,
                        "raw": content,
                        "mimetype": mimetypes.guess_type(base)[0]
                        or "application/octet-stream",
                        "res_model": parts._name,
                        "res_id": part_id,
                    }
                )
        attachments = self.env["ir.attachment"].sudo().create(vals_list)
        self.env.cr.execute(
            SQL(
                "INSERT INTO cchc_dossier_document_attachment_rel "
                "SELECT * FROM unnest(%s::int[], %s::int[])",
                [vals["res_id"] for vals in vals_list],
                attachments.ids,
            )
        )
        parts.invalidate_recordset(["attachment_ids"], flush=False)

    # ------------------------------------------------------------------
    # Changes
    # ------------------------------------------------------------------
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
                    self.env["cchc.dossier.import"]._sentence(
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
                        if _base(name) not in known[line["dossier_id"]]
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


def _base(name):
    """Return the name of a file without its folders."""
    return name.replace("\\", "/").rsplit("/", 1)[-1]
