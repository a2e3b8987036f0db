from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.guard import is_unlocked, unlocked

LEVELS = [
    ("very_satisfied", "Very Satisfied"),
    ("satisfied", "Satisfied"),
    ("dissatisfied", "Dissatisfied"),
]


class CchcEvaluation(models.Model):
    """Slip on which a citizen evaluates how a dossier was settled (phiếu đánh giá).

    NĐ 61/2018/NĐ-CP Đ.29, Đ.31: one slip per dossier, from whatever source, after the
    result was returned; who settled the dossier does not see it. A slip is never
    changed: one that was entered wrongly is voided with the reason and entered again.
    """

    _name = "cchc.evaluation"
    _description = "Evaluation by the Citizen"
    _order = "evaluated_at desc, id desc"
    _rec_name = "dossier_id"

    dossier_id = fields.Many2one(
        "cchc.dossier", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="dossier_id.company_id", store=True, index=True, precompute=True
    )
    procedure_id = fields.Many2one(
        related="dossier_id.procedure_id", store=True, precompute=True
    )
    sector_id = fields.Many2one(
        related="procedure_id.sector_id", string="Field", store=True, precompute=True
    )
    department_id = fields.Many2one(
        "hr.department", compute="_compute_department_id", store=True, precompute=True
    )
    source = fields.Selection(
        [
            ("counter", "Slip at the Desk"),
            ("device", "Electronic Device"),
            ("online", "Online"),
            ("phone", "Telephone"),
        ],
        required=True,
        default="counter",
    )
    level = fields.Selection(LEVELS, "Overall", required=True)
    comment = fields.Text(help="In the words of the citizen")
    evaluated_at = fields.Datetime(
        "Evaluated on", required=True, default=fields.Datetime.now
    )
    entered_by_id = fields.Many2one(
        "res.users",
        "Entered by",
        required=True,
        readonly=True,
        ondelete="restrict",
        default=lambda self: self.env.user,
    )
    answer_ids = fields.One2many(
        "cchc.evaluation.answer",
        "evaluation_id",
        "Criteria",
        default=lambda self: self._default_answers(),
    )
    satisfied = fields.Integer(
        compute="_compute_satisfied",
        store=True,
        precompute=True,
        help="1 when the citizen is satisfied or very satisfied",
    )
    active = fields.Boolean(default=True)
    void_reason = fields.Char(readonly=True)

    _slip_uniq = models.UniqueIndex(
        "(dossier_id) WHERE active",
        "This dossier has been evaluated already.",
    )
    _period_idx = models.Index("(company_id, evaluated_at) WHERE active")

    @api.model
    def _default_answers(self):
        """One row per criterion of today, for the citizen's answers."""
        criteria = self.env["cchc.evaluation.criterion"]._on(
            fields.Date.context_today(self)
        )
        return [
            fields.Command.create({"criterion_id": criterion.id})
            for criterion in criteria
        ]

    @api.depends("dossier_id")
    def _compute_department_id(self):
        """The department is that of the dossier when it was evaluated."""
        for evaluation in self:
            evaluation.department_id = evaluation.dossier_id.sudo().department_id

    @api.depends("level")
    def _compute_satisfied(self):
        for evaluation in self:
            evaluation.satisfied = int(
                evaluation.level in ("very_satisfied", "satisfied")
            )

    @api.constrains("dossier_id", "evaluated_at")
    def _check_returned(self):
        now = fields.Datetime.now()
        for evaluation in self:
            dossier = evaluation.dossier_id.sudo()
            if not dossier.returned_at:
                raise UserError(
                    self.env._(
                        "%s is evaluated after its result was returned.",
                        dossier.display_name,
                    )
                )
            if evaluation.evaluated_at < dossier.returned_at:
                raise UserError(
                    self.env._(
                        "The evaluation of %s lies before the return of its result.",
                        dossier.display_name,
                    )
                )
            if evaluation.evaluated_at > now:
                raise UserError(
                    self.env._(
                        "The evaluation of %s lies in the future.",
                        dossier.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [{**vals, "entered_by_id": self.env.uid} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        if not is_unlocked(self.env):
            raise UserError(
                self.env._(
                    "An evaluation is not changed: void it with the reason and enter "
                    "it again."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("An evaluation is never deleted: void it."))

    def _void(self, reason):
        """Take slips that were entered wrongly out of every count.

        :param str reason: why, compulsory
        """
        self.check_access("write")
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the evaluation is voided."))
        unlocked(self).write({"active": False, "void_reason": reason.strip()})
        # the index on the one slip in force has to see it
        self.flush_recordset(["active"])

    def action_void(self):
        """Open the form that asks for the reason."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Void the Evaluation"),
            "res_model": "cchc.evaluation.void",
            "view_mode": "form",
            "target": "new",
            "context": {"default_evaluation_ids": self.ids},
        }


class CchcDossier(models.Model):
    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.dossier"  # pylint: disable=consider-merging-classes-inherited

    def action_evaluate(self):
        """Open the slip of the citizen for this dossier."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Evaluation by the Citizen"),
            "res_model": "cchc.evaluation",
            "view_mode": "form",
            "views": [
                (self.env.ref("cchc_onestop.cchc_evaluation_view_form_slip").id, "form")
            ],
            "target": "new",
            "context": {"default_dossier_id": self.id},
        }
