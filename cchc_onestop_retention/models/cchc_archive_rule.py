from odoo import api, fields, models


class CchcArchiveRule(models.Model):
    """When ended work goes to the archive of the agency (NĐ 30/2020/NĐ-CP Đ.30)."""

    _name = "cchc.archive.rule"
    _description = "Term of Handing Over to the Archive"
    _order = "valid_from desc, id desc"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    sector_ids = fields.Many2many("cchc.sector", string="Fields", help="Empty: all")
    months = fields.Integer(required=True, default=12, help="After the work has ended")
    min_years = fields.Integer(
        string="Kept at Least (Years)",
        required=True,
        default=5,
        help="Files that are kept for a shorter time stay where they are",
    )
    remind_days = fields.Integer(
        string="Remind (Days before)", required=True, default=60
    )
    legal_basis = fields.Char(required=True)
    to_confirm = fields.Boolean(string="To Be Confirmed")
    valid_from = fields.Date(required=True)
    valid_to = fields.Date()

    _positive = models.Constraint(
        "CHECK (months > 0 AND min_years >= 0 AND remind_days >= 0)",
        "The terms are positive numbers.",
    )

    @api.model
    def _reminder_days(self, day):
        """Return how many days before the term people are reminded."""
        rules = self.sudo().search(
            [
                ("valid_from", "<=", day),
                "|",
                ("valid_to", "=", False),
                ("valid_to", ">=", day),
            ]
        )
        return max(rules.mapped("remind_days"), default=0)
