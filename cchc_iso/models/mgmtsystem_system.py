from odoo import api, fields, models


class MgmtsystemSystem(models.Model):
    """Quality system of an agency under an edition of the standard."""

    _inherit = "mgmtsystem.system"

    edition_id = fields.Many2one(
        "cchc.iso.edition",
        default=lambda self: self.env["cchc.iso.edition"]._current(),
        ondelete="restrict",
        help="Edition that the system conforms to; documents, audits and findings "
        "keep the one of their time",
    )
    update_days = fields.Integer(
        "Days to Update a Document",
        default=90,
        help="Days after a change of a procedure or process takes effect within which "
        "its process document must have a new issue",
    )

    @api.model
    def _cchc_for(self, company=None):
        """Return the quality system of an agency: its own, else a shared one."""
        company = company or self.env.company
        return self.search(
            [
                ("company_id", "in", [company.id, False]),
                ("edition_id", "!=", False),
            ],
            order="company_id, id",
            limit=1,
        )
