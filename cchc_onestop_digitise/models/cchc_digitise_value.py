from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.cchc_onestop.tools import guard

_CHECK = frozenset({"checked_by_id", "checked_at", "reused_from_id"})


class CchcDigitiseValue(models.Model):
    """A datum taken from a paper (bóc tách) and checked against it by a person."""

    _name = "cchc.digitise.value"
    _description = "Datum of a Part"
    _order = "document_id, sequence, id"

    document_id = fields.Many2one(
        "cchc.dossier.document",
        string="Part",
        required=True,
        index=True,
        ondelete="cascade",
    )
    dossier_id = fields.Many2one(related="document_id.dossier_id")
    company_id = fields.Many2one(related="dossier_id.company_id", string="Agency")
    receiving_company_id = fields.Many2one(related="dossier_id.receiving_company_id")
    sequence = fields.Integer(default=10)
    name = fields.Char("Datum", required=True)
    value = fields.Char(required=True)
    checked_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    checked_at = fields.Datetime(readonly=True, copy=False)
    reused_from_id = fields.Many2one(
        "cchc.digitise.value", readonly=True, copy=False, ondelete="set null"
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not guard.is_unlocked(self.env):
            vals_list = [
                {name: vals[name] for name in vals if name not in _CHECK}
                for vals in vals_list
            ]
        return super().create(vals_list)

    def write(self, vals):
        if guard.is_unlocked(self.env):
            return super().write(vals)
        if _CHECK & set(vals):
            raise UserError(
                self.env._("Use “Checked against the Paper”: it notes who and when.")
            )
        if {"name", "value", "document_id"} & set(vals):
            # What was changed has not been checked.
            vals = {**vals, "checked_by_id": False, "checked_at": False}
        return super().write(vals)

    def action_check(self):
        """Note that these data agree with the paper."""
        self.check_access("write")
        guard.unlocked(self).write(
            {"checked_by_id": self.env.uid, "checked_at": fields.Datetime.now()}
        )
        return True
