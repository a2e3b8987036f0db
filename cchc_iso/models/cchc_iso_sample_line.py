from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.cchc_onestop.models.cchc_dossier_clock import TIMELINESS
from odoo.addons.cchc_onestop.tools.guard import unlocked
from odoo.addons.cchc_onestop.tools.transitions import STATES

from ..tools import record_checks
from ..tools.record_header import moment, stored

FINDINGS = [
    ("not_checked", "Not Checked"),
    ("conform", "Conforms"),
    ("nc_major", "Major Nonconformity"),
    ("nc_minor", "Minor Nonconformity"),
    ("observation", "Observation"),
    ("ofi", "Opportunity for Improvement"),
    ("not_applicable", "Not Applicable"),
]
NONCONFORM = ("nc_major", "nc_minor")
#: The worst answer is that of the dossier.
_WORST = ("nc_major", "nc_minor", "observation", "ofi", "conform", "not_applicable")


class CchcIsoSampleLine(models.Model):
    """Sampled dossier: its process record beside the questions of the auditor.

    What it was when drawn is kept here; the dossier itself is open to the auditor only
    while the audit runs.
    """

    _name = "cchc.iso.sample.line"
    _description = "Sampled Dossier"
    _inherit = ["cchc.guarded.mixin"]
    _guarded_free = frozenset({"note"})
    _order = "sample_id, draw_no, id"
    _rec_name = "code"

    sample_id = fields.Many2one(
        "cchc.iso.sample", required=True, readonly=True, index=True, ondelete="cascade"
    )
    audit_id = fields.Many2one(
        related="sample_id.audit_id", store=True, precompute=True, index=True
    )
    company_id = fields.Many2one(
        related="sample_id.company_id", store=True, precompute=True, string="Agency"
    )
    draw_no = fields.Integer("No.", required=True, readonly=True)
    dossier_id = fields.Many2one(
        "cchc.dossier", required=True, readonly=True, index=True, ondelete="restrict"
    )
    record_id = fields.Many2one(
        "cchc.iso.record",
        "Process Record",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Record of the end of the dossier that the questions are asked of",
    )
    stratum = fields.Char(readonly=True)
    reason = fields.Char(readonly=True, help="Why the auditor chose it")
    # --- As it was drawn
    code = fields.Char("Dossier Code", readonly=True)
    procedure_id = fields.Many2one("cchc.procedure", readonly=True, ondelete="restrict")
    process_id = fields.Many2one("cchc.process", readonly=True, ondelete="restrict")
    department_id = fields.Many2one(
        "hr.department",
        readonly=True,
        ondelete="restrict",
        help="Department that settles the dossier",
    )
    accepted_at = fields.Datetime("Received", readonly=True)
    due_at = fields.Datetime("Appointment", readonly=True)
    ended_at = fields.Datetime("Ended", readonly=True)
    dossier_state = fields.Selection(
        [(state.key, state.label) for state in STATES],
        "State of the Dossier",
        readonly=True,
    )
    timeliness = fields.Selection(TIMELINESS, readonly=True)
    is_late = fields.Boolean("Late", readonly=True)
    # --- Questions
    check_ids = fields.One2many("cchc.iso.sample.check", "line_id", "Questions")
    finding = fields.Selection(
        FINDINGS,
        compute="_compute_finding",
        store=True,
        help="Follows from the answers: not checked while one is missing, else the "
        "gravest of them",
    )
    check_count = fields.Integer("Number of Questions", compute="_compute_counts")
    open_count = fields.Integer("Open", compute="_compute_counts")
    proposed_count = fields.Integer(
        "Deviations Proposed",
        compute="_compute_counts",
        help="Questions that the process record answers with “not met”",
    )
    note = fields.Text()
    nonconformity_ids = fields.One2many(
        "mgmtsystem.nonconformity", "sample_line_id", "Nonconformities"
    )
    nonconformity_count = fields.Integer(compute="_compute_nonconformity_count")
    may_answer = fields.Boolean(compute="_compute_may_answer")
    steps_html = fields.Html(
        "Planned Beside Actual", compute="_compute_steps_html", sanitize=False
    )

    _dossier_once = models.Constraint(
        "UNIQUE (sample_id, dossier_id)", "The dossier is in the sample already."
    )

    # ------------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------------
    @api.depends("check_ids.finding")
    def _compute_finding(self):
        for line in self:
            answers = set(line.check_ids.mapped("finding"))
            if not answers or "not_checked" in answers:
                line.finding = "not_checked"
            else:
                line.finding = next(one for one in _WORST if one in answers)

    @api.depends("check_ids.finding", "check_ids.proposal")
    def _compute_counts(self):
        for line in self:
            checks = line.check_ids
            line.check_count = len(checks)
            line.open_count = len(
                checks.filtered(lambda check: check.finding == "not_checked")
            )
            line.proposed_count = len(
                checks.filtered(lambda check: check.proposal == "not_met")
            )

    @api.depends("nonconformity_ids")
    def _compute_nonconformity_count(self):
        for line in self:
            line.nonconformity_count = len(line.sudo().nonconformity_ids)

    @api.depends_context("uid")
    @api.depends("audit_id")
    def _compute_may_answer(self):
        for line in self:
            line.may_answer = (
                line.sample_id.state == "drawn"
                and self.env.user in line.audit_id.sudo().auditor_user_ids
                and line.audit_id.sudo()._cchc_may_sample(self.env.user)
            )

    @api.depends("record_id")
    @api.depends_context("uid", "lang")
    def _compute_steps_html(self):
        """Table of the process record; to open it is a look at the dossier."""
        self.env["cchc.iso.look"]._log(self._name, self.sudo().dossier_id.ids, "sample")
        for line in self:
            record = line.sudo().record_id if line._shows_record() else None
            line.steps_html = record and self.env["ir.qweb"]._render(
                "cchc_iso.sample_line_steps",
                {
                    "steps": [line._step_row(step) for step in record._data()["steps"]],
                    "line": line,
                },
            )

    def _shows_record(self):
        """Return whether the reader may see the record behind this line now."""
        self.ensure_one()
        record = self.env["cchc.iso.record"].browse(self.sudo().record_id.id)
        return bool(record) and record.has_access("read")

    def _step_row(self, step):
        """Return one step as the auditor compares it."""
        company = self.sudo().company_id

        def local(text):
            if not text:
                return ""
            return f"{company._cchc_local_time(stored(text)):%H:%M %d/%m/%Y}"

        def span(minutes):
            return "" if minutes is None else self.env._("%s min", minutes)

        named = ", ".join(person["name"] for person in step["candidates"])
        states = self.env["cchc.dossier.step"]._fields["state"]
        return {
            "no": step["no"],
            "name": step["name"],
            "late": bool(step["late_minutes"]),
            "planned": span(step["planned_minutes"]),
            "actual": span(step["actual_minutes"]),
            "over": span(step["late_minutes"] or None),
            "planned_end": local(step["planned_end_at"]),
            "ended": local(step["ended_at"]),
            "wanted": named or step["department"],
            "who": (step["done_by"] or {}).get("name", ""),
            "wrong": step["right_person"] is False,
            "state": dict(states._description_selection(self.env)).get(step["state"]),
        }

    # ------------------------------------------------------------------
    # Draw
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        dossiers = self.env["cchc.dossier"].sudo()
        dossiers = dossiers.browse([vals["dossier_id"] for vals in vals_list])
        frozen = {dossier.id: self._frozen(dossier) for dossier in dossiers}
        return super().create(
            [{**vals, **frozen[vals["dossier_id"]]} for vals in vals_list]
        )

    @api.model
    def _frozen(self, dossier):
        """Return what is kept of a dossier as it is drawn."""
        work = dossier.process_id.step_ids.filtered(
            lambda step: step.role == "handle" and step.department_id
        )
        return {
            "code": dossier.name,
            "procedure_id": dossier.procedure_id.id,
            "process_id": dossier.process_id.id,
            "department_id": (work[:1].department_id or dossier.department_id).id,
            "accepted_at": dossier.accepted_at,
            "due_at": dossier.due_at,
            "ended_at": dossier.ended_at,
            "dossier_state": dossier.state,
            "timeliness": dossier.timeliness,
            "is_late": dossier.timeliness == "late" or bool(dossier.late_at),
        }

    def _find_records(self):
        """Point to the record of the end of each dossier, where there is one."""
        known = {
            record.dossier_id.id: record.id
            for record in self.env["cchc.iso.record"]
            .sudo()
            .search(
                [("dossier_id", "in", self.dossier_id.ids), ("supplement_no", "=", 0)]
            )
        }
        for line in self.filtered(lambda line: line.dossier_id.id in known):
            unlocked(line).write({"record_id": known[line.dossier_id.id]})

    def _proposals(self, kinds):
        """Return what the process records propose.

        The columns of what happened after the end come from the latest record.

        :return: ``{(line, question): values of the check}``
        """
        lines = self.sudo()
        lines.filtered(lambda line: not line.record_id)._find_records()
        worlds = lines._worlds()
        latest = dict(zip(lines.record_id, lines.record_id._latest(), strict=True))
        result = {}
        for line in lines:
            record = latest.get(line.record_id)
            data = record._data() if record else None
            for kind in kinds:
                said = record_checks.propose(kind.code, data, worlds[line])
                result[line.sudo(False), kind] = {
                    "proposal": said.outcome if said else False,
                    "facts": said.facts if said else False,
                }
        return result

    def _worlds(self):
        """Return what the checks need beside a record: the date ledger of today."""
        events = self.env["cchc.dossier.event"].sudo()
        dossiers = self.dossier_id
        hashes = {dossier.id: [] for dossier in dossiers}
        for row in events.search_fetch(
            [("dossier_id", "in", dossiers.ids)],
            ["dossier_id", "hash"],
            order="dossier_id, sequence",
        ):
            hashes[row.dossier_id.id].append(row.hash)
        broken = self._broken_ledgers(dossiers)
        latest = {record.dossier_id: record for record in self.record_id._latest()}
        worlds = {}
        for line in self:
            dossier = line.dossier_id
            chain = hashes[dossier.id]
            record = latest.get(dossier)
            count = record.event_count if record else 0
            worlds[line] = {
                "tz": line.company_id._cchc_tz().key,
                "ledger": chain
                and {
                    "hash": chain[count - 1] if 0 < count <= len(chain) else None,
                    "broken_line": broken.get(dossier.id),
                    **{
                        name: moment(dossier[name])
                        for name in ("accepted_at", "clock_start_at", "ended_at")
                    },
                },
            }
        return worlds

    @api.model
    def _broken_ledgers(self, dossiers):
        """Return ``{dossier id: number of its first broken line}``."""
        events = self.env["cchc.dossier.event"].sudo()
        ids = sorted(dossiers.ids)
        broken = {}
        while ids and (found := events._verify(ids)):
            broken[found["dossier_id"]] = found["line"]
            ids = [one for one in ids if one > found["dossier_id"]]
        return broken

    def _make_checks(self):
        """Write the questions of each dossier with the answers that are proposed."""
        kinds = self.env["cchc.iso.sample.check.type"].sudo()._asked()
        proposals = self._proposals(kinds)
        rows = []
        for audit, lines in self.grouped("audit_id").items():
            clauses = kinds._clause_of(audit.sudo().edition_id)
            rows += [
                {
                    "line_id": line.id,
                    "type_id": kind.id,
                    "sequence": kind.sequence,
                    "clause_id": clauses[kind].id,
                    **proposals[line, kind],
                }
                for line in lines
                for kind in kinds
            ]
        unlocked(self.env["cchc.iso.sample.check"].sudo()).create(rows)

    def _propose_again(self):
        """Propose answers anew for the questions that are still open."""
        for line in self:
            line.audit_id._cchc_check_open()
        checks = self.check_ids.filtered(lambda check: check.finding == "not_checked")
        proposals = checks.line_id._proposals(checks.type_id)
        for check in checks:
            unlocked(check.sudo()).write(proposals[check.line_id, check.type_id])

    # ------------------------------------------------------------------
    # Answers
    # ------------------------------------------------------------------
    def _unanswered(self):
        """Return a sentence for each dossier that keeps the audit open."""
        problems = []
        for line in self:
            if line.finding == "not_checked":
                problems.append(
                    self.env._(
                        "Dossier %(code)s of “%(sample)s”: %(count)s question(s) not "
                        "answered.",
                        code=line.code,
                        sample=line.sample_id.name,
                        count=line.open_count or 1,
                    )
                )
                continue
            found = line.check_ids.filtered(lambda check: check.finding in NONCONFORM)
            if unraised := found.filtered(lambda check: not check.nonconformity_id):
                problems.append(
                    self.env._(
                        "Dossier %(code)s of “%(sample)s”: no nonconformity was raised "
                        "for “%(question)s”.",
                        code=line.code,
                        sample=line.sample_id.name,
                        question=unraised[0].name,
                    )
                )
        return problems

    def _check_may_answer(self):
        """Raise unless the user audits this dossier now, independently."""
        user = self.env.user
        for line in self:
            audit = line.audit_id
            if line.sudo().sample_id.state != "drawn":
                raise UserError(
                    self.env._(
                        "“%s” is set aside: its questions are not answered any more.",
                        line.sudo().sample_id.name,
                    )
                )
            audit._cchc_check_auditing()
            if not self.env.su:
                user._cchc_check_independent(line.sudo().department_id)
            own = line.sudo().dossier_id.step_ids.done_by_id
            if not self.env.su and user in own:
                raise AccessError(
                    self.env._(
                        "You handled dossier %s yourself: another auditor answers its "
                        "questions (ISO 9001, 9.2.2).",
                        line.code,
                    )
                )

    def _form_action(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.code,
            "res_model": "cchc.iso.sample.line",
            "view_mode": "form",
            "res_id": self.id,
        }

    def action_open_form(self):
        return self._form_action()

    def action_next(self):
        """Open the next dossier of the sample with an open question."""
        self.ensure_one()
        line = self.sample_id._next_line(after=self)
        return line._form_action() if line else self.sample_id.get_formview_action()

    def action_confirm_met(self):
        """Answer “conforms” to the open questions that the record says are met."""
        self.check_ids.filtered(
            lambda check: check.finding == "not_checked" and check.proposal == "met"
        ).action_conform()
        return True

    def action_open_dossier(self):
        """Open the dossier; for an auditor only while the audit runs."""
        self.ensure_one()
        dossier = self.env["cchc.dossier"].browse(self.sudo().dossier_id.id)
        dossier.check_access("read")
        return dossier.get_formview_action()

    def action_raise_nonconformity(self):
        """Raise one nonconformity for all deviations of this dossier without one."""
        self.ensure_one()
        found = self.check_ids.filtered(
            lambda check: check.finding in NONCONFORM and not check.nonconformity_id
        )
        if not found:
            raise UserError(
                self.env._(
                    "Answer a question of dossier %s as not conforming first.",
                    self.code,
                )
            )
        found._raise_nonconformity()
        return True

    def action_open_nonconformities(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Nonconformities"),
            "res_model": "mgmtsystem.nonconformity",
            "view_mode": "list,form",
            "domain": [("sample_line_id", "=", self.id)],
        }
