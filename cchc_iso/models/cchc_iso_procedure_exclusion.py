from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CchcIsoProcedureExclusion(models.Model):
    """Procedure that an agency leaves out of its quality system, and why."""

    _name = "cchc.iso.procedure.exclusion"
    _description = "Procedure Left Out of the System"
    _inherit = ["mail.thread"]
    _order = "procedure_id, id"
    _rec_name = "procedure_id"

    company_id = fields.Many2one(
        "res.company",
        "Agency",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    procedure_id = fields.Many2one(
        "cchc.procedure", required=True, index=True, ondelete="cascade"
    )
    reason = fields.Char(
        required=True,
        tracking=True,
        help="E.g. never requested here, settled by the province",
    )

    _procedure_uniq = models.Constraint(
        "UNIQUE (company_id, procedure_id)", "This procedure is left out already."
    )

    @api.constrains("reason")
    def _check_reason(self):
        for row in self:
            if not (row.reason or "").strip():
                raise ValidationError(
                    self.env._(
                        "State why %s is left out of the system.",
                        row.procedure_id.display_name,
                    )
                )
