from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..tools.statistic import NOTES, Choices


class CchcReportRegime(models.Model):
    """A regime of reports: names of the forms, and what is counted how.

    What no text settles beyond doubt (ended without a result, waiting for the
    applicant, extended, kiosk) is a choice here and is printed below the report.
    """

    _name = "cchc.report.regime"
    _description = "Report Regime"
    _order = "valid_from desc, id desc"

    name = fields.Char(required=True)
    legal_basis = fields.Char()
    valid_from = fields.Date(required=True, default=fields.Date.context_today)
    valid_to = fields.Date()
    code_06a = fields.Char("Form II.06a", default="II.06a/VPCP/KSTT")
    code_06b = fields.Char("Form II.06b", default="II.06b/VPCP/KSTT")
    code_07a = fields.Char("Form II.07a", default="II.07a/VPCP/KSTT")
    code_07b = fields.Char("Form II.07b", default="II.07b/VPCP/KSTT")
    code_766 = fields.Char("Form of the Index", default="QĐ 766/QĐ-TTg")
    receiver = fields.Char(
        "Sent to", help="Body that receives the report when there is no agency above"
    )
    withdrawn_as = fields.Selection(
        [
            ("on_time", "On time, unless the due date was missed"),
            ("always_on_time", "Always on time"),
            ("timeliness", "Early, on time or late like any other"),
        ],
        string="Withdrawn or Stopped",
        required=True,
        default="on_time",
        help="How dossiers that ended without a result count among the settled ones",
    )
    waiting_as = fields.Selection(
        [
            ("in_time", "In time, unless the due date was missed before"),
            ("expiry", "In time until the time for the supplement has expired"),
        ],
        string="Waiting for a Supplement",
        required=True,
        default="in_time",
    )
    extension_as = fields.Selection(
        [
            ("rule", "As the deadline rule of the dossier says"),
            ("first", "Against the first appointment"),
            ("current", "Against the extended appointment"),
        ],
        string="Extended Dossiers",
        required=True,
        default="rule",
    )
    kiosk_as = fields.Selection(
        [("direct", "Received directly"), ("online", "Received online")],
        string="Submitted at a Kiosk",
        required=True,
        default="direct",
    )
    twice_is_late = fields.Boolean(
        "Second Supplement Is Late",
        default=True,
        help="In the table of the index (QĐ 766/QĐ-TTg) a dossier supplemented more "
        "than once counts as late",
    )
    to_confirm = fields.Boolean(help="Default to be confirmed by the agency")
    active = fields.Boolean(default=True)

    _valid = models.Constraint(
        "CHECK (valid_to IS NULL OR valid_to >= valid_from)",
        "A regime cannot end before it begins.",
    )

    @api.model
    def _get(self, day):
        """Return the regime in force on a day.

        :raises UserError: when there is none
        """
        regime = self.search(
            [
                ("valid_from", "<=", day),
                "|",
                ("valid_to", "=", False),
                ("valid_to", ">=", day),
            ],
            limit=1,
        )
        if not regime:
            raise UserError(
                self.env._(
                    "No report regime is in force on %s: enter one under "
                    "Configuration.",
                    format_date(self.env, day),
                )
            )
        return regime

    def _choices(self):
        """Return the choices as the statement wants them."""
        self.ensure_one()
        return Choices(
            withdrawn=self.withdrawn_as,
            waiting=self.waiting_as,
            extension=self.extension_as,
            kiosk=self.kiosk_as,
            twice_is_late=self.twice_is_late,
        )

    def _notes(self, form):
        """Return the footnotes of a form: the choices in official words."""
        self.ensure_one()
        notes = [
            NOTES["withdrawn", self.withdrawn_as],
            NOTES["waiting", self.waiting_as],
            NOTES["extension", self.extension_as],
            NOTES["kiosk", self.kiosk_as],
        ]
        if form == "766":
            notes = notes[1:] + [NOTES["766", self.twice_is_late]]
        if form == "07b":
            return []
        return [*notes, NOTES["scope", ""]]
