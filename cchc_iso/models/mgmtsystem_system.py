from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.cchc_onestop.tools.guard import is_unlocked

#: What is judged by the edition of a system: (model, field that points to the system).
_JUDGED = (
    ("mgmtsystem.audit", "system_id"),
    ("mgmtsystem.nonconformity", "system_id"),
    ("mgmtsystem.review", "system_id"),
    ("cchc.iso.clause.exclusion", "system_id"),
    ("cchc.iso.declaration", "system_id"),
)


class MgmtsystemSystem(models.Model):
    """Quality system of an agency under an edition of the standard.

    Only a system with an edition is ours; others of an office stay as OCA made them.
    """

    _name = "mgmtsystem.system"
    _inherit = ["mgmtsystem.system", "mail.thread", "mail.activity.mixin"]

    edition_id = fields.Many2one(
        "cchc.iso.edition",
        default=lambda self: self.env["cchc.iso.edition"]._current(),
        domain=[("is_certifiable", "=", True)],
        ondelete="restrict",
        tracking=True,
        help="Edition that the system conforms to; documents, audits and findings "
        "keep the one of their time",
    )
    scope_text = fields.Text(
        "Scope",
        tracking=True,
        help="What the system covers (phạm vi áp dụng), as the manual and the "
        "declaration state it",
    )
    update_days = fields.Integer(
        "Days to Update a Document",
        default=90,
        help="Days after a change of a procedure or process takes effect within which "
        "its process document must have a new issue",
    )
    nonconformity_days = fields.Integer(
        "Days to Correct",
        default=30,
        help="Days within which a nonconformity is corrected and its effect verified",
    )
    nonconformity_manager_id = fields.Many2one(
        "res.users",
        "Follows up Findings",
        domain="[('share', '=', False)]",
        help="Manager of new nonconformities and of what is overdue; empty: the ISO "
        "secretary of the agency, else a leader",
    )
    exclusion_ids = fields.One2many(
        "cchc.iso.clause.exclusion", "system_id", "Clauses That Do Not Apply"
    )
    member_ids = fields.One2many("cchc.iso.member", "system_id", "Board and Auditors")
    secretary_id = fields.Many2one(
        "res.users", "ISO Secretary", compute="_compute_people"
    )
    head_id = fields.Many2one(
        "res.users", "Head of the Board", compute="_compute_people"
    )
    obligation = fields.Selection(
        [("mandatory", "Mandatory"), ("encouraged", "Encouraged")],
        compute="_compute_obligation",
        help="Whether agencies of this level must apply the standard",
    )
    obligation_id = fields.Many2one(
        "cchc.iso.obligation", "Rule", compute="_compute_obligation"
    )
    posting_days = fields.Integer(
        "Days to Post a Declaration",
        default=10,
        help="Days after a declaration within which it is posted with the policy and "
        "the objectives",
    )
    declaration_id = fields.Many2one(
        "cchc.iso.declaration", "Declaration in Force", compute="_compute_declaration"
    )
    redeclare_text = fields.Text("Declare Again", compute="_compute_declaration")
    declaration_count = fields.Integer(compute="_compute_counts")
    cycle_count = fields.Integer(compute="_compute_counts")
    document_count = fields.Integer(compute="_compute_counts")
    audit_count = fields.Integer(compute="_compute_counts")
    nonconformity_open_count = fields.Integer(
        "Open Nonconformities", compute="_compute_counts"
    )
    reorganised_on = fields.Date(
        "Merged or Reorganised on",
        tracking=True,
        help="Last day on which the agency was merged, split or took over work: the "
        "system is declared again afterwards (QĐ 19/2014/QĐ-TTg Đ.4 k.3)",
    )

    _posting_days_check = models.Constraint(
        "CHECK (posting_days >= 0)", "The days to post cannot be negative."
    )
    _update_days_positive = models.Constraint(
        "CHECK (update_days > 0)", "Give at least one day to update a document."
    )
    _nonconformity_days_positive = models.Constraint(
        "CHECK (nonconformity_days > 0)",
        "Give at least one day to correct a nonconformity.",
    )

    def _cchc_company(self):
        """Return the agency of the system; for a shared one the agency in use."""
        self.ensure_one()
        return self.company_id or self.env.company

    @api.depends("member_ids.role", "member_ids.user_id", "member_ids.valid_to")
    @api.depends_context("company")
    def _compute_people(self):
        for system in self:
            system.secretary_id = system._cchc_people("3_secretary")[:1]
            system.head_id = system._cchc_people("1_head")[:1]

    def _cchc_people(self, *roles, day=None):
        """Return the active users who hold one of these roles on ``day`` (today)."""
        self.ensure_one()
        day = day or fields.Date.context_today(self)
        company = self._cchc_company()
        members = self.sudo().member_ids.filtered(
            lambda member: (
                member.role in roles
                and member.company_id == company
                and member.valid_from
                and member.valid_from <= day
                and (not member.valid_to or member.valid_to >= day)
            )
        )
        return members.user_id.filtered("active").sudo(self.env.su)

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_obligation(self):
        for system in self:
            rule = self.env["cchc.iso.obligation"]._for(system._cchc_company())
            system.obligation_id = rule
            system.obligation = rule.kind

    def write(self, vals):
        if "edition_id" in vals and not is_unlocked(self.env):
            self._cchc_check_edition_kept(vals["edition_id"])
        return super().write(vals)

    def _cchc_check_edition_kept(self, edition_id):
        """Refuse another edition once something was judged by the present one."""
        for system in self:
            if not system.edition_id or system.edition_id.id == edition_id:
                continue
            if system._cchc_has_judged():
                raise UserError(
                    self.env._(
                        "%(system)s has audits, findings or declarations under "
                        "%(edition)s: use “Move to Another Edition”, which shows what "
                        "changes and leaves the past as it is.",
                        system=system.name,
                        edition=system.edition_id.code,
                    )
                )

    def _cchc_has_judged(self):
        """Return whether anything refers to the present edition of the system."""
        self.ensure_one()
        return any(
            self.env[model].sudo().search_count([(field, "=", self.id)], limit=1)
            for model, field in _JUDGED
        )

    def _compute_counts(self):
        """How much of everything there is: one query per kind."""
        for name, (model, domain) in self._cchc_counted().items():
            records = self.env[model]
            counts = {}
            if records.has_access("read"):
                counts = dict(
                    records._read_group(
                        [("system_id", "in", self.ids), *domain],
                        ["system_id"],
                        ["__count"],
                    )
                )
            for system in self:
                system[name] = counts.get(system._origin, 0)

    @api.model
    def _cchc_counted(self):
        """Return ``{field: (model, domain)}`` of what the buttons count."""
        return {
            "declaration_count": ("cchc.iso.declaration", []),
            "cycle_count": ("cchc.iso.cycle", []),
            "document_count": ("document.page", [("doc_type_id", "!=", False)]),
            "audit_count": ("mgmtsystem.audit", []),
            "nonconformity_open_count": (
                "mgmtsystem.nonconformity",
                [("state", "not in", ("done", "cancel"))],
            ),
        }

    @api.model
    def _cchc_for(self, company=None):
        """Return the quality system of an agency: its own, else a shared one."""
        company = company or self.env.company
        return self.search(
            [
                ("company_id", "in", [company.id, False]),
                ("edition_id", "!=", False),
            ],
            order="company_id, id",
            limit=1,
        )

    @api.model
    def _cchc_adopt_quality(self):
        """Give OCA's ready-made system the edition in force, if it is still there and
        has none; systems of the office itself are not touched."""
        system = self.env.ref(
            "mgmtsystem_quality.system_quality", raise_if_not_found=False
        )
        if system and not system.edition_id:
            system.edition_id = self.env["cchc.iso.edition"]._current()

    def action_move_edition(self):
        """Open the form that moves the system to another edition."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Move to Another Edition"),
            "res_model": "cchc.iso.edition.move",
            "view_mode": "form",
            "target": "new",
            "context": {"default_system_id": self.id},
        }

    # --- Declaration of conformity

    @api.depends_context("company")
    def _compute_declaration(self):
        for system in self:
            company = system._cchc_company()
            system.declaration_id = self.env["cchc.iso.declaration"]._in_force(
                system, company
            )
            system.redeclare_text = "\n".join(
                reason["text"] for reason in system._cchc_redeclare_reasons(company)
            )

    def _cchc_redeclare_reasons(self, company=None):
        """Return why the agency must declare again (công bố lại), an empty list if it
        need not: QĐ 19/2014/QĐ-TTg Đ.4 k.3.

        :return: ``[{"kind", "text", "procedures"}]``: ``extended``, ``narrowed``,
            ``adjusted``, ``edition`` or ``merged``, a sentence, and the procedures
            that came or went
        """
        self.ensure_one()
        company = company or self._cchc_company()
        declaration = self.env["cchc.iso.declaration"].sudo()._in_force(self, company)
        if not declaration:
            return []
        return [
            *self._cchc_scope_reasons(declaration, company),
            *self._cchc_other_reasons(declaration, company),
        ]

    def _cchc_scope_reasons(self, declaration, company):
        """Which processes came or went since: procedures and internal ones."""
        rows = self.env["cchc.iso.procedure.coverage"].with_company(company).sudo()
        covered = rows.search([("status", "in", ("current", "outdated"))]).procedure_id
        declared = declaration.line_ids.procedure_id
        internal = declaration._internal_issues().page_id
        stated = declaration.line_ids.filtered(
            lambda line: line.kind == "internal"
        ).issue_id.page_id
        reasons = []
        added, came = covered - declared, internal - stated
        if added or came:
            reasons.append(
                {
                    "kind": "extended",
                    "procedures": added,
                    "text": self.env._(
                        "Scope extended: %s processes came since.",
                        len(added) + len(came),
                    ),
                }
            )
        ended, went = declared - covered, stated - internal
        if ended or went:
            reasons.append(
                {
                    "kind": "narrowed",
                    "procedures": ended,
                    "text": self.env._(
                        "Scope narrowed: %s declared processes ended.",
                        len(ended) + len(went),
                    ),
                }
            )
        return reasons

    def _cchc_other_reasons(self, declaration, company):
        none = self.env["cchc.procedure"]
        reasons = []
        exclusions = declaration._exclusions_of(self)
        if (
            (self.scope_text or "") != (declaration.scope_text or "")
            or exclusions != (declaration.exclusion_text or "")
        ) and self.edition_id == declaration.edition_id:
            reasons.append(
                {
                    "kind": "adjusted",
                    "procedures": none,
                    "text": self.env._(
                        "Scope adjusted: the text or the excluded clauses changed."
                    ),
                }
            )
        if self.edition_id != declaration.edition_id:
            reasons.append(
                {
                    "kind": "edition",
                    "procedures": none,
                    "text": self.env._(
                        "Edition changed: %(old)s was declared, the system conforms to "
                        "%(new)s.",
                        old=declaration.edition_id.code,
                        new=self.edition_id.code,
                    ),
                }
            )
        company = company.sudo()
        renamed = (declaration.agency_name, declaration.agency_code) != (
            company.name,
            company.cchc_unit_code,
        )
        moved = self.reorganised_on and (
            not declaration.decided_on or self.reorganised_on > declaration.decided_on
        )
        if renamed or moved:
            reasons.append(
                {
                    "kind": "merged",
                    "procedures": none,
                    "text": self.env._(
                        "Agency merged or reorganised since the declaration."
                    ),
                }
            )
        return reasons

    def _cchc_scope_change(self, company=None):
        """Return why the agency declares now, as the selection of a declaration."""
        if not self:
            return "first"
        self.ensure_one()
        company = company or self._cchc_company()
        if not self.env["cchc.iso.declaration"]._in_force(self, company):
            return "first"
        kinds = [reason["kind"] for reason in self._cchc_redeclare_reasons(company)]
        for kind in ("edition", "merged", "extended", "narrowed"):
            if kind in kinds:
                return kind
        return "adjusted"

    def action_open_declarations(self):
        """Open the declarations of the system."""
        return self._cchc_open("cchc_iso.cchc_iso_declaration_action")

    def action_open_cycles(self):
        """Open the yearly cycles of the system."""
        return self._cchc_open("cchc_iso.cchc_iso_cycle_action")

    def action_open_audits(self):
        """Open the audits of the system."""
        return self._cchc_open("cchc_iso.cchc_iso_audit_action")

    def action_open_nonconformities(self):
        """Open the nonconformities of the system."""
        return self._cchc_open("cchc_iso.mgmtsystem_nonconformity_action")

    def action_open_documents(self):
        """Open the controlled documents of the system."""
        action = self._cchc_open("cchc_iso.document_page_action")
        action["domain"] = [("doc_type_id", "!=", False), *action["domain"]]
        return action

    def _cchc_open(self, xmlid):
        """Return an action of ours for what belongs to this system."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        return {
            **action,
            "domain": [("system_id", "=", self.id)],
            "context": {"default_system_id": self.id},
        }
