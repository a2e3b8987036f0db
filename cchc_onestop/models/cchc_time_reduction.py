from fractions import Fraction

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ..tools import reduction as arithmetic
from ..tools.guard import is_unlocked, unlocked

#: What may change on a decision that has been applied.
_FREE = frozenset(
    {
        "message_follower_ids",
        "message_ids",
        "message_main_attachment_id",
        "message_partner_ids",
        "note",
    }
)


class CchcTimeReduction(models.Model):
    """Decision of an agency to settle procedures faster than the law demands.

    Quyết định cắt giảm thời gian giải quyết: applying it makes a new edition of the
    process of each procedure with the shortened time, repealing it one with the time
    before. Dossiers keep the time they were accepted with. The rate is
    (statutory - committed) / statutory, exact, printed with one decimal.
    """

    _name = "cchc.time.reduction"
    _description = "Time Reduction Decision"
    _inherit = ["mail.thread"]
    _order = "valid_from desc, id desc"
    _check_company_auto = True

    decision_id = fields.Many2one(
        "cchc.publication.decision",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    company_id = fields.Many2one(
        "res.company",
        "Agency",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        help="The agency that commits itself to the shorter times",
    )
    valid_from = fields.Date(
        compute="_compute_valid_from",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        tracking=True,
        help="Dossiers accepted from this day on have the shorter times",
    )
    state = fields.Selection(
        [("draft", "Draft"), ("applied", "Applied"), ("repealed", "Repealed")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    repealed_from = fields.Date(readonly=True, copy=False, tracking=True)
    repeal_decision_id = fields.Many2one(
        "cchc.publication.decision",
        "Repealed by",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    scale_steps = fields.Boolean(
        "Shorten the Steps in Proportion",
        default=True,
        help="Steps that add up to more than the shortened time are shortened in "
        "proportion, to whole hours where possible; else the process has to be "
        "amended by hand first",
    )
    note = fields.Text("Notes")
    line_ids = fields.One2many(
        "cchc.time.reduction.line", "reduction_id", "Shortened Times", copy=True
    )
    procedure_count = fields.Integer("Procedures", compute="_compute_counts")
    sector_count = fields.Integer("Fields", compute="_compute_counts")
    problem_count = fields.Integer("To Mend", compute="_compute_problem_count")
    process_count = fields.Integer("Processes", compute="_compute_process_count")
    rate = fields.Float(compute="_compute_rate", digits=(16, 6))
    rate_text = fields.Char("Rate (%)", compute="_compute_rate")
    rate_table = fields.Html(compute="_compute_rate", sanitize=False)

    _decision_uniq = models.UniqueIndex(
        "(decision_id, company_id)",
        "This decision is already entered as a time reduction of the agency.",
    )

    @api.depends("decision_id")
    def _compute_valid_from(self):
        for reduction in self:
            reduction.valid_from = (
                reduction.decision_id.effective_date
                or reduction.valid_from
                or fields.Date.context_today(reduction)
            )

    @api.depends("decision_id.display_name")
    def _compute_display_name(self):
        for reduction in self:
            reduction.display_name = reduction.decision_id.display_name

    @api.depends("line_ids.procedure_id")
    def _compute_counts(self):
        for reduction in self:
            procedures = reduction.line_ids.procedure_id
            reduction.procedure_count = len(procedures)
            reduction.sector_count = len(procedures.sector_id)

    @api.depends("line_ids.problem")
    def _compute_problem_count(self):
        for reduction in self:
            reduction.problem_count = len(reduction.line_ids.filtered("problem"))

    def _compute_process_count(self):
        for reduction in self:
            reduction.process_count = self.env["cchc.process"].search_count(
                reduction._process_domain()
            )

    def _process_domain(self):
        return [
            ("decision_id", "=", self.decision_id.id),
            ("company_id", "=", self.company_id.id),
        ]

    # --- Rates

    @api.depends(
        "line_ids.statutory_amount", "line_ids.committed_amount", "line_ids.sector_id"
    )
    def _compute_rate(self):
        for reduction in self:
            rates, whole = reduction._get_rates()
            reduction.rate = float(whole)
            reduction.rate_text = arithmetic.percent(whole)
            reduction.rate_table = reduction._render_rates(rates, whole)

    def _get_rates(self):
        """Return ``({field: rate}, rate of the whole)`` as exact Fractions.

        The rate of several procedures is what is cut of the sum of their times. Times
        in days, hours and months are weighed in working days of the agency.
        """
        self.ensure_one()
        calendar = self.company_id.sudo().resource_calendar_id
        day_hours = calendar.cchc_hours_per_day or 8.0
        week_days = len(set(calendar.attendance_ids.mapped("dayofweek"))) or 5
        times = {}
        for line in self.line_ids:
            if not line.is_comparable:
                continue
            times.setdefault(line.sector_id, []).append(
                tuple(
                    arithmetic.working_days(
                        amount, line.statutory_unit, day_hours, week_days
                    )
                    for amount in (line.statutory_amount, line.committed_amount)
                )
            )
        rates = {
            sector: arithmetic.total_rate(times[sector])
            for sector in sorted(times, key=lambda row: (row.sequence, row.name or ""))
        }
        pairs = [pair for group in times.values() for pair in group]
        return rates, arithmetic.total_rate(pairs)

    def _render_rates(self, rates, whole):
        counts = {
            sector: len(lines.procedure_id)
            for sector, lines in self.line_ids.grouped("sector_id").items()
        }
        row = Markup(
            "<tr><td>%s</td><td class='text-end'>%s</td>"
            "<td class='text-end'>%s</td></tr>"
        )
        head = Markup(
            "<tr><th>%s</th><th class='text-end'>%s</th>"
            "<th class='text-end'>%s</th></tr>"
        ) % (self.env._("Field"), self.env._("Procedures"), self.env._("Rate (%)"))
        body = Markup("").join(
            row % (sector.name, counts[sector], arithmetic.percent(rate))
            for sector, rate in rates.items()
        )
        total = row % (
            self.env._("Total"),
            sum(counts.values()),
            arithmetic.percent(whole),
        )
        return Markup(
            "<table class='table table-sm'><thead>%s</thead><tbody>%s</tbody>"
            "<tfoot class='fw-bold'>%s</tfoot></table>"
        ) % (head, body, total)

    # --- What is applied stays

    def write(self, vals):
        if not is_unlocked(self.env):
            if vals.get("state", "draft") != "draft":
                raise UserError(
                    self.env._("Apply or repeal the decision with its button.")
                )
            if set(vals) - _FREE:
                self._check_draft()
        return super().write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        if not is_unlocked(self.env) and any(
            vals.get("state", "draft") != "draft" for vals in vals_list
        ):
            raise UserError(self.env._("Apply or repeal the decision with its button."))
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_applied(self):
        self._check_draft()

    def _check_draft(self):
        if applied := self.filtered(lambda reduction: reduction.state != "draft")[:1]:
            raise UserError(
                self.env._(
                    "The time reduction %s is applied and cannot be changed any more; "
                    "repeal it from a date instead.",
                    applied.display_name,
                )
            )

    # --- Applying and repealing

    def action_apply(self):
        """Set the committed times from the day on: all of them or none.

        :raise UserError: with the first line that cannot be applied
        """
        self.check_access("write")
        for reduction in self:
            reduction._check_draft()
            if not reduction.line_ids:
                raise UserError(
                    self.env._("Add the procedures whose time is shortened first.")
                )
            if problem := reduction.line_ids.filtered("problem")[:1].problem:
                raise UserError(problem)
            reduction.line_ids._apply()
            unlocked(reduction).write({"state": "applied"})
            reduction.message_post(
                body=self.env._(
                    "Applied from %(date)s: %(count)s procedures in %(fields)s fields.",
                    date=format_date(self.env, reduction.valid_from),
                    count=reduction.procedure_count,
                    fields=reduction.sector_count,
                )
            )
        return True

    def action_repeal(self):
        """Ask from which day the times before hold again."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Repeal"),
            "res_model": "cchc.time.reduction.repeal",
            "view_mode": "form",
            "target": "new",
            "context": {"default_reduction_id": self.id},
        }

    def _repeal(self, day, decision=None):
        """Restore the times before this decision for dossiers accepted from ``day``."""
        self.ensure_one()
        self.check_access("write")
        if self.state != "applied":
            raise UserError(self.env._("Only a decision that is applied is repealed."))
        if day <= self.valid_from:
            raise UserError(
                self.env._(
                    "%(name)s holds from %(date)s; choose a later day for its repeal.",
                    name=self.display_name,
                    date=format_date(self.env, self.valid_from),
                )
            )
        processes = self.env["cchc.process"].search(
            Domain(self._process_domain())
            & Domain("state", "=", "published")
            & (Domain("valid_to", "=", False) | Domain("valid_to", ">=", day))
        )
        for process in processes:
            self._restore(process, day, decision)
        unlocked(self).write(
            {
                "state": "repealed",
                "repealed_from": day,
                "repeal_decision_id": decision.id if decision else False,
            }
        )

    def _restore(self, process, day, decision):
        """Publish the process as it was before this decision, from ``day``."""
        base = process
        while base.decision_id == self.decision_id and base.amended_process_id:
            base = base.amended_process_id
        is_own = base.decision_id == self.decision_id
        restored = base._amend(
            max(day, process.valid_from),
            version=process.version_id,
            company=self.company_id,
        )
        vals = {"amended_process_id": process.id}
        if is_own:
            # there was none before: the agency commits to the statutory time again
            vals.update(committed_amount=0.0, committed_unit="working_day")
        vals["decision_id"] = (decision or base.decision_id - self.decision_id).id
        restored.write(vals)
        restored.action_publish()

    # --- Opening

    def action_open_processes(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cchc_onestop.cchc_process_action"
        )
        action["domain"] = self._process_domain()
        action["context"] = {}
        return action

    def action_open_procedures(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cchc_onestop.cchc_procedure_action"
        )
        action["domain"] = [("id", "in", self.line_ids.procedure_id.ids)]
        return action

    def action_fill(self):
        """Open the choice of procedures, or of a table to import."""
        self.ensure_one()
        self._check_draft()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Add Procedures"),
            "res_model": "cchc.time.reduction.fill",
            "view_mode": "form",
            "target": "new",
            "context": {"default_reduction_id": self.id},
        }

    # --- The official table

    def _get_table(self):
        """Return the table of the decision: ``[(field, rate, lines)]`` in its order."""
        self.ensure_one()
        rates, _whole = self._get_rates()
        groups = self.line_ids.grouped("sector_id")
        return [
            (sector, rates.get(sector, Fraction(0)), groups[sector])
            for sector in sorted(groups, key=lambda row: (row.sequence, row.name or ""))
        ]
