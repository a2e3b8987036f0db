from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.cchc_onestop.tools.guard import is_unlocked, unlocked

from ..tools import scoring
from ..tools.scoring import exact
from .cchc_index_assessment import SENT

#: What may change once a round is open.
_FREE = frozenset(
    {
        "name",
        "date_to",
        "deadline_self",
        "deadline_appraise_1",
        "deadline_explain",
        "deadline_appraise_2",
        "decision_number",
        "decision_date",
        "class_ids",
        "dense",
        "note",
    }
)


class CchcIndexRound(models.Model):
    """Round of scoring (đợt): a superior has agencies below score a year.

    It names the set, the groups and the days until which each part does its share. An
    agency that takes part in no superior's round here opens one of its own and enters
    what the superior decided elsewhere.
    """

    _name = "cchc.index.round"
    _description = "Round of Index Scoring"
    _inherit = ["mail.thread"]
    _order = "year desc, date_from desc, id desc"

    name = fields.Char(required=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        "Opened by",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    year = fields.Integer(
        "Year Scored",
        required=True,
        default=lambda self: fields.Date.context_today(self).year,
        aggregator=None,
    )
    set_id = fields.Many2one(
        "cchc.index.set",
        "Set of Criteria",
        required=True,
        ondelete="restrict",
        domain="[('state', 'in', ('published', 'replaced'))]",
    )
    group_ids = fields.Many2many(
        "cchc.index.group",
        string="Groups of Agencies",
        domain="[('company_id', '=', company_id)]",
    )
    date_from = fields.Date(
        "From", required=True, default=lambda self: fields.Date.context_today(self)
    )
    date_to = fields.Date("To")
    deadline_self = fields.Date("Self-scores until", tracking=True)
    deadline_appraise_1 = fields.Date("First Appraisal until", tracking=True)
    deadline_explain = fields.Date("Explanations until", tracking=True)
    deadline_appraise_2 = fields.Date("Second Appraisal until", tracking=True)
    state = fields.Selection(
        [("draft", "Draft"), ("open", "Open"), ("published", "Published")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    decision_number = fields.Char("Decision No.", copy=False)
    decision_date = fields.Date(copy=False)
    dense = fields.Boolean(
        "Ranks without Gaps",
        help="After two agencies in the first place comes the second, not the third",
    )
    class_ids = fields.One2many(
        "cchc.index.class",
        "round_id",
        "Classes of the Round",
        copy=True,
        help="Empty: those of the set of criteria",
    )
    assessment_ids = fields.One2many(
        "cchc.index.assessment", "round_id", "Assessments", readonly=True
    )
    assessment_count = fields.Integer("Agencies", compute="_compute_progress")
    sent_count = fields.Integer("Sent in", compute="_compute_progress")
    appraised_count = fields.Integer("Agencies Appraised", compute="_compute_progress")
    missing = fields.Char(
        "Not Sent in Yet",
        compute="_compute_progress",
        help="Agencies whose self-score the round still waits for",
    )
    note = fields.Text("Notes")

    _dates = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "A round cannot end before it begins.",
    )

    @api.depends("assessment_ids.state", "assessment_ids.active")
    def _compute_progress(self):
        for record in self:
            # drafts of agencies below are theirs alone: only their names are told
            rows = record.sudo().assessment_ids
            waiting = rows.filtered(lambda row: row.state not in SENT)
            record.assessment_count = len(rows)
            record.sent_count = len(rows - waiting)
            record.appraised_count = len(
                rows.filtered(lambda row: row.state in ("appraised_2", "published"))
            )
            record.missing = ", ".join(waiting.company_id.mapped("name")) or False

    @api.constrains(
        "date_from",
        "deadline_self",
        "deadline_appraise_1",
        "deadline_explain",
        "deadline_appraise_2",
    )
    def _check_deadlines(self):
        names = (
            "date_from",
            "deadline_self",
            "deadline_appraise_1",
            "deadline_explain",
            "deadline_appraise_2",
        )
        for record in self:
            days = [(name, record[name]) for name in names if record[name]]
            for (earlier, first), (later, second) in zip(days, days[1:], strict=False):
                if second < first:
                    raise ValidationError(
                        self.env._(
                            "“%(later)s” lies before “%(earlier)s” (%(day)s); correct "
                            "one of them.",
                            later=self._label(later),
                            earlier=self._label(earlier),
                            day=first.strftime("%d/%m/%Y"),
                        )
                    )

    def _label(self, name):
        return self._fields[name]._description_string(self.env)

    def write(self, vals):
        names = {n for n in vals if not n.startswith(("message_", "activity_"))}
        if names - _FREE and not is_unlocked(self.env):
            if "state" in vals:
                raise AccessError(
                    self.env._("A round is opened and published by its buttons.")
                )
            if opened := self.filtered(lambda record: record.state != "draft")[:1]:
                raise UserError(
                    self.env._(
                        "“%s” is open: its year, set and groups stay as they are.",
                        opened.name,
                    )
                )
        if not is_unlocked(self.env):
            self._check_not_published(vals)
        return super().write(vals)

    def _check_not_published(self, vals):
        names = {n for n in vals if not n.startswith(("message_", "activity_"))}
        if names - {"note"} and (
            closed := self.filtered(lambda record: record.state == "published")[:1]
        ):
            raise UserError(
                self.env._("“%s” is published and stays as it is.", closed.name)
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_open(self):
        if opened := self.filtered(lambda record: record.state != "draft")[:1]:
            raise UserError(
                self.env._("“%s” was opened and is kept.", opened.display_name)
            )

    # --- Life

    def action_open_round(self):
        """Open rounds: each agency of their groups gets its assessment.

        :raises UserError: when an agency stands in two groups or not below
        """
        self.check_access("write")
        for record in self:
            if record.state != "draft":
                raise UserError(self.env._("“%s” is open already.", record.name))
            if record.set_id.state == "draft":
                raise UserError(
                    self.env._(
                        "Publish the set “%s” before a round uses it.",
                        record.set_id.name,
                    )
                )
            unlocked(record).write({"state": "open"})
            record._open_assessments()
        return True

    def action_add_agencies(self):
        """Open the assessments of agencies that joined a group afterwards."""
        self.check_access("write")
        for record in self:
            if record.state != "open":
                raise UserError(self.env._("Agencies join a round while it is open."))
            record._take_back()
            record._open_assessments()
        return True

    def action_drop_missing(self):
        """Take the agencies that did not send their self-score out of the round.

        They keep what they scored; “Add New Agencies” takes them back.

        :raises UserError: when the round is not open or waits for nobody
        """
        self.check_access("write")
        for record in self:
            waiting = record.sudo().assessment_ids.filtered(
                lambda row: row.state not in SENT
            )
            if record.state != "open" or not waiting:
                raise UserError(
                    self.env._("“%s” waits for no self-score.", record.name)
                )
            text = record.env._(
                "Taken out of the round, no self-score sent in: %s",
                ", ".join(waiting.company_id.mapped("name")),
            )
            waiting.activity_unlink(["mail.mail_activity_data_todo"])
            unlocked(waiting).write(
                {"active": False, "rank": 0, "rank_count": 0, "class_id": False}
            )
            for row in waiting:
                row._note(self.env._("Taken out of the round: not sent in"))
            record.invalidate_recordset(["assessment_ids"])
            record._message_log(body=text)
            record._rank()
        return True

    def _take_back(self):
        """Let agencies that were taken out take part again."""
        self.ensure_one()
        rows = self.sudo().with_context(active_test=False).assessment_ids
        unlocked(rows.filtered(lambda row: not row.active)).active = True
        self.invalidate_recordset(["assessment_ids"])

    def _open_assessments(self):
        self.ensure_one()
        group_of = {}
        for group in self.group_ids.sudo():
            for agency in group.member_ids:
                if agency in group_of:
                    raise UserError(
                        self.env._(
                            "%(agency)s stands in “%(one)s” and in “%(other)s”; take "
                            "it out of one of them.",
                            agency=agency.name,
                            one=group_of[agency].name,
                            other=group.name,
                        )
                    )
                if self.company_id not in agency.parent_ids:
                    raise UserError(
                        self.env._(
                            "%(agency)s is no agency below %(superior)s; take it out "
                            "of “%(group)s”.",
                            agency=agency.name,
                            superior=self.company_id.name,
                            group=group.name,
                        )
                    )
                group_of[agency] = group
        if not group_of:
            group_of = {self.company_id.sudo(): self.env["cchc.index.group"]}
        there = self.sudo().assessment_ids.company_id
        assessments = (
            self.env["cchc.index.assessment"]
            .sudo()
            .create(
                [
                    {
                        "company_id": agency.id,
                        "round_id": self.id,
                        "group_id": group.id,
                        "set_id": self.set_id.id,
                        "year": self.year,
                    }
                    for agency, group in group_of.items()
                    if agency not in there
                ]
            )
        )
        assessments._tell_opened()
        return assessments

    def action_assessments(self):
        """Open the ranking of the round, worked out as it stands now."""
        self.ensure_one()
        self._rank()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cchc_reform.cchc_index_ranking_action"
        )
        return {
            **action,
            "domain": [("round_id", "=", self.id)],
            "context": {
                "search_default_by_group": len(self.group_ids) > 1,
                "cchc_one_round": True,
            },
            "display_name": self.name,
        }

    def _classes(self):
        """Return the classes of the round: its own, else those of the set."""
        self.ensure_one()
        return self.class_ids or self.set_id.class_ids

    def _rank(self):
        """Work out rank and class of each assessment within its group."""
        for record in self.sudo():
            if record.state == "published":
                continue
            classes = record._classes()
            thresholds = [(exact(row.threshold), row) for row in classes]
            for _group, rows in record.assessment_ids.grouped("group_id").items():
                totals = [row._final() for row in rows]
                places = scoring.ranks(totals, dense=record.dense)
                ranked = sum(place is not None for place in places)
                for row, total, place in zip(rows, totals, places, strict=True):
                    found = scoring.class_of(total, thresholds)
                    unlocked(row).write(
                        {
                            "rank": place or 0,
                            "rank_count": ranked,
                            "class_id": found.id if found else False,
                            "class_name": found.name if found else False,
                        }
                    )

    def action_publish(self):
        """Publish rounds by the decision entered: ranks and classes are final.

        :raises UserError: when a score is not final or the decision is missing
        """
        self.check_access("write")
        for record in self:
            record._check_may_publish()
            record._rank()
            rows = record.sudo().assessment_ids
            unlocked(rows)._publish(record.decision_number, record.decision_date)
            unlocked(record).write({"state": "published"})
        return True

    def _check_may_publish(self):
        self.ensure_one()
        if self.state != "open":
            raise UserError(self.env._("“%s” is not open.", self.name))
        if not (self.decision_number and self.decision_date):
            raise UserError(
                self.env._(
                    "Enter number and date of the decision that publishes “%s”.",
                    self.name,
                )
            )
        if waiting := self.sudo().assessment_ids.filtered(
            lambda row: row.state != "appraised_2"
        ):
            raise UserError(
                self.env._(
                    "The second appraisal of %s is not finished: finish it, or take "
                    "agencies that sent nothing out of the round.",
                    ", ".join(waiting.company_id.mapped("name")),
                )
            )

    def action_copy_next(self):
        """Prepare the round of the next year with the same groups and deadlines."""
        self.ensure_one()

        def later(day):
            return day and fields.Date.add(day, years=1)

        new = self.copy(
            {
                "name": self.name.replace(str(self.year), str(self.year + 1)),
                "year": self.year + 1,
                "group_ids": [Command.set(self.group_ids.ids)],
                **{
                    name: later(self[name])
                    for name in (
                        "date_from",
                        "date_to",
                        "deadline_self",
                        "deadline_appraise_1",
                        "deadline_explain",
                        "deadline_appraise_2",
                    )
                },
            }
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": new.id,
            "views": [(False, "form")],
            "name": new.name,
        }
