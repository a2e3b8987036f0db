from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import record_checks

KINDS = [
    ("reception", "Reception"),
    ("steps", "Steps"),
    ("time", "Time"),
    ("people", "People"),
    ("result", "Result"),
    ("records", "Records"),
]


class CchcIsoSampleCheckType(models.Model):
    """Question that is asked of each sampled dossier, with its clause.

    ``code`` names the function of ``tools/record_checks.py`` that proposes an answer
    from the process record; a question without one is answered by the auditor alone.
    """

    _name = "cchc.iso.sample.check.type"
    _description = "Check of Sampled Dossiers"
    _order = "sequence, id"

    sequence = fields.Integer(default=10)
    name = fields.Char("Question", required=True, translate=True)
    kind = fields.Selection(KINDS, required=True, default="records")
    clause_code = fields.Char(
        "Clause",
        help="Number of the clause, e.g. 8.5.1; taken from the audit's edition",
    )
    code = fields.Char("Pre-Filled by", help="Empty: answered by the auditor alone")
    guidance = fields.Text(translate=True, help="What to look at, and where")
    active = fields.Boolean(default=True)

    @api.constrains("code")
    def _check_code(self):
        for kind in self:
            if kind.code and kind.code not in record_checks.CHECKS:
                raise ValidationError(
                    self.env._(
                        "There is no pre-filling “%(code)s”; leave it empty or choose "
                        "one of: %(codes)s.",
                        code=kind.code,
                        codes=", ".join(record_checks.CHECKS),
                    )
                )

    @api.model
    def _asked(self):
        """Return the questions that are asked of each sampled dossier."""
        return self.search([("active", "=", True)])

    def _clause_of(self, edition):
        """Return ``{question: clause}`` in an edition of the standard."""
        clauses = self.env["cchc.iso.clause"].search(
            [
                ("edition_id", "=", edition.id),
                ("code", "in", [code for code in self.mapped("clause_code") if code]),
            ]
        )
        by_code = {clause.code: clause for clause in clauses}
        empty = self.env["cchc.iso.clause"]
        return {kind: by_code.get(kind.clause_code, empty) for kind in self}
