from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.cchc_onestop.tools.guard import is_unlocked


class CchcIndexClass(models.Model):
    """Class of a result (xếp loại): from how many points on it is given.

    Classes belong to a set of criteria, or to a round that has its own.
    """

    _name = "cchc.index.class"
    _description = "Class of an Index"
    _order = "threshold desc, id"

    set_id = fields.Many2one(
        "cchc.index.set", ondelete="cascade", index="btree_not_null"
    )
    round_id = fields.Many2one(
        "cchc.index.round", ondelete="cascade", index="btree_not_null"
    )
    name = fields.Char(required=True)
    threshold = fields.Float(
        "From (Points)",
        digits=(16, 4),
        required=True,
        help="Of all points, e.g. of 100",
    )
    color = fields.Integer()

    _owner = models.Constraint(
        "CHECK ((set_id IS NULL) <> (round_id IS NULL))",
        "A class belongs to a set or to a round.",
    )
    _threshold_uniq = models.Constraint(
        "UNIQUE (set_id, round_id, threshold)", "Two classes begin at the same points."
    )

    def _check_open(self):
        """Raise when the set or the round of one of these classes is published."""
        if is_unlocked(self.env):
            return
        for record in self.sudo():
            owner = record.set_id or record.round_id
            if owner.state not in ("draft", "open"):
                raise UserError(
                    self.env._(
                        "“%s” is published: its classes stay as they are.",
                        owner.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._check_open()
        return records

    def write(self, vals):
        self._check_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        self._check_open()
