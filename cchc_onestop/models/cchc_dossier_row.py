from odoo import api, fields, models

STEP_ROLES = [
    ("receive", "Reception"),
    ("assign", "Assignment"),
    ("handle", "Handling"),
    ("coordinate", "Coordination"),
    ("review", "Review"),
    ("sign", "Signature"),
    ("clerk", "Registry and seal"),
    ("return", "Return of the result"),
]


class CchcDossierRow(models.AbstractModel):
    """What the rows below a dossier share: they belong to its agencies.

    The agencies are not stored again in each row: a dossier has a dozen rows, and
    each column that refers to something costs a check with every one of them.
    """

    _name = "cchc.dossier.row"
    _description = "Row of a Dossier"

    dossier_id = fields.Many2one(
        "cchc.dossier", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="dossier_id.company_id", string="Agency")
    receiving_company_id = fields.Many2one(related="dossier_id.receiving_company_id")

    @api.model
    def _complete_rows(self, vals_list):
        """Hook: return the values of rows written together with their dossier."""
        return vals_list


class CchcDossierGuardedRow(models.AbstractModel):
    """A row that only the moves of its dossier write; nobody changes it directly."""

    _name = "cchc.dossier.guarded.row"
    _description = "Guarded Row of a Dossier"
    _inherit = ["cchc.dossier.row", "cchc.guarded.mixin"]

    def _guarded_sentence(self):
        return self.env._(
            "%(what)s is written by the dossier's own actions and cannot be "
            "changed directly.",
            what=self._guarded_name(),
        )
