import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

_NAME = re.compile(r"[\w-][\w.-]{0,60}", re.ASCII)


class ResCompany(models.Model):
    """Where the scanner of an agency puts its files."""

    _inherit = "res.company"

    cchc_scan_folder = fields.Char(
        "Scanner Folder",
        groups="base.group_system",
        copy=False,
        help="Name of a folder below the one that the system parameter "
        "cchc_onestop_digitise.scan_root names; letters, digits, dot, dash",
    )
    cchc_scan_seen = fields.Json(
        readonly=True,
        copy=False,
        groups="base.group_system",
        help="Size and time of the files when the folder was last looked at",
    )

    _scan_folder_uniq = models.UniqueIndex(
        "(cchc_scan_folder) WHERE cchc_scan_folder IS NOT NULL",
        "Another agency has this scanner folder.",
    )

    @api.constrains("cchc_scan_folder")
    def _check_scan_folder(self):
        for company in self.sudo():
            name = company.cchc_scan_folder
            if name and not _NAME.fullmatch(name):
                raise ValidationError(
                    self.env._(
                        "“%s” is not the name of a folder: letters without accents, "
                        "digits, dot and dash, no path.",
                        name,
                    )
                )
