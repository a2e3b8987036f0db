from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.cchc_onestop.tools.guard import is_unlocked, unlocked

from ..tools import scoring
from ..tools.scoring import ZERO, exact

STATES = [
    ("draft", "Self-scoring"),
    ("self_scored", "Approved"),
    ("submitted", "Sent in"),
    ("appraised_1", "Appraised Once"),
    ("explained", "Explained"),
    ("appraised_2", "Appraised Twice"),
    ("published", "Published"),
]
#: States in which the superior reads an assessment.
SENT = ("submitted", "appraised_1", "explained", "appraised_2", "published")


class CchcIndexAssessment(models.Model):
    """Assessment of an agency by a set of criteria for a year.

    It keeps its set for ever. The agency declares and scores, its leader approves, the
    superior appraises twice with the agency's explanations in between, a decision
    publishes it; the steps stand in ``cchc_index_assessment_life.py``. Each change of
    a score leaves a row of ``cchc.index.score.log``.
    """

    _name = "cchc.index.assessment"
    _description = "Index Assessment"
    _inherit = ["cchc.approved.mixin"]
    _order = "year desc, round_id desc, rank, id desc"
    _rec_names_search = ["company_id.name"]
    _state_to = ["self_scored"]
    _cchc_signature_group = "cchc_reform.group_leader"
    _cchc_free = frozenset({"note", "line_ids"})

    name = fields.Char(compute="_compute_name")
    company_id = fields.Many2one(
        "res.company",
        "Agency",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    round_id = fields.Many2one(
        "cchc.index.round", ondelete="restrict", index="btree_not_null", readonly=True
    )
    round_state = fields.Selection(
        related="round_id.state", string="State of the Round"
    )
    superior_id = fields.Many2one(
        "res.company",
        "Appraised by",
        compute="_compute_superior_id",
        store=True,
        index=True,
    )
    is_own = fields.Boolean(
        "Superior Elsewhere",
        compute="_compute_superior_id",
        store=True,
        help="The superior appraises in other software: what it decided is entered by "
        "the agency's own reform officer",
    )
    group_id = fields.Many2one("cchc.index.group", ondelete="restrict", readonly=True)
    set_id = fields.Many2one(
        "cchc.index.set",
        "Set of Criteria",
        required=True,
        ondelete="restrict",
        domain="[('state', 'in', ('published', 'replaced'))]",
    )
    year = fields.Integer(
        required=True,
        default=lambda self: fields.Date.context_today(self).year,
        aggregator=None,
    )
    state = fields.Selection(
        STATES,
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    active = fields.Boolean(default=True)
    line_ids = fields.One2many("cchc.index.assessment.line", "assessment_id", "Scores")
    log_ids = fields.One2many(
        "cchc.index.score.log", "assessment_id", "Changes of Scores", readonly=True
    )
    submitted_at = fields.Datetime("Sent in on", readonly=True, copy=False)
    submitted_by_id = fields.Many2one("res.users", "Sent in by", readonly=True)
    appraisal = fields.Integer(
        readonly=True,
        copy=False,
        aggregator=None,
        help="0: not appraised; 1, 2: the appraisal whose scores count",
    )
    has_survey = fields.Boolean("Survey Result Known", readonly=True, copy=False)
    survey_score = fields.Float(
        "Points of the Survey", digits=(16, 4), readonly=True, copy=False
    )
    survey_maximum = fields.Float(
        "Survey out of", digits=(16, 4), readonly=True, copy=False
    )
    survey_answers = fields.Integer("Answers", readonly=True, copy=False)
    survey_source = fields.Char("Source of the Survey", readonly=True, copy=False)
    extra = fields.Float(
        "Bonus or Deduction",
        digits=(16, 4),
        readonly=True,
        copy=False,
        help="Points that the superior adds (above 0) or takes away (below 0)",
    )
    extra_reason = fields.Char(
        "Reason of Bonus or Deduction", readonly=True, copy=False
    )
    self_total = fields.Float(
        "Self-scored",
        digits=(16, 4),
        compute="_compute_totals",
        store=True,
        aggregator="avg",
    )
    appraised_total = fields.Float(
        "Appraised",
        digits=(16, 4),
        compute="_compute_totals",
        store=True,
        aggregator="avg",
        help="Points of the criteria as appraised, out of their weight",
    )
    survey_points = fields.Float(
        "Survey",
        digits=(16, 4),
        compute="_compute_totals",
        store=True,
        aggregator="avg",
    )
    final_total = fields.Float(
        "Total Points",
        digits=(16, 4),
        compute="_compute_totals",
        store=True,
        aggregator="avg",
    )
    maximum = fields.Float(
        "Out of", digits=(16, 4), compute="_compute_totals", store=True
    )
    rank = fields.Integer(readonly=True, copy=False, aggregator=None)
    rank_count = fields.Integer("Ranked", readonly=True, copy=False, aggregator=None)
    rank_text = fields.Char("Rank in the Group", compute="_compute_rank_text")
    class_id = fields.Many2one(
        "cchc.index.class", "Class Given", readonly=True, ondelete="set null"
    )
    class_name = fields.Char("Class Reached", readonly=True, copy=False)
    decision_number = fields.Char("Published by No.", readonly=True, copy=False)
    decision_date = fields.Date("Published on", readonly=True, copy=False)
    previous_id = fields.Many2one(
        "cchc.index.assessment",
        "Year Before",
        compute="_compute_previous_id",
        store=True,
        help="The assessment of the last year before this one",
    )
    previous_total = fields.Float(
        "Year Before (Points)", related="previous_id.final_total", aggregator="avg"
    )
    unfilled_count = fields.Integer("Not Scored Yet", compute="_compute_counts")
    no_evidence_count = fields.Integer("Without Evidence", compute="_compute_counts")
    lost_count = fields.Integer("Points Lost in", compute="_compute_counts")
    lost = fields.Float("Points Lost", digits=(16, 4), compute="_compute_counts")
    may_appraise = fields.Boolean(compute="_compute_may_appraise")
    difficulties = fields.Html(sanitize=True, help="Of the report on the self-score")
    proposals = fields.Html(sanitize=True, help="Of the report on the self-score")
    note = fields.Text("Notes")

    _round_uniq = models.UniqueIndex(
        "(company_id, round_id) WHERE round_id IS NOT NULL",
        "This agency takes part in the round already.",
    )

    @api.depends("company_id", "year")
    @api.depends_context("lang")
    def _compute_name(self):
        for record in self:
            record.name = self.env._(
                "Reform index %(year)s - %(agency)s",
                year=record.year,
                agency=record.company_id.sudo().name or "",
            )

    @api.depends("round_id.company_id", "company_id")
    def _compute_superior_id(self):
        for record in self:
            opened_by = record.round_id.sudo().company_id
            record.superior_id = opened_by or record.company_id
            record.is_own = record.superior_id == record.company_id

    @api.depends("company_id", "year")
    def _compute_previous_id(self):
        for record in self:
            record.previous_id = self.sudo().search(
                [
                    ("company_id", "=", record.company_id.id),
                    ("year", "<", record.year),
                ],
                order="year desc, state desc, id desc",
                limit=1,
            )

    @api.depends("rank", "rank_count")
    def _compute_rank_text(self):
        for record in self:
            record.rank_text = (
                f"{record.rank}/{record.rank_count}" if record.rank else ""
            )

    @api.depends(
        "line_ids.is_filled",
        "line_ids.evidence_missing",
        "line_ids.lost",
        "line_ids.is_leaf",
    )
    def _compute_counts(self):
        for record in self:
            leaves = record._leaves()
            losing = leaves.filtered(lambda line: line.lost > 0)
            record.unfilled_count = len(
                leaves.filtered(lambda line: not line.is_filled)
            )
            record.no_evidence_count = len(leaves.filtered("evidence_missing"))
            record.lost_count = len(losing)
            record.lost = float(sum((exact(line.lost) for line in losing), ZERO))

    @api.depends_context("uid", "allowed_company_ids")
    @api.depends("superior_id", "is_own")
    def _compute_may_appraise(self):
        for record in self:
            record.may_appraise = record._may_appraise()

    def _may_appraise(self):
        """Whether the person here enters what the superior decides."""
        self.ensure_one()
        group = "officer" if self.is_own else "appraiser"
        return (
            self.env.user.has_group(f"cchc_reform.group_{group}")
            and self.superior_id in self.env.user.company_ids
        )

    def _leaves(self):
        return self.line_ids.filtered("is_leaf")

    # --- Totals

    def _added_up(self, appraised):
        """Return the :class:`~..tools.scoring.Total` of the criteria.

        :param appraised: whether to take the appraised scores
        """
        self.ensure_one()
        return scoring.add_up([line._pair(appraised) for line in self._leaves()])

    def _survey_share(self):
        """Return the share that the survey beside the criteria gave, or ``None``."""
        if not (self.has_survey and self.survey_maximum):
            return None
        return exact(self.survey_score) / exact(self.survey_maximum)

    def _final(self, appraised=None):
        """Return all points out of all weights, or ``None`` when nothing applies.

        :param appraised: whether to take the appraised scores; as far as it stands
        """
        self.ensure_one()
        if appraised is None:
            appraised = bool(self.appraisal)
        return self._weigh(self._added_up(appraised))

    def _weigh(self, total, survey=None):
        """Return all points of criteria and survey, bonus included, rounded.

        :param total: :class:`~..tools.scoring.Total` of the criteria
        :param survey: share that the survey gave, that of the assessment if left out
        """
        if survey is None:
            survey = self._survey_share()
        found = scoring.weighted(
            [
                (total.share, exact(self.set_id.appraisal_weight)),
                (survey, exact(self.set_id.survey_weight)),
            ]
        )
        if found is None:
            return None
        return scoring.rounded(
            found + total.bonus + exact(self.extra), self.set_id.decimals
        )

    @api.depends(
        "line_ids.self_score",
        "line_ids.self_na",
        "line_ids.appraised_score",
        "line_ids.appraised_na",
        "appraisal",
        "survey_score",
        "survey_maximum",
        "has_survey",
        "extra",
        "set_id",
    )
    def _compute_totals(self):
        for record in self:
            places = record.set_id.decimals
            weight = exact(record.set_id.appraisal_weight)
            survey_weight = exact(record.set_id.survey_weight)

            def points(appraised, weight=weight, places=places, record=record):
                total = record._added_up(appraised)
                found = (total.share or ZERO) * weight + total.bonus
                return float(scoring.rounded(found, places))

            record.self_total = points(False)
            record.appraised_total = points(True) if record.appraisal else 0.0
            share = record._survey_share()
            record.survey_points = float(
                scoring.rounded((share or ZERO) * survey_weight, places)
            )
            record.final_total = float(record._final() or ZERO)
            record.maximum = float(weight + survey_weight)

    # --- Rows

    @api.model_create_multi
    def create(self, vals_list):
        if not is_unlocked(self.env):
            for vals in vals_list:
                for name in ("state", "appraisal", "rank", "class_name", "has_survey"):
                    vals.pop(name, None)
        records = super().create(vals_list)
        for record in records:
            if record.set_id.state == "draft":
                raise UserError(
                    self.env._(
                        "Publish the set “%s” before agencies are scored by it.",
                        record.set_id.name,
                    )
                )
            record._make_lines()
        return records

    def _make_lines(self):
        """Write a line for each criterion of the set, as the table prints them."""
        self.ensure_one()
        lines = unlocked(self.env["cchc.index.assessment.line"].sudo())
        by_criterion = {}
        criteria = self.set_id.sudo().criterion_ids.sorted("path")
        for depth in sorted(set(criteria.mapped("depth"))):
            of_depth = criteria.filtered(lambda node, d=depth: node.depth == d)
            created = lines.create(
                [
                    {
                        "assessment_id": self.id,
                        "criterion_id": node.id,
                        "parent_id": by_criterion[node.parent_id].id
                        if node.parent_id
                        else False,
                    }
                    for node in of_depth
                ]
            )
            by_criterion.update(zip(of_depth, created, strict=True))
        unlocked(self.env["cchc.index.assessment.count"].sudo()).create(
            [
                {"line_id": line.id, "item_id": item.id}
                for node, line in by_criterion.items()
                for item in node.item_ids
            ]
        )
        self.invalidate_recordset(["line_ids"])
        lines.browse([line.id for line in by_criterion.values()])._link_previous()

    @api.constrains("company_id", "round_id")
    def _check_agency(self):
        for record in self.sudo():
            opened_by = record.round_id.company_id
            if opened_by and opened_by not in record.company_id.parent_ids:
                raise ValidationError(
                    self.env._(
                        "%(agency)s is no agency below %(superior)s.",
                        agency=record.company_id.name,
                        superior=opened_by.name,
                    )
                )

    def write(self, vals):
        if "active" in vals and not is_unlocked(self.env):
            self._check_may_leave()
        return super().write(vals)

    def _check_may_leave(self):
        """Raise when a superior's open round counts on these assessments."""
        for record in self.sudo():
            if record.round_id.state == "open" and not record.is_own:
                raise UserError(
                    self.env._(
                        "%(assessment)s takes part in “%(round)s”: only "
                        "%(superior)s takes an agency out of it.",
                        assessment=record.name,
                        round=record.round_id.name,
                        superior=record.superior_id.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_scored(self):
        if is_unlocked(self.env):
            return
        self._check_may_leave()
        if self.sudo().log_ids:
            raise UserError(
                self.env._(
                    "Scores were entered here and their history is kept: archive the "
                    "assessment instead of deleting it."
                )
            )

    def action_compare(self):
        """Open the scores beside those of the same criteria in the year before."""
        return self._lines_action("cchc_reform.cchc_index_compare_action")

    def action_lines(self):
        """Open the scores as a list of their own, to be entered by keyboard."""
        return self._lines_action("cchc_reform.cchc_index_line_action")

    def _lines_action(self, xmlid):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        wanted = {
            key: value
            for key, value in self.env.context.items()
            if key.startswith("search_default_")
        }
        if self.state not in ("draft", "self_scored"):
            wanted["cchc_appraised"] = True
        return {
            **action,
            "domain": [("assessment_id", "=", self.id)],
            "context": wanted,
            "display_name": self.name,
        }

    # --- Log

    @contextmanager
    def _logged(self, reason="", lines=None):
        """Note each score of these assessments that changes inside.

        :param lines: the lines that can change, all when left out
        """
        if self.env.context.get("cchc_index_logging") is _LOGGING:
            yield
            return
        before = self._scores(lines)
        yield
        after = self._scores(lines)
        vals_list = []
        now = fields.Datetime.now()
        for key, (_value, values) in after.items():
            old = before.get(key, (None, {}))[0]
            if old == after[key][0]:
                continue
            vals_list.append(
                {
                    **values,
                    "score_before": old or "–",
                    "score_after": after[key][0] or "–",
                    "user_id": self.env.uid,
                    "at": now,
                    "reason": reason or "",
                }
            )
        if vals_list:
            unlocked(self.env["cchc.index.score.log"].sudo()).create(vals_list)

    def _scores(self, lines=None):
        """Return ``{key: (score as text, values of a log row)}``."""
        found = {}
        for record in self.sudo():
            own = {"assessment_id": record.id, "state": record.state}
            found[record.id, "survey"] = (
                _score_text(record.survey_score, record.survey_maximum)
                if record.has_survey
                else None,
                {**own, "kind": "survey"},
            )
            found[record.id, "extra"] = (
                _plain(record.extra),
                {**own, "kind": "extra"},
            )
            rows = record.line_ids if lines is None else lines.sudo()
            for line in rows.filtered(
                lambda line, owner=record: line.is_leaf and line.assessment_id == owner
            ):
                values = {
                    **own,
                    "line_id": line.id,
                    "code": line.code,
                    "name": line.name,
                }
                for kind, text in line._score_texts().items():
                    found[line.id, kind] = (text, {**values, "kind": kind})
        return found


class _Logging:
    """Marks that an outer call notes the changes already; no remote call forges it."""

    __slots__ = ()

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self


_LOGGING = _Logging()


def logging_noted(records):
    """Return ``records`` in a context where changes of scores are noted outside."""
    return records.with_context(cchc_index_logging=_LOGGING)


def _plain(points):
    """Return points as text without needless zeros, for the log."""
    return f"{points:.4f}".rstrip("0").rstrip(".")


def _score_text(score, maximum):
    return f"{_plain(score)}/{_plain(maximum)}"
