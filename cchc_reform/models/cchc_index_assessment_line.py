from contextlib import contextmanager

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.cchc_onestop.tools.guard import is_unlocked, unlocked

from ..tools import entry, scoring
from ..tools.scoring import ZERO, Declared, ScoringError, exact
from .cchc_index_assessment import _plain, logging_noted

ANSWERS = [("yes", "Yes"), ("no", "No")]
#: What the agency declares, while it scores itself.
DECLARED = frozenset(
    {
        "is_filled",
        "is_na",
        "answer",
        "achieved",
        "planned",
        "declared_reason",
        "option_id",
        "points",
        "percent",
        "count_ids",
        "is_overridden",
        "override_points",
        "override_reason",
        "evidence_note",
        "evidence_document_ids",
        "attachment_ids",
    }
)
#: Of them those that make a line scored.
_FILLS = DECLARED - {
    "declared_reason",
    "override_reason",
    "evidence_note",
    "evidence_document_ids",
    "attachment_ids",
}
#: What each step lets change, and who changes it.
WRITABLE = {
    "draft": ("agency", DECLARED),
    "submitted": (
        "superior",
        frozenset({"appraised_1", "appraised_1_na", "comment_1"}),
    ),
    "appraised_1": (
        "agency",
        frozenset({"explanation", "explanation_attachment_ids"}),
    ),
    "explained": (
        "superior",
        frozenset({"appraised_2", "appraised_2_na", "comment_2"}),
    ),
}


class CchcIndexAssessmentLine(models.Model):
    """Score of a criterion: what is declared, what it gives, what the superior says.

    Each criterion of the set has its line, those above the leaves too: they hold
    subtotals. The score of a leaf follows from what is declared by the rule of its
    criterion; a person may override it and says why.
    """

    _name = "cchc.index.assessment.line"
    _description = "Score of a Criterion"
    _check_company_auto = True
    _order = "assessment_id desc, path, id"
    _rec_name = "name"

    assessment_id = fields.Many2one(
        "cchc.index.assessment", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="assessment_id.company_id", store=True, index=True
    )
    superior_id = fields.Many2one(related="assessment_id.superior_id", store=True)
    year = fields.Integer(related="assessment_id.year", store=True, aggregator=None)
    assessment_state = fields.Selection(related="assessment_id.state", store=True)
    appraisal = fields.Integer(related="assessment_id.appraisal", aggregator=None)
    criterion_id = fields.Many2one(
        "cchc.index.criterion",
        "Of the Set",
        required=True,
        ondelete="restrict",
        index=True,
    )
    parent_id = fields.Many2one(
        "cchc.index.assessment.line", ondelete="cascade", index="btree_not_null"
    )
    child_ids = fields.One2many("cchc.index.assessment.line", "parent_id")
    path = fields.Char(related="criterion_id.path", store=True)
    depth = fields.Integer(related="criterion_id.depth", store=True, aggregator=None)
    code = fields.Char(related="criterion_id.code", store=True)
    name = fields.Char(related="criterion_id.name", store=True, string="Criterion")
    is_leaf = fields.Boolean(
        related="criterion_id.is_leaf", store=True, string="Without Parts"
    )
    is_bonus = fields.Boolean(related="criterion_id.is_bonus")
    rule = fields.Selection(related="criterion_id.rule", store=True)
    rule_text = fields.Char(related="criterion_id.rule_text")
    maximum = fields.Float(
        related="criterion_id.maximum", store=True, aggregator=None, string="Max."
    )
    na_allowed = fields.Boolean(related="criterion_id.na_allowed")
    evidence_hint = fields.Char(related="criterion_id.evidence_hint")
    area_id = fields.Many2one(
        "cchc.index.criterion", compute="_compute_area_id", store=True
    )
    # --- Declared by the agency
    is_filled = fields.Boolean(
        "Scored",
        copy=False,
        help="What is entered counts; tick it where nothing is to be entered",
    )
    is_na = fields.Boolean("Does Not Apply")
    answer = fields.Selection(ANSWERS)
    achieved = fields.Float(digits=(16, 4), aggregator=None)
    planned = fields.Float(digits=(16, 4), aggregator=None)
    option_id = fields.Many2one(
        "cchc.index.option",
        "Chosen Answer",
        domain="[('criterion_id', '=', criterion_id)]",
        ondelete="restrict",
    )
    points = fields.Float("Points Given", digits=(16, 4), aggregator=None)
    percent = fields.Float("Result (%)", digits=(16, 4), aggregator=None)
    count_ids = fields.One2many("cchc.index.assessment.count", "line_id", "Counts")
    entry = fields.Char(
        "Entered",
        compute="_compute_entry",
        inverse="_inverse_entry",
        help="Typed on one line: có or không; 45/50 or 92%; 2; 0; 1 for counted "
        "parts; A for an answer; KAD where the criterion does not apply",
    )
    declared_text = fields.Char("Declared", compute="_compute_declared_text")
    share_text = fields.Char("Ratio", compute="_compute_declared_text")
    is_overridden = fields.Boolean(
        "Score by Hand", help="Against the rule: the reason is kept beside it"
    )
    override_points = fields.Float("Points by Hand", digits=(16, 4), aggregator=None)
    override_reason = fields.Char("Reason of the Score by Hand")
    rule_score = fields.Float(
        "By the Rule",
        digits=(16, 4),
        compute="_compute_self",
        store=True,
        aggregator=None,
        recursive=True,
    )
    self_score = fields.Float(
        "Self-score",
        digits=(16, 4),
        compute="_compute_self",
        store=True,
        aggregator=None,
        recursive=True,
    )
    self_na = fields.Boolean(compute="_compute_self", store=True, recursive=True)
    self_maximum = fields.Float(
        "Applicable",
        digits=(16, 4),
        compute="_compute_self",
        store=True,
        aggregator=None,
        recursive=True,
    )
    # --- Measured by the system
    measured_at = fields.Datetime("Measured on", readonly=True, copy=False)
    measured_achieved = fields.Float(
        "Measured", digits=(16, 4), readonly=True, copy=False, aggregator=None
    )
    measured_planned = fields.Float(
        "Measured of", digits=(16, 4), readonly=True, copy=False, aggregator=None
    )
    measured_text = fields.Char("Measured Figure", compute="_compute_measured_text")
    differs = fields.Boolean(
        "Differs from What Is Measured", compute="_compute_differs", store=True
    )
    declared_reason = fields.Char("Reason of the Difference")
    # --- Evidence
    evidence_document_ids = fields.Many2many(
        "cchc.issued.document",
        "cchc_index_line_document_rel",
        "line_id",
        "document_id",
        "Documents",
        copy=False,
        check_company=True,
        help="One document may prove several criteria",
    )
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "cchc_index_line_attachment_rel",
        "line_id",
        "attachment_id",
        "Files",
        copy=False,
        bypass_search_access=True,
    )
    evidence_note = fields.Char("Remark on Evidence", help="E.g. a link or a register")
    evidence_text = fields.Char(
        "Files, Remark",
        compute="_compute_evidence_text",
        help="Names of the files that prove the score, and the remark on evidence",
    )
    evidence_count = fields.Integer(
        "Evidence", compute="_compute_evidence", store=True, aggregator=None
    )
    evidence_missing = fields.Boolean(compute="_compute_evidence", store=True)
    # --- The superior
    appraised_1 = fields.Float("First Appraisal", digits=(16, 4), aggregator=None)
    appraised_1_na = fields.Boolean("Does Not Apply (1)")
    comment_1 = fields.Text("Comment (1)")
    explanation = fields.Text("Explanation of the Agency")
    explanation_attachment_ids = fields.Many2many(
        "ir.attachment",
        "cchc_index_line_explanation_rel",
        "line_id",
        "attachment_id",
        "Files of the Explanation",
        copy=False,
        bypass_search_access=True,
    )
    appraised_2 = fields.Float("Second Appraisal", digits=(16, 4), aggregator=None)
    appraised_2_na = fields.Boolean("Does Not Apply (2)")
    comment_2 = fields.Text("Comment (2)")
    appraised_score = fields.Float(
        "Appraised",
        digits=(16, 4),
        compute="_compute_appraised",
        store=True,
        aggregator=None,
        recursive=True,
    )
    appraised_na = fields.Boolean(
        compute="_compute_appraised", store=True, recursive=True
    )
    final_score = fields.Float(
        "Points",
        digits=(16, 4),
        compute="_compute_appraised",
        store=True,
        aggregator=None,
        recursive=True,
        help="As appraised, or as self-scored while nobody has appraised it",
    )
    lost = fields.Float(
        "Points Lost",
        digits=(16, 4),
        compute="_compute_appraised",
        store=True,
        recursive=True,
    )
    log_ids = fields.One2many("cchc.index.score.log", "line_id", "Changes of Scores")
    # --- The year before
    previous_line_ids = fields.Many2many(
        "cchc.index.assessment.line",
        "cchc_index_line_previous_rel",
        "line_id",
        "previous_id",
        "Year Before",
        readonly=True,
        copy=False,
    )
    next_line_ids = fields.Many2many(
        "cchc.index.assessment.line",
        "cchc_index_line_previous_rel",
        "previous_id",
        "line_id",
        "Year After",
        readonly=True,
        copy=False,
    )
    previous_codes = fields.Char(
        "No. Then",
        compute="_compute_previous",
        help="Numbers that the criterion had then: several where they were merged",
    )
    previous_score = fields.Float(
        "Year Before (Points)",
        digits=(16, 4),
        compute="_compute_previous",
        aggregator=None,
        help="Points of the same criterion then, on the scale of now",
    )
    change = fields.Float(digits=(16, 4), compute="_compute_previous", aggregator=None)

    _criterion_uniq = models.Constraint(
        "UNIQUE (assessment_id, criterion_id)", "A criterion is scored once."
    )

    # --- Computed

    @api.depends("path")
    def _compute_area_id(self):
        for line in self:
            node = line.criterion_id
            while node.parent_id:
                node = node.parent_id
            line.area_id = node

    def _declared(self):
        """Return what is declared as ``tools/scoring.py`` wants it."""
        self.ensure_one()
        return Declared(
            applies=not self.is_na,
            yes=self.answer == "yes",
            achieved=exact(self.achieved),
            planned=exact(self.planned),
            counts={row.item_id.id: exact(row.count) for row in self.count_ids},
            option=self.option_id.id or "",
            points=exact(self.points),
            percent=exact(self.percent),
        )

    def _by_rule(self):
        """Return the points that the rule gives, ``None`` where it does not apply.

        What nobody has scored yet gives nothing: it does not leave the total.
        """
        self.ensure_one()
        if self.is_na:
            return None
        if not self.is_filled or (self.rule == scoring.OPTIONS and not self.option_id):
            return ZERO
        points = scoring.score(self.criterion_id._scoring(), self._declared())
        return scoring.rounded(points, self.assessment_id.set_id.decimals)

    @api.depends(
        "is_filled",
        "is_na",
        "answer",
        "achieved",
        "planned",
        "option_id",
        "points",
        "percent",
        "count_ids.count",
        "is_overridden",
        "override_points",
        "maximum",
        "rule",
        "child_ids.self_score",
        "child_ids.self_na",
        "child_ids.self_maximum",
    )
    def _compute_self(self):
        for line in self:
            if not line.is_leaf:
                parts = line.child_ids
                line._add_up_parts(parts)
                continue
            try:
                found = line._by_rule()
            except ScoringError:
                # named by the check that follows; nothing is scored meanwhile
                found = ZERO
            line.rule_score = float(found or ZERO)
            if line.is_overridden:
                found = exact(line.override_points)
            line.self_na = found is None
            line.self_score = float(found or ZERO)
            bonus = line.rule == scoring.BONUS
            line.self_maximum = 0 if line.self_na or bonus else line.maximum

    def _add_up_parts(self, parts):
        self.self_score = float(sum((exact(p.self_score) for p in parts), ZERO))
        self.rule_score = float(sum((exact(p.rule_score) for p in parts), ZERO))
        self.self_maximum = float(sum((exact(p.self_maximum) for p in parts), ZERO))
        self.self_na = bool(parts) and all(parts.mapped("self_na"))

    @api.depends(
        "self_score",
        "self_na",
        "self_maximum",
        "appraised_1",
        "appraised_1_na",
        "appraised_2",
        "appraised_2_na",
        "assessment_id.appraisal",
        "child_ids.appraised_score",
        "child_ids.appraised_na",
        "child_ids.final_score",
        "child_ids.lost",
    )
    def _compute_appraised(self):
        for line in self:
            stage = line.assessment_id.appraisal
            if not line.is_leaf:
                parts = line.child_ids
                line.appraised_score = _sum(parts, "appraised_score")
                line.final_score = _sum(parts, "final_score")
                line.lost = _sum(parts, "lost")
                line.appraised_na = bool(parts) and all(parts.mapped("appraised_na"))
                continue
            na = line[f"appraised_{stage}_na"] if stage else False
            line.appraised_na = na
            line.appraised_score = 0 if na or not stage else line[f"appraised_{stage}"]
            line.final_score = line.appraised_score if stage else line.self_score
            gone = na if stage else line.self_na
            line.lost = (
                0
                if gone or line.rule == scoring.BONUS
                else float(exact(line.maximum) - exact(line.final_score))
            )

    @api.depends(
        "is_filled",
        "is_na",
        "answer",
        "achieved",
        "planned",
        "option_id",
        "points",
        "percent",
        "count_ids.count",
        "rule",
    )
    @api.depends_context("lang")
    def _compute_declared_text(self):
        answers = dict(self._fields["answer"]._description_selection(self.env))
        text = self.env["cchc.index.set"]._text
        for line in self:
            line.share_text = ""
            if not line.is_leaf or not line.is_filled:
                line.declared_text = ""
                continue
            if line.is_na:
                line.declared_text = self.env._("Does not apply")
                continue
            words = ""
            if line.rule == scoring.BOOLEAN:
                words = answers.get(line.answer, "")
            elif line.rule in scoring.OF_RATIO:
                words = f"{text(line.achieved)}/{text(line.planned)}"
                if line.planned:
                    share = exact(line.achieved) / exact(line.planned) * 100
                    # cut, not rounded: 89,996 % is not yet 90 %
                    line.share_text = f"{text(share * 100 // 1 / 100)}%"
                    words = f"{words} = {line.share_text}"
            elif line.rule in scoring.OF_ITEMS:
                words = "; ".join(
                    f"{row.item_id.name}: {text(row.count)}"
                    for row in line.count_ids
                    if row.count
                )
            elif line.rule == scoring.OPTIONS:
                words = line.option_id.name or ""
            elif line.rule == scoring.SURVEY:
                words = f"{text(line.percent)}%"
            else:
                words = text(line.points)
            line.declared_text = words

    @api.depends(
        "attachment_ids",
        "evidence_document_ids",
        "criterion_id.evidence_required",
        "is_na",
    )
    def _compute_evidence(self):
        for line in self:
            files = line.sudo()
            line.evidence_count = len(files.attachment_ids) + len(
                files.evidence_document_ids
            )
            line.evidence_missing = (
                line.criterion_id.evidence_required
                and not line.is_na
                and not line.evidence_count
            )

    @api.depends("attachment_ids.name", "evidence_note")
    def _compute_evidence_text(self):
        for line in self:
            names = line.sudo().attachment_ids.mapped("name")
            line.evidence_text = "; ".join(filter(None, [*names, line.evidence_note]))

    @api.depends(
        "previous_line_ids.final_score", "previous_line_ids.maximum", "final_score"
    )
    def _compute_previous(self):
        for line in self:
            before = line.sudo().previous_line_ids.sorted("path")
            line.previous_codes = " + ".join(before.mapped("code"))
            maximum = sum((exact(row.maximum) for row in before), ZERO)
            if not maximum:
                line.previous_score = line.change = 0
                continue
            scale = exact(line.maximum) / maximum
            points = sum((exact(row.final_score) for row in before), ZERO)
            then = scoring.rounded(points * scale, 4)
            line.previous_score = float(then)
            line.change = float(exact(line.final_score) - then)

    def _pair(self, appraised):
        """Return (criterion, points) for :func:`~..tools.scoring.add_up`."""
        self.ensure_one()
        leaf = scoring.Criterion(exact(self.maximum), self.rule or scoring.MANUAL)
        if appraised:
            return leaf, None if self.appraised_na else exact(self.appraised_score)
        return leaf, None if self.self_na else exact(self.self_score)

    def _score_texts(self):
        """Return each score as the log keeps it; ``None`` for none yet."""
        self.ensure_one()
        stage = self.appraisal

        def shown(value, na, known):
            if not known:
                return None
            return "N/A" if na else _plain(value)

        return {
            "self": shown(
                self.self_score, self.self_na, self.is_filled or self.is_overridden
            ),
            "appraised_1": shown(
                self.appraised_1,
                self.appraised_1_na,
                stage >= 1 or self.assessment_id.state == "submitted",
            ),
            "appraised_2": shown(
                self.appraised_2,
                self.appraised_2_na,
                stage == 2 or self.assessment_id.state == "explained",
            ),
        }

    # --- Entered on one line

    @api.depends(
        "is_filled",
        "is_na",
        "answer",
        "achieved",
        "planned",
        "option_id",
        "points",
        "percent",
        "count_ids.count",
    )
    def _compute_entry(self):
        for line in self:
            line.entry = line._entry() if line.is_leaf and line.is_filled else False

    def _entry(self):
        """Return what is declared as a person types it."""
        if self.is_na:
            return entry.NOT_APPLICABLE
        if self.rule == scoring.BOOLEAN:
            return {"yes": "có", "no": "không"}.get(self.answer, "")
        if self.rule in scoring.OF_RATIO:
            return f"{entry.plain(self.achieved)}/{entry.plain(self.planned)}"
        if self.rule in scoring.OF_ITEMS:
            counts = {row.item_id: row.count for row in self.count_ids}
            return "; ".join(
                entry.plain(counts.get(item, 0)) for item in self.criterion_id.item_ids
            )
        if self.rule == scoring.OPTIONS:
            return self.option_id.name or ""
        value = self.percent if self.rule == scoring.SURVEY else self.points
        return entry.plain(value)

    def _inverse_entry(self):
        """See ``write``."""

    @api.onchange("entry")
    def _onchange_entry(self):
        """Score what is typed at once."""
        try:
            found = self._parsed(self.entry)
            vals = self._entered(self.entry)
        except ValidationError as error:
            return {"warning": {"title": self.name, "message": str(error.args[0])}}
        vals.pop("count_ids", None)
        # before the rest: what is typed is worked out anew from the counts
        counts = (found or {}).get("counts", {})
        for row in self.count_ids:
            item = row.item_id._origin.id
            if item in counts:
                row.count = float(counts[item])
        self.update(vals)
        return None

    def _entered(self, text):
        """Return the values that a typed line stands for.

        :raises ValidationError: when it cannot be understood
        """
        found = self._parsed(text)
        if found is None:
            return {"is_filled": False, "is_na": False}
        vals = {"is_filled": True, "is_na": bool(found.pop("na", False))}
        if "yes" in found:
            vals["answer"] = "yes" if found.pop("yes") else "no"
        if "option" in found:
            vals["option_id"] = found.pop("option")
        if "counts" in found:
            vals["count_ids"] = self._count_commands(found.pop("counts"))
        vals.update({name: float(value) for name, value in found.items()})
        return vals

    def _parsed(self, text):
        """Return what a typed line says, see :func:`~..tools.entry.parse`."""
        criterion = self.criterion_id
        try:
            return entry.parse(
                self.rule,
                text,
                criterion.item_ids.ids,
                [(option.id, option.name) for option in criterion.option_ids],
            )
        except entry.EntryError as error:
            raise ValidationError(self._entry_sentence(error)) from error

    def _count_commands(self, counts):
        """Return the commands that make the counts of parts these."""
        rows = {row.item_id.id: row for row in self.count_ids}
        return [
            Command.update(rows[item].id, {"count": float(count)})
            if item in rows
            else Command.create({"item_id": item, "count": float(count)})
            for item, count in counts.items()
        ]

    def _entry_sentence(self, error):
        """Return what is wrong with a typed line, and how to mend it."""
        name = self.criterion_id.display_name
        text = error.text
        return {
            "boolean": lambda: self.env._(
                "“%(text)s” is no answer to “%(name)s”; write có, không or KAD.",
                text=text,
                name=name,
            ),
            "ratio": lambda: self.env._(
                "“%(text)s” is no ratio for “%(name)s”; write achieved/planned such "
                "as 45/50, or a share such as 92%%.",
                text=text,
                name=name,
            ),
            "number": lambda: self.env._(
                "“%(text)s” is no number for “%(name)s”; write e.g. 12 or 1,5.",
                text=text,
                name=name,
            ),
            "items": lambda: self.env._(
                "“%(text)s” has more numbers than “%(name)s” has parts (%(count)s); "
                "write one for each, with semicolons between.",
                text=text,
                name=name,
                count=len(self.criterion_id.item_ids),
            ),
            "option": lambda: self.env._(
                "“%(text)s” is no answer to “%(name)s”; choose one of: %(answers)s.",
                text=text,
                name=name,
                answers=", ".join(self.criterion_id.option_ids.mapped("name")),
            ),
        }[error.key]()

    # --- What holds

    @api.constrains("is_na", "is_filled", *sorted(_FILLS - {"is_na", "is_filled"}))
    def _check_declared(self):
        for line in self.filtered("is_leaf"):
            name = line.criterion_id.display_name
            if line.is_na and not line.na_allowed:
                raise ValidationError(
                    self.env._(
                        "“%s” applies to every agency: score it instead of leaving it "
                        "out.",
                        name,
                    )
                )
            if line.is_overridden:
                line._check_points(line.override_points)
                if not (line.override_reason or "").strip():
                    raise ValidationError(
                        self.env._("Say why “%s” is scored by hand.", name)
                    )
            try:
                line._by_rule()
            except ScoringError as error:
                raise ValidationError(
                    line.criterion_id._sentence(error, name)
                ) from error

    @api.constrains("appraised_1", "appraised_2")
    def _check_appraised(self):
        for line in self.filtered("is_leaf"):
            line._check_points(line.appraised_1)
            line._check_points(line.appraised_2)

    def _check_points(self, points):
        key = "negative" if points < 0 else "beyond" if points > self.maximum else None
        if key:
            raise ValidationError(
                self.criterion_id._sentence(
                    ScoringError(key, points), self.criterion_id.display_name
                )
            )

    # --- Writing

    def _check_may_write(self, names):
        """Raise unless the step of each assessment lets the person change these."""
        for assessment, lines in self.grouped("assessment_id").items():
            state = assessment.state
            who, allowed = WRITABLE.get(state, (None, frozenset()))
            if state == "draft":
                assessment._cchc_check_open()
            if names - allowed:
                label = dict(
                    assessment._fields["state"]._description_selection(self.env)
                )[state]
                raise UserError(
                    self.env._(
                        "%(assessment)s: in the state “%(state)s” this cannot be "
                        "changed: %(fields)s.",
                        assessment=assessment.sudo().name,
                        state=label,
                        fields=", ".join(
                            self._fields[name]._description_string(self.env) or name
                            for name in sorted(names - allowed)
                            if name in self._fields
                        ),
                    )
                )
            if head := lines.filtered(lambda line: not line.is_leaf)[:1]:
                raise UserError(
                    self.env._(
                        "“%s” adds up its parts: score those.",
                        head.criterion_id.sudo().display_name,
                    )
                )
            if not self.env.su:
                assessment._check_person(who)

    @api.model_create_multi
    def create(self, vals_list):
        if not is_unlocked(self.env):
            raise AccessError(
                self.env._("The lines of an assessment are those of its set.")
            )
        return super().create(vals_list)

    def write(self, vals):
        if is_unlocked(self.env):
            return super().write(vals)
        vals = dict(vals)
        if "entry" in vals:
            # what is typed is what its parts say: one way in, one check, one log
            text = vals.pop("entry")
            for line in self:
                line.write({**line._entered(text), **vals})
            return True
        self._check_may_write(set(vals))
        if _FILLS & set(vals) and "is_filled" not in vals:
            vals["is_filled"] = True
        with self.assessment_id._logged(self._log_reason(vals), self):
            result = super(CchcIndexAssessmentLine, logging_noted(self)).write(vals)
        self._own_attachments(vals)
        return result

    @contextmanager
    def _changing_declared(self):
        """Let the counts of these lines change: checked, noted, and scored."""
        noted = self.env.context.get("cchc_index_logging") is not None
        if not noted:
            self._check_may_write({"count_ids"})
        with self.assessment_id._logged(lines=self):
            yield
            unlocked(self.filtered(lambda line: not line.is_filled)).write(
                {"is_filled": True}
            )
            self._check_declared()

    @api.model
    def _log_reason(self, vals):
        """Return why the scores change, as far as the person says it."""
        for name in ("override_reason", "declared_reason", "comment_1", "comment_2"):
            if vals.get(name):
                return vals[name]
        return ""

    def _own_attachments(self, vals):
        """Let whoever reads a line read its files."""
        for name in ("attachment_ids", "explanation_attachment_ids"):
            if name not in vals:
                continue
            for line in self:
                files = line.sudo()[name].filtered(
                    lambda file: not file.res_id and file.create_uid == self.env.user
                )
                files.write({"res_model": self._name, "res_id": line.id})

    @api.ondelete(at_uninstall=False)
    def _unlink_with_assessment(self):
        if not is_unlocked(self.env) and not self.env.context.get("_force_unlink"):
            raise UserError(
                self.env._("The lines of an assessment are those of its set.")
            )

    def _link_previous(self):
        """Find the lines of the same criterion, or of its parts, in the year before."""
        for assessment, lines in self.grouped("assessment_id").items():
            before = assessment.previous_id.sudo().line_ids
            by_criterion = {line.criterion_id: line for line in before}
            known = before.criterion_id
            for line in lines:
                found = line.criterion_id.sudo()._come_from(known)
                line.previous_line_ids = [
                    Command.set([by_criterion[node].id for node in found])
                ]


def _sum(records, name):
    return float(sum((exact(record[name]) for record in records), ZERO))
