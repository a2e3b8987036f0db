from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CchcIsoChecklistTemplateLine(models.Model):
    """Question of a template: of a clause, of a process, or of each of its steps."""

    _name = "cchc.iso.checklist.template.line"
    _description = "Question of a Checklist Template"
    _order = "template_id, sequence, id"

    template_id = fields.Many2one(
        "cchc.iso.checklist.template", required=True, index=True, ondelete="cascade"
    )
    kind = fields.Selection(related="template_id.kind")
    edition_id = fields.Many2one(related="template_id.edition_id")
    sequence = fields.Integer(default=10)
    name = fields.Char("Question", required=True)
    clause_id = fields.Many2one(
        "cchc.iso.clause",
        required=True,
        ondelete="restrict",
        domain="[('edition_id', '=', edition_id)]",
    )
    guidance = fields.Text("What to Look at")
    per_step = fields.Boolean(
        "Each Step", help="Asked once for each step of the process"
    )
    role = fields.Selection(
        lambda self: (
            self.env["cchc.process.step"]
            ._fields["role"]
            ._description_selection(self.env)
        ),
        "Role of the Step",
        help="Only for steps of this role; empty: for all",
    )

    @api.constrains("clause_id", "template_id")
    def _check_edition(self):
        for line in self:
            if line.clause_id.edition_id != line.edition_id:
                raise ValidationError(
                    self.env._(
                        "Clause %(clause)s is not of the edition %(edition)s of the "
                        "template.",
                        clause=line.clause_id.display_name,
                        edition=line.edition_id.code,
                    )
                )
