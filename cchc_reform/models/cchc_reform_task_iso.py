from odoo import fields, models

ISO_PHASES = [
    ("convert", "Convert"),
    ("apply", "Apply"),
    ("maintain", "Maintain"),
    ("improve", "Improve"),
]


class CchcReformTask(models.Model):
    # Phases are words of ISO plans only.
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "cchc.reform.task"

    iso_phase = fields.Selection(
        ISO_PHASES,
        "Phase of the Quality System",
        help="Of a task of an ISO plan: chuyển đổi, áp dụng, duy trì or cải tiến the "
        "quality management system",
    )
