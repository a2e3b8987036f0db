from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..tools import bundle_plan
from .cchc_procedure_outline import Promise


class CchcBundleType(models.Model):
    """Definition of a group of interlinked procedures (nhóm TTHC liên thông).

    The group is received like a procedure, under the code of its own TTHC; the lines
    say which procedures it is made of, who settles each, in which order and in what
    time. Valid between dates: a group in progress keeps what held when it was
    received.
    """

    _name = "cchc.bundle.type"
    _description = "Interlinked Group of Procedures"
    _order = "procedure_id, valid_from desc, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    procedure_id = fields.Many2one(
        "cchc.procedure",
        string="Procedure of the Group",
        required=True,
        ondelete="restrict",
        index=True,
        domain=[("interlinked", "=", True)],
        help="The group's own procedure: its code stands on the receipt and in the "
        "statistics",
    )
    company_id = fields.Many2one(
        "res.company",
        string="Agency",
        help="Only for groups received by this agency and those below it; empty: for "
        "all",
    )
    valid_from = fields.Date(required=True)
    valid_to = fields.Date(help="Last day on which groups are received under it")
    legal_basis = fields.Text()
    to_confirm = fields.Boolean(
        string="To Be Confirmed", help="Not seen in an official text yet"
    )
    deadline_rule = fields.Selection(
        "_select_deadline_rule",
        string="Rule of Counting",
        required=True,
        default="interlinked",
        help="Deadline rule that counts working days in this group: what is received "
        "after 15:00 counts from the next working day",
    )
    total_amount = fields.Float(
        string="Time for the Whole (working days)",
        digits=(12, 2),
        help="0: the sum of the parts along the longest way",
    )
    total_verify_amount = fields.Float(
        string="Time with Verification (working days)",
        digits=(12, 2),
        help="When a part needs verification; 0: the sum of the parts",
    )
    supplement_days = fields.Integer(
        string="Time for a Supplement (working days)",
        default=7,
        help="One request for the whole group; when it is not answered in time, "
        "stopping is proposed",
    )
    acknowledge_hours = fields.Float(
        string="Acknowledgement within (working hours)",
        default=2.0,
        help="The next agency confirms the arrival within this time",
    )
    outage_hours = fields.Float(
        string="Outage at Most (hours)",
        default=24.0,
        help="A stop of the clock because the system is down; longer ones are shown",
    )
    line_ids = fields.One2many("cchc.bundle.type.line", "type_id", copy=True)
    part_ids = fields.One2many("cchc.bundle.type.part", "type_id", copy=True)
    line_count = fields.Integer(compute="_compute_line_count")

    _valid_range = models.Constraint(
        "CHECK (valid_to IS NULL OR valid_to >= valid_from)",
        "A group cannot end before it begins.",
    )
    _numbers = models.Constraint(
        "CHECK (total_amount >= 0 AND total_verify_amount >= 0 "
        "AND supplement_days >= 0 AND acknowledge_hours >= 0 AND outage_hours >= 0)",
        "The times of a group cannot be negative.",
    )

    @api.model
    def _select_deadline_rule(self):
        """Return the codes of the deadline rules, each with the name of its latest
        edition; the code is what is stored, whatever edition is in force."""
        rules = self.env["cchc.deadline.rule"].sudo().with_context(active_test=False)
        names = {}
        for rule in rules.search([("code", "!=", False)]):
            names.setdefault(rule.code, rule.name)
        return list(names.items())

    @api.depends("line_ids")
    def _compute_line_count(self):
        for group in self:
            group.line_count = len(group.line_ids)

    @api.constrains("procedure_id", "company_id", "valid_from", "valid_to", "active")
    def _check_editions(self):
        """Two editions of a group are never in force on the same day."""
        for group in self.filtered("active"):
            domain = Domain(
                [
                    ("id", "!=", group.id),
                    ("procedure_id", "=", group.procedure_id.id),
                    ("company_id", "=", group.company_id.id),
                    "|",
                    ("valid_to", "=", False),
                    ("valid_to", ">=", group.valid_from),
                ]
            )
            if group.valid_to:
                domain &= Domain("valid_from", "<=", group.valid_to)
            if self.sudo().search_count(domain, limit=1):
                raise ValidationError(
                    self.env._(
                        "%(group)s is defined twice for the same days: end one "
                        "edition before the next begins.",
                        group=group.name,
                    )
                )

    @api.constrains("deadline_rule")
    def _check_deadline_rule(self):
        known = dict(self._select_deadline_rule())
        for group in self:
            if group.deadline_rule not in known:
                raise ValidationError(
                    self.env._(
                        "No deadline rule has the code “%s”: choose one of the list.",
                        group.deadline_rule,
                    )
                )

    @api.constrains("line_ids")
    def _check_order(self):
        self._check_no_circle()

    def _check_no_circle(self):
        """Refuse parts that wait for each other."""
        for group in self:
            try:
                bundle_plan.order(group._after())
            except bundle_plan.CycleError as error:
                circle = group.line_ids.browse(error.args[0])
                raise ValidationError(
                    self.env._(
                        "These parts wait for each other, none could ever begin: "
                        "%(parts)s. Take one out of “After”.",
                        parts=", ".join(circle.mapped("name")),
                    )
                ) from error

    def _after(self):
        """Return ``{line id: ids of the lines that have to be done before}``."""
        self.ensure_one()
        return {line.id: line.after_ids.ids for line in self.line_ids}

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_unused(self):
        used = self.env["cchc.dossier"].sudo()
        for group in self:
            if used.search_count([("bundle_type_id", "=", group.id)], limit=1):
                raise UserError(
                    self.env._(
                        "Dossiers were received as “%s”: end it with a date instead.",
                        group.name,
                    )
                )

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        if "active" not in (default or {}):
            for vals in vals_list:
                # In force beside the original only once somebody wants it.
                vals["active"] = False
        return vals_list

    def copy(self, default=None):
        copies = super().copy(default)
        for group, made in zip(self, copies, strict=True):
            twins = dict(zip(group.line_ids, made.line_ids, strict=True))
            for line, twin in twins.items():
                twin.after_ids = self.env["cchc.bundle.type.line"].union(
                    *(twins[before] for before in line.after_ids)
                )
            for part, own in zip(group.part_ids, made.part_ids, strict=True):
                own.line_ids = self.env["cchc.bundle.type.line"].union(
                    *(twins[line] for line in part.line_ids)
                )
        return copies

    # ------------------------------------------------------------------
    # For the reception
    # ------------------------------------------------------------------
    @api.model
    @tools.ormcache()
    def _group_procedures(self):
        """Return the ids of the procedures that are groups, whenever valid."""
        groups = self.sudo().search([("procedure_id", "!=", False)])
        return frozenset(groups.procedure_id.ids)

    @api.model
    def _for(self, procedure, company, day):
        """Return the group of a procedure in force for an agency on a day, or none.

        The agency's own comes before that of the nearest agency above it.
        """
        if procedure.id not in self._group_procedures():
            return self.browse()
        agencies = company.sudo().parent_ids
        found = self.sudo().search(
            [
                ("procedure_id", "=", procedure.id),
                ("company_id", "in", [*agencies.ids, False]),
                ("valid_from", "<=", day),
                "|",
                ("valid_to", "=", False),
                ("valid_to", ">=", day),
            ]
        )
        nearest = {agency: depth for depth, agency in enumerate(agencies)}
        best = max(
            found, key=lambda group: nearest.get(group.company_id, -1), default=found
        )
        return self.browse(best.id)

    def _promise(self, term, day):
        """Return ``term`` with the deadline rule in force on ``day``."""
        rule = self.env["cchc.deadline.rule"]._get_rule(term.rule or term.unit, day)
        return Promise(term, rule.id, rule.sudo()._to_rule())
