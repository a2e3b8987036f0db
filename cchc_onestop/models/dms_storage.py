from odoo import api, fields, models


class DmsStorage(models.Model):
    """One storage per agency holds its filed dossiers.

    dms shows a storage only to those who work in its agency at the moment.
    """

    _inherit = "dms.storage"

    cchc_company_id = fields.Many2one(
        "res.company",
        string="Filed Dossiers of Agency",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )

    _cchc_company_uniq = models.UniqueIndex(
        "(cchc_company_id) WHERE cchc_company_id IS NOT NULL",
        "This agency has its storage already.",
    )

    @api.model
    def _cchc_get(self, company):
        """Storage of an agency, made when it files for the first time.

        Access goes by groups, never by the dossier: dms would have to look at every
        dossier for each search.
        """
        storages = self.sudo()
        storage = storages.search([("cchc_company_id", "=", company.id)], limit=1)
        return storage or storages.create(
            {
                "name": self.env._(
                    "One-stop dossiers: %(agency)s", agency=company.name
                ),
                "save_type": "database",
                "company_id": company.id,
                "cchc_company_id": company.id,
                "inherit_access_from_parent_record": False,
            }
        )
