from odoo import api, models
from odoo.exceptions import UserError

from ..tools import guard

_CHATTER = ("message_", "activity_", "website_message_")


class CchcGuardedMixin(models.AbstractModel):
    """What only the product's own methods write, whoever calls from outside.

    ``_guarded_free`` names the columns that people may write once a row is there;
    ``_guarded_kept`` says that nothing is ever deleted, by the methods neither.
    """

    _name = "cchc.guarded.mixin"
    _description = "Written by Its Own Methods Only"

    _guarded_free = frozenset()
    _guarded_kept = False

    @api.model_create_multi
    def create(self, vals_list):
        self._check_unlocked()
        return super().create(vals_list)

    def write(self, vals):
        if any(
            name not in self._guarded_free and not name.startswith(_CHATTER)
            for name in vals
        ):
            self._check_unlocked()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_by_own_methods(self):
        if self._guarded_kept:
            raise UserError(
                self.env._("%s: nothing of this is ever deleted.", self._guarded_name())
            )
        self._check_unlocked()

    def _check_unlocked(self):
        """Raise unless a method of the product is writing."""
        if not guard.is_unlocked(self.env):
            raise UserError(self._guarded_sentence())

    def _guarded_name(self):
        """What the rows are called, in the language of the reader."""
        return self.env["ir.model"]._get(self._name).name

    def _guarded_sentence(self):
        """Hook: say why, and what to do instead."""
        return self.env._(
            "%s: this is written by the actions of the system and cannot be changed "
            "directly.",
            self._guarded_name(),
        )
