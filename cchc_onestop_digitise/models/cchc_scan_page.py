from odoo import fields, models

KINDS = [
    ("content", "Page"),
    ("separator", "Separator"),
    ("blank", "Blank"),
    ("left_out", "Left Out"),
]


class CchcScanPage(models.Model):
    """A page of a stack: what it is, and to which part it goes."""

    _name = "cchc.scan.page"
    _description = "Page of a Stack"
    _inherit = ["cchc.guarded.mixin"]
    _order = "batch_id, number"
    _rec_name = "number"

    batch_id = fields.Many2one(
        "cchc.scan.batch", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="batch_id.company_id", string="Agency")
    number = fields.Integer("Page", required=True, readonly=True)
    kind = fields.Selection(KINDS, required=True, readonly=True, default="content")
    code_read = fields.Char(readonly=True)
    document_id = fields.Many2one(
        "cchc.dossier.document",
        "Part",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    dossier_id = fields.Many2one(related="document_id.dossier_id")
    rotation = fields.Selection(
        [
            ("0", "Upright"),
            ("90", "Turned Right"),
            ("180", "Turned Over"),
            ("270", "Turned Left"),
        ],
        required=True,
        readonly=True,
        default="0",
    )
    problem = fields.Char(readonly=True)
    file_id = fields.Many2one("cchc.digitise.file", "File Made", readonly=True)

    _once = models.UniqueIndex("(batch_id, number)", "This page has been read already.")

    def _guarded_sentence(self):
        return self.env._("Pages are assigned on the screen of their stack.")
