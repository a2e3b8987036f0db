from odoo import api, fields, models


class CchcReformEntryMixin(models.AbstractModel):
    """What officers write down over the year: short forms, photos, lists.

    Files that are added before the record is saved become its own with it, so that who
    reads the record reads them. A row that came from a list keeps a fingerprint, so
    that the same list changes nothing a second time (``cchc.reform.entry.import``).
    """

    _name = "cchc.reform.entry.mixin"
    _description = "Entry of the Year"
    _inherit = ["mail.thread", "mail.activity.mixin"]

    company_id = fields.Many2one(
        "res.company",
        "Agency",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    attachment_ids = fields.Many2many(
        "ir.attachment", string="Files", copy=False, bypass_search_access=True
    )
    attachment_count = fields.Integer(
        "Number of Files", compute="_compute_attachment_count"
    )
    import_digest = fields.Char(readonly=True, copy=False)

    _import_uniq = models.UniqueIndex(
        "(company_id, import_digest) WHERE import_digest IS NOT NULL",
        "This row of a list was imported before.",
    )

    @api.depends("attachment_ids")
    def _compute_attachment_count(self):
        for record in self:
            record.attachment_count = len(record.attachment_ids)

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._own_files()
        return records

    def write(self, vals):
        result = super().write(vals)
        if "attachment_ids" in vals:
            self._own_files()
        return result

    def _own_files(self):
        """Take the files that the same person has just added to a new record."""
        for record in self:
            loose = record.sudo().attachment_ids.filtered(
                lambda file: not file.res_id and file.create_uid == self.env.user
            )
            if loose:
                loose.write({"res_model": self._name, "res_id": record.id})
