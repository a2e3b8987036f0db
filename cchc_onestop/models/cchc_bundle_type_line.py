from odoo import api, fields, models

from ..tools.term import Term, hours
from .cchc_procedure_time_limit import UNITS


class CchcBundleTypeLine(models.Model):
    """One procedure of an interlinked group: who, after what, in what time."""

    _name = "cchc.bundle.type.line"
    _description = "Procedure of an Interlinked Group"
    _order = "type_id, sequence, id"

    type_id = fields.Many2one(
        "cchc.bundle.type", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True)
    procedure_id = fields.Many2one(
        "cchc.procedure",
        ondelete="restrict",
        help="Empty when the catalogue does not list it (another body's procedure): "
        "its dossier then stands under the procedure of the group",
    )
    after_ids = fields.Many2many(
        "cchc.bundle.type.line",
        "cchc_bundle_type_line_after_rel",
        "line_id",
        "before_id",
        domain="[('type_id', '=', type_id)]",
        help="Begins when all of these are done; lines that wait for the same run "
        "side by side",
    )
    optional = fields.Boolean(help="The applicant chooses whether he wants it")
    preselected = fields.Boolean(default=True, help="Chosen unless the desk unticks it")
    is_external = fields.Boolean(
        string="Outside this Database",
        help="The agency works with other software: the desk enters its code and "
        "result here. An agency of this database can be named below.",
    )
    external_name = fields.Char(string="Agency outside")
    external_system = fields.Char(
        help="Software that gives the external code; a code is unique within it"
    )
    agency_ids = fields.One2many(
        "cchc.bundle.type.agency",
        "line_id",
        string="Competent Agencies",
        copy=True,
        help="Which agency settles this part for which receiving agency; without one "
        "the receiving agency itself does, or the agency outside",
    )
    amount = fields.Float(
        string="Time Limit",
        digits=(12, 2),
        help="0: no time of its own, due with the whole group",
    )
    verify_amount = fields.Float(
        string="Time with Verification", digits=(12, 2), help="0: the same"
    )
    unit = fields.Selection(UNITS, required=True, default="working_day")
    extends_total = fields.Boolean(
        string="Beyond the Time for the Whole",
        help="The appointment of the group is the end of this part, when that is "
        "later than the time for the whole",
    )
    notice_days = fields.Float(
        string="Notice of Deficiency within (working days)",
        digits=(12, 2),
        default=1.0,
        help="Until when the agency tells that something is missing",
    )
    time_text = fields.Char(string="Wording of the Law")
    to_confirm = fields.Boolean(string="To Be Confirmed")

    _amounts = models.Constraint(
        "CHECK (amount >= 0 AND verify_amount >= 0 AND notice_days >= 0)",
        "The times of a part cannot be negative.",
    )

    @api.constrains("after_ids", "type_id")
    def _check_order(self):
        self.type_id._check_no_circle()

    def _agency_for(self, receiving):
        """Return ``(company, is external, name of the agency outside)``.

        :param receiving: agency that receives the group
        """
        self.ensure_one()
        line = self.sudo()
        agencies = receiving.sudo().parent_ids
        nearest = {agency: depth for depth, agency in enumerate(agencies)}
        rows = line.agency_ids.filtered(
            lambda row: not row.company_id or row.company_id in agencies
        )
        row = max(
            rows, key=lambda row: nearest.get(row.company_id, -1), default=rows[:1]
        )
        if row.agency_id:
            return row.agency_id.sudo(False), False, False
        if row or line.is_external:
            return receiving, True, row.external_name or line.external_name
        return receiving, False, False

    def _time(self, verify):
        """Return the time of the part, with or without verification."""
        self.ensure_one()
        return verify and self.verify_amount or self.amount

    def _term(self, amount, unit):
        """Return a time of the part as a :class:`Term` with its rule of counting."""
        self.ensure_one()
        rule = self.type_id.deadline_rule if unit == "working_day" else False
        return Term(amount, unit, rule)

    def _promise(self, plan, amount, unit):
        """Return a time as the promise of an outline of reception, or ``None``."""
        self.ensure_one()
        if not amount:
            return None
        return self.type_id._promise(self._term(amount, unit), plan.day)

    def _working_days(self, verify, calendar):
        """Return the time of the part in working days, for adding up a whole."""
        self.ensure_one()
        day = calendar.hours_per_day or 8.0
        amount = self._time(verify)
        return amount and hours(self._term(amount, self.unit), day) / day
