from odoo import fields, models

from ..tools import record_checks
from ..tools.record_header import moment


class CchcIsoSampleLine(models.Model):
    _inherit = "cchc.iso.sample.line"

    record_id = fields.Many2one(
        "cchc.iso.record",
        "Process Record",
        readonly=True,
        ondelete="restrict",
        help="The record of the end of the dossier as it was when drawn",
    )
