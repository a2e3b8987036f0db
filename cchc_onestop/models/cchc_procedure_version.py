from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ..tools.catalogue_diff import differences
from ..tools.term import Limits, Term
from .cchc_procedure import ONLINE_LEVELS

# Content of a version as plain values: what the import writes, what two versions
# are compared by, and what an amended version starts from.
CONTENT_FIELDS = (
    "name",
    "steps_text",
    "conditions",
    "subject_note",
    "agency_performing",
    "agency_competent",
    "agency_authorised",
    "agency_coordinating",
    "reception_address",
    "online_level",
    "online_reason",
    "set_count",
    "set_note",
    "procedure_kind",
    "publishing_agency_code",
    "retention",
    "skip_receipt_allowed",
    "transfer_conditions",
    "video_url",
    "note",
)
CASE_FIELDS = ("code", "name")
CHANNEL_FIELDS = ("channel", "note")
LIMIT_FIELDS = ("is_stated", "amount", "unit", "text", "deadline_rule", "to_confirm")
FEE_FIELDS = (
    "code",
    "name",
    "kind",
    "is_stated",
    "amount",
    "unit_text",
    "tier_from",
    "tier_amount",
    "cap_amount",
    "legal_text",
    "to_confirm",
)
DOCUMENT_FIELDS = (
    "code",
    "name",
    "originals",
    "copies",
    "required",
    "source",
    "digitise_required",
    "digitise_basis",
    "template_name",
    "template_url",
    "note",
    "to_confirm",
)
RESULT_FIELDS = ("code", "name", "result_type")


class CchcProcedureVersion(models.Model):
    """Content of a procedure as one decision published it, valid from a day.

    A published version never changes; amending makes a new one, and the earlier
    one ends on the day before. Dossiers keep the version they were received under
    (NQ 66.18/2026 Đ.6; NĐ 63/2010 Đ.13-15).
    """

    _name = "cchc.procedure.version"
    _description = "Version of a Procedure"
    _inherit = ["cchc.frozen.mixin", "mail.thread"]
    _order = "procedure_id, valid_from desc, id desc"

    procedure_id = fields.Many2one(
        "cchc.procedure", required=True, index=True, ondelete="cascade"
    )
    sector_id = fields.Many2one(
        related="procedure_id.sector_id", store=True, index=True, string="Field"
    )
    code = fields.Char(related="procedure_id.code")
    level = fields.Selection(related="procedure_id.level", store=True)
    company_id = fields.Many2one(
        "res.company",
        "Agency",
        index="btree_not_null",
        help="Empty: for all agencies. A version of an agency (such as the list that a "
        "province publishes) goes before the general one there and in its "
        "subordinate agencies",
    )
    name = fields.Char("Official Title", required=True)
    state = fields.Selection(
        [("draft", "Draft"), ("published", "Published")],
        default="draft",
        required=True,
        index=True,
        copy=False,
        tracking=True,
    )
    phase = fields.Selection(
        [
            ("draft", "Draft"),
            ("to_come", "To Come"),
            ("in_force", "In Force"),
            ("ended", "Ended"),
        ],
        compute="_compute_phase",
    )
    valid_from = fields.Date(
        required=True,
        index=True,
        default=fields.Date.context_today,
        help="First day on which dossiers are received under this version",
    )
    valid_to = fields.Date(
        compute="_compute_valid_to",
        store=True,
        index=True,
        help="Last day in force: the day before the next version or the repeal",
    )
    decision_id = fields.Many2one(
        "cchc.publication.decision", index=True, ondelete="restrict"
    )
    published_at = fields.Datetime(readonly=True, copy=False)
    published_by_id = fields.Many2one(
        "res.users", "Published by", readonly=True, copy=False
    )
    amended_version_id = fields.Many2one(
        "cchc.procedure.version",
        "Amends",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    legal_basis_ids = fields.Many2many(
        "cchc.legal.basis",
        "cchc_version_legal_basis_rel",
        "version_id",
        "basis_id",
        "Legal Bases",
        ondelete="restrict",
    )
    subject_ids = fields.Many2many(
        "cchc.procedure.subject",
        "cchc_version_subject_rel",
        "version_id",
        "subject_id",
        "Applicants",
        ondelete="restrict",
    )
    subject_note = fields.Text("Applicants in Words")
    steps_text = fields.Text("Sequence of Steps", help="Trình tự thực hiện")
    conditions = fields.Text(help="Yêu cầu, điều kiện thực hiện")
    agency_performing = fields.Char("Performing Agency")
    agency_competent = fields.Char("Competent Agency or Post")
    agency_authorised = fields.Char("Authorised Agency")
    agency_coordinating = fields.Char("Coordinating Agency")
    reception_address = fields.Char("Place of Reception")
    online_level = fields.Selection(ONLINE_LEVELS)
    online_reason = fields.Char(
        "Why Not Fully Online",
        help="Published reason: presence needed, site check, technical failure "
        "(NĐ 224/2026)",
    )
    set_count = fields.Integer("Number of Sets", default=1)
    set_note = fields.Char("Sets in Words")
    procedure_kind = fields.Char("Kind of Procedure", help="Loại thủ tục")
    publishing_agency_code = fields.Char("Code of the Publishing Agency")
    retention = fields.Char(help="How long dossiers are kept")
    skip_receipt_allowed = fields.Boolean(
        "Receipt May Be Skipped",
        help="The result is given at once: no receipt unless asked for, but the case "
        "is recorded (NĐ 61/2018 Đ.17 k.4)",
    )
    transfer_conditions = fields.Text()
    video_url = fields.Char("Guidance Video")
    note = fields.Text("Notes")
    case_ids = fields.One2many("cchc.procedure.case", "version_id", "Cases")
    channel_ids = fields.One2many("cchc.procedure.channel", "version_id", "Channels")
    time_limit_ids = fields.One2many(
        "cchc.procedure.time.limit", "version_id", "Time Limits", readonly=True
    )
    fee_ids = fields.One2many("cchc.procedure.fee", "version_id", "Fees", readonly=True)
    document_ids = fields.One2many("cchc.procedure.document", "version_id", "Parts")
    result_ids = fields.One2many("cchc.procedure.result", "version_id", "Results")
    process_ids = fields.One2many("cchc.process", "version_id", "Processes")
    process_count = fields.Integer(compute="_compute_process_count")
    to_confirm = fields.Boolean(
        "To Be Confirmed", compute="_compute_to_confirm", store=True
    )
    time_summary = fields.Char("Statutory Time", compute="_compute_summaries")
    fee_summary = fields.Char("Fees in Short", compute="_compute_summaries")

    _valid_idx = models.Index("(procedure_id, valid_from) WHERE state = 'published'")
    _set_count_positive = models.Constraint(
        "CHECK (set_count >= 0)", "The number of sets cannot be negative."
    )

    # --- Computed

    @api.depends("name", "valid_from", "procedure_id.code")
    def _compute_display_name(self):
        for version in self:
            since = format_date(self.env, version.valid_from)
            version.display_name = (
                f"{version.procedure_id.code or ''} {version.name or ''} ({since})"
            )

    @api.depends(
        "state",
        "valid_from",
        "company_id",
        "procedure_id.repealed_from",
        "procedure_id.version_ids.state",
        "procedure_id.version_ids.valid_from",
        "procedure_id.version_ids.company_id",
    )
    def _compute_valid_to(self):
        for version in self:
            ends = []
            # a later day or, on the same day, the later published one takes over
            followers = version.procedure_id.version_ids.filtered(
                lambda other, version=version: (
                    other.state == "published"
                    and other.company_id == version.company_id
                    and other != version
                    and other._get_rank() > version._get_rank()
                )
            )
            if version.state == "published" and followers:
                ends.append(min(followers.mapped("valid_from")))
            if version.procedure_id.repealed_from:
                ends.append(version.procedure_id.repealed_from)
            version.valid_to = (
                fields.Date.subtract(min(ends), days=1) if ends else False
            )

    @api.depends("state", "valid_from", "valid_to")
    def _compute_phase(self):
        today = fields.Date.context_today(self)
        for version in self:
            if version.state == "draft":
                version.phase = "draft"
            elif version._is_valid_on(today):
                version.phase = "in_force"
            else:
                is_future = version.valid_from > today and (
                    not version.valid_to or version.valid_to >= version.valid_from
                )
                version.phase = "to_come" if is_future else "ended"

    def _compute_process_count(self):
        counts = dict(
            self.env["cchc.process"]._read_group(
                [("version_id", "in", self.ids)], ["version_id"], ["__count"]
            )
        )
        for version in self:
            version.process_count = counts.get(version, 0)

    @api.depends(
        "channel_ids.time_limit_ids.to_confirm",
        "channel_ids.time_limit_ids.fee_ids.to_confirm",
        "document_ids.to_confirm",
    )
    def _compute_to_confirm(self):
        for version in self:
            limits = version.channel_ids.time_limit_ids
            rows = (limits, limits.fee_ids, version.document_ids)
            version.to_confirm = any(any(row.mapped("to_confirm")) for row in rows)

    @api.depends("channel_ids.time_limit_ids.fee_ids", "case_ids")
    def _compute_summaries(self):
        for version in self:
            limits = version.channel_ids.time_limit_ids
            version.time_summary = "; ".join(
                dict.fromkeys(limits.mapped("display_name"))
            )
            version.fee_summary = "; ".join(
                dict.fromkeys(limits.fee_ids.mapped("display_name"))
            )

    def _get_rank(self):
        """Return what orders the versions of one procedure in time."""
        self.ensure_one()
        return (self.valid_from, self._origin.id or float("inf"))

    def _is_valid_on(self, date):
        self.ensure_one()
        return self.valid_from <= date and (not self.valid_to or self.valid_to >= date)

    # --- Limits

    def _pick_time_limit(self, channel=None, case=None):
        """Return the time limit that holds for ``channel`` and ``case``.

        A channel that the version does not name takes the limits of the nearest one
        (kiosk as online, online and post as at the desk); without the case's own
        limit the first one without a case holds.
        """
        self.ensure_one()
        by_channel = {row.channel: row for row in self.channel_ids}
        order = {
            "kiosk": ("kiosk", "online", "counter"),
            "online": ("online", "counter"),
            "post": ("post", "counter"),
        }.get(channel, ("counter",))
        row = next(
            (by_channel[name] for name in order if name in by_channel),
            self.channel_ids[:1],
        )
        limits = row.time_limit_ids
        if case:
            own = limits.filtered(lambda limit: limit.case_id == case)
            if own:
                return own[0]
        return (limits.filtered(lambda limit: not limit.case_id) or limits)[:1]

    def _limits(self, channel=None, case=None, company=None, date=None, process=None):
        """Return the :class:`Limits` (both clocks) of a dossier of this version.

        :param process: the process that handles it; without one it is looked up for
            ``company`` on ``date``
        """
        self.ensure_one()
        time_limit = self._pick_time_limit(channel, case)
        if process is None:
            process = self.env["cchc.process"]._for(self, company, date, channel, case)
        statutory = time_limit._get_term()
        committed = process._get_committed_term() if process else None
        return Limits(statutory, committed or statutory, time_limit, process)

    # --- Content as plain values

    def _export_data(self):
        """Return the content of the version as plain values (see CONTENT_FIELDS)."""
        self.ensure_one()
        data = {name: self[name] or False for name in CONTENT_FIELDS}
        data["set_count"] = self.set_count
        data["subjects"] = self.subject_ids.mapped("name")
        data["legal_bases"] = [
            {
                "number": basis.number,
                "title": basis.title,
                "issuer": basis.issuer,
                "date": basis.date,
            }
            for basis in self.legal_basis_ids
        ]
        data["cases"] = [_pick(case, CASE_FIELDS) for case in self.case_ids]
        data["channels"] = [
            {
                **_pick(channel, CHANNEL_FIELDS),
                "limits": [
                    {
                        **_pick(limit, LIMIT_FIELDS),
                        "case": limit.case_id.name,
                        "fees": [_pick(fee, FEE_FIELDS) for fee in limit.fee_ids],
                    }
                    for limit in channel.time_limit_ids
                ],
            }
            for channel in self.channel_ids
        ]
        data["documents"] = [
            {**_pick(part, DOCUMENT_FIELDS), "case": part.case_id.name}
            for part in self.document_ids
        ]
        data["results"] = [_pick(result, RESULT_FIELDS) for result in self.result_ids]
        return data

    def _describe_differences(self, old, new):
        """Return ``[(label, before, after)]`` in words of what differs in two contents.

        :param old: content as :meth:`_export_data` gives it
        :param new: content to compare with
        """
        return self._describe_changes(differences(old, new))

    def _describe_changes(self, changes):
        """Return ``[(label, before, after)]`` in words of ``differences``."""
        return [
            (
                self._describe_key(key),
                self._describe_value(key, before),
                self._describe_value(key, after),
            )
            for key, before, after in changes
        ]

    def _describe_key(self, key):
        relations = {
            "subjects": "subject_ids",
            "legal_bases": "legal_basis_ids",
            "cases": "case_ids",
            "channels": "channel_ids",
            "documents": "document_ids",
            "results": "result_ids",
        }
        name = relations.get(key, key)
        return self.fields_get([name], ["string"])[name]["string"]

    def _describe_value(self, key, value):
        """Return a content value in words, one line per row."""
        if not value:
            return ""
        if key == "channels":
            return "\n".join(self._describe_channel(row) for row in value)
        if key == "legal_bases":
            return "\n".join(row["number"] for row in value)
        if key in ("documents", "results", "cases"):
            return "\n".join(self._describe_row(row) for row in value)
        if key == "subjects":
            return "\n".join(value)
        if self._fields[key].type == "selection":
            labels = dict(self._fields[key]._description_selection(self.env))
            return labels.get(value, value)
        return str(value)

    def _describe_row(self, row):
        parts = [row.get("code"), row.get("name")]
        if row.get("originals") or row.get("copies"):
            parts.append(f"({row.get('originals') or 0}/{row.get('copies') or 0})")
        if row.get("case"):
            parts.append(f"[{row['case']}]")
        return " ".join(str(part) for part in parts if part)

    def _describe_channel(self, row):
        limit_model = self.env["cchc.procedure.time.limit"]
        channel_model = self.env["cchc.procedure.channel"]
        labels = dict(channel_model._fields["channel"]._description_selection(self.env))
        limits = []
        for limit in row.get("limits") or []:
            stated = limit.get("is_stated", True)
            term = Term(limit.get("amount"), limit.get("unit")) if stated else None
            text = limit_model._format_term(term)
            fees = [
                fee.get("legal_text") or fee.get("name")
                for fee in limit.get("fees") or []
            ]
            limits.append(" - ".join([text, *filter(None, fees)]))
        return f"{labels[row['channel']]}: {'; '.join(limits)}"

    @api.model
    def _create_from_data(self, items):
        """Create draft versions in one batch.

        :param items: list of ``(header, data)``; ``header`` holds procedure_id,
            valid_from and other fields of the version itself, ``data`` the content as
            :meth:`_export_data` gives it
        """
        subjects = self._get_subjects([data for _header, data in items])
        bases = self.env["cchc.legal.basis"]._find_or_create_all(
            [row for _header, data in items for row in data.get("legal_bases", [])]
        )
        versions = self.create(
            [
                {
                    **{
                        name: data[name]
                        for name in CONTENT_FIELDS
                        if data.get(name) not in (None, "")
                    },
                    "subject_ids": [
                        Command.set([subjects[name].id for name in data["subjects"]])
                    ]
                    if data.get("subjects")
                    else [],
                    "legal_basis_ids": [
                        Command.set(
                            [bases[row["number"]].id for row in data["legal_bases"]]
                        )
                    ]
                    if data.get("legal_bases")
                    else [],
                    "case_ids": _create_rows(data.get("cases"), CASE_FIELDS),
                    "result_ids": _create_rows(data.get("results"), RESULT_FIELDS),
                    **header,
                }
                for header, data in items
            ]
        )
        channels, documents = [], []
        for version, (_header, data) in zip(versions, items, strict=True):
            # rows that name a case need the cases to exist
            cases = {case.name: case.id for case in version.case_ids}
            channels += version._prepare_channels(data.get("channels") or [], cases)
            documents += [
                {
                    **_known(row, DOCUMENT_FIELDS),
                    "version_id": version.id,
                    "sequence": index,
                    "case_id": cases.get(row.get("case"), False),
                }
                for index, row in enumerate(data.get("documents") or [], 1)
            ]
        self.env["cchc.procedure.channel"].create(channels)
        self.env["cchc.procedure.document"].create(documents)
        return versions

    def _prepare_channels(self, rows, cases):
        self.ensure_one()
        return [
            {
                **_known(row, CHANNEL_FIELDS),
                "version_id": self.id,
                "sequence": index,
                "time_limit_ids": [
                    Command.create(
                        {
                            **_known(limit, LIMIT_FIELDS),
                            "sequence": number,
                            "case_id": cases.get(limit.get("case"), False),
                            "fee_ids": _create_rows(limit.get("fees"), FEE_FIELDS),
                        }
                    )
                    for number, limit in enumerate(row.get("limits") or [], 1)
                ],
            }
            for index, row in enumerate(rows, 1)
        ]

    @api.model
    def _get_subjects(self, data_list):
        """Return ``{name: kind of applicant}``, creating those not known yet."""
        subject_model = self.env["cchc.procedure.subject"]
        known = {
            subject.name.lower(): subject
            for subject in subject_model.with_context(active_test=False).search([])
        }
        names = dict.fromkeys(
            name for data in data_list for name in data.get("subjects") or []
        )
        missing = {name.lower(): name for name in names if name.lower() not in known}
        created = subject_model.create([{"name": name} for name in missing.values()])
        known.update({subject.name.lower(): subject for subject in created})
        return {name: known[name.lower()] for name in names}

    # --- Life cycle

    @api.constrains("state", "channel_ids")
    def _check_publishable(self):
        for version in self:
            if version.state == "published" and not (
                version.channel_ids.time_limit_ids
            ):
                raise ValidationError(
                    self.env._(
                        "%s has no channel with a time limit; add one (tick off "
                        '"Time Stated" when the law names no time) before publishing.',
                        version.display_name,
                    )
                )

    @api.constrains("valid_from", "state")
    def _check_not_repealed(self):
        for version in self:
            repealed = version.procedure_id.repealed_from
            if (
                version.state == "published"
                and repealed
                and version.valid_from >= repealed
            ):
                raise ValidationError(
                    self.env._(
                        "%(name)s is repealed from %(date)s; take back the repeal "
                        "before publishing a version from that day on.",
                        name=version.procedure_id.display_name,
                        date=format_date(self.env, repealed),
                    )
                )

    def action_publish(self):
        """Publish draft versions; from then on their content never changes."""
        self.check_access("write")
        drafts = self.filtered(lambda version: version.state == "draft")
        if not drafts:
            raise UserError(self.env._("Only a draft can be published."))
        drafts._unsealed().write(
            {
                "state": "published",
                "published_at": fields.Datetime.now(),
                "published_by_id": self.env.uid,
            }
        )
        drafts.procedure_id._refresh_current()
        drafts._carry_processes()

    def _carry_processes(self):
        """Take the processes in force over to the version that replaces theirs.

        They are published again when they still fit the new times; one that does not
        stays a draft and says why in its log. Those of other agencies are taken along
        too: a shared version may be amended by one agency and is used by all.
        """
        processes = (
            self.env["cchc.process"]
            .sudo()
            .search(
                [
                    ("version_id", "in", self.amended_version_id.ids),
                    ("state", "=", "published"),
                    ("valid_to", "=", False),
                ]
            )
            .grouped("version_id")
        )
        for version in self:
            scope = f"/{version.company_id.id}/"
            for process in processes.get(version.amended_version_id.sudo(), ()):
                lineage = f"/{process.company_id.parent_path}"
                if version.company_id and scope not in lineage:
                    continue
                process._amend(
                    max(process.valid_from, version.valid_from), version=version
                )._publish_or_explain()

    def _amend(self, valid_from, decision=None, company=None):
        """Return a new draft with the content of this version, valid from a day."""
        self.ensure_one()
        header = {
            "procedure_id": self.procedure_id.id,
            "valid_from": valid_from,
            "decision_id": decision.id if decision else False,
            "company_id": (company or self.company_id).id,
            "amended_version_id": self.id,
        }
        draft = self._create_from_data([(header, self._export_data())])
        draft._copy_templates(self)
        return draft

    def _copy_templates(self, source):
        """Take the form files over from the parts of ``source`` with the same name."""
        files = {
            part.code or part.name: part
            for part in source.document_ids
            if part.template_file
        }
        for part in self.document_ids if files else ():
            if old := files.get(part.code or part.name):
                part.write(
                    {
                        "template_file": old.template_file,
                        "template_file_name": old.template_file_name,
                    }
                )

    def action_amend(self):
        """Ask from which day and by which decision the version is amended."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Amend"),
            "res_model": "cchc.procedure.amend",
            "view_mode": "form",
            "target": "new",
            "context": {"default_version_id": self.id},
        }

    def action_confirm(self):
        """Take the mark "to be confirmed" off after checking against the decision.

        The one thing that may change on a published version: the values stay as they
        are, who confirmed them and when is logged. A wrong value is amended instead.
        """
        self.check_access("write")
        for version in self:
            limits = version.channel_ids.time_limit_ids
            marked = [
                rows.filtered("to_confirm")
                for rows in (limits, limits.fee_ids, version.document_ids)
            ]
            if not any(marked):
                continue
            for rows in marked:
                rows._unsealed().write({"to_confirm": False})
            version.message_post(
                body=self.env._(
                    "Confirmed against the published decision: %(times)s time limits, "
                    "%(fees)s fees, %(parts)s parts.",
                    times=len(marked[0]),
                    fees=len(marked[1]),
                    parts=len(marked[2]),
                )
            )
        self.procedure_id._refresh_current()

    def action_open_processes(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cchc_onestop.cchc_process_action"
        )
        action["domain"] = [("version_id", "=", self.id)]
        action["context"] = {"default_version_id": self.id}
        return action


def _pick(record, names):
    """Return the plain values of ``record``: counts as they are, else or False."""
    return {
        name: record[name] or (record[name] if _is_count(record, name) else False)
        for name in names
    }


def _is_count(record, name):
    return record._fields[name].type in ("integer", "float", "monetary")


def _known(row, names):
    """Return the values of ``row`` that are fields and given."""
    return {name: row[name] for name in names if row.get(name) is not None}


def _create_rows(rows, names):
    return [
        Command.create({**_known(row, names), "sequence": index})
        for index, row in enumerate(rows or [], 1)
    ]
