import hashlib

from odoo import api, fields, models

from odoo.addons.cchc_onestop.tools import guard


class CchcIsoRecordPackage(models.Model):
    """A package of process records that left the office: who, when, which, which hash.

    Its SHA-256 tells later whether a file that somebody shows is that package.
    """

    _name = "cchc.iso.record.package"
    _description = "Package of Process Records"
    _inherit = ["cchc.guarded.mixin"]
    _order = "id desc"
    _rec_name = "exported_at"
    _log_access = False
    _guarded_kept = True

    company_id = fields.Many2one(
        "res.company", "Agency", required=True, readonly=True, ondelete="restrict"
    )
    user_id = fields.Many2one(
        "res.users", "Exported by", required=True, readonly=True, ondelete="restrict"
    )
    exported_at = fields.Datetime("Exported", required=True, readonly=True)
    date_from = fields.Date("From", readonly=True)
    date_to = fields.Date("To", readonly=True)
    selection = fields.Char(
        "Limited to", readonly=True, help="Procedures and departments, if limited"
    )
    record_count = fields.Integer("Records", readonly=True)
    size = fields.Integer("Bytes", readonly=True)
    sha256 = fields.Char("SHA-256 of the File", readonly=True)

    @api.model
    def _log(self, company, params, count, content):
        """Note that the current person has exported a package."""
        procedures = self.env["cchc.procedure"].browse(params.get("procedure_ids"))
        departments = self.env["hr.department"].browse(params.get("department_ids"))
        parts = procedures.mapped("code") + departments.mapped("name")
        return guard.unlocked(self.sudo()).create(
            {
                "company_id": company.id,
                "user_id": self.env.uid,
                "exported_at": fields.Datetime.now(),
                "date_from": params["date_from"],
                "date_to": params["date_to"],
                "selection": ", ".join(parts),
                "record_count": count,
                "size": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
            }
        )
