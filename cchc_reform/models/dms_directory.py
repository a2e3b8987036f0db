from odoo import api, models

#: Part of the path of a folder that stands for a kind of issued documents.
FOLDERS = {"in": "Văn bản đến", "out": "Văn bản đi"}


class DmsDirectory(models.Model):
    """Folders of issued documents: agency / year / kind / month."""

    _inherit = "dms.directory"

    @api.model
    def _cchc_folder_vals(self, depth, company, parts, bucket):
        if depth != 2 or parts[2] not in FOLDERS:
            return super()._cchc_folder_vals(depth, company, parts, bucket)
        return {
            "name": FOLDERS[parts[2]],
            "group_ids": self.env.ref("cchc_reform.dms_group_documents").ids,
        }
