from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

KINDS = [
    ("new", "New Appointment"),
    ("again", "Reappointment"),
    ("extended", "Term Extended"),
    ("rotated", "Rotation"),
    ("transferred", "Transfer"),
    ("dismissed", "Dismissal"),
]
#: Columns of the parts of a list.
PARTS = tuple(f"{kind}_count" for kind, _label in KINDS)


class CchcReformAppointment(models.Model):
    """Appointments to posts (bổ nhiệm): the list of a period, or one person.

    The parts of a list must add up to its total, 28 = 7 + 18 + 2 + 1; what does not is
    shown with what is missing. A person whose decision lies in the period of a list is
    part of that list and not counted again.
    """

    _name = "cchc.reform.appointment"
    _description = "Appointment"
    _inherit = ["cchc.reform.entry.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    is_list = fields.Boolean(
        "List of a Period",
        default=lambda self: bool(self.env.context.get("default_is_list")),
    )
    name = fields.Char("Title", compute="_compute_name", store=True, readonly=False)
    date = fields.Date(
        required=True,
        index=True,
        default=lambda self: fields.Date.context_today(self),
        help="Day of the decision; of a list its last day",
    )
    date_from = fields.Date("Since", help="First day of the period of a list")
    kind = fields.Selection(KINDS, default="new", help="Of a person")
    person = fields.Char("Full Name")
    user_id = fields.Many2one("res.users", "Person Here", ondelete="set null")
    position_from = fields.Char("Former Post")
    position = fields.Char("Post", help="Post to which the person is appointed")
    department_id = fields.Many2one(
        "hr.department", check_company=True, ondelete="restrict"
    )
    date_to = fields.Date("Term until")
    decision_id = fields.Many2one(
        "cchc.issued.document", check_company=True, ondelete="restrict"
    )
    decision = fields.Char("Decision No.", help="When it is not in the register")
    total = fields.Integer(tracking=True)
    new_count = fields.Integer("New")
    again_count = fields.Integer("Reappointed")
    extended_count = fields.Integer("Extended")
    rotated_count = fields.Integer("Rotated")
    transferred_count = fields.Integer("Transferred")
    dismissed_count = fields.Integer("Dismissed")
    parts_total = fields.Integer("Parts Together", compute="_compute_parts", store=True)
    is_balanced = fields.Boolean("Adds Up", compute="_compute_parts", store=True)
    warning = fields.Text(compute="_compute_warning")
    is_covered = fields.Boolean(
        "Part of a List",
        compute="_compute_is_covered",
        search="_search_is_covered",
        help="The decision lies in the period of a list, which counts it",
    )
    note = fields.Text("Notes")

    _parts = models.Constraint(
        "CHECK (LEAST(total, new_count, again_count, extended_count, rotated_count, "
        "transferred_count, dismissed_count) >= 0)",
        "The number of persons cannot be below zero.",
    )
    _dates = models.Constraint(
        "CHECK (date_from IS NULL OR date_from <= date)",
        "A period cannot end before it begins.",
    )
    _list_idx = models.Index("(company_id, date_from, date) WHERE is_list")

    # --- Computed

    @api.depends("is_list", "person", "kind", "date", "date_from")
    def _compute_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for entry in self:
            if entry.is_list:
                entry.name = entry.name or (
                    entry.date_from
                    and entry.date
                    and self.env._(
                        "Appointments %(first)s - %(last)s",
                        first=entry.date_from.strftime("%d/%m/%Y"),
                        last=entry.date.strftime("%d/%m/%Y"),
                    )
                )
            else:
                entry.name = " - ".join(
                    filter(None, [entry.person, labels.get(entry.kind)])
                )

    @api.depends("is_list", "total", *PARTS)
    def _compute_parts(self):
        for entry in self:
            entry.parts_total = sum(entry[part] for part in PARTS)
            entry.is_balanced = entry.parts_total == entry.total

    @api.depends("is_list", "total", "date", "date_from", *PARTS)
    def _compute_warning(self):
        for entry in self:
            entry.warning = (entry.is_list and entry._parts_sentence()) or False

    def _parts_sentence(self):
        """Return what the parts of a list lack, or what the register says instead."""
        self.ensure_one()
        difference = self.total - sum(self[part] for part in PARTS)
        parts = " + ".join(str(self[part]) for part in PARTS if self[part]) or "0"
        if difference > 0:
            return self.env._(
                "%(total)s appointments, but %(parts)s = %(sum)s: %(missing)s are "
                "missing.",
                total=self.total,
                parts=parts,
                sum=self.total - difference,
                missing=difference,
            )
        if difference < 0:
            return self.env._(
                "%(total)s appointments, but %(parts)s = %(sum)s: %(missing)s too "
                "many.",
                total=self.total,
                parts=parts,
                sum=self.total - difference,
                missing=-difference,
            )
        return self._register_sentence()

    def _register_sentence(self):
        """Return how the list differs from the single appointments of its period."""
        if not self.date_from or not self._origin.id:
            return False
        labels = dict(self._fields["kind"]._description_selection(self.env))
        found = self._read_group(
            [
                ("company_id", "=", self.company_id.id),
                ("is_list", "=", False),
                ("date", ">=", self.date_from),
                ("date", "<=", self.date),
            ],
            ["kind"],
            ["__count"],
        )
        more = [
            f"{labels[kind]}: {count} > {self[f'{kind}_count']}"
            for kind, count in found
            if kind and count > self[f"{kind}_count"]
        ]
        return more and self.env._(
            "More single appointments of this period are recorded than the list "
            "counts: %s.",
            ", ".join(more),
        )

    @api.depends("is_list", "date", "company_id")
    def _compute_is_covered(self):
        covered = self.search([("id", "in", self.ids), ("is_covered", "=", True)])
        for entry in self:
            entry.is_covered = entry._origin in covered

    def _search_is_covered(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = Domain("id", "in", self._covered_query())
        return domain if True in value else ~domain

    @api.model
    def _covered_query(self):
        """Return the statement for persons that a list of their period counts."""
        return SQL(
            """(SELECT single.id
                  FROM cchc_reform_appointment single
                  JOIN cchc_reform_appointment list
                    ON list.is_list AND list.company_id = single.company_id
                   AND single.date BETWEEN list.date_from AND list.date
                 WHERE single.is_list IS NOT TRUE)"""
        )

    # --- What holds for an entry

    @api.constrains("is_list", "date_from", "person", "kind")
    def _check_complete(self):
        for entry in self:
            if entry.is_list and not entry.date_from:
                raise ValidationError(
                    self.env._(
                        "Enter the first day of the period of “%s”.", entry.name or ""
                    )
                )
            if not entry.is_list and not (entry.person and entry.kind):
                raise ValidationError(
                    self.env._("Enter who is appointed, and in which way.")
                )

    @api.constrains("is_list", "date_from", "date", "company_id")
    def _check_overlap(self):
        for entry in self.filtered("is_list"):
            other = self.search(
                [
                    ("id", "!=", entry.id),
                    ("is_list", "=", True),
                    ("company_id", "=", entry.company_id.id),
                    ("date_from", "<=", entry.date),
                    ("date", ">=", entry.date_from),
                ],
                limit=1,
            )
            if other:
                raise ValidationError(
                    self.env._(
                        "“%s” is a list of some of these days already; nobody is "
                        "counted twice.",
                        other.name,
                    )
                )

    @api.onchange("user_id")
    def _onchange_user_id(self):
        if self.user_id:
            self.person = self.user_id.name
            employee = self.user_id.sudo().with_company(self.company_id).employee_id
            self.department_id = employee.department_id.id
            self.position_from = employee.job_title

    @api.onchange("is_list")
    def _onchange_is_list(self):
        if self.is_list and not self.date_from and self.date:
            self.date_from = self.date.replace(month=1, day=1)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            is_list = vals.get("is_list", self.env.context.get("default_is_list"))
            if not is_list:
                self._set_person(vals)
        return super().create(vals_list)

    def write(self, vals):
        if "kind" in vals:
            vals = dict(vals)
            if not any(self.mapped("is_list")):
                self._set_person(vals)
        return super().write(vals)

    @api.model
    def _set_person(self, vals):
        """A person is one appointment of his kind: lists and persons add up alike."""
        kind = vals.get("kind") or "new"
        vals.update(dict.fromkeys(PARTS, 0))
        vals.update({"kind": kind, "total": 1, f"{kind}_count": 1})
