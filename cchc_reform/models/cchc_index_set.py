from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..tools.scoring import ZERO, exact

LEVELS = [
    ("province", "Province"),
    ("department", "Department of the Province"),
    ("commune", "Commune, Ward, Special Zone"),
    ("other", "Other"),
]


class CchcIndexSet(models.Model):
    """Set of criteria of the reform index (bộ tiêu chí), a version of it.

    Criteria stand in a tree (lĩnh vực, tiêu chí, tiêu chí thành phần); the maxima of
    the parts make the maximum of the whole. A decision issues the set; published it
    stays for ever, and what changes is a new version. The tree is weighed as
    ``appraisal_weight``, a survey beside it as ``survey_weight`` (70/30, 60/40).
    """

    _name = "cchc.index.set"
    _description = "Set of Index Criteria"
    _inherit = ["cchc.frozen.mixin", "mail.thread"]
    _order = "year_from desc, code, version desc, id desc"
    _frozen_free = frozenset({"year_to", "note", "active", "previous_id"}) | frozenset(
        {
            "message_follower_ids",
            "message_ids",
            "message_partner_ids",
            "message_main_attachment_id",
        }
    )

    name = fields.Char("Title", required=True, tracking=True)
    code = fields.Char(
        required=True, help="Short name of the set, the same in versions"
    )
    version = fields.Integer(
        default=1, required=True, readonly=True, copy=False, aggregator=None
    )
    previous_id = fields.Many2one(
        "cchc.index.set",
        "Set Before",
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
        domain="[('id', '!=', id), ('state', 'in', ('published', 'replaced'))]",
        help="The set that this one replaces; years are compared with its criteria",
    )
    company_id = fields.Many2one(
        "res.company",
        "Kept by",
        default=lambda self: self.env.company,
        help="The agency that keeps the set; the agencies below it see it. Empty: all",
    )
    decision_number = fields.Char("Decision No.", help="E.g. 3241/QĐ-UBND")
    decision_date = fields.Date()
    issuer = fields.Char("Issued by")
    level = fields.Selection(LEVELS, required=True, default="commune")
    year_from = fields.Integer(
        "Valid from Year",
        required=True,
        default=lambda self: fields.Date.context_today(self).year,
        aggregator=None,
    )
    year_to = fields.Integer(
        "Valid until Year", aggregator=None, help="0: until a further decision"
    )
    total = fields.Float(
        "Points of the Criteria",
        digits=(16, 4),
        required=True,
        default=100,
        help="Maxima of all areas together, without bonus points",
    )
    appraisal_weight = fields.Float(
        "Weight of the Criteria", digits=(16, 4), required=True, default=100
    )
    survey_weight = fields.Float(
        "Weight of the Survey",
        digits=(16, 4),
        required=True,
        default=0,
        help="Points of a survey beside the criteria; 0 when it is one of the criteria",
    )
    decimals = fields.Integer(
        default=2, required=True, help="Places to which points are rounded"
    )
    state = fields.Selection(
        [("draft", "Draft"), ("published", "Published"), ("replaced", "Replaced")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    active = fields.Boolean(default=True)
    criterion_ids = fields.One2many(
        "cchc.index.criterion", "set_id", "Criteria", copy=False
    )
    class_ids = fields.One2many("cchc.index.class", "set_id", "Classes", copy=True)
    area_count = fields.Integer("Areas", compute="_compute_counts")
    criterion_count = fields.Integer("Criteria Between", compute="_compute_counts")
    leaf_count = fields.Integer("Scored Criteria", compute="_compute_counts")
    bonus = fields.Float("Bonus Points", digits=(16, 4), compute="_compute_counts")
    problem = fields.Char("What to Mend", compute="_compute_problem")
    note = fields.Text("Notes")

    _version_uniq = models.UniqueIndex(
        "(code, version, COALESCE(company_id, 0))",
        "This set has that version already.",
    )
    _weights = models.Constraint(
        "CHECK (appraisal_weight >= 0 AND survey_weight >= 0 AND "
        "appraisal_weight + survey_weight > 0 AND total > 0)",
        "Points and weights are not negative, and one of the weights is above 0.",
    )
    _places = models.Constraint(
        "CHECK (decimals BETWEEN 0 AND 4)", "Points have 0 to 4 decimals."
    )

    def _touch_plans(self):
        """Sets of criteria take no part in reception."""

    @api.depends("name", "version")
    def _compute_display_name(self):
        for record in self:
            record.display_name = (
                f"{record.name} (v{record.version})"
                if record.version > 1
                else record.name
            )

    @api.depends("criterion_ids.parent_id", "criterion_ids.rule")
    def _compute_counts(self):
        for record in self:
            criteria = record.criterion_ids
            leaves = criteria.filtered("is_leaf")
            areas = criteria.filtered(lambda c: not c.parent_id)
            record.area_count = len(areas)
            record.leaf_count = len(leaves)
            record.criterion_count = len(criteria - areas - leaves)
            record.bonus = float(
                sum(
                    (exact(leaf.maximum) for leaf in leaves if leaf.rule == "bonus"),
                    ZERO,
                )
            )

    @api.depends(
        "total",
        "criterion_ids.maximum",
        "criterion_ids.parent_id",
        "criterion_ids.rule",
        "criterion_ids.parameter_problem",
    )
    def _compute_problem(self):
        for record in self:
            record.problem = record._find_problem() if record.criterion_ids else False

    def _find_problem(self):
        """Return one sentence on the first node that does not add up, or ``False``."""
        self.ensure_one()
        for node in self.criterion_ids.sorted("path"):
            if not node.child_ids:
                if sentence := node.parameter_problem:
                    return sentence
                continue
            parts = node._sum_of_parts()
            if parts != exact(node.maximum):
                return self.env._(
                    "The parts of %(code)s “%(name)s” make %(parts)s points, but its "
                    "maximum is %(maximum)s; correct one of them.",
                    code=node.code,
                    name=node.name,
                    parts=self._text(parts),
                    maximum=self._text(exact(node.maximum)),
                )
        roots = self.criterion_ids.filtered(lambda c: not c.parent_id)
        whole = sum((exact(c.maximum) for c in roots if not c.is_bonus), ZERO)
        if whole != exact(self.total):
            return self.env._(
                "The areas of “%(set)s” make %(parts)s points, but the set says "
                "%(maximum)s; correct one of them.",
                set=self.name,
                parts=self._text(whole),
                maximum=self._text(exact(self.total)),
            )
        return False

    @api.model
    def _text(self, number):
        """Return points as people write them: ``0,5``, ``43,26``."""
        text = f"{float(number):.4f}".rstrip("0").rstrip(".")
        return text.replace(".", ",") if self.env.lang == "vi_VN" else text

    def action_publish(self):
        """Publish sets whose parts add up; they stay as they are from now on.

        :raises UserError: names the first node that does not add up
        """
        self.check_access("write")
        for record in self:
            if record.state != "draft":
                raise UserError(
                    self.env._("“%s” is published already.", record.display_name)
                )
            if not record.criterion_ids:
                raise UserError(
                    self.env._(
                        "“%s” has no criteria yet; enter them or import them from a "
                        "workbook.",
                        record.name,
                    )
                )
            if problem := record._find_problem():
                raise UserError(problem)
            if not (record.decision_number and record.decision_date):
                raise UserError(
                    self.env._(
                        "Enter number and date of the decision that issues “%s”.",
                        record.name,
                    )
                )
            record._unsealed().write({"state": "published"})
            before = record.previous_id
            if before.state == "published":
                before._unsealed().write(
                    {
                        "state": "replaced",
                        "year_to": before.year_to or record.year_from - 1,
                    }
                )
        return True

    def action_new_version(self):
        """Make a draft of the next version with the same criteria and open it."""
        self.ensure_one()
        self.check_access("write")
        version = max(
            self.with_context(active_test=False)
            .search([("code", "=", self.code), ("company_id", "=", self.company_id.id)])
            .mapped("version")
        )
        new = self.copy(
            {
                "name": self.name,
                "decision_number": False,
                "decision_date": False,
                "year_from": fields.Date.context_today(self).year,
                "year_to": 0,
                "version": version + 1,
                "previous_id": self.id,
            }
        )
        self._copy_criteria(new)
        return new.action_open()

    def _copy_criteria(self, new):
        """Copy the tree into another set; each criterion keeps where it comes from."""
        copies = {}
        for node in self.criterion_ids.sorted("path"):
            copies[node.id] = node.copy(
                {
                    "set_id": new.id,
                    "parent_id": copies[node.parent_id.id].id
                    if node.parent_id
                    else False,
                    "previous_ids": [Command.set(node.ids)],
                }
            )

    def action_open(self):
        """Open the form of the set."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "name": self.display_name,
        }

    def action_criteria(self):
        """Open the criteria as a list to be edited."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cchc_reform.cchc_index_criterion_action"
        )
        return {
            **action,
            "domain": [("set_id", "=", self.id)],
            "context": {"default_set_id": self.id},
            "display_name": self.display_name,
        }

    @api.model
    def _in_force(self, year, company, level="commune"):
        """Return the published set that applies to an agency in a year."""
        return self.search(
            [
                ("state", "in", ("published", "replaced")),
                ("level", "=", level),
                ("year_from", "<=", year),
                "|",
                ("year_to", "=", 0),
                ("year_to", ">=", year),
                "|",
                ("company_id", "=", False),
                ("company_id", "parent_of", company.id),
            ],
            limit=1,
        )
