from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.cchc_onestop.tools.guard import is_unlocked, unlocked

#: Days before the due date at which who is responsible is reminded.
REMIND_DAYS = 7
#: What the methods of the life of a finding write.
_KEPT = frozenset(
    {
        "state",
        "result",
        "remedied_on",
        "confirmed_by_id",
        "confirmed_at",
        "reminded_on",
        "late_reminded_on",
    }
)


class CchcReformInspectionFinding(models.Model):
    """Weakness that an inspection found, with its remedy and due date.

    Who is responsible reports the remedy, a leader confirms it or sends it back. What
    is confirmed stays.
    """

    _name = "cchc.reform.inspection.finding"
    _description = "Finding of an Inspection"
    _inherit = ["cchc.reform.entry.mixin"]
    _order = "date_due, id"
    _rec_name = "weakness"
    _check_company_auto = True

    visit_id = fields.Many2one(
        "cchc.reform.inspection.visit", required=True, ondelete="cascade", index=True
    )
    inspection_id = fields.Many2one(
        related="visit_id.inspection_id", store=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="visit_id.company_id",
        store=True,
        precompute=True,
        default=None,
    )
    unit = fields.Char(related="visit_id.unit")
    day = fields.Date("Found on", related="visit_id.day", store=True)
    weakness = fields.Char(required=True, tracking=True)
    recommendation = fields.Text()
    area_id = fields.Many2one("cchc.reform.area", ondelete="restrict")
    date_due = fields.Date("Remedy Due", tracking=True, index=True)
    responsible_department_id = fields.Many2one(
        "hr.department", check_company=True, tracking=True
    )
    responsible_id = fields.Many2one("res.users", tracking=True)
    violator_count = fields.Integer(
        "Officials in Breach", help="Officials who broke rules of public duty"
    )
    handling = fields.Char(help="How these officials were dealt with")
    result = fields.Text("Remedy", readonly=True, copy=False)
    remedied_on = fields.Date(readonly=True, copy=False)
    state = fields.Selection(
        [("open", "Open"), ("reported", "Reported"), ("confirmed", "Confirmed")],
        default="open",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
        string="Stage",
    )
    status = fields.Selection(
        [
            ("open", "To Remedy"),
            ("overdue", "Overdue"),
            ("reported", "To Confirm"),
            ("confirmed", "Remedied"),
            ("confirmed_late", "Remedied Late"),
        ],
        compute="_compute_status",
        search="_search_status",
    )
    confirmed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    confirmed_at = fields.Datetime(readonly=True, copy=False)
    reminded_on = fields.Date(readonly=True, copy=False)
    late_reminded_on = fields.Date(readonly=True, copy=False)

    _violators = models.Constraint(
        "CHECK (violator_count >= 0)", "The number of officials cannot be below zero."
    )
    _open_idx = models.Index("(date_due) WHERE state = 'open'")

    # --- How it stands

    def _is_late(self, today):
        """Whether a remedy is due and not even reported."""
        self.ensure_one()
        return self.state == "open" and bool(self.date_due) and self.date_due < today

    @api.model
    def _domain_overdue(self):
        return Domain("state", "=", "open") & Domain(
            "date_due", "<", fields.Date.context_today(self)
        )

    @api.depends("state", "date_due", "remedied_on")
    @api.depends_context("tz")
    def _compute_status(self):
        today = fields.Date.context_today(self)
        for finding in self:
            status = finding.state
            if finding._is_late(today):
                status = "overdue"
            elif (
                status == "confirmed"
                and finding.date_due
                and finding.remedied_on
                and finding.remedied_on > finding.date_due
            ):
                status = "confirmed_late"
            finding.status = status

    def _search_status(self, operator, value):
        if operator != "in":
            return NotImplemented
        overdue = self._domain_overdue()
        parts = {
            "overdue": overdue,
            "open": Domain("state", "=", "open") & ~overdue,
            "reported": Domain("state", "=", "reported"),
            "confirmed": Domain("state", "=", "confirmed"),
            "confirmed_late": Domain("state", "=", "confirmed"),
        }
        found = Domain.OR(parts[status] for status in value if status in parts)
        late = {"confirmed", "confirmed_late"} & set(value)
        if len(late) == 1:
            ids = [
                finding.id
                for finding in self.search(Domain("state", "=", "confirmed"))
                if finding.status == next(iter(late))
            ]
            found &= Domain("state", "!=", "confirmed") | Domain("id", "in", ids)
        return found

    # --- Life

    @api.model_create_multi
    def create(self, vals_list):
        if not is_unlocked(self.env):
            for vals in vals_list:
                for name in _KEPT:
                    vals.pop(name, None)
        findings = super().create(vals_list)
        findings.visit_id._check_inspection_open()
        return findings

    def write(self, vals):
        names = {
            name for name in vals if not name.startswith(("message_", "activity_"))
        }
        if names and not is_unlocked(self.env):
            if names & _KEPT:
                raise AccessError(
                    self.env._(
                        "How a remedy stands is reported and confirmed by the buttons."
                    )
                )
            self._check_not_confirmed()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_confirmed(self):
        self._check_not_confirmed()
        self.visit_id._check_inspection_open()

    def _check_not_confirmed(self):
        for finding in self:
            if finding.state == "confirmed":
                raise UserError(
                    self.env._(
                        "The remedy of “%s” is confirmed; the finding stays as it is.",
                        finding.weakness,
                    )
                )

    def _check_may_report(self):
        user = self.env.user
        officer = user.has_group("cchc_reform.group_officer")
        for finding in self.sudo():
            department = user.with_company(finding.company_id).employee_id.department_id
            if not (
                officer
                or user == finding.responsible_id
                or (department and department == finding.responsible_department_id)
            ):
                raise AccessError(
                    self.env._(
                        "Who is responsible reports the remedy of “%s”.",
                        finding.weakness,
                    )
                )

    def report_remedy(self, result, day=None, attachments=None):
        """Report that weaknesses are remedied, for a leader to confirm.

        :raises AccessError: for others than who is responsible, and the reform officer
        """
        self.check_access("read")
        self._check_may_report()
        self._check_not_confirmed()
        day = fields.Date.to_date(day) or fields.Date.context_today(self)
        if not (result or "").strip():
            raise UserError(self.env._("Say what was done."))
        if day > fields.Date.context_today(self):
            raise UserError(
                self.env._(
                    "%s lies in the future: enter what was done up to today.",
                    day.strftime("%d/%m/%Y"),
                )
            )
        values = {"result": result.strip(), "remedied_on": day, "state": "reported"}
        if attachments:
            values["attachment_ids"] = [
                Command.link(attachment.id) for attachment in attachments
            ]
        unlocked(self.sudo()).write(values)
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])
        return True

    def action_report(self):
        """Open the form in which the remedy is reported."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Report Remedy"),
            "res_model": "cchc.reform.finding.remedy",
            "view_mode": "form",
            "target": "new",
            "context": {"default_finding_id": self.id},
        }

    def _check_leader(self):
        self.check_access("read")
        if not self.env.user.has_group("cchc_reform.group_leader"):
            raise AccessError(self.env._("A leader confirms remedies."))
        for finding in self:
            if finding.state != "reported":
                raise UserError(
                    self.env._("No remedy of “%s” is reported.", finding.weakness)
                )

    def action_confirm(self):
        """Confirm that weaknesses are remedied."""
        self._check_leader()
        unlocked(self.sudo()).write(
            {
                "state": "confirmed",
                "confirmed_by_id": self.env.uid,
                "confirmed_at": fields.Datetime.now(),
            }
        )
        return True

    def action_send_back(self):
        """Send remedies back: the weaknesses are still there."""
        self._check_leader()
        unlocked(self.sudo()).write({"state": "open", "remedied_on": False})
        for finding in self.sudo():
            finding._remind(
                self.env._("The remedy of “%s” was sent back.", finding.weakness)
            )
        return True

    # --- Reminders

    @api.model
    def _cron_remind(self):
        """Remind who is responsible once before the due date and once after it."""
        today = fields.Date.context_today(self)
        soon = self.search(
            [
                ("state", "=", "open"),
                ("reminded_on", "=", False),
                ("date_due", ">=", today),
                ("date_due", "<=", today + timedelta(days=REMIND_DAYS)),
            ]
        )
        late = self.search(
            [
                ("state", "=", "open"),
                ("late_reminded_on", "=", False),
                ("date_due", "<", today),
            ]
        )
        for finding in soon:
            finding._remind(self.env._("The remedy of “%s” is due.", finding.weakness))
        for finding in late:
            finding._remind(
                self.env._("The remedy of “%s” is overdue.", finding.weakness)
            )
        unlocked(soon).write({"reminded_on": today})
        unlocked(late).write({"late_reminded_on": today})

    def _remind(self, summary):
        self.ensure_one()
        user = (
            self.responsible_id
            or self.responsible_department_id.manager_id.user_id
            or self.inspection_id.leader_id
            or self.create_uid
        )
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=self.date_due,
            summary=summary,
            user_id=user.id,
        )
