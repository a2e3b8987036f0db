from odoo import api, fields, models

from .cchc_dossier_row import STEP_ROLES


class CchcDossierStep(models.Model):
    """One step of a dossier: what the process planned beside what happened.

    The planned columns are copied from ``cchc.process.step`` at acceptance and never
    change; the actual ones are written by the moves of the dossier. Each row is also a
    line of the control slip (Phiếu kiểm soát quá trình giải quyết hồ sơ).
    """

    _name = "cchc.dossier.step"
    _description = "Dossier Step"
    _inherit = ["cchc.dossier.guarded.row"]
    _order = "dossier_id, sequence, id"
    # Only moves write steps, and each writes who and when into the ledger.
    _log_access = False

    process_step_id = fields.Many2one("cchc.process.step", ondelete="restrict")
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True)
    role = fields.Selection(STEP_ROLES, required=True, default="handle")
    department_id = fields.Many2one("hr.department", ondelete="restrict")
    planned_amount = fields.Float(digits=(12, 2))
    planned_unit = fields.Selection(
        [("working_hour", "Working hours"), ("working_day", "Working days")],
        default="working_hour",
    )
    planned_end_at = fields.Datetime(
        help="End of the step when every step keeps its planned time"
    )
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("current", "Current"),
            ("done", "Done"),
            ("skipped", "Left out"),
        ],
        default="waiting",
        required=True,
    )
    user_id = fields.Many2one("res.users", string="Handler")
    done_by_id = fields.Many2one("res.users")
    on_behalf_of_id = fields.Many2one("res.users")
    started_at = fields.Datetime()
    due_at = fields.Datetime(help="Planned time counted from the actual start")
    ended_at = fields.Datetime()
    is_late = fields.Boolean(compute="_compute_is_late")
    output = fields.Char()
    note = fields.Text()

    _due_idx = models.Index("(due_at) WHERE state = 'current'")

    @api.depends("due_at", "ended_at", "state")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for step in self:
            step.is_late = bool(
                step.due_at
                and step.state != "waiting"
                and (step.ended_at or now) > step.due_at
            )
