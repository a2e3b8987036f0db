from odoo import api, fields, models


class CchcSignature(models.Model):
    """One digital signature of a file, as the last check found it."""

    _name = "cchc.signature"
    _description = "Digital Signature"
    _inherit = ["cchc.guarded.mixin"]
    _order = "check_id desc, sequence"
    _rec_name = "signer"

    check_id = fields.Many2one(
        "cchc.signature.check",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    sequence = fields.Integer(string="No.", readonly=True)
    attachment_id = fields.Many2one(related="check_id.attachment_id", store=True)
    file_name = fields.Char(related="check_id.file_name", string="File Name")
    document_id = fields.Many2one(
        related="check_id.document_id", store=True, index="btree_not_null"
    )
    paper_id = fields.Many2one(related="check_id.paper_id", store=True)
    dossier_id = fields.Many2one(
        related="check_id.dossier_id", store=True, index="btree_not_null"
    )
    company_id = fields.Many2one(related="dossier_id.company_id", string="Agency")
    res_model = fields.Char(compute="_compute_res")
    res_id = fields.Many2oneReference(model_field="res_model", compute="_compute_res")
    field_name = fields.Char(readonly=True)
    signer = fields.Char(readonly=True)
    issuer = fields.Char(string="Certificate Issued by", readonly=True)
    serial = fields.Char(string="Serial Number", readonly=True)
    valid_from = fields.Datetime(string="Certificate from", readonly=True)
    valid_to = fields.Datetime(string="Certificate until", readonly=True)
    signed_at = fields.Datetime(string="Signed", readonly=True)
    is_stamped = fields.Boolean(
        string="Time Certified",
        readonly=True,
        help="By a time-stamp authority; else the signer's own clock says so",
    )
    authority = fields.Char(string="Time-Stamp Authority", readonly=True)
    intact = fields.Boolean(readonly=True)
    covers = fields.Boolean(string="Covers the Whole File", readonly=True)
    last = fields.Boolean(string="Nothing Added since", readonly=True)
    changed = fields.Boolean(string="Changed since", readonly=True)
    trusted = fields.Boolean(readonly=True)
    revocation = fields.Selection(
        [("good", "Not revoked"), ("revoked", "Revoked"), ("unknown", "Not known")],
        readonly=True,
    )
    status = fields.Selection(
        [("valid", "Valid"), ("unknown", "Not certain"), ("broken", "Not valid")],
        required=True,
        readonly=True,
    )
    valid = fields.Boolean(compute="_compute_valid", store=True)
    reason_code = fields.Char(readonly=True)
    reason = fields.Char(compute="_compute_reason")

    @api.depends("status")
    def _compute_valid(self):
        for signature in self:
            signature.valid = signature.status == "valid"

    @api.depends("document_id", "paper_id")
    def _compute_res(self):
        for signature in self:
            owner = signature.document_id or signature.paper_id
            signature.res_model = owner._name
            signature.res_id = owner.id

    @api.depends("reason_code")
    def _compute_reason(self):
        reasons = {
            "valid": self.env._(
                "The file is as it was signed; the certificate was in force and not "
                "revoked."
            ),
            "valid_not_asked": self.env._(
                "The file is as it was signed and the certificate was in force; "
                "whether it was revoked is not known."
            ),
            "untrusted": self.env._(
                "The file is as it was signed, but the authority of the certificate "
                "is not in our list of trusted ones."
            ),
            "no_time": self.env._(
                "The file is as it was signed; the signature does not say when."
            ),
            "expired_since": self.env._(
                "The file is as it was signed; the certificate has run out since and "
                "no authority certifies the time of signing."
            ),
            "expired": self.env._(
                "The certificate was not in force when the file was signed."
            ),
            "revoked": self.env._("The certificate has been revoked."),
            "tampered": self.env._("The signed content was changed."),
            "changed": self.env._("The file was changed after signing."),
            "unreadable": self.env._("The signature is damaged."),
        }
        for signature in self:
            signature.reason = reasons.get(signature.reason_code, "")
