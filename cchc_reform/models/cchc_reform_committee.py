from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

ROLES = [
    ("head", "Head"),
    ("standing_deputy", "Standing Deputy Head"),
    ("deputy", "Deputy Head"),
    ("member", "Member"),
    ("secretary", "Secretary"),
    ("group_leader", "Leader of the Group"),
    ("group_member", "Member of the Group"),
]
#: Roles that one person of a term holds.
_ONCE = ("head", "standing_deputy", "group_leader")


class CchcReformCommittee(models.Model):
    """Steering committee of reform (Ban Chỉ đạo CCHC), or the group that helps it.

    Who is in it changes with each reorganisation (kiện toàn), which is a decision of
    its own: a term. Earlier terms stay, so that it can be told who was in on a day.
    """

    _name = "cchc.reform.committee"
    _description = "Committee of Reform"
    _inherit = ["mail.thread"]
    _order = "company_id, sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [
            ("steering", "Steering Committee"),
            ("group", "Group of Assistants"),
            ("inspection", "Inspection Team"),
            ("other", "Other"),
        ],
        required=True,
        default="steering",
    )
    company_id = fields.Many2one(
        "res.company",
        "Agency",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    parent_id = fields.Many2one(
        "cchc.reform.committee",
        "Helps",
        check_company=True,
        ondelete="restrict",
        help="Committee that this group works for",
    )
    child_ids = fields.One2many("cchc.reform.committee", "parent_id", "Groups")
    term_ids = fields.One2many("cchc.reform.committee.term", "committee_id", "Terms")
    term_id = fields.Many2one(
        "cchc.reform.committee.term", "Term of Today", compute="_compute_term_id"
    )
    term_number = fields.Char("Decision", compute="_compute_term_id")
    member_ids = fields.One2many(
        "cchc.reform.committee.member",
        compute="_compute_term_id",
        string="Members of Today",
    )
    member_count = fields.Integer("Number of Members", compute="_compute_term_id")
    head_id = fields.Many2one(
        "cchc.reform.committee.member", compute="_compute_term_id"
    )
    note = fields.Text("Duties")
    active = fields.Boolean(default=True)

    @api.depends("term_ids.date_from", "term_ids.date_to", "term_ids.member_ids.role")
    def _compute_term_id(self):
        terms = self._terms_on(fields.Date.context_today(self))
        for committee in self:
            term = terms.get(committee, committee.term_ids.browse())
            committee.term_id = term
            committee.term_number = term.display_name if term else False
            committee.member_ids = term.member_ids
            committee.member_count = len(term.member_ids)
            committee.head_id = term.member_ids.filtered(
                lambda member: member.role in ("head", "group_leader")
            )[:1]

    def _terms_on(self, day):
        """Return ``{committee: term}`` in force on a day; one query."""
        terms = self.env["cchc.reform.committee.term"].search(
            Domain("committee_id", "in", self.ids)
            & Domain("date_from", "<=", day)
            & (Domain("date_to", "=", False) | Domain("date_to", ">=", day))
        )
        return {term.committee_id: term for term in terms}

    def _members_on(self, day):
        """Return who was in on a day, in the order of the decision."""
        terms = self._terms_on(day).values()
        return self.env["cchc.reform.committee.member"].union(
            *(term.member_ids for term in terms)
        )

    @api.constrains("parent_id")
    def _check_parent(self):
        if self._has_cycle():
            raise ValidationError(
                self.env._("A group cannot help itself; choose another committee.")
            )

    def action_new_term(self):
        """Open a further term with the members of the last one."""
        self.ensure_one()
        last = self.term_ids.sorted("date_from")[-1:]
        members = [
            fields.Command.create(member._copied()) for member in last.member_ids
        ]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Term"),
            "res_model": "cchc.reform.committee.term",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_committee_id": self.id,
                "default_member_ids": members,
                "default_issuer": last.issuer,
            },
        }


class CchcReformCommitteeTerm(models.Model):
    """Time of a committee under one decision (kiện toàn), with its members.

    The decision may be one of the Party, which has no year in its number
    (19-QĐ/ĐU). A further decision ends the term before it the day before it begins.
    """

    _name = "cchc.reform.committee.term"
    _description = "Term of a Committee"
    _order = "date_from desc, id desc"

    committee_id = fields.Many2one(
        "cchc.reform.committee", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="committee_id.company_id", store=True)
    number = fields.Char(
        "Decision No.", required=True, help="As printed: 19-QĐ/ĐU, 145/QĐ-UBND"
    )
    date = fields.Date("Signed on", required=True)
    issuer = fields.Char(help="E.g. the Party committee of the commune")
    date_from = fields.Date(
        "From",
        compute="_compute_date_from",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    date_to = fields.Date("To", help="Empty while nobody has decided otherwise")
    abstract = fields.Char("About")
    member_ids = fields.One2many(
        "cchc.reform.committee.member", "term_id", "Members", copy=True
    )
    attachment_ids = fields.Many2many("ir.attachment", string="Files")

    _valid = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "A term cannot end before it begins.",
    )

    @api.depends("date")
    def _compute_date_from(self):
        for term in self:
            term.date_from = term.date_from or term.date

    @api.depends("number", "date")
    def _compute_display_name(self):
        for term in self:
            day = term.date.strftime("%d/%m/%Y") if term.date else ""
            term.display_name = f"{term.number or ''} ({day})".strip()

    @api.model_create_multi
    def create(self, vals_list):
        terms = self.browse()
        for vals in vals_list:
            self._end_the_one_before(vals)
            terms |= super().create([vals])
        return terms

    def _end_the_one_before(self, vals):
        begins = fields.Date.to_date(vals.get("date_from") or vals.get("date"))
        if not begins or not vals.get("committee_id"):
            return
        before = self.search(
            [
                ("committee_id", "=", vals["committee_id"]),
                ("date_to", "=", False),
                ("date_from", "<", begins),
            ]
        )
        before.date_to = fields.Date.subtract(begins, days=1)

    @api.constrains("committee_id", "date_from", "date_to")
    def _check_overlap(self):
        for term in self:
            ends = term.date_to or fields.Date.to_date("9999-12-31")
            other = self.search(
                Domain("committee_id", "=", term.committee_id.id)
                & Domain("id", "!=", term.id)
                & Domain("date_from", "<=", ends)
                & (
                    Domain("date_to", "=", False)
                    | Domain("date_to", ">=", term.date_from)
                ),
                limit=1,
            )
            if other:
                raise ValidationError(
                    self.env._(
                        "%(term)s runs at the same time as %(other)s: correct the days "
                        "from which one and until which the other holds.",
                        term=term.display_name,
                        other=other.display_name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_planned(self):
        used = (
            self.env["cchc.reform.plan"]
            .sudo()
            .search(
                [
                    ("committee_id", "in", self.committee_id.ids),
                    ("state", "!=", "draft"),
                ]
            )
        )
        for term in self:
            for plan in used.filtered(
                lambda plan, term=term: plan.committee_id == term.committee_id
            ):
                if term in plan.committee_id._terms_on(plan.date_from).values():
                    raise UserError(
                        self.env._(
                            "%(term)s was in force when %(plan)s began; it stays.",
                            term=term.display_name,
                            plan=plan.display_name,
                        )
                    )


class CchcReformCommitteeMember(models.Model):
    """One person of a term of a committee, with the part that he has in it."""

    _name = "cchc.reform.committee.member"
    _description = "Member of a Committee"
    _order = "term_id, sequence, id"

    term_id = fields.Many2one(
        "cchc.reform.committee.term", required=True, ondelete="cascade", index=True
    )
    committee_id = fields.Many2one(
        related="term_id.committee_id", store=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="term_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    role = fields.Selection(ROLES, required=True, default="member")
    employee_id = fields.Many2one("hr.employee")
    user_id = fields.Many2one(
        "res.users",
        compute="_compute_from_employee",
        store=True,
        readonly=False,
        precompute=True,
    )
    name = fields.Char(
        compute="_compute_from_employee",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    position = fields.Char(
        compute="_compute_from_employee",
        store=True,
        readonly=False,
        precompute=True,
        help="Post in the agency, e.g. Chairman of the People's Committee",
    )
    duties = fields.Char(help="What this person looks after")

    _person_uniq = models.UniqueIndex(
        "(term_id, employee_id) WHERE employee_id IS NOT NULL",
        "A person stands in a term once.",
    )

    @api.depends("employee_id")
    def _compute_from_employee(self):
        for member in self:
            employee = member.employee_id.sudo()
            member.user_id = employee.user_id or member.user_id
            member.name = employee.name or member.name
            member.position = employee.job_title or member.position

    @api.depends("name", "role")
    def _compute_display_name(self):
        roles = dict(self._fields["role"]._description_selection(self.env))
        for member in self:
            member.display_name = f"{member.name} ({roles.get(member.role, '')})"

    @api.constrains("role", "term_id")
    def _check_once(self):
        roles = dict(self._fields["role"]._description_selection(self.env))
        for term, role, count in self._read_group(
            [("term_id", "in", self.term_id.ids), ("role", "in", _ONCE)],
            ["term_id", "role"],
            ["__count"],
        ):
            if count > 1:
                raise ValidationError(
                    self.env._(
                        "%(term)s has %(count)s people as “%(role)s”: only one can be.",
                        term=term.display_name,
                        count=count,
                        role=roles[role],
                    )
                )

    def _copied(self):
        """Return the values of the same member in a further term."""
        self.ensure_one()
        return {
            "sequence": self.sequence,
            "role": self.role,
            "employee_id": self.employee_id.id,
            "user_id": self.user_id.id,
            "name": self.name,
            "position": self.position,
            "duties": self.duties,
        }
