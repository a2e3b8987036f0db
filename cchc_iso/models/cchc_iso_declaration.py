from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_date

from odoo.addons.cchc_onestop.tools import replay
from odoo.addons.cchc_onestop.tools.guard import is_unlocked, unlocked

from .cchc_iso_procedure_coverage import in_force

#: What is entered after the head confirmed the effect: it comes with the signature.
_WITH_SIGNATURE = frozenset(
    {"number", "decided_on", "effective_from", "signer_id", "file", "file_name"}
)
#: What may be added to a published declaration: the signed copy.
_AFTER_PUBLICATION = frozenset({"file", "file_name"})
#: Kinds of documents that describe a process which is no administrative procedure.
INTERNAL = ("procedure_process", "system_procedure", "work_instruction")
_CHATTER = ("message_", "activity_", "website_message_", "review_ids")
SCOPE_CHANGES = [
    ("first", "First Declaration"),
    ("extended", "Scope Extended"),
    ("narrowed", "Scope Narrowed"),
    ("adjusted", "Scope Adjusted"),
    ("edition", "Edition Changed"),
    ("merged", "Agency Merged or Reorganised"),
]


class CchcIsoDeclaration(models.Model):
    """Declaration that the quality system conforms to the standard (bản công bố).

    The secretary drafts it, the head confirms that the system has effect, the approval
    gives it its signature, publishing takes the place of the one before
    (QĐ 19/2014/QĐ-TTg Đ.4). What is published stays as it was published: its lines name
    the issue of each process document of that day.
    """

    _name = "cchc.iso.declaration"
    _description = "Declaration of Conformity"
    _inherit = ["cchc.approval.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "decided_on desc, id desc"
    _check_company_auto = True
    _state_from = ["effect_confirmed"]
    _state_to = ["published"]
    _cancel_state = "withdrawn"
    _cchc_approval_required = True
    _cchc_signature_group = "cchc_iso.group_leader"
    _tier_validation_manual_config = False

    company_id = fields.Many2one(
        "res.company",
        "Agency",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    system_id = fields.Many2one(
        "mgmtsystem.system",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env["mgmtsystem.system"]._cchc_for(),
        domain="[('edition_id', '!=', False), "
        "('company_id', 'in', [company_id, False])]",
    )
    edition_id = fields.Many2one(
        "cchc.iso.edition",
        compute="_compute_edition",
        store=True,
        precompute=True,
        ondelete="restrict",
        help="Edition of the standard on the day of the declaration",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("effect_confirmed", "Effect Confirmed"),
            ("published", "In Force"),
            ("superseded", "Superseded"),
            ("withdrawn", "Withdrawn"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    number = fields.Char(
        copy=False, tracking=True, help="Number and notation, e.g. 45/CB-UBND"
    )
    decided_on = fields.Date("Signed on", copy=False, tracking=True)
    effective_from = fields.Date("In Force from", copy=False, tracking=True)
    signer_id = fields.Many2one(
        "res.users",
        tracking=True,
        default=lambda self: self.env["mgmtsystem.system"]._cchc_for().head_id,
    )
    file = fields.Binary("Signed Copy", attachment=True, copy=False)
    file_name = fields.Char(copy=False)
    scope_change = fields.Selection(SCOPE_CHANGES, "Why Declared", required=True)
    reason = fields.Text(help="What changed since the declaration before")
    scope_text = fields.Text(
        "Scope", compute="_compute_scope_text", store=True, readonly=False
    )
    exclusion_text = fields.Text(
        "Clauses That Do Not Apply",
        compute="_compute_exclusion_text",
        store=True,
        precompute=True,
    )
    replaces_id = fields.Many2one("cchc.iso.declaration", readonly=True, copy=False)
    ended_on = fields.Date("Until", readonly=True, copy=False)
    withdrawal_reason = fields.Text(readonly=True, copy=False, tracking=True)
    effect_confirmed_by_id = fields.Many2one(
        "res.users", "Effect Confirmed by", readonly=True, copy=False
    )
    effect_confirmed_at = fields.Datetime(readonly=True, copy=False)
    effect_grounds = fields.Text(
        "Grounds of the Effect",
        copy=False,
        help="On what the head relies: internal audit, management review, objectives",
    )
    agency_name = fields.Char(readonly=True, copy=False)
    agency_code = fields.Char(readonly=True, copy=False)
    in_force_count = fields.Integer("Procedures in Force", readonly=True, copy=False)
    covered_count = fields.Integer("Covered", readonly=True, copy=False)
    excluded_count = fields.Integer("Excluded", readonly=True, copy=False)
    line_ids = fields.One2many(
        "cchc.iso.declaration.line", "declaration_id", "Processes"
    )
    line_count = fields.Integer("Declared Processes", compute="_compute_line_count")
    changed_count = fields.Integer(
        "With a Later Issue",
        compute="_compute_changed_count",
        help="Declared processes whose document has another issue in force today",
    )
    posting_ids = fields.One2many("cchc.iso.posting", "declaration_id", "Posting Sheet")
    posting_open_count = fields.Integer("To Post", compute="_compute_posting_count")

    again_text = fields.Text("Declare Again", compute="_compute_again_text")
    again_signature = fields.Char(readonly=True, copy=False)

    _one_in_force = models.UniqueIndex(
        "(system_id, company_id) WHERE state = 'published'",
        "The agency has a declaration in force already.",
    )

    # --- Computed

    @api.depends("system_id")
    def _compute_edition(self):
        for declaration in self:
            if declaration.state in (False, "draft"):
                declaration.edition_id = declaration.system_id.edition_id

    @api.depends("system_id")
    def _compute_scope_text(self):
        for declaration in self:
            declaration.scope_text = (
                declaration.scope_text or declaration.system_id.scope_text
            )

    @api.depends(
        "system_id.exclusion_ids.clause_id", "system_id.exclusion_ids.justification"
    )
    def _compute_exclusion_text(self):
        for declaration in self:
            if declaration.state not in (False, "draft"):
                continue
            declaration.exclusion_text = self._exclusions_of(declaration.system_id)

    @api.model
    def _exclusions_of(self, system):
        """Return the clauses that do not apply to a system and why, a line each."""
        return "\n".join(
            f"{row.clause_id.code}: {(row.justification or '').strip()}"
            for row in system.exclusion_ids.sorted("sort_key")
            if row.edition_id == system.edition_id
        )

    @api.depends("number", "decided_on", "state", "company_id")
    def _compute_display_name(self):
        for declaration in self:
            if declaration.number:
                parts = [declaration.number]
                if declaration.decided_on:
                    parts.append(f"({format_date(self.env, declaration.decided_on)})")
            else:
                parts = [self.env._("Draft of %s", declaration.company_id.name or "")]
            declaration.display_name = " ".join(parts)

    @api.depends("line_ids")
    def _compute_line_count(self):
        counts = dict(
            self.env["cchc.iso.declaration.line"]._read_group(
                [("declaration_id", "in", self.ids)], ["declaration_id"], ["__count"]
            )
        )
        for declaration in self:
            declaration.line_count = counts.get(declaration._origin, 0)

    def _compute_changed_count(self):
        for declaration in self:
            declaration.changed_count = len(declaration.line_ids.filtered("is_changed"))

    @api.depends("posting_ids.posted_on")
    def _compute_posting_count(self):
        counts = dict(
            self.env["cchc.iso.posting"]._read_group(
                [("declaration_id", "in", self.ids), ("posted_on", "=", False)],
                ["declaration_id"],
                ["__count"],
            )
        )
        for declaration in self:
            declaration.posting_open_count = counts.get(declaration._origin, 0)

    # --- What is published stays

    def _cchc_guarded_states(self):
        return {"effect_confirmed", "published", "superseded", "withdrawn"}

    def _get_under_validation_exceptions(self):
        return [*super()._get_under_validation_exceptions(), *_WITH_SIGNATURE]

    def _get_after_validation_exceptions(self):
        return [*super()._get_after_validation_exceptions(), *_WITH_SIGNATURE]

    @api.model_create_multi
    def create(self, vals_list):
        if not is_unlocked(self.env):
            for vals in vals_list:
                vals.setdefault("scope_change", self._guess_scope_change(vals))
        return super().create(vals_list)

    def write(self, vals):
        if not is_unlocked(self.env):
            self._check_open(
                {name for name in vals if not name.startswith(_CHATTER)}
                - {"state", "validation_status"}
            )
        return super().write(vals)

    def _check_open(self, names):
        """Refuse a change of what the head has confirmed or the agency declared.

        :param names: fields that are to be changed
        """
        free = {
            "draft": None,
            "effect_confirmed": _WITH_SIGNATURE,
            "published": _AFTER_PUBLICATION,
        }
        for declaration in self:
            allowed = free.get(declaration.state, frozenset())
            if allowed is None or not (names - allowed):
                continue
            if declaration.state == "effect_confirmed":
                raise UserError(
                    self.env._(
                        "The head has confirmed the effect of this very content: put "
                        "the declaration back to draft to change it."
                    )
                )
            raise UserError(
                self.env._(
                    "The declaration %s was published and stays as it is; declare "
                    "again instead.",
                    declaration.display_name,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_confirmed(self):
        for declaration in self:
            if declaration.state != "draft":
                raise UserError(
                    self.env._(
                        "Only a draft is deleted; %s was confirmed by the head.",
                        declaration.display_name,
                    )
                )

    @api.model
    def _guess_scope_change(self, vals):
        """Return why an agency declares (again), from what changed since."""
        system = self.env["mgmtsystem.system"].browse(
            vals.get("system_id") or self.env["mgmtsystem.system"]._cchc_for().id
        )
        company = self.env["res.company"].browse(
            vals.get("company_id") or self.env.company.id
        )
        return system._cchc_scope_change(company)

    @api.onchange("system_id", "company_id")
    def _onchange_scope_change(self):
        if self.system_id and not self.scope_change:
            self.scope_change = self.system_id._cchc_scope_change(self.company_id)

    # --- Life

    def action_fill(self):
        """Take the processes with a document in force, procedures and internal ones."""
        self.ensure_one()
        self.check_access("write")
        self._check_draft()
        self.line_ids.unlink()
        lines = self.env["cchc.iso.declaration.line"]
        lines.create(
            [{"declaration_id": self.id, **vals} for vals in self._get_line_vals()]
        )
        if not self.effect_grounds:
            self.effect_grounds = self._get_grounds()

    def _check_draft(self):
        if any(declaration.state != "draft" for declaration in self):
            raise UserError(self.env._("Only a draft is changed."))

    def action_confirm_effect(self):
        """The head confirms that the system has effect (xác nhận hiệu lực).

        :raise UserError: without processes
        :raise AccessError: for anybody but a leader
        """
        if not self.env.user.has_group("cchc_iso.group_leader"):
            raise AccessError(
                self.env._("The head of the agency confirms the effect of the system.")
            )
        self.check_access("read")
        for declaration in self:
            declaration._check_draft()
            if not declaration.line_ids:
                raise UserError(
                    self.env._("Add the processes that are declared first.")
                )
        # what follows from the system is settled before the state freezes it
        self.flush_recordset()
        unlocked(self.sudo()).write(
            {
                "state": "effect_confirmed",
                "effect_confirmed_by_id": self.env.uid,
                "effect_confirmed_at": replay.now(self.env),
            }
        )

    def action_draft(self):
        """Take the confirmation back to change the content."""
        self.check_access("write")
        if any(declaration.state != "effect_confirmed" for declaration in self):
            raise UserError(
                self.env._("Only what waits for its signature goes back to draft.")
            )
        self._cchc_remove_reviews("restarted")
        unlocked(self).write(
            {
                "state": "draft",
                "effect_confirmed_by_id": False,
                "effect_confirmed_at": False,
            }
        )

    def action_publish(self):
        """Publish what is approved; the declaration before it is superseded.

        :raise UserError: without number, date and signer
        """
        self.check_access("write")
        for declaration in self:
            declaration._publish()

    def _publish(self):
        if self.state != "effect_confirmed":
            raise UserError(
                self.env._("The head confirms the effect before it is published.")
            )
        missing = [
            self._fields[name]._description_string(self.env)
            for name in ("number", "decided_on", "signer_id")
            if not self[name]
        ]
        if missing:
            raise UserError(
                self.env._("Enter before publishing: %s.", ", ".join(missing))
            )
        day = self.effective_from or self.decided_on
        before = self._in_force(self.system_id, self.company_id)
        figures = self.env["cchc.iso.procedure.coverage"]._figures(self.company_id)
        unlocked(before.sudo()).write({"state": "superseded", "ended_on": day})
        before.flush_recordset(["state"])
        unlocked(self).write(
            {
                "state": "published",
                "effective_from": day,
                "replaces_id": before.id,
                "agency_name": self.company_id.name,
                "agency_code": self.company_id.cchc_unit_code,
                "in_force_count": figures["total"],
                "covered_count": figures["current"] + figures["outdated"],
                "excluded_count": figures["excluded"],
            }
        )
        self.env["cchc.iso.posting"]._prepare_for(self)
        if before:
            before.sudo()._message_log(
                body=self.env._("Superseded by %s.", self.display_name)
            )

    def _withdraw(self, reason):
        """Withdraw a declaration in force; only a leader does it, with a reason."""
        if not self.env.user.has_group("cchc_iso.group_leader"):
            raise AccessError(self.env._("The head of the agency withdraws it."))
        self.check_access("read")
        if not (reason or "").strip():
            raise UserError(self.env._("State why the declaration is withdrawn."))
        if any(declaration.state != "published" for declaration in self):
            raise UserError(self.env._("Only a declaration in force can be withdrawn."))
        unlocked(self.sudo()).write(
            {
                "state": "withdrawn",
                "ended_on": fields.Date.context_today(self),
                "withdrawal_reason": reason.strip(),
            }
        )

    def action_withdraw(self):
        """Ask for the reason of the withdrawal."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Withdraw"),
            "res_model": "cchc.iso.declaration.withdraw",
            "view_mode": "form",
            "target": "new",
            "context": {"default_declaration_id": self.id},
        }

    @api.model
    def _in_force(self, system, company):
        """Return the declaration of an agency that is in force, or empty."""
        return self.search(
            [
                ("system_id", "=", system.id),
                ("company_id", "=", company.id),
                ("state", "=", "published"),
            ],
            limit=1,
        )

    # --- Content

    def _get_line_vals(self):
        """Return the processes to declare: those with an issue in force."""
        self.ensure_one()
        company = self.company_id
        rows = (
            self.env["cchc.iso.procedure.coverage"]
            .with_company(company)
            .search([("status", "in", ("current", "outdated"))])
        )
        vals = [
            {
                "kind": "procedure",
                "procedure_id": row.procedure_id.id,
                "process_id": row.issue_id.process_id.id,
                "issue_id": row.issue_id.id,
            }
            for row in rows
        ]
        return vals + [
            {"kind": "internal", "issue_id": issue.id}
            for issue in self._internal_issues()
        ]

    def _internal_issues(self):
        """Return the issues in force today that describe the agency's own processes,
        which are no administrative procedures."""
        company = self.company_id
        return self.env["document.page.history"].search(
            Domain("company_id", "=", company.id)
            & Domain("procedure_id", "=", False)
            & Domain("page_id.doc_key", "in", INTERNAL)
            & Domain("page_id.active", "=", True)
            & in_force(company._cchc_local_date(fields.Datetime.now()))
        )

    def _get_grounds(self):
        """Return the last closed audit and review of the agency as a sentence each."""
        sentences = []
        domain = [("company_id", "=", self.company_id.id), ("state", "=", "done")]
        audit = (
            self.env["mgmtsystem.audit"]
            .sudo()
            .search(
                [("system_id", "=", self.system_id.id), *domain],
                order="closing_date desc",
                limit=1,
            )
        )
        if audit:
            sentences.append(
                self.env._(
                    "Internal audit %(name)s, closed on %(date)s",
                    name=audit.reference,
                    date=format_date(self.env, audit.closing_date),
                )
            )
        review = (
            self.env["mgmtsystem.review"]
            .sudo()
            .search(
                [("system_id", "=", self.system_id.id), *domain],
                order="date desc",
                limit=1,
            )
        )
        if review:
            sentences.append(
                self.env._(
                    "Management review %(name)s of %(date)s",
                    name=review.reference,
                    date=format_date(self.env, review.date),
                )
            )
        return "\n".join(sentences)

    # --- Declaring again

    def _alert_again(self):
        """Tell the secretary once that what a declaration says no longer holds."""
        for declaration in self:
            system = declaration.system_id.with_company(declaration.company_id)
            reasons = system._cchc_redeclare_reasons(declaration.company_id)
            signature = ",".join(reason["kind"] for reason in reasons)
            if signature == (declaration.again_signature or ""):
                continue
            user = system.secretary_id or system.head_id
            declaration.activity_unlink(["cchc_iso.activity_declare_again"])
            if signature and user:
                speaker = declaration.with_context(lang=user.lang)
                declaration.activity_schedule(
                    "cchc_iso.activity_declare_again",
                    summary=speaker.env._("Declare conformity again"),
                    note=Markup("<br/>").join(
                        reason["text"]
                        for reason in system.with_context(
                            lang=user.lang
                        )._cchc_redeclare_reasons(declaration.company_id)
                    ),
                    user_id=user.id,
                )
            unlocked(declaration).again_signature = signature

    @api.depends("state")
    def _compute_again_text(self):
        for declaration in self:
            reasons = []
            if declaration.state == "published":
                reasons = declaration.system_id._cchc_redeclare_reasons(
                    declaration.company_id
                )
            declaration.again_text = "\n".join(reason["text"] for reason in reasons)

    def action_declare_again(self):
        """Open the draft of the declaration that takes the place of this one."""
        self.ensure_one()
        draft = self.search(
            [
                ("system_id", "=", self.system_id.id),
                ("company_id", "=", self.company_id.id),
                ("state", "in", ("draft", "effect_confirmed")),
            ],
            limit=1,
        )
        if not draft:
            draft = self.create(
                {
                    "system_id": self.system_id.id,
                    "company_id": self.company_id.id,
                    "signer_id": self.system_id.head_id.id or self.signer_id.id,
                    "scope_text": self.system_id.scope_text or self.scope_text,
                    "reason": self.again_text,
                }
            )
            draft.action_fill()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": draft.id,
            "view_mode": "form",
        }

    # --- Opening

    def action_open_lines(self):
        """Open the declared processes."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Declared Processes"),
            "res_model": "cchc.iso.declaration.line",
            "view_mode": "list",
            "domain": [("declaration_id", "=", self.id)],
            "context": {"create": False},
        }
