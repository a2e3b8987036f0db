from odoo import api, models
from odoo.exceptions import UserError

from ..tools.guard import is_unlocked, unlocked


class CchcFrozenMixin(models.AbstractModel):
    """What is published stays as it was published.

    A record is frozen once its owner (itself, or the record that ``_frozen_owner``
    names) has left the state ``draft``. A frozen record refuses write and unlink,
    and a frozen owner refuses new parts, for everybody including the superuser.
    The methods of its life cycle write through :meth:`_unsealed`.
    """

    _name = "cchc.frozen.mixin"
    _description = "Immutable Once Published"

    # Many2one to the owner; empty when the record carries the state itself.
    _frozen_owner = ""
    # Fields whose change is no change of the published content.
    _frozen_free = frozenset(
        {
            "activity_ids",
            "activity_user_id",
            "message_follower_ids",
            "message_ids",
            "message_partner_ids",
        }
    )

    def _unsealed(self):
        """Return ``self`` able to write what is frozen (private: life cycle only)."""
        return unlocked(self)

    def _touch_plans(self):
        """Have the plan of reception worked out anew when something in force changed.

        Drafts take no part in it.
        """
        owners = self[self._frozen_owner] if self._frozen_owner else self
        owners.sudo().filtered(
            lambda owner: owner.state != "draft"
        ).procedure_id._renew_plan_token()

    def _is_unsealed(self):
        return is_unlocked(self.env)

    def _get_frozen(self):
        """Return the records of ``self`` that are frozen."""
        if not self._frozen_owner:
            return self.filtered(lambda record: record.state != "draft")
        return self.filtered(lambda record: record[self._frozen_owner].state != "draft")

    def _check_not_frozen(self):
        if self._is_unsealed():
            return
        if frozen := self.sudo()._get_frozen()[:1]:
            owner = frozen[self._frozen_owner] if self._frozen_owner else frozen
            raise UserError(
                self.env._(
                    "%(record)s is published and cannot be changed any more; amend it "
                    "to make a new version from a date.",
                    record=owner.display_name,
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        if not self._frozen_owner and not self._is_unsealed():
            for vals in vals_list:
                if vals.get("state", "draft") != "draft":
                    raise UserError(
                        self.env._(
                            "A new record begins as a draft; publish it by its button."
                        )
                    )
        records = super().create(vals_list)
        if self._frozen_owner:
            records._check_not_frozen()
        records._touch_plans()
        return records

    def write(self, vals):
        if set(vals) - self._frozen_free:
            self._check_not_frozen()
            if (
                "state" in vals
                and not self._frozen_owner
                and vals["state"] != "draft"
                and not self._is_unsealed()
            ):
                raise UserError(
                    self.env._("Publish the record with its button, not by its state.")
                )
        result = super().write(vals)
        if self._frozen_owner in vals:
            self._check_not_frozen()
        if set(vals) - self._frozen_free:
            self._touch_plans()
        return result

    def unlink(self):
        self._touch_plans()
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_frozen(self):
        self._check_not_frozen()
