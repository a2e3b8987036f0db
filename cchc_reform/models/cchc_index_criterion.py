from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.cchc_onestop.tools.guard import unlocked
from odoo.addons.cchc_onestop.tools.search_text import normalise

from ..tools import criterion_row, scoring
from ..tools.scoring import ZERO, Band, Criterion, ScoringError, exact
from .cchc_reform_area import AREA_KEYS

RULES = [
    ("boolean", "Yes or No"),
    ("ratio", "Ratio"),
    ("ratio_threshold", "Ratio with Thresholds"),
    ("per_item", "Sum of Parts"),
    ("options", "Options"),
    ("bonus", "Bonus"),
    ("penalty", "Deduction"),
    ("manual", "Judgement"),
    ("survey", "Survey"),
]
#: Words of an area's name -> area of reform, in the order in which they are tried.
_AREA_SIGNS = (
    ("direction", (" chi dao ", " dieu hanh ", " tac dong ")),
    ("institution", (" the che ",)),
    ("procedure", (" tthc ", " thu tuc ")),
    ("organisation", (" bo may ",)),
    ("civil_service", (" cong vu ", " can bo ")),
    ("finance", (" tai chinh ",)),
    ("digital", (" dien tu", " so ", " hien dai hoa ")),
)
#: What a ratio gives of which nothing was planned.
EMPTY = [
    ("zero", "No points"),
    ("full", "All points"),
    ("na", "Does not apply"),
]


class CchcIndexCriterion(models.Model):
    """Criterion of a set: an area, a criterion, or a part of one that is scored.

    Only leaves are scored, each by its rule; what stands above adds up. Parameters of
    the rule are rows (bands, parts, options), read by a person and by
    ``tools/scoring.py`` alike.
    """

    _name = "cchc.index.criterion"
    _description = "Index Criterion"
    _inherit = ["cchc.frozen.mixin"]
    _order = "set_id, path, id"
    _parent_store = False
    _frozen_owner = "set_id"
    # what years are compared with, and what the system measures, is no part of the
    # decision that issued the set; parts that are counted keep the rest themselves
    _frozen_free = frozenset(
        {"previous_ids", "next_ids", "metric_id", "metric_planned_id", "item_ids"}
    )
    _rec_names_search = ["code", "name"]

    set_id = fields.Many2one(
        "cchc.index.set", required=True, ondelete="cascade", index=True
    )
    state = fields.Selection(related="set_id.state")
    company_id = fields.Many2one(related="set_id.company_id", store=True)
    parent_id = fields.Many2one(
        "cchc.index.criterion",
        "Part of",
        ondelete="cascade",
        index="btree_not_null",
        domain="[('set_id', '=', set_id), ('id', '!=', id)]",
    )
    child_ids = fields.One2many("cchc.index.criterion", "parent_id", "Parts")
    previous_ids = fields.Many2many(
        "cchc.index.criterion",
        "cchc_index_criterion_previous_rel",
        "criterion_id",
        "previous_id",
        "Criteria Before",
        copy=False,
        domain="[('set_id', '!=', set_id), ('is_leaf', '=', is_leaf)]",
        help="Criteria of an earlier set with which years are compared: several where "
        "they were merged, the same one at several criteria where it was split",
    )
    next_ids = fields.Many2many(
        "cchc.index.criterion",
        "cchc_index_criterion_previous_rel",
        "previous_id",
        "criterion_id",
        "Criteria Afterwards",
        copy=False,
        readonly=True,
    )
    sequence = fields.Integer(default=10)
    path = fields.Char(compute="_compute_path", store=True, recursive=True, index=True)
    depth = fields.Integer(compute="_compute_path", store=True, recursive=True)
    code = fields.Char("No.", required=True, help="E.g. III.3.1")
    name = fields.Char("Criterion", required=True)
    maximum = fields.Float(digits=(16, 4), required=True)
    is_leaf = fields.Boolean("Scored", compute="_compute_is_leaf", store=True)
    is_bonus = fields.Boolean(
        "Beyond the Total", compute="_compute_is_bonus", store=True, recursive=True
    )
    rule = fields.Selection(RULES, default="boolean")
    na_allowed = fields.Boolean(
        "May Not Apply",
        help="An agency may say that the criterion does not apply to it; its maximum "
        "then leaves the total, and the rest is rescaled",
    )
    empty = fields.Selection(
        EMPTY,
        "Nothing Planned Gives",
        default="zero",
        required=True,
        help="Of a ratio: the points when there was nothing to be done",
    )
    band_ids = fields.One2many(
        "cchc.index.band", "criterion_id", "Thresholds", copy=True
    )
    item_ids = fields.One2many(
        "cchc.index.item", "criterion_id", "Parts Counted", copy=True
    )
    option_ids = fields.One2many(
        "cchc.index.option", "criterion_id", "Answers", copy=True
    )
    area_key = fields.Selection(
        AREA_KEYS,
        "Area of Reform",
        compute="_compute_area_key",
        store=True,
        readonly=False,
        help="Of an area: where tasks that win its points back stand in a plan",
    )
    metric_id = fields.Many2one(
        "cchc.reform.metric",
        "Measured by",
        ondelete="restrict",
        help="Figure of the system that fills the criterion in: a share gives both "
        "numbers, a count what was achieved, or yes when it is not 0",
    )
    metric_planned_id = fields.Many2one(
        "cchc.reform.metric",
        "Planned Measured by",
        ondelete="restrict",
        help="Of a ratio measured by two counts: the figure below the line",
    )
    evidence_hint = fields.Char(
        "Evidence Expected", help="E.g. decision, report, photo"
    )
    evidence_required = fields.Boolean(
        compute="_compute_evidence_required", store=True, readonly=False
    )
    guidance = fields.Text("How to Score", help="Words of the decision, if any")
    rule_text = fields.Char("Way of Scoring", compute="_compute_rule_text")
    parameter_problem = fields.Char(compute="_compute_parameter_problem")

    _maximum = models.Constraint(
        "CHECK (maximum >= 0)", "The maximum of a criterion is not negative."
    )
    _code_uniq = models.Constraint(
        "UNIQUE (set_id, code)", "Two criteria of a set have the same number."
    )

    def _touch_plans(self):
        """Sets of criteria take no part in reception."""

    @api.depends("parent_id.path", "parent_id.depth", "sequence", "code")
    def _compute_path(self):
        for node in self:
            above = f"{node.parent_id.path or ''}/" if node.parent_id else ""
            node.path = f"{above}{node.sequence:05d}{node.code or ''}"
            node.depth = node.parent_id.depth + 1 if node.parent_id else 0

    @api.depends("child_ids")
    def _compute_is_leaf(self):
        for node in self:
            node.is_leaf = not node.child_ids

    @api.depends("rule", "child_ids.is_bonus")
    def _compute_is_bonus(self):
        for node in self:
            if node.child_ids:
                node.is_bonus = all(node.child_ids.mapped("is_bonus"))
            else:
                node.is_bonus = node.rule == "bonus"

    @api.depends("name", "parent_id")
    def _compute_area_key(self):
        for node in self:
            if node.parent_id:
                node.area_key = False
                continue
            words = f" {normalise(node.name or '')} "
            node.area_key = next(
                (key for key, signs in _AREA_SIGNS if any(s in words for s in signs)),
                "direction",
            )

    @api.depends("evidence_hint", "is_leaf")
    def _compute_evidence_required(self):
        for node in self:
            node.evidence_required = bool(node.is_leaf and node.evidence_hint)

    @api.depends("code", "name")
    def _compute_display_name(self):
        for node in self:
            node.display_name = " ".join(filter(None, [node.code, node.name]))

    def _sum_of_parts(self):
        """Return the points of the parts; bonus parts stand beside those of others."""
        self.ensure_one()
        parts = self.child_ids
        if not self.is_bonus:
            parts = parts.filtered(lambda node: not node.is_bonus)
        return sum((exact(node.maximum) for node in parts), ZERO)

    def _scoring(self):
        """Return the leaf as ``tools/scoring.py`` wants it.

        Parts and answers are named by their ids.

        :raises ScoringError: when a parameter cannot be used
        """
        self.ensure_one()
        values = {}
        if self.band_ids:
            values["bands"] = tuple(
                Band(
                    exact(band.start) / 100,
                    band.kind,
                    exact(band.share) / 100,
                )
                for band in self.band_ids.sorted("start", reverse=True)
            )
        items = self.item_ids
        return Criterion(
            exact(self.maximum),
            self.rule or scoring.MANUAL,
            items={item.id: exact(item.points) for item in items},
            limits={item.id: exact(item.limit) for item in items if item.limit},
            options={
                option.id: exact(option.share) / 100 for option in self.option_ids
            },
            empty={"na": None, "zero": ZERO, "full": scoring.ONE}[self.empty],
            **values,
        )

    def _parameters_text(self):
        """Return the parameters on one line, as the import reads them."""
        self.ensure_one()
        if not self.is_leaf:
            return ""
        return criterion_row.write(
            {
                "bands": [
                    (band.start, band.kind, band.share) for band in self.band_ids
                ],
                "items": [
                    (item.name, item.points, item.limit) for item in self.item_ids
                ],
                "options": [(option.name, option.share) for option in self.option_ids],
                "empty": self.empty,
                "na_allowed": self.na_allowed,
            }
        )

    @api.depends(
        "rule",
        "maximum",
        "empty",
        "na_allowed",
        "child_ids",
        "band_ids.start",
        "band_ids.share",
        "band_ids.kind",
        "item_ids.points",
        "item_ids.limit",
        "option_ids.share",
    )
    def _compute_parameter_problem(self):
        for node in self:
            node.parameter_problem = False if node.child_ids else node._find_problem()

    def _find_problem(self):
        """Return one sentence on a parameter that cannot be used, or ``False``."""
        self.ensure_one()
        name = " ".join(filter(None, [self.code, self.name]))
        if not self.rule:
            return self.env._("Choose how “%s” is scored.", name)
        if self.rule in scoring.OF_ITEMS and not self.item_ids:
            return self.env._("Name the parts that “%s” counts.", name)
        if self.rule == scoring.OPTIONS and not self.option_ids:
            return self.env._("Name the answers of “%s”.", name)
        try:
            self._scoring()
        except ScoringError as error:
            return self._sentence(error, name)
        return False

    @api.model
    def _sentence(self, error, name):
        """Return what a :class:`ScoringError` says of a criterion, with its cure."""
        value = error.value
        return {
            "rule": lambda: self.env._("Choose how “%s” is scored.", name),
            "maximum": lambda: self.env._("The maximum of “%s” is below 0.", name),
            "bands": lambda: self.env._(
                "The thresholds of “%s” must differ and lie between 0 and 100 %%; "
                "correct them.",
                name,
            ),
            "item": lambda: self.env._("“%s” has no such part.", name),
            "option": lambda: self.env._(
                "Choose one of the answers of “%s”; their shares lie between 0 and "
                "100 %%.",
                name,
            ),
            "negative": lambda: self.env._(
                "Numbers and points of “%s” are not negative; correct them.", name
            ),
            "beyond": lambda: self.env._(
                "%(points)s points are more than the maximum of “%(name)s”; give at "
                "most %(maximum)s.",
                points=self.env["cchc.index.set"]._text(value),
                name=name,
                maximum=self.env["cchc.index.set"]._text(self.maximum),
            ),
            "percent": lambda: self.env._(
                "The result of the survey of “%s” lies between 0 and 100 %%.", name
            ),
        }[error.key]()

    @api.depends(
        "rule",
        "empty",
        "maximum",
        "is_leaf",
        "na_allowed",
        "guidance",
        "band_ids.start",
        "band_ids.kind",
        "band_ids.share",
        "item_ids.name",
        "item_ids.points",
        "item_ids.limit",
        "option_ids.name",
        "option_ids.share",
    )
    @api.depends_context("lang")
    def _compute_rule_text(self):
        for node in self:
            node.rule_text = node._describe() if node.is_leaf else ""

    def _describe(self):
        """Return how points are found, in one line for the table of self-scoring."""
        text = self.env["cchc.index.set"]._text
        env = self.env
        if self.guidance:
            words = self.guidance.strip()
        elif self.rule == scoring.BOOLEAN:
            words = env._("Yes: %s points; no: 0", text(self.maximum))
        elif self.rule == scoring.RATIO:
            words = env._("Achieved / planned × %s points", text(self.maximum))
        elif self.rule == scoring.RATIO_THRESHOLD:
            words = "; ".join(self._describe_bands())
        elif self.rule in scoring.OF_ITEMS:
            sign = "−" if self.rule == scoring.PENALTY else "+"
            words = "; ".join(
                f"{item.name}: {sign}{text(item.points)}"
                + (env._(" (at most %s)", text(item.limit)) if item.limit else "")
                for item in self.item_ids
            )
        elif self.rule == scoring.OPTIONS:
            words = "; ".join(
                f"{option.name}: {text(option.share)}%" for option in self.option_ids
            )
        elif self.rule == scoring.SURVEY:
            words = env._("Result of the survey × %s points", text(self.maximum))
        else:
            words = env._("Judged, at most %s points", text(self.maximum))
        if self.na_allowed:
            words = env._("%s; may not apply", words)
        return words

    def _describe_bands(self):
        text, env = self.env["cchc.index.set"]._text, self.env
        bands = self._scoring().bands
        parts = []
        for band in bands:
            start = text(band.start * 100)
            if band.kind == scoring.BY_RATIO:
                parts.append(
                    env._(
                        "from %(start)s%%: ratio × %(points)s",
                        start=start,
                        points=text(self.maximum),
                    )
                )
            else:
                parts.append(
                    env._(
                        "from %(start)s%%: %(points)s points",
                        start=start,
                        points=text(band.share * exact(self.maximum)),
                    )
                )
        if bands and bands[-1].start:
            parts.append(env._("below: 0"))
        return parts

    @api.constrains("parent_id", "set_id")
    def _check_parent(self):
        if self._has_cycle():
            raise ValidationError(
                self.env._("A criterion cannot be part of itself; choose another one.")
            )
        for node in self.filtered("parent_id"):
            if node.parent_id.set_id != node.set_id:
                raise ValidationError(
                    self.env._(
                        "“%(above)s” belongs to another set than “%(node)s”.",
                        above=node.parent_id.display_name,
                        node=node.display_name,
                    )
                )

    @api.constrains("previous_ids", "set_id")
    def _check_previous(self):
        if self._has_cycle("previous_ids"):
            raise ValidationError(
                self.env._("A criterion cannot come from itself; choose another one.")
            )
        for node in self:
            if own := (node.previous_ids & node.set_id.criterion_ids)[:1]:
                raise ValidationError(
                    self.env._(
                        "“%(before)s” belongs to the same set as “%(node)s”: choose "
                        "criteria of an earlier set.",
                        before=own.display_name,
                        node=node.display_name,
                    )
                )

    def write(self, vals):
        result = super().write(vals)
        if "previous_ids" in vals:
            # lines that were made before know their year before by this alone
            lines = self.env["cchc.index.assessment.line"].sudo()
            unlocked(lines.search([("criterion_id", "in", self.ids)]))._link_previous()
        return result

    def _come_from(self, known):
        """Return which of the criteria ``known`` these come from.

        They are sought version by version; where one is found nothing older is.
        """
        found = seen = self.browse()
        front = self
        while front:
            found |= front & known
            seen |= front
            front = (front - known).previous_ids - seen
        return found
