from odoo import api, models
from odoo.exceptions import UserError

from ..tools import guard

_CHATTER = ("message_", "activity_", "website_message_")


class CchcGuardedMixin(models.AbstractModel):
    """What only the product's own methods write, whoever calls from outside.

    ``_guarded_free`` names the columns that people may write.
    """

    _name = "cchc.guarded.mixin"
    _description = "Written by Its Own Methods Only"

    _guarded_free = frozenset()

    @api.model_create_multi
    def create(self, vals_list):
        self._check_unlocked({name for vals in vals_list for name in vals} or {"id"})
        return super().create(vals_list)

    def write(self, vals):
        self._check_unlocked(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("%s: nothing that was issued is deleted.", self._description)
        )

    def _check_unlocked(self, names):
        """Raise unless a method of the product is writing."""
        if guard.is_unlocked(self.env):
            return
        names = {name for name in names if not name.startswith(_CHATTER)}
        if names - self._guarded_free:
            raise UserError(
                self.env._(
                    "%s: this is written when a fee is collected, refunded or "
                    "cancelled, and cannot be changed directly.",
                    self._description,
                )
            )
