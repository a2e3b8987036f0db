from odoo import api, fields, models
from odoo.exceptions import UserError


class CchcStatisticEntry(models.Model):
    """A dossier (II.07b: procedure) that a closed report counted, and in which cell.

    Written in one statement when the period is closed and never again.
    """

    _name = "cchc.statistic.entry"
    _description = "Counted in a Report"
    _log_access = False
    _order = "statistic_id, res_id"

    statistic_id = fields.Many2one(
        "cchc.statistic", required=True, ondelete="restrict", readonly=True
    )
    res_id = fields.Integer(required=True, readonly=True)
    row_id = fields.Integer(readonly=True)
    cell = fields.Integer(required=True, readonly=True)

    _once = models.UniqueIndex(
        "(statistic_id, res_id)", "A report counts each dossier once."
    )

    def _refuse(self):
        raise UserError(self.env._("What a closed report counted cannot be changed."))

    @api.model_create_multi
    def create(self, vals_list):
        self._refuse()
        return super().create(vals_list)

    def write(self, vals):
        self._refuse()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        self._refuse()
