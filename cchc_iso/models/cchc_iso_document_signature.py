from odoo import fields, models


class CchcIsoDocumentSignature(models.Model):
    """What a person did with an issue: drafted, reviewed, approved, sent back.

    Reviews of an approval are deleted when it starts again, so they prove nothing:
    this table keeps every outcome with the name and the post of its moment.
    """

    _name = "cchc.iso.document.signature"
    _description = "Signature of a Document"
    _inherit = ["cchc.guarded.mixin"]
    _order = "issue_id, id"
    _rec_name = "name"
    _guarded_kept = True

    issue_id = fields.Many2one(
        "document.page.history",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(related="issue_id.company_id", store=True)
    role = fields.Selection(
        [
            ("drafted", "Drafted"),
            ("reviewed", "Reviewed"),
            ("approved", "Approved"),
            ("rejected", "Sent Back"),
            ("taken_back", "Taken Back"),
            ("forwarded", "Passed On"),
        ],
        required=True,
        readonly=True,
    )
    user_id = fields.Many2one(
        "res.users", readonly=True, index=True, ondelete="restrict"
    )
    name = fields.Char(required=True, readonly=True)
    post = fields.Char(readonly=True)
    on_behalf_of = fields.Char("In Place of", readonly=True)
    signed_at = fields.Datetime(readonly=True, required=True)
    comment = fields.Char(readonly=True)
    valid = fields.Boolean(
        readonly=True,
        default=True,
        help="Counts for the approval block: not followed by a sending back",
    )
