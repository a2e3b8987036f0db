from zoneinfo import ZoneInfo

from odoo import api, fields, models

from ..tools import record_header

_ZONE = "Asia/Ho_Chi_Minh"
#: Letters of a text that takes a line of its own.
_LONG = 60


class CchcIsoRecord(models.Model):
    """Shows process records to people: on screen, on paper, in the package."""

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.iso.record"  # pylint: disable=consider-merging-classes-inherited

    steps_html = fields.Html(
        "Steps Planned and Actual", compute="_compute_html", sanitize=False
    )
    parts_html = fields.Html("Content", compute="_compute_html", sanitize=False)
    further_count = fields.Integer(compute="_compute_further_count")

    @api.depends("payload")
    def _compute_html(self):
        qweb = self.env["ir.qweb"]
        for record in self:
            values = {"sheet": record._sheet()} if record.payload else None
            for name, template in (("steps_html", "steps"), ("parts_html", "parts")):
                record[name] = values and qweb._render(
                    f"cchc_iso.record_{template}", values
                )

    @api.depends("further_ids")
    def _compute_further_count(self):
        counts = dict(
            self.env["cchc.iso.record"]._read_group(
                [("first_id", "in", self.ids)], ["first_id"], ["__count"]
            )
        )
        for record in self:
            record.further_count = counts.get(record, 0)

    @api.model
    def _action_for(self, domain):
        """Return the action that shows the records of a domain."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cchc_iso.cchc_iso_record_action"
        )
        action.update(domain=domain, context={})
        records = self.search(domain, limit=2)
        if len(records) == 1:
            action.update(res_id=records.id, views=[(False, "form")])
        return action

    def action_open_further(self):
        """Open what was recorded of the dossier after its end."""
        return self._action_for([("first_id", "in", self.ids)])

    def action_open_dossier(self):
        """Open the dossier of the record, if the reader may see it."""
        self.ensure_one()
        self.dossier_id.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "cchc.dossier",
            "res_id": self.dossier_id.id,
            "views": [(False, "form")],
        }

    def _sheet(self):
        """Return what is shown of a record: its payload in words and local times."""
        self.ensure_one()
        data = self._data()
        words = _Words(self)
        dossier, process = data["dossier"], data["process"]
        return {
            "record": self,
            "number": self.name,
            "agency": data["agency"]["name"],
            "code": dossier["code"],
            "first": data["first"]
            and f"{data['first']['number']:06d}/{data['first']['year']}",
            "facts": words.facts(data),
            "process": process,
            "issue": process and process["issue"],
            "issue_from": words.day(
                process and process["issue"] and process["issue"]["effective_from"]
            ),
            "committed": words.minutes(process and process["committed_minutes"]),
            "actual": words.minutes(dossier["actual_minutes"]),
            "is_late": self.is_late,
            "steps": [words.step(step) for step in data["steps"]],
            "documents": [
                {**row, "kind": words.label("cchc.dossier.document", "kind", row)}
                for row in data["documents"]
            ],
            "papers": [
                {
                    **row,
                    "title": words.form(row["form"]),
                    "issued_at": words.moment(row["issued_at"]),
                }
                for row in data["papers"]
            ],
            "pauses": [
                {
                    **row,
                    "kind": words.label("cchc.dossier.pause", "kind", row),
                    "from": words.moment(row["from"]),
                    "to": words.moment(row["to"]),
                    "minutes": words.minutes(row["minutes"]),
                }
                for row in data["pauses"]
            ],
            "extensions": [
                {
                    **row,
                    "granted_at": words.moment(row["granted_at"]),
                    "due_before": words.moment(row["due_before"]),
                    "due_at": words.moment(row["due_at"]),
                }
                for row in data["extensions"]
            ],
            "approvals": [
                {
                    **row,
                    "at": words.moment(row["at"]),
                    "outcome": words.outcome(row["outcome"]),
                }
                for row in data["approvals"]
            ],
            "fees": [
                {
                    **row,
                    **{key: words.money(row[key]) for key in ("due", "paid", "waived")},
                }
                for row in data["fees"]
            ],
            "events": data["events"],
            "retention": words.retention(data["retention"]),
            "recorded_at": words.moment(data["record"]["recorded_at"]),
            "sha256": self.sha256,
            "previous_sha256": self.previous_sha256,
        }


class _Words:
    """Labels, local times and amounts of one record in the language of the reader."""

    def __init__(self, record):
        self.record = record
        self.env = record.env
        calendar = record.company_id.sudo().resource_calendar_id
        self.zone = ZoneInfo(calendar.tz or _ZONE)

    def label(self, model, field, row):
        return self.value(model, field, row[field])

    def value(self, model, field, value):
        labels = dict(self.env[model]._fields[field]._description_selection(self.env))
        return labels.get(value, value or "")

    def form(self, code):
        return self.value("cchc.dossier.paper", "form", code)

    def moment(self, text):
        stored = record_header.stored(text)
        if not stored:
            return ""
        local = stored.replace(tzinfo=ZoneInfo("UTC")).astimezone(self.zone)
        return local.strftime("%H:%M %d/%m/%Y")

    @staticmethod
    def day(text):
        return "/".join(reversed(text.split("-"))) if text else ""

    def minutes(self, value):
        if value is None:
            return ""
        hours, minutes = divmod(value, 60)
        if not hours:
            return self.env._("%s min", minutes)
        if not minutes:
            return self.env._("%s h", hours)
        return self.env._("%(hours)s h %(minutes)s min", hours=hours, minutes=minutes)

    @staticmethod
    def money(amount):
        return f"{amount:,}".replace(",", ".")

    def outcome(self, key):
        return {
            "requested": self.env._("Submitted"),
            "approved": self.env._("Approved"),
            "rejected": self.env._("Rejected"),
            "forwarded": self.env._("Passed on"),
            "signed": self.env._("Signed"),
            "sent_back": self.env._("Sent back"),
            "restarted": self.env._("Started anew"),
            "removed": self.env._("Taken back"),
        }.get(key, key)

    def retention(self, row):
        """Return how long the dossier is kept, by which rule and on what ground."""
        text = row["rule"] or ""
        if text and row["until"]:
            text = self.env._(
                "%(rule)s, until %(until)s", rule=text, until=self.day(row["until"])
            )
        return f"{text} ({row['basis']})" if text and row["basis"] else text

    def step(self, step):
        """Return one line of the table of steps."""
        candidates = ", ".join(person["name"] for person in step["candidates"])
        done_by = step["done_by"] or {}
        person = done_by.get("name", "")
        if step["on_behalf_of"]:
            person = self.env._(
                "%(person)s for %(absent)s",
                person=person,
                absent=step["on_behalf_of"]["name"],
            )
        return {
            **step,
            "role": self.label("cchc.dossier.step", "role", step),
            "state_label": self.label("cchc.dossier.step", "state", step),
            "planned": self.minutes(step["planned_minutes"]),
            "actual": self.minutes(step["actual_minutes"]),
            "late_by": self.minutes(step["late_minutes"]) if step["late"] else "",
            "should": candidates or step["department"],
            "by": person,
            "by_post": done_by.get("post", ""),
            "by_department": done_by.get("department", ""),
            "ground": {
                "candidate": self.env._("named by the process"),
                "department": self.env._("of the department"),
                "stand_in": self.env._("stand-in"),
                "assigned": self.env._("assigned"),
            }.get(step["right_by"], ""),
            "started": self.moment(step["started_at"]),
            "due": self.moment(step["due_at"]),
            "ended": self.moment(step["ended_at"]),
        }

    def facts(self, data):
        """Return the lines at the head of the sheet: two pairs of label and text each,
        a long text alone."""
        dossier, process, result = data["dossier"], data["process"], data["result"]

        def value(name):
            return self.value("cchc.dossier", name, dossier[name])

        pairs = [
            (self.env._("Procedure"), dossier["procedure"]),
            (self.env._("Procedure code"), dossier["procedure_code"]),
            (self.env._("Field"), dossier["sector"]),
            (self.env._("Applicant"), dossier["owner"]),
            (
                self.env._("Channel"),
                value("channel"),
            ),
            (self.env._("Received at"), dossier["receiving_agency"]),
            (self.env._("Handled by"), dossier["department"]),
            (self.env._("Accepted"), self.moment(dossier["accepted_at"])),
            (self.env._("First appointment"), self.moment(dossier["first_due_at"])),
            (self.env._("Last appointment"), self.moment(dossier["due_at"])),
            (self.env._("Statutory due"), self.moment(dossier["statutory_due_at"])),
            (self.env._("Ended"), self.moment(dossier["ended_at"])),
            (
                self.env._("Final state"),
                value("state"),
            ),
            (self.env._("Timeliness"), value("timeliness")),
            (self.env._("Reason of delay"), dossier["late_reason"]),
            (
                self.env._("Committed time"),
                self.minutes(process and process["committed_minutes"]),
            ),
            (self.env._("Time taken"), self.minutes(dossier["actual_minutes"])),
            (self.env._("Signed"), self.moment(result["signed_at"])),
            (self.env._("Signed by"), (result["signed_by"] or {}).get("name", "")),
            (self.env._("Result returned"), self.moment(result["returned_at"])),
            (self.env._("Refusal"), result["refusal"]),
        ]
        lines, half = [], []
        for label, text in pairs:
            if text and len(text) > _LONG:
                lines.append([(label, text)])
            elif text:
                half.append((label, text))
        return lines + [half[at : at + 2] for at in range(0, len(half), 2)]
