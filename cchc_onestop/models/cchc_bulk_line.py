from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..tools.guard import is_unlocked, unlocked
from ..tools.transitions import TRANSITION

#: What may keep a dossier from moving by the doing of people.
_SENTENCES = (AccessError, UserError, ValidationError)


class CchcBulkLine(models.Model):
    """One dossier of a bulk move and what became of it."""

    _name = "cchc.bulk.line"
    _description = "Dossier of a Bulk Move"
    _order = "bulk_id, id"
    _rec_name = "dossier_id"
    _log_access = False

    bulk_id = fields.Many2one(
        "cchc.bulk", required=True, ondelete="cascade", index=True
    )
    user_id = fields.Many2one(related="bulk_id.user_id", store=True)
    dossier_id = fields.Many2one("cchc.dossier", required=True, ondelete="cascade")
    step_id = fields.Many2one(
        "cchc.dossier.step", help="Step when it was checked: it moves from here only"
    )
    applicant_name = fields.Char(related="dossier_id.applicant_name", string="Owner")
    procedure_id = fields.Many2one(related="dossier_id.procedure_id")
    due_at = fields.Datetime(related="dossier_id.due_at")
    dossier_state = fields.Selection(related="dossier_id.state", string="Dossier State")
    status = fields.Selection(
        [
            ("possible", "Possible"),
            ("impossible", "Not Possible"),
            ("done", "Done"),
            ("failed", "Failed"),
        ],
        required=True,
        default="impossible",
    )
    message = fields.Char(string="Why")

    @api.model_create_multi
    def create(self, vals_list):
        self._check_unlocked()
        return super().create(vals_list)

    def write(self, vals):
        self._check_unlocked()
        return super().write(vals)

    def _check_unlocked(self):
        if not is_unlocked(self.env):
            raise UserError(self.env._("What was carried out stays as it was."))

    def _check_lines(self):
        """Find out for which dossiers the move is possible, and why not."""
        for line in self:
            dossier, problem = line.dossier_id, False
            try:
                dossier._bulk_check(line.bulk_id.move)
            except _SENTENCES as error:
                problem = str(error.args[0])
            unlocked(line).write(
                {
                    "status": "impossible" if problem else "possible",
                    "message": problem,
                    "step_id": dossier.sudo().current_step_id.id,
                }
            )

    def _carry_out(self):
        """Move the dossier in a savepoint of its own, and note what became of it."""
        self.ensure_one()
        vals = {"status": "done", "message": False}
        try:
            with self.env.cr.savepoint():
                vals["message"] = self._move()
        except _SENTENCES as error:
            vals = {"status": "failed", "message": str(error.args[0])}
        unlocked(self).write(vals)

    def _move(self):
        """Move the dossier.

        :return: what the person has to know although it was done, or False
        """
        bulk, dossier = self.bulk_id, self.dossier_id
        if dossier.sudo().current_step_id != self.step_id:
            raise UserError(
                self.env._(
                    "%s was moved meanwhile: look at it before you go on.",
                    dossier.display_name,
                )
            )
        content = bulk.content or None
        if bulk.move == "accept":
            dossier.action_accept()
            return False
        if bulk.move == "assign":
            dossier.action_assign(bulk.taker_id, content)
            return False
        if bulk.move == "pass_step":
            dossier.action_pass_step(bulk.taker_id or None, content)
            return False
        result = getattr(dossier, f"action_{bulk.move}")(content)
        if isinstance(result, dict):
            return result.get("params", {}).get("message", False)
        return False

    def action_open_dossier(self):
        """Open the dossier to mend it."""
        self.ensure_one()
        if self.dossier_id.state in TRANSITION["refuse"].sources:
            return self.dossier_id.action_open_reception()
        return self.dossier_id.action_open_dossier()
