from odoo import api, models
from odoo.exceptions import UserError

from ..tools import replay
from ..tools.transitions import TRANSITION
from .cchc_dossier_life import _AFTER_RESULT


class CchcDossier(models.Model):
    """Moves of many dossiers: what is possible is known before anything moves.

    ``_bulk_check_<move>`` raises the sentence with which the move of one dossier would
    be refused; it asks what the move asks and writes nothing.
    """

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.dossier"  # pylint: disable=consider-merging-classes-inherited

    # ------------------------------------------------------------------
    # Buttons of lists
    # ------------------------------------------------------------------
    def action_bulk_accept(self):
        """Open the dialog that accepts these drafts."""
        return self._open_bulk("accept")

    def action_bulk_assign(self):
        """Open the dialog that puts the steps of these dossiers into other hands."""
        return self._open_bulk("assign")

    def action_bulk_pass(self):
        """Open the dialog that passes these dossiers on."""
        return self._open_bulk("pass_step")

    def action_bulk_sign(self):
        """Open the dialog that signs these dossiers."""
        return self._open_bulk("sign")

    def action_bulk_return(self):
        """Open the dialog that returns the results of these dossiers."""
        return self._open_bulk("return_result")

    @api.model
    def _bulk_moves(self):
        """Return the moves that many dossiers can make at once."""
        return ("accept", "assign", "pass_step", "sign", "return_result")

    def _open_bulk(self, move):
        self.check_access("read")
        return self.env["cchc.bulk"]._prepare(move, self)._open()

    # ------------------------------------------------------------------
    # Would the move be refused?
    # ------------------------------------------------------------------
    def _bulk_check(self, move):
        """Raise what would refuse the move of this dossier."""
        self.ensure_one()
        getattr(self, f"_bulk_check_{move}")()

    def _check_start(self, key, check_role=True):
        """Raise what :meth:`_begin` would; nothing is locked or written."""
        self.ensure_one()
        transition = TRANSITION[key]
        if check_role:
            self._check_role(transition)
        self.check_access("write")
        if self.bundle_type_id or self.bundle_line_id:
            self._check_group_move(key)
        if self.state not in transition.sources:
            self._refuse_move(transition)

    def _bulk_check_accept(self):
        if self.accepted_at:
            raise UserError(
                self.env._("%s has been accepted already.", self.display_name)
            )
        self._check_start("accept")
        missing = self.document_ids.filtered(
            lambda part: part.required and not part.received
        )
        now = replay.now(self.env)
        self._check_acceptable(
            now, {self.id: "; ".join(missing.mapped("name"))} if missing else {}
        )
        if self.bundle_type_id:
            self._check_groups()
            return
        plans = self._accept_plans(now)
        self._planned_steps(plans[self], self._posts_of(plans))

    def _bulk_check_assign(self):
        self._check_start("assign")

    def _bulk_check_pass_step(self):
        upcoming = self._next_step()
        if self.state == "to_sign":
            self._check_start("finish")
            self._check_signed()
        elif upcoming.role == "sign":
            self._check_start("send_to_sign")
        else:
            self._check_start("pass_step")
        self._actor()
        if self.state == "to_sign" and self._is_last(upcoming):
            self._check_late_reason()

    @api.model
    def _is_last(self, upcoming):
        """Whether the result is ready before the step ``upcoming``."""
        return not upcoming or upcoming.role in _AFTER_RESULT

    def _bulk_check_sign(self):
        reviews = self.sudo().review_ids
        self._check_start("sign", check_role=not reviews)
        if self.signed_at:
            raise UserError(
                self.env._("%s has been signed already.", self.display_name)
            )
        decided = self._cchc_reviews_to_decide() if reviews else reviews
        rest = reviews.filtered(lambda review: review.status in ("waiting", "pending"))
        if not rest - decided and self._is_last(self._next_step()):
            self._check_late_reason()

    def _bulk_check_return_result(self):
        self._check_paid_at_return()
        self._check_start("return_result")
        self._actor()
