from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CchcIsoClauseExclusion(models.Model):
    """Clause that does not apply to a system, and why (ngoại lệ áp dụng và lý giải).

    The clauses below it are excluded with it. Rows of an earlier edition stay when the
    system moves to a later one.
    """

    _name = "cchc.iso.clause.exclusion"
    _description = "Clause That Does Not Apply"
    _order = "system_id, sort_key, id"
    _rec_name = "clause_id"

    system_id = fields.Many2one(
        "mgmtsystem.system", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="system_id.company_id", store=True, index=True)
    edition_id = fields.Many2one(related="clause_id.edition_id", store=True)
    clause_id = fields.Many2one(
        "cchc.iso.clause", required=True, index=True, ondelete="restrict"
    )
    sort_key = fields.Char(related="clause_id.sort_key", store=True)
    justification = fields.Text(
        required=True, help="Why the clause does not apply to what the agency does"
    )

    _clause_uniq = models.Constraint(
        "UNIQUE (system_id, clause_id)", "This clause is excluded already."
    )

    @api.constrains("justification")
    def _check_justification(self):
        for row in self:
            if not (row.justification or "").strip():
                raise ValidationError(
                    self.env._(
                        "State why clause %s does not apply.", row.clause_id.code
                    )
                )

    @api.constrains("clause_id", "system_id")
    def _check_edition(self):
        for row in self:
            if row.clause_id.edition_id != row.system_id.edition_id:
                raise ValidationError(
                    self.env._(
                        "Clause %(clause)s is of %(other)s, but %(system)s conforms to "
                        "%(edition)s.",
                        clause=row.clause_id.code,
                        other=row.clause_id.edition_id.code,
                        system=row.system_id.name,
                        edition=row.system_id.edition_id.code or "-",
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        for row in rows:
            row._log(self.env._("Clause excluded:"))
        return rows

    def write(self, vals):
        result = super().write(vals)
        for row in self:
            row._log(self.env._("Exclusion changed:"))
        return result

    def unlink(self):
        for row in self:
            row._log(self.env._("Clause applies again:"))
        return super().unlink()

    def _log(self, title):
        """Keep in the system's log what was excluded, when and by whom."""
        self.system_id.message_post(
            body=Markup("<p>%s <b>%s</b><br/>%s</p>")
            % (title, self.clause_id.display_name, self.justification or "")
        )
