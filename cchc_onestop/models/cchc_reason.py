from odoo import fields, models


class CchcReason(models.Model):
    """Pick-list of reasons: delay, refusal, supplement, stop, withdrawal, void."""

    _name = "cchc.reason"
    _description = "Reason"
    _order = "kind, sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char()
    kind = fields.Selection(
        [
            ("late", "Delay"),
            ("refuse", "Refusal of reception"),
            ("supplement", "Supplement"),
            ("finance", "Financial obligation"),
            ("stop", "Stop of settlement"),
            ("withdraw", "Withdrawal"),
            ("send_back", "Sending back"),
            ("void", "Void and new issue"),
            ("reject", "Refusal of settlement"),
        ],
        required=True,
        default="late",
    )
    resume_on_payment = fields.Boolean(
        string="Ends with the Payment",
        help="A dossier that waits for this financial obligation goes on by itself "
        "once every fee of it is paid here; leave it unticked for obligations that are "
        "met elsewhere, such as taxes",
    )
    sequence = fields.Integer(default=10)
    valid_from = fields.Date()
    valid_to = fields.Date()
    legal_basis = fields.Char()
    to_confirm = fields.Boolean(help="Default to be confirmed by the agency")
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex(
        "(kind, code) WHERE code IS NOT NULL",
        "A reason of this kind with the same code exists already.",
    )
