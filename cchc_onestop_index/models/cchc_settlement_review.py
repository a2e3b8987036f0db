from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.cchc_onestop.tools.guard import is_unlocked, unlocked

from ..tools import points

#: What the counting writes.
KEPT = frozenset(
    {
        *("state", "computed_at", "counted_to", "dossier_count", "slip_count"),
        *("percent", "is_satisfaction_known", "published_at", "published_by_id"),
        "line_ids",
        "officer_ids",
    }
)


class CchcSettlementReview(models.Model):
    """Bảng đánh giá việc giải quyết TTHC of an agency in a period.

    TT 01/2018/TT-VPCP Đ.13-15: the system scores the nine indices from what it knows,
    a person with the right appraises with a reason, a leader approves, and the result
    is published. Approved, it stays with its figures.
    """

    _name = "cchc.settlement.review"
    _description = "Evaluation of Settlement"
    _inherit = ["cchc.approved.mixin"]
    _order = "date_to desc, company_id, id desc"
    _cchc_free = frozenset({"note"})

    name = fields.Char(compute="_compute_name", store=True)
    company_id = fields.Many2one(
        "res.company",
        "Agency",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    period_rule_id = fields.Many2one(
        "cchc.period.rule",
        "Kind of Period",
        required=True,
        ondelete="restrict",
        default=lambda self: self.env.ref("cchc_onestop.period_rule_quarter"),
    )
    day = fields.Date(
        "A Day of the Period",
        required=True,
        default=lambda self: self._default_day(),
        help="Any day: the period in which it lies is evaluated",
    )
    date_from = fields.Date("From", compute="_compute_period", store=True)
    date_to = fields.Date("To", compute="_compute_period", store=True)
    period_name = fields.Char("Period", compute="_compute_period", store=True)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("approved", "Approved"),
            ("published", "Published"),
        ],
        required=True,
        readonly=True,
        default="draft",
        tracking=True,
        copy=False,
    )
    computed_at = fields.Datetime("Scored on", readonly=True, copy=False)
    counted_to = fields.Datetime("Counted up to", readonly=True, copy=False)
    dossier_count = fields.Integer("Dossiers Settled", readonly=True, copy=False)
    slip_count = fields.Integer("Slips", readonly=True, copy=False)
    percent = fields.Float("Satisfied (%)", digits=(4, 1), readonly=True, copy=False)
    is_satisfaction_known = fields.Boolean(readonly=True, copy=False)
    satisfaction_text = fields.Char(
        "Satisfaction", compute="_compute_satisfaction_text"
    )
    line_ids = fields.One2many(
        "cchc.settlement.review.line", "review_id", "Indices", copy=False
    )
    officer_ids = fields.One2many(
        "cchc.settlement.review.officer", "review_id", "Officers", copy=False
    )
    own_points = fields.Float(
        "Self-Scored", digits=(4, 1), compute="_compute_points", store=True
    )
    final_points = fields.Float(
        "Appraised", digits=(4, 1), compute="_compute_points", store=True
    )
    known_maximum = fields.Float(
        "Most of What Is Known", digits=(4, 1), compute="_compute_points", store=True
    )
    unknown_count = fields.Integer(
        "Not Known", compute="_compute_points", store=True, aggregator=None
    )
    band = fields.Char(compute="_compute_points", store=True)
    published_at = fields.Datetime("Published on", readonly=True, copy=False)
    published_by_id = fields.Many2one(
        "res.users", "Published by", readonly=True, copy=False
    )
    note = fields.Text("Remarks")

    _period_uniq = models.UniqueIndex(
        "(company_id, date_from, date_to)",
        "The evaluation of this period is there already.",
    )

    @api.model
    def _default_day(self):
        """A day of the last whole quarter."""
        today = fields.Date.context_today(self)
        rule = self.env.ref("cchc_onestop.period_rule_quarter")._to_rule()
        return rule.before(rule.containing(today)).start

    @api.depends("period_rule_id", "day")
    def _compute_period(self):
        for review in self:
            if not review.period_rule_id or not review.day:
                review.date_from = review.date_to = review.period_name = False
                continue
            period = review.period_rule_id._period_of(review.day)
            review.date_from, review.date_to = period.start, period.end
            review.period_name = review.period_rule_id._period_name(period)

    @api.depends("period_name")
    def _compute_name(self):
        for review in self:
            # official words, the same in every interface language
            review.name = f"Đánh giá việc giải quyết TTHC, {review.period_name or ''}"

    @api.depends("percent", "slip_count", "is_satisfaction_known")
    def _compute_satisfaction_text(self):
        for review in self:
            if review.is_satisfaction_known:
                share = f"{review.percent:.1f}".replace(".", ",")
                review.satisfaction_text = self.env._(
                    "%(share)s %% of %(slips)s slips",
                    share=share,
                    slips=review.slip_count,
                )
            else:
                review.satisfaction_text = self.env._(
                    "Not known: publish the results of evaluation of this period first."
                )

    @api.depends("line_ids.final_points", "line_ids.is_final_known", "date_to")
    def _compute_points(self):
        for review in self:
            own = review.line_ids.filtered("is_known")
            final = review.line_ids.filtered("is_final_known")
            review.own_points = sum(own.mapped("own_points"))
            review.final_points = sum(final.mapped("final_points"))
            review.known_maximum = sum(final.mapped("maximum"))
            review.unknown_count = len(review.line_ids - final)
            bands = (
                self.env["cchc.settlement.rule"]._bands(
                    "body", {"date_to": review.date_to}
                )
                if review.date_to
                else []
            )
            review.band = (
                points.band(points.exact(round(review.final_points, 1)), bands)
                if final
                else False
            )

    # -- guard
    def _cchc_kept_names(self, vals):
        return KEPT.intersection(vals) if not is_unlocked(self.env) else ()

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            for name in self._cchc_kept_names(vals):
                if vals[name] and vals[name] != "draft":
                    raise UserError(self._kept_sentence())
        return super().create(vals_list)

    def write(self, vals):
        if self._cchc_kept_names(vals):
            raise UserError(self._kept_sentence())
        result = super().write(vals)
        if {"company_id", "period_rule_id", "day"}.intersection(vals):
            self._forget()
        return result

    def _kept_sentence(self):
        return self.env._("The evaluation is scored by the system, not typed.")

    def _forget(self):
        """Remove the scores of another period or agency."""
        review = unlocked(self.sudo())
        review.line_ids.unlink()
        review.officer_ids.unlink()
        review.write({"computed_at": False, "is_satisfaction_known": False})

    def _cchc_check_submission(self):
        if not self.computed_at:
            raise UserError(self.env._("Have the system score the period first."))
        if self.date_to >= self.company_id._cchc_local_date(fields.Datetime.now()):
            raise UserError(
                self.env._("The period is not over: it cannot be approved yet.")
            )

    def _cchc_check_amend(self):
        if self.state == "published":
            raise UserError(self.env._("What is published stays as it was published."))

    # -- buttons
    def action_publish(self):
        """Publish approved evaluations: everybody in the agency reads them."""
        self.check_access("write")
        for review in self:
            if review.state != "approved":
                raise UserError(
                    self.env._("An evaluation is published once it is approved.")
                )
        unlocked(self.sudo()).write(
            {
                "state": "published",
                "published_at": fields.Datetime.now(),
                "published_by_id": self.env.uid,
            }
        )
        return True

    def action_print(self):
        """Print the form."""
        return self.env.ref(
            "cchc_onestop_index.report_settlement_review_action"
        ).report_action(self)

    def action_print_xlsx(self):
        """Return the form as a workbook."""
        return self.env.ref(
            "cchc_onestop_index.report_settlement_review_xlsx_action"
        ).report_action(self)

    def action_open_dossiers(self):
        """Open the dossiers that the evaluation counts, by the reader's rules."""
        self.ensure_one()
        self.check_access("read")
        return self._open_cell(0, "", self.env._("Dossiers Settled"))

    def _open_cell(self, number, score, name, officer=0):
        """Return the list of dossiers with a score of an index."""
        cell = f"{self.id}/{number}/{score}/{officer}"
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "cchc.dossier",
            "views": [(False, "list"), (False, "form")],
            "domain": [("settlement_cell", "=", cell)],
            "context": {"create": False},
        }

    def _overlaps_another(self):
        """Whether another scored evaluation of the agency shares days with this one."""
        self.ensure_one()
        return bool(
            self.sudo().search_count(
                Domain("company_id", "=", self.company_id.id)
                & Domain("id", "!=", self.id)
                & Domain("computed_at", "!=", False)
                & Domain("date_from", "<=", self.date_to)
                & Domain("date_to", ">=", self.date_from),
                limit=1,
            )
        )
