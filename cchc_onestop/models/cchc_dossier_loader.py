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
from ..tools.dossier_import_row import Problem, identity_type
from ..tools.search_text import normalise
from ..tools.transitions import ENDED_STATES, RUNNING_STATES
from .cchc_dossier_clock import aware
from .cchc_dossier_event import SNAPSHOT, snapshot_value

#: Local hours of a date without one: the office has opened, the office closes.
_OPENING, _CLOSING = time(8), time(17)


class CchcDossierLoader(models.AbstractModel):
    """Writes dossiers of other software, a thousand with a handful of statements.

    Dates are those of the file; whether a dossier was late is judged by the rule of
    this system from the imported appointment. How open ones go on here stands in
    ``cchc_dossier_loader_open.py``, what a later file may change in
    ``cchc_dossier_loader_update.py``.
    """

    _name = "cchc.dossier.loader"
    _description = "Loader of Old Dossiers"

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
                        self.env["cchc.import.sentence"]._of_cell(
                            Problem(error.key, "files", name), number
                        )
                    ) from error
                base = base_name(name)
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


def base_name(name):
    """Return the name of a file without its folders."""
    return name.replace("\\", "/").rsplit("/", 1)[-1]
