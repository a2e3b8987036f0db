from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.guard import is_unlocked, unlocked

#: What the chatter and the approval write on any record.
_CHATTER = ("message_", "activity_", "website_message_", "review_ids")
_DECIDED = frozenset({"approved_by_id", "approved_at"})


class CchcApprovedMixin(models.AbstractModel):
    """A paper that is drafted, submitted, approved, and then stays as approved.

    Draft → (approval by tiers) → approved; taken back to be amended, it needs a new
    approval. A model that inherits this mixin has ``state`` with at least ``draft`` and
    ``approved``; while it is submitted or approved only :attr:`_cchc_free` changes.
    Rows of it call :meth:`_cchc_check_open` of their paper before they change.
    """

    _name = "cchc.approved.mixin"
    _description = "Paper That Is Approved"
    _inherit = ["cchc.approval.mixin", "mail.thread", "mail.activity.mixin"]
    _state_from = ["draft"]
    _state_to = ["approved"]
    _cchc_approval_required = True

    #: fields that change whatever the state
    _cchc_free = frozenset()

    approved_by_id = fields.Many2one(
        "res.users", "Approved by", readonly=True, copy=False
    )
    approved_at = fields.Datetime(readonly=True, copy=False)
    is_editable = fields.Boolean(compute="_compute_is_editable")

    @api.depends("state", "review_ids")
    def _compute_is_editable(self):
        for record in self:
            record.is_editable = record._cchc_is_open()

    # --- Hooks

    def _cchc_check_submission(self):
        """Raise one sentence when the paper is not ready to be approved."""

    def _cchc_approved_values(self):
        """Return further values that the approval writes."""
        return {}

    def _cchc_check_amend(self):
        """Raise one sentence when the paper can no longer be taken back."""

    # --- What is approved stays

    def _cchc_is_open(self):
        """Whether the paper is a draft that nobody is deciding on."""
        self.ensure_one()
        return self.state == "draft" and not self.sudo().review_ids

    def _cchc_check_open(self):
        """Raise unless each of these is a draft that nobody is deciding on."""
        if is_unlocked(self.env):
            return
        for record in self:
            if not record._cchc_is_open():
                raise UserError(
                    self.env._(
                        "%(record)s is approved or waits for approval and cannot be "
                        "changed; use “Amend” to make it a draft again.",
                        record=record.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._cchc_check_decided(name for name in vals if vals[name])
        return super().create(vals_list)

    def _cchc_check_decided(self, names):
        """Raise when ``names`` holds who approved or when, which nobody writes."""
        if not is_unlocked(self.env) and _DECIDED.intersection(names):
            raise AccessError(
                self.env._("Who approved and when is kept by the system.")
            )

    def write(self, vals):
        self._cchc_check_decided(vals)
        names = {
            name
            for name in vals
            if name not in self._cchc_free and not name.startswith(_CHATTER)
        }
        if names:
            self._cchc_check_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_approved(self):
        self._cchc_check_open()

    # --- Life

    def action_submit(self):
        """Ask for the approval of these papers.

        :raises UserError: when one is not ready, or nobody is named to approve it
        """
        self.check_access("write")
        for record in self:
            record._cchc_check_open()
            record._cchc_check_submission()
            if not record.request_validation():
                raise UserError(
                    self.env._(
                        "No approval rule applies to %(record)s: ask an administrator "
                        "to define who approves it.",
                        record=record.display_name,
                    )
                )
        return True

    def _cchc_decide(self, reviews, status, comment=False):
        result = super()._cchc_decide(reviews, status, comment)
        record = self.sudo()
        if status == "approved" and record.validation_status == "validated":
            unlocked(record).write(
                {
                    self._state_field: self._state_to[0],
                    "approved_by_id": self.env.uid,
                    "approved_at": fields.Datetime.now(),
                    **record._cchc_approved_values(),
                }
            )
        return result

    def action_amend(self):
        """Make these papers drafts again; they need a new approval."""
        self.check_access("write")
        for record in self:
            record._cchc_check_amend()
            record._message_log(
                body=self.env._("Taken back to be amended by %s.", self.env.user.name)
            )
            free = unlocked(record.sudo())
            free._cchc_remove_reviews("restarted")
            free.write(
                {
                    self._state_field: "draft",
                    "approved_by_id": False,
                    "approved_at": False,
                }
            )
        return True
