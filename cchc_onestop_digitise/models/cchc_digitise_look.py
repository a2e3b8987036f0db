from odoo import api, fields, models

from odoo.addons.cchc_onestop.tools import guard


class CchcDigitiseLook(models.Model):
    """Who looked at a digital copy of an earlier dossier, and for which dossier.

    NĐ 45/2020/NĐ-CP: the store of a person's data is opened for a dossier that needs
    them, never for its own sake; Luật 91/2025/QH15 asks that each look is known.
    """

    _name = "cchc.digitise.look"
    _description = "Look at an Earlier Digital Copy"
    _inherit = ["cchc.guarded.mixin"]
    _order = "id desc"
    _rec_name = "dossier_id"
    _guarded_kept = True

    at = fields.Datetime("Time", required=True, readonly=True)
    user_id = fields.Many2one("res.users", "Who", required=True, readonly=True)
    company_id = fields.Many2one(
        "res.company", "Agency", required=True, readonly=True, index=True
    )
    dossier_id = fields.Many2one(
        "cchc.dossier",
        "For the Dossier",
        readonly=True,
        index=True,
        ondelete="set null",
    )
    dossier_code = fields.Char("Code", readonly=True)
    part_name = fields.Char("For the Part", readonly=True)
    file_id = fields.Many2one("cchc.digitise.file", readonly=True)
    source_code = fields.Char("Earlier Dossier", readonly=True)
    purpose = fields.Selection(
        [("look", "Looked at"), ("reuse", "Used again")], required=True, readonly=True
    )

    @api.model
    def _note(self, document, file, purpose):
        """Write one line; what was looked at is named even when it is gone later."""
        dossier = document.sudo().dossier_id
        guard.unlocked(self.sudo()).create(
            {
                "at": fields.Datetime.now(),
                "user_id": self.env.uid,
                "company_id": dossier.company_id.id,
                "dossier_id": dossier.id,
                "dossier_code": dossier.display_name,
                "part_name": document.name,
                "file_id": file.id,
                "source_code": file.sudo().dossier_id.display_name,
                "purpose": purpose,
            }
        )

    def _guarded_sentence(self):
        return self.env._("Looks are noted by the system and stay as they are.")
