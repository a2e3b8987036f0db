from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import replay
from ..tools.transitions import RUNNING_STATES


class CchcDossier(models.Model):
    """Why a dossier is late, and what is done about it (II.07a).

    Asked for as soon as a due date is missed, and due at the latest when the result is
    made ready: nothing late leaves the house without a cause.
    """

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.dossier"  # pylint: disable=consider-merging-classes-inherited

    late_remedy = fields.Char(
        string="Remedy",
        copy=False,
        help="What is done so that it does not happen again; printed in II.07a",
    )
    lacks_late_reason = fields.Boolean(compute="_compute_lacks_late_reason")

    @api.depends(
        *("late_at", "timeliness", "overdue_from", "late_reason_id", "state"),
        *("extension_count", "unextended_due_at"),
    )
    def _compute_lacks_late_reason(self):
        for dossier in self:
            dossier.lacks_late_reason = (
                dossier._is_late() and not dossier.late_reason_id
            )

    def _is_late(self):
        """Return whether the dossier missed its due date, open or ended.

        An extended one whose first appointment has passed is late where the deadline
        rule counts against the first.
        """
        self.ensure_one()
        if self.state == "void":
            return False
        if self.late_at or self.timeliness == "late" or self.is_overdue:
            return True
        return bool(
            self.state in RUNNING_STATES
            and self.extension_count
            and self.sudo().deadline_rule_id.timeliness_basis != "extended"
            and self.unextended_due_at < replay.now(self.env)
        )

    def action_explain_late(self, reason=None, content=None, remedy=None):
        """State why the dossiers are late; written into the ledger.

        :param reason: ``cchc.reason`` of the kind ``late``
        :param remedy: what is done about it
        :raises UserError: for a dossier that is not late
        """
        reason = self._record("cchc.reason", reason)
        if not reason:
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("Reason of Delay"),
                "res_model": "cchc.dossier.delay",
                "view_mode": "form",
                "target": "new",
                "context": {"default_dossier_ids": self.ids},
            }
        text = self._begin("explain_late", content, reason)
        for dossier in self:
            if not dossier._is_late():
                raise UserError(
                    self.env._(
                        "%s has not missed its due date: there is no delay to explain.",
                        dossier.display_name,
                    )
                )
        vals = {
            "late_reason_id": reason.id,
            "late_reason_note": content or False,
            "late_remedy": remedy or False,
        }
        self._move(
            "explain_late",
            vals_by_id={dossier.id: vals for dossier in self},
            content="; ".join(part for part in (text, remedy) if part),
        )
        return True

    def _check_late_reason(self):
        """Refuse to make the result of a late dossier ready without a cause.

        What is taken over from other software keeps what that knew.
        """
        if replay.clock(self.env):
            return
        for dossier in self:
            if dossier.lacks_late_reason and not dossier.imported:
                raise UserError(
                    self.env._(
                        "%s is late: state the reason of the delay first (button "
                        "“Reason of Delay”), then make the result ready.",
                        dossier.display_name,
                    )
                )

    @api.model
    def _get_under_validation_exceptions(self):
        return [*super()._get_under_validation_exceptions(), "late_remedy"]
