from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.cchc_onestop.tools.guard import is_unlocked, unlocked

RATINGS = [(str(number), str(number)) for number in range(1, 6)]
#: The ratings in words, for who assesses and for who reads the map.
LIKELIHOODS = [
    ("1", "1 - Hardly ever"),
    ("2", "2 - Seldom"),
    ("3", "3 - Possible"),
    ("4", "4 - Likely"),
    ("5", "5 - Almost certain"),
]
IMPACTS = [
    ("1", "1 - Hardly felt"),
    ("2", "2 - Small"),
    ("3", "3 - Noticeable"),
    ("4", "4 - Grave"),
    ("5", "5 - The work stands still"),
]


class CchcIsoRisk(models.Model):
    """Risk or opportunity of an agency and what is done about it (TCVN ISO 9001 6.1).

    Every assessment stays as a row of its own; the register shows the first one, the
    latest before treatment and the one that is left after it.
    """

    _name = "cchc.iso.risk"
    _description = "Risk or Opportunity"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "score desc, code, id"
    _check_company_auto = True
    _rec_names_search = ["code", "name"]

    code = fields.Char("Number", readonly=True, copy=False)
    name = fields.Char("What Can Happen", required=True, tracking=True)
    kind = fields.Selection(
        [("risk", "Risk"), ("opportunity", "Opportunity")],
        required=True,
        default="risk",
    )
    company_id = fields.Many2one(
        "res.company",
        "Agency",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    system_id = fields.Many2one(
        "mgmtsystem.system",
        required=True,
        ondelete="restrict",
        default=lambda self: self.env["mgmtsystem.system"]._cchc_for(),
    )
    department_id = fields.Many2one(
        "hr.department", check_company=True, ondelete="restrict", index=True
    )
    process_id = fields.Many2one("cchc.process", ondelete="restrict")
    procedure_id = fields.Many2one(
        related="process_id.version_id.procedure_id", store=True
    )
    cause = fields.Text()
    consequence = fields.Text("Effect on the Work")
    clause_ids = fields.Many2many(
        "cchc.iso.clause",
        string="Clauses",
        domain="[('edition_id.is_certifiable', '=', True)]",
    )
    assessment_ids = fields.One2many(
        "cchc.iso.risk.assessment", "risk_id", "Assessments", readonly=True
    )
    likelihood = fields.Selection(
        RATINGS, compute="_compute_rating", store=True, tracking=True
    )
    impact = fields.Selection(
        RATINGS, "Consequence", compute="_compute_rating", store=True, tracking=True
    )
    score = fields.Integer(compute="_compute_rating", store=True, aggregator="avg")
    level_id = fields.Many2one(
        "cchc.iso.risk.level",
        compute="_compute_rating",
        store=True,
        group_expand="_expand_levels",
        tracking=True,
    )
    color = fields.Integer(related="level_id.color")
    residual_color = fields.Integer("Color Left", related="residual_level_id.color")
    residual_likelihood = fields.Selection(
        RATINGS, "Likelihood Left", compute="_compute_rating", store=True
    )
    residual_impact = fields.Selection(
        RATINGS, "Consequence Left", compute="_compute_rating", store=True
    )
    residual_score = fields.Integer(
        compute="_compute_rating", store=True, aggregator="avg"
    )
    residual_level_id = fields.Many2one(
        "cchc.iso.risk.level", "Level Left", compute="_compute_rating", store=True
    )
    treatment = fields.Selection(
        [
            ("avoid", "Avoid"),
            ("reduce", "Reduce"),
            ("share", "Share"),
            ("accept", "Accept"),
            ("seize", "Seize"),
        ],
        tracking=True,
    )
    treatment_text = fields.Text("What Is Done about It")
    action_ids = fields.Many2many(
        "mgmtsystem.action",
        "cchc_iso_risk_action_rel",
        "risk_id",
        "action_id",
        "Actions",
    )
    responsible_id = fields.Many2one(
        "res.users",
        required=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        tracking=True,
    )
    review_date = fields.Date(
        "Assess again on",
        tracking=True,
        default=lambda self: fields.Date.context_today(self).replace(month=12, day=15),
    )
    is_due = fields.Boolean(compute="_compute_is_due", search="_search_is_due")
    state = fields.Selection(
        [("open", "Open"), ("treated", "Treated"), ("closed", "Closed")],
        required=True,
        default="open",
        tracking=True,
        readonly=True,
        copy=False,
    )
    active = fields.Boolean(default=True)
    told_for = fields.Date(readonly=True, copy=False)

    _code_uniq = models.UniqueIndex(
        "(company_id, code) WHERE code IS NOT NULL",
        "The agency has a risk with this number already.",
    )

    # -- computed
    @api.depends(
        "assessment_ids.likelihood",
        "assessment_ids.impact",
        "assessment_ids.stage",
    )
    def _compute_rating(self):
        for risk in self:
            rows = risk.assessment_ids.sorted(lambda row: (row.assessed_on, row.id))
            before = rows.filtered(lambda row: row.stage == "before")[-1:]
            after = rows.filtered(lambda row: row.stage == "after")[-1:]
            risk.likelihood = before.likelihood
            risk.impact = before.impact
            risk.score = before.score
            risk.level_id = before.level_id
            risk.residual_likelihood = after.likelihood
            risk.residual_impact = after.impact
            risk.residual_score = after.score
            risk.residual_level_id = after.level_id

    @api.depends("code", "name")
    def _compute_display_name(self):
        for risk in self:
            risk.display_name = " ".join(filter(None, [risk.code, risk.name]))

    @api.depends("review_date", "state")
    def _compute_is_due(self):
        today = fields.Date.context_today(self)
        for risk in self:
            risk.is_due = bool(
                risk.review_date
                and risk.review_date <= today
                and risk.state != "closed"
            )

    @api.model
    def _search_is_due(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        return [("review_date", "<=", today), ("state", "!=", "closed")]

    @api.model
    def _expand_levels(self, levels, domain):
        return self.env["cchc.iso.risk.level"].search([], limit=50)

    @api.model_create_multi
    def create(self, vals_list):
        risks = super().create(vals_list)
        for risk in risks:
            if not risk.code:
                prefix = "RR" if risk.kind == "risk" else "CH"
                year = fields.Date.context_today(risk).year
                count = self.sudo().search_count(
                    [
                        ("company_id", "=", risk.company_id.id),
                        ("code", "=like", f"{prefix}-{year}-%"),
                    ]
                )
                risk.code = f"{prefix}-{year}-{count + 1:02d}"
        return risks

    def write(self, vals):
        if not is_unlocked(self.env) and "state" in vals:
            raise UserError(self.env._("Treat and close a risk by its buttons."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never_assessed(self):
        if self.assessment_ids:
            raise UserError(
                self.env._("A risk that was assessed is closed, not deleted.")
            )

    # -- map
    @api.model
    @api.readonly
    def get_map(self, domain):
        """Return likelihood × consequence of the risks a reader sees, for the map.

        :param list domain: which risks, as searched on the screen
        :return: dict with ``levels``, ``likelihoods`` and ``impacts`` in words, the
            ``cells`` of both stages (level and risks of each) and what was
            ``not_assessed`` of each
        """
        risks = self.search(domain)
        levels = self.env["cchc.iso.risk.level"].search([], limit=50)
        words = self.env["cchc.iso.risk.assess"].fields_get(
            ["likelihood", "impact"], ["selection"]
        )
        stages = {
            "before": ("likelihood", "impact"),
            "after": ("residual_likelihood", "residual_impact"),
        }
        return {
            "count": len(risks),
            "levels": [
                {
                    "id": level.id,
                    "name": level.name,
                    "color": level.color,
                    "scores": f"{level.score_from}-{level.score_to}",
                    "needs_treatment": level.needs_treatment,
                }
                for level in levels
            ],
            "likelihoods": words["likelihood"]["selection"],
            "impacts": words["impact"]["selection"],
            "cells": {
                stage: risks._map_cells(levels, *names)
                for stage, names in stages.items()
            },
            "not_assessed": {
                stage: risks.filtered(lambda risk, name=names[0]: not risk[name]).ids
                for stage, names in stages.items()
            },
        }

    def _map_cells(self, levels, likelihood_name, impact_name):
        """Return every cell of the map by its key ``likelihood-consequence``."""
        found = self.grouped(lambda risk: (risk[likelihood_name], risk[impact_name]))
        cells = {}
        for likelihood, _text in RATINGS:
            for impact, _text in RATINGS:
                score = int(likelihood) * int(impact)
                level = levels.filtered(
                    lambda level, score=score: (
                        level.score_from <= score <= level.score_to
                    )
                )
                cells[f"{likelihood}-{impact}"] = {
                    "score": score,
                    "level": level.name or "",
                    "color": level.color,
                    "risks": [
                        {"id": risk.id, "code": risk.code, "name": risk.name}
                        for risk in found.get((likelihood, impact), self.browse())
                    ],
                }
        return cells

    # -- life
    def action_assess(self):
        """Open the form for an assessment."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Assess"),
            "res_model": "cchc.iso.risk.assess",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_risk_id": self.id,
                "default_stage": "after" if self.score else "before",
            },
        }

    def _cchc_assess(self, stage, likelihood, impact, note=""):
        """Write down one assessment.

        :param stage: ``before`` or ``after`` the treatment
        :param int likelihood: 1 (hardly ever) to 5 (almost certain)
        :param int impact: 1 (hardly felt) to 5 (the work stands still)
        """
        self.ensure_one()
        self.check_access("write")
        if stage == "after" and not self.score:
            raise UserError(
                self.env._("Assess %s before its treatment first.", self.display_name)
            )
        score = int(likelihood) * int(impact)
        return unlocked(self.env["cchc.iso.risk.assessment"].sudo()).create(
            {
                "risk_id": self.id,
                "stage": stage,
                "likelihood": str(likelihood),
                "impact": str(impact),
                "score": score,
                "level_id": self.env["cchc.iso.risk.level"]._of_score(score).id,
                "level_name": self.env["cchc.iso.risk.level"]._of_score(score).name,
                "assessed_on": fields.Date.context_today(self),
                "assessed_by_id": self.env.uid,
                "note": note or False,
            }
        )

    def action_treated(self):
        """What was planned about the risk has been done."""
        self.check_access("write")
        for risk in self:
            if not risk.treatment:
                raise UserError(
                    self.env._("Say how %s is treated first.", risk.display_name)
                )
            if risk.treatment == "accept" and risk.level_id.needs_treatment:
                raise UserError(
                    self.env._(
                        "%(risk)s is of level “%(level)s” and cannot just be accepted.",
                        risk=risk.display_name,
                        level=risk.level_id.name,
                    )
                )
            if risk.treatment != "accept" and not risk.residual_score:
                raise UserError(
                    self.env._(
                        "Assess %s after its treatment first.", risk.display_name
                    )
                )
        unlocked(self).write({"state": "treated"})

    def action_close(self):
        self.check_access("write")
        unlocked(self).write({"state": "closed"})

    def action_reopen(self):
        self.check_access("write")
        unlocked(self).write({"state": "open"})

    def action_new_action(self):
        """Open the form for an action about this risk."""
        self.ensure_one()
        return self.env["cchc.iso.action.new"]._open(
            risk_id=self.id, type_action="prevention"
        )

    def action_print_register(self):
        """Print the register of the systems of these risks; of none, of the agency."""
        systems = self.system_id or self.env["mgmtsystem.system"]._cchc_for()
        report = self.env.ref("cchc_iso.report_risks_action")
        return report.report_action(systems)

    @api.model
    def _cron_tell_due(self):
        """Tell who answers for a risk that is due for a new assessment, once."""
        due = self.search(self._search_is_due("in", {True})).filtered(
            lambda risk: risk.told_for != risk.review_date
        )
        for risk in due.with_context(mail_activity_quick_update=True):
            risk.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=risk.review_date,
                summary=self.env._("Assess again: %s", risk.display_name),
                user_id=risk.responsible_id.id,
            )
            risk.told_for = risk.review_date
