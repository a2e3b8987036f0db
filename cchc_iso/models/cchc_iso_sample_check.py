from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import LazyTranslate

from odoo.addons.cchc_onestop.tools.guard import is_unlocked, unlocked

from .cchc_iso_sample_line import FINDINGS, NONCONFORM

_lt = LazyTranslate(__name__)

#: Evidence that the pre-filling finds (``tools/record_checks.py``), in words.
SENTENCES = {
    "no_record": _lt("The dossier has no process record (yet)."),
    "taken_over": _lt("The dossier was taken over from another system."),
    "no_process": _lt("The dossier ran without an internal process."),
    "no_issue": _lt(
        "On %(day)s no approved issue of the document of process %(code)s was in force."
    ),
    "process_later": _lt(
        "The process applied is in force from %(begin)s only; the dossier began on "
        "%(day)s."
    ),
    "issue_later": _lt(
        "Issue %(issue)s of %(code)s is in force from %(begin)s only; the dossier "
        "began on %(day)s."
    ),
    "right_issue": _lt("Issue %(issue)s of %(code)s was in force on %(day)s."),
    "no_parts": _lt("The record names no part that is required."),
    "part_missing": _lt("Not received: %(name)s."),
    "parts_all": _lt("All %(count)s required parts were received."),
    "receipt": _lt("Receipt %(number)s of %(at)s."),
    "no_receipt": _lt("No receipt with an appointment (form 01) was issued."),
    "no_steps": _lt("The record has no step that was done."),
    "step_skipped": _lt("Step %(no)s was left out: %(name)s."),
    "step_not_done": _lt("Step %(no)s was not done: %(name)s."),
    "step_out_of_order": _lt("Step %(no)s was done out of order: %(name)s."),
    "steps_done": _lt("%(count)s steps, in order."),
    "step_late": _lt(
        "Step %(no)s late by %(late)s: %(name)s (planned %(planned)s, took %(actual)s)."
    ),
    "step_late_unmeasured": _lt("Step %(no)s late: %(name)s."),
    "steps_unmeasured": _lt("No working time is known for the steps."),
    "steps_in_time": _lt("%(count)s steps, each within its planned time."),
    "wrong_person": _lt(
        "Step %(no)s (%(name)s) was done by %(who)s; the process names %(wanted)s."
    ),
    "person_unknown": _lt(
        "Step %(no)s (%(name)s) was done by %(who)s; the process names nobody."
    ),
    "right_people": _lt("%(count)s steps, each by the person in charge or a stand-in."),
    "no_due": _lt("The record has no appointment or no end."),
    "total_late": _lt("Ended %(ended)s, due %(due)s."),
    "late_reason": _lt("Stated reason: %(reason)s."),
    "late_before": _lt(
        "Late on %(at)s already; the appointment was put off to %(due)s afterwards."
    ),
    "statutory_late": _lt("The statutory limit ended on %(due)s."),
    "total_in_time": _lt("Ended %(ended)s, due %(due)s."),
    "no_supplement": _lt("No supplement was requested."),
    "supplement_often": _lt("A supplement was requested %(count)s times."),
    "no_clock_stop": _lt(
        "%(count)s request(s) for a supplement, but %(pauses)s stop(s) of the clock."
    ),
    "no_supplement_paper": _lt("The written request (form 02) is missing."),
    "supplement_stop": _lt("The clock stood still from %(from)s to %(to)s."),
    "not_late": _lt("The dossier was not late; no apology is needed."),
    "apology": _lt("Apology %(number)s of %(at)s."),
    "no_apology": _lt("The dossier was late and no apology (form 04) was issued."),
    "no_result": _lt("The dossier was withdrawn or stopped; there is no result."),
    "unsigned": _lt("The record has no signature of the result."),
    "signer_wrong": _lt(
        "Signed by %(who)s, %(at)s, whom the process does not name for the signature."
    ),
    "signer_unknown": _lt(
        "Signed by %(who)s, %(at)s; the record does not tell who is competent."
    ),
    "signed": _lt("Signed by %(who)s, %(at)s."),
    "ready_late": _lt("The result was ready %(ended)s; the appointment was %(due)s."),
    "not_collected": _lt(
        "Ready %(ended)s, before the appointment %(due)s; not collected yet."
    ),
    "collected_later": _lt(
        "Ready %(ended)s, before the appointment %(due)s; collected %(returned)s."
    ),
    "returned": _lt("Returned %(returned)s; the appointment was %(due)s."),
    "no_fee": _lt("No fee was due."),
    "fee_unstated": _lt("%(name)s: the procedure states no amount."),
    "fee_less": _lt("%(name)s: %(paid)s paid of %(due)s due."),
    "fee_more": _lt("%(name)s: %(paid)s paid, only %(due)s due."),
    "no_fee_receipt": _lt("%(name)s: %(paid)s paid without a receipt."),
    "fees_right": _lt("All fees paid as due: %(paid)s."),
    "paper_unkept": _lt("Paper %(number)s (form %(form)s) is kept without a checksum."),
    "no_retention": _lt("No rule says how long the record is kept."),
    "kept": _lt("%(papers)s papers and %(files)s files kept until %(until)s."),
    "kept_forever": _lt("%(papers)s papers and %(files)s files kept for good."),
    "no_ledger": _lt("The dossier has no event log."),
    "ledger_broken": _lt("Line %(line)s of the event log was changed."),
    "ledger_differs": _lt(
        "The record was made from %(count)s events that the event log does not hold."
    ),
    "date_differs": _lt("%(field)s: %(record)s in the record, %(now)s in the dossier."),
    "ledger_whole": _lt("All %(count)s events are whole and agree with the record."),
}
#: Values that are working minutes, and those that are amounts of money.
_MINUTES = frozenset({"late", "planned", "actual", "committed"})
_MONEY = frozenset({"paid", "due_amount"})


class CchcIsoSampleCheck(models.Model):
    """Question about a sampled dossier: proposed from its record, answered by a person.

    A proposal is never an answer. Whoever answers otherwise than proposed says on what
    evidence.
    """

    _name = "cchc.iso.sample.check"
    _description = "Question about a Sampled Dossier"
    _inherit = ["cchc.guarded.mixin"]
    _guarded_free = frozenset({"finding", "evidence", "evidence_file_ids"})
    _order = "line_id, sequence, id"

    line_id = fields.Many2one(
        "cchc.iso.sample.line",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    sample_id = fields.Many2one(
        related="line_id.sample_id",
        store=True,
        precompute=True,
        index=True,
        ondelete="cascade",
    )
    audit_id = fields.Many2one(related="line_id.audit_id", store=True, precompute=True)
    company_id = fields.Many2one(
        related="line_id.company_id", store=True, precompute=True, string="Agency"
    )
    sequence = fields.Integer(readonly=True)
    type_id = fields.Many2one(
        "cchc.iso.sample.check.type", required=True, readonly=True, ondelete="restrict"
    )
    name = fields.Char("Question", related="type_id.name")
    guidance = fields.Text(related="type_id.guidance")
    kind = fields.Selection(related="type_id.kind")
    clause_id = fields.Many2one("cchc.iso.clause", readonly=True, ondelete="restrict")
    # --- Proposed from the record
    proposal = fields.Selection(
        [("met", "Met"), ("not_met", "Not Met"), ("unknown", "Cannot Say")],
        "Record Says",
        readonly=True,
        help="What the process record says; not an answer",
    )
    # Fetched by itself: to read it is to look into the process record.
    facts = fields.Json(readonly=True, prefetch=False)
    proposal_text = fields.Text("Evidence of the Record", compute="_compute_text")
    # --- Answered by the auditor
    finding = fields.Selection(
        FINDINGS, "Answer", required=True, default="not_checked", copy=False
    )
    evidence = fields.Text(
        copy=False,
        help="What the auditor saw; needed where he answers otherwise than the record",
    )
    evidence_file_ids = fields.Many2many(
        "ir.attachment",
        "cchc_iso_sample_check_attachment_rel",
        "check_id",
        "attachment_id",
        "Files",
        copy=False,
        bypass_search_access=True,
    )
    answered_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    answered_at = fields.Datetime(readonly=True, copy=False)
    nonconformity_id = fields.Many2one(
        "mgmtsystem.nonconformity",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    _type_once = models.Constraint(
        "UNIQUE (line_id, type_id)", "The question is asked once of each dossier."
    )

    def _fetch_query(self, query, fields):
        fetched = super()._fetch_query(query, fields)
        if fetched and any(field.name == "facts" for field in fields):
            dossiers = fetched.sudo().line_id.dossier_id
            self.env["cchc.iso.look"]._log(self._name, dossiers.ids, "sample")
        return fetched

    @api.depends("facts")
    @api.depends_context("lang")
    def _compute_text(self):
        for check in self:
            check.proposal_text = "\n".join(
                self._sentence(key, values) for key, values in check.facts or ()
            )

    @api.model
    def _sentence(self, key, values):
        """Return one piece of evidence in the language of the reader."""
        shown = {name: self._shown(key, name, value) for name, value in values.items()}
        text = self.env._(SENTENCES[key])  # pylint: disable=translation-not-lazy
        return text % shown

    @api.model
    def _shown(self, key, name, value):
        if name in _MINUTES:
            return self.env._("%s min", value) if value is not None else "–"
        if key.startswith("fee") or key == "no_fee_receipt":
            if name in ("paid", "due"):
                return f"{value:,.0f} đ".replace(",", ".")
        if name == "field":
            return self.env["cchc.dossier"]._fields[value]._description_string(self.env)
        return value

    # ------------------------------------------------------------------
    # Answers
    # ------------------------------------------------------------------
    @api.constrains("finding", "evidence", "evidence_file_ids")
    def _check_evidence(self):
        """Whoever answers otherwise than the record proposes says why."""
        for check in self:
            if not check._needs_evidence() or check.sudo().evidence_file_ids:
                continue
            if not (check.evidence or "").strip():
                raise ValidationError(
                    self.env._(
                        "“%s”: write the evidence or attach it. The process record "
                        "does not say so by itself.",
                        check.name,
                    )
                )

    def _needs_evidence(self):
        """Return whether the answer rests on more than the record."""
        self.ensure_one()
        if self.finding == "not_checked":
            return False
        if self.finding == "conform":
            return self.proposal != "met"
        if self.finding in NONCONFORM:
            return self.proposal != "not_met"
        return True

    def write(self, vals):
        """Write the answer of the auditor, with who gave it and when.

        :raises AccessError: for others than the team, and who handled the dossier
        :raises UserError: when the audit or the nonconformity stands already
        """
        if is_unlocked(self.env) or not set(vals) & self._guarded_free:
            return super().write(vals)
        self._check_unchanged_names(vals)
        self.line_id._check_may_answer()
        for check in self:
            if check.nonconformity_id and vals.get("finding", "") not in (
                "",
                *NONCONFORM,
            ):
                raise UserError(
                    self.env._(
                        "A nonconformity was raised for “%s”: withdraw it first.",
                        check.name,
                    )
                )
        answered = {}
        if "finding" in vals:
            open_again = vals["finding"] == "not_checked"
            answered = {
                "answered_by_id": not open_again and self.env.uid,
                "answered_at": not open_again and fields.Datetime.now(),
            }
        result = super().write(vals)
        if answered:
            unlocked(self.sudo()).write(answered)
        return result

    def _check_unchanged_names(self, vals):
        """Together with an answer nothing else is written."""
        if set(vals) - self._guarded_free:
            self._check_unlocked()

    def action_conform(self):
        self.write({"finding": "conform"})
        return True

    def action_nonconform(self):
        """Answer “minor nonconformity” and raise it, in one click."""
        self.filtered(lambda check: check.finding not in NONCONFORM).write(
            {"finding": "nc_minor"}
        )
        for check in self:
            check._raise_nonconformity()
        return True

    def action_open_nonconformity(self):
        self.ensure_one()
        return self.nonconformity_id.get_formview_action()

    def _raise_nonconformity(self):
        """Raise one nonconformity for these questions of one dossier.

        :return: the nonconformity
        """
        self.line_id.ensure_one()
        self.line_id._check_may_answer()
        line = self.line_id.sudo()
        major = "nc_major" in self.mapped("finding")
        first = self[:1]
        nonconformity = self.env["mgmtsystem.nonconformity"]._cchc_raise(
            {
                "company": line.company_id,
                "system": line.audit_id.system_id,
                "name": self.env._(
                    "Dossier %(code)s: %(question)s",
                    code=line.code,
                    question=first.name,
                )[:200],
                "description": self._deviation_text(),
                "evidence": self._evidence_text(),
                "category": "major" if major else "minor",
                "clause": self.sudo().clause_id,
                "department": line.department_id,
                "process": line.process_id,
                "dossier": line.dossier_id,
                "record": line.record_id,
                "audit": line.audit_id,
                "sample_line": line,
                "auditor": self.env.user,
            }
        )
        unlocked(self.sudo()).write({"nonconformity_id": nonconformity.id})
        return nonconformity

    def _deviation_text(self):
        """Return what a nonconformity describes: which questions were not met."""
        line = self.line_id.sudo()
        first = self.env._(
            "Dossier %(code)s, %(procedure)s, does not meet:",
            code=line.code,
            procedure=line.procedure_id.display_name,
        )
        return "\n".join([first, *(f"- {name}" for name in self.mapped("name"))])

    def _evidence_text(self):
        """Return the evidence of a nonconformity: what was seen at each question."""
        parts = []
        for check in self:
            said = [check.evidence] if check.evidence else []
            if check.proposal == "not_met":
                said.append(check.proposal_text)
            files = check.sudo().evidence_file_ids.mapped("name")
            parts.append(
                "\n".join([f"{check.name}:", *said, *(f"[{name}]" for name in files)])
            )
        return "\n\n".join(parts)
