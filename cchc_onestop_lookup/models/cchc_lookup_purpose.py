from odoo import fields, models


class CchcLookupPurpose(models.Model):
    """Why a register may be asked: no look-up without a purpose."""

    _name = "cchc.lookup.purpose"
    _description = "Purpose of a Look-up"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    needs_dossier = fields.Boolean(
        default=True, help="May only be given from within a dossier that is settled"
    )
    service_ids = fields.Many2many(
        "cchc.lookup.service", string="Services", help="Empty: all services"
    )
    legal_basis = fields.Char()
    valid_from = fields.Date()
    valid_to = fields.Date()

    _valid_range = models.Constraint(
        "CHECK (valid_from IS NULL OR valid_to IS NULL OR valid_from <= valid_to)",
        "A purpose ends after it begins.",
    )

    def _allows(self, service, dossier, day):
        """Return whether ``service`` may be asked for this purpose on a day."""
        self.ensure_one()
        return (
            (not self.service_ids or service in self.service_ids)
            and (bool(dossier) or not self.needs_dossier)
            and (not self.valid_from or self.valid_from <= day)
            and (not self.valid_to or day <= self.valid_to)
        )
