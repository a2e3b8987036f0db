from odoo import fields, models


class CchcDossierPause(models.Model):
    """A time during which the clock of a dossier stood still (tạm dừng)."""

    _name = "cchc.dossier.pause"
    _description = "Dossier Pause"
    _inherit = ["cchc.dossier.guarded.row"]
    _order = "dossier_id, date_from"

    kind = fields.Selection(
        [
            ("supplement", "Supplement by the applicant"),
            ("finance", "Financial obligation"),
            ("outage", "System outage"),
        ],
        required=True,
        readonly=True,
    )
    date_from = fields.Datetime(required=True, readonly=True)
    date_to = fields.Datetime(readonly=True)
    expires_at = fields.Datetime(readonly=True)
    content = fields.Text(readonly=True)
    counts = fields.Boolean(
        readonly=True,
        default=True,
        help="Off when the due date had passed before: a late dossier stays late",
    )

    resume_on_payment = fields.Boolean(
        string="Ends with the Payment",
        readonly=True,
        help="The clock runs again by itself once every fee of the dossier is paid",
    )
    resume_state = fields.Char(
        readonly=True, help="State to which the dossier goes back after an outage"
    )

    _dates = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "A pause cannot end before it begins.",
    )
    _one_open = models.UniqueIndex(
        "(dossier_id) WHERE date_to IS NULL",
        "The clock of this dossier stands still already.",
    )
