from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.cchc_onestop.models.cchc_dossier_clock import naive

#: What is typed for an answer of a paper slip.
MARKS = {"1": "very_satisfied", "2": "satisfied", "3": "dissatisfied"}
#: Steps of who settles a dossier; the same as in the rule that hides the slips.
SETTLING = ("assign", "handle", "review")


class CchcEvaluation(models.Model):
    """A slip on a form, from paper, kiosk, link or telephone."""

    _inherit = "cchc.evaluation"

    form_id = fields.Many2one("cchc.evaluation.form", ondelete="restrict")
    kiosk_id = fields.Many2one("cchc.evaluation.kiosk", ondelete="restrict")
    reason_ids = fields.Many2many(
        "cchc.evaluation.reason",
        string="Why Not Satisfied",
        help="What a dissatisfied citizen ticked",
    )
    followup_ids = fields.One2many(
        "cchc.evaluation.followup", "evaluation_id", readonly=True
    )
    rate = fields.Float(
        "Satisfied (%)",
        compute="_compute_rate",
        store=True,
        precompute=True,
        aggregator="avg",
        digits=(4, 1),
        help="100 for a slip that is satisfied or very satisfied, 0 for another; its "
        "average is the share",
    )

    @api.depends("satisfied")
    def _compute_rate(self):
        for evaluation in self:
            evaluation.rate = 100.0 * evaluation.satisfied

    # -- the form in force gives the questions
    @api.model
    def _form_of(self, source, company=None):
        company = company or self.env.company
        return self.env["cchc.evaluation.form"]._for(
            source, company, company._cchc_local_date(fields.Datetime.now())
        )

    @api.model
    def _default_answers(self):
        form = self._form_of(self.env.context.get("default_source", "counter"))
        if not form:
            return super()._default_answers()
        return self._answer_rows(form)

    @api.model
    def _answer_rows(self, form, levels=None):
        """Return the commands that make the answers to the questions of a form.

        :param dict levels: ``{criterion id: level}``
        """
        levels = levels or {}
        return [
            fields.Command.create(
                {"criterion_id": criterion.id, "level": levels.get(criterion.id, False)}
            )
            for criterion in form.line_ids.criterion_id
        ]

    @api.model
    def _levels_of(self, form, marks):
        """Return ``{criterion id: level}`` of figures typed in the order of a form.

        :param str marks: 1 very satisfied, 2 satisfied, 3 dissatisfied, 0 nothing
        """
        return {
            criterion.id: MARKS.get(mark, False)
            for criterion, mark in zip(form.line_ids.criterion_id, marks, strict=False)
        }

    @api.model
    def _moment_of(self, company, day):
        """Return when a slip of a day counts as filled in: now today, else at the end
        of the day; naive UTC."""
        now = fields.Datetime.now()
        if day == company._cchc_local_date(now):
            return now
        evening = fields.Datetime.to_datetime(day).replace(hour=23, minute=59)
        return naive(evening.replace(tzinfo=company._cchc_tz()))

    @api.onchange("source")
    def _onchange_source(self):
        form = self._form_of(self.source or "counter", self.dossier_id.company_id)
        if form and form != self.form_id:
            self.form_id = form
            answered = {row.criterion_id.id: row.level for row in self.answer_ids}
            self.answer_ids = [
                fields.Command.clear(),
                *self._answer_rows(form, answered),
            ]

    @api.model_create_multi
    def create(self, vals_list):
        dossiers = self.env["cchc.dossier"].browse(
            vals["dossier_id"] for vals in vals_list if vals.get("dossier_id")
        )
        companies = {d.id: d.company_id for d in dossiers.sudo()}
        vals_list = [dict(vals) for vals in vals_list]
        for vals in vals_list:
            if not vals.get("form_id") and vals.get("dossier_id"):
                source = vals.get("source") or "counter"
                company = companies[vals["dossier_id"]]
                vals["form_id"] = self._form_of(source, company).id
        evaluations = super().create(vals_list)
        evaluations.filtered(lambda e: e.level == "dissatisfied")._follow_up()
        return evaluations

    @api.constrains("level", "reason_ids")
    def _check_reasons(self):
        for evaluation in self:
            if evaluation.reason_ids and evaluation.level != "dissatisfied":
                raise ValidationError(
                    self.env._("Only a dissatisfied slip says why not.")
                )

    def _void(self, reason):
        result = super()._void(reason)
        self.sudo().with_context(active_test=False).followup_ids._drop(reason)
        return result

    # -- dissatisfaction goes to a leader
    def _settlers(self):
        """Return who settled the dossier, from whom the slip is hidden."""
        self.ensure_one()
        steps = self.dossier_id.sudo().step_ids
        return steps.filtered(lambda step: step.role in SETTLING).done_by_id

    def _follow_up(self):
        """Open the follow-up of dissatisfied slips, for a leader who did not settle
        the dossier; without such a leader it waits in the list."""
        now = fields.Datetime.now()
        self.env["cchc.evaluation.followup"].sudo()._open(
            [
                {
                    "evaluation_id": slip.id,
                    "user_id": slip._follower().id,
                    "due_on": slip.company_id._cchc_shift_day(
                        slip.company_id._cchc_local_date(now),
                        slip.company_id.cchc_followup_days,
                        "working_day",
                    ),
                }
                for slip in self.sudo()
            ]
        )

    def _follower(self):
        self.ensure_one()
        company, settlers = self.company_id, self._settlers()
        signer = company.cchc_signer_id
        if signer.active and signer not in settlers:
            return signer
        for group in ("group_leader", "group_manager"):
            users = (
                self.env["res.users"]
                .sudo()
                .search(
                    [
                        ("group_ids", "in", self.env.ref(f"cchc_onestop.{group}").ids),
                        ("company_ids", "in", company.ids),
                        ("share", "=", False),
                    ],
                    order="id",
                )
                - settlers
            )
            if users:
                return users[0]
        return self.env["res.users"]
