import logging
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.alert_plan import morning_of

_logger = logging.getLogger(__name__)


class ResCompany(models.Model):
    """An agency (cơ quan): commune, ward, province or department office."""

    _inherit = "res.company"

    cchc_unit_code = fields.Char(
        string="Unit Code",
        help="Identification code of the agency (QĐ 20/2020/QĐ-TTg), the first part "
        "of the dossier code, e.g. H49.12",
    )
    cchc_level = fields.Selection(
        [
            ("province", "Province"),
            ("commune", "Commune"),
            ("ministry", "Ministry"),
            ("other", "Other"),
        ],
        string="Administrative Level",
        default="commune",
    )
    cchc_runs_desk = fields.Boolean(
        string="Receives Dossiers",
        compute="_compute_cchc_runs_desk",
        store=True,
        readonly=False,
        help="Unticked, the menus of desk work (queue, scans, look-ups, fees) are not "
        "shown to people of this agency alone: for a province that only watches over "
        "the agencies below",
    )
    cchc_desk_name = fields.Char(
        string="One-Stop Desk",
        default="Trung tâm Phục vụ hành chính công",
        help="Name of the reception body as printed in the header of the forms",
    )
    cchc_place = fields.Char(
        string="Place on Forms",
        help="Place name printed before the date of the forms, e.g. Hải Trường",
    )
    cchc_superior_name = fields.Char(
        string="Superior Body on Letters",
        help="Printed above the name of the agency on letters signed by its head, e.g. "
        "of a specialised agency; empty for a people's committee",
    )
    cchc_hotline = fields.Char(string="Hotline")
    cchc_signer_id = fields.Many2one(
        "res.users",
        string="Signs Letters",
        help="Head of the agency, whose name a letter bears when somebody without the "
        "right to sign makes the move, e.g. the desk at a withdrawal",
    )
    cchc_duplicate_days = fields.Integer(
        string="Warn about Repeated Filing (days)",
        default=30,
        help="Reception warns when the same owner filed the same procedure within "
        "this number of days; 0 switches the warning off",
    )

    cchc_alert_hour = fields.Float(
        string="Morning Hour of Alerts",
        default=7.0,
        help="Hour of the working day at which what is due today is alerted and the "
        "daily digest is sent",
    )

    cchc_digest_date = fields.Date(
        string="Last Day of Digests",
        readonly=True,
        copy=False,
        help="Day on which everybody has been served",
    )

    cchc_zero_word = fields.Selection(
        [("lẻ", "lẻ (một trăm lẻ năm)"), ("linh", "linh (một trăm linh năm)")],
        string="Zero inside Amounts",
        default="lẻ",
        help="How the zero of the tens is read in amounts in words",
    )
    cchc_fee_bank_id = fields.Many2one(
        "res.partner.bank",
        string="Account for Fees",
        help="Account of the agency into which fees are transferred; stands on the "
        "payment slip",
    )
    cchc_receipt_provider = fields.Selection(
        [("file", "Files (handed in by hand)")],
        string="Provider of E-Receipts",
        default="file",
        help="Addons for providers add their own",
    )

    _cchc_alert_hour_valid = models.Constraint(
        "CHECK (cchc_alert_hour >= 0 AND cchc_alert_hour < 24)",
        "The morning hour of alerts lies between 0:00 and 23:59.",
    )
    _cchc_duplicate_days_positive = models.Constraint(
        "CHECK (cchc_duplicate_days >= 0)",
        "The number of days for the repeated-filing warning cannot be negative.",
    )

    @api.depends("cchc_level")
    def _compute_cchc_runs_desk(self):
        """Proposed by the level; an agency with dossiers has a desk in any case."""
        dossiers = self.env["cchc.dossier"].sudo()
        for company in self:
            company.cchc_runs_desk = company.cchc_level not in (
                "province",
                "ministry",
            ) or bool(
                dossiers.search_count([("company_id", "in", company.ids)], limit=1)
            )

    @api.model_create_multi
    def create(self, vals_list):
        """New agencies get the shipped office hours; a shared calendar stays shared."""
        office = self.env.ref(
            "cchc_onestop.resource_calendar_office", raise_if_not_found=False
        )
        if office:
            vals_list = [
                {
                    **vals,
                    "resource_calendar_id": vals.get("resource_calendar_id")
                    or office.id,
                }
                for vals in vals_list
            ]
        calendars = self.env["resource.calendar"].browse(
            vals.get("resource_calendar_id") for vals in vals_list
        )
        shared = calendars.sudo().filtered(lambda calendar: not calendar.company_id)
        companies = super().create(vals_list)
        shared.filtered("company_id").company_id = False  # Odoo gives it to the new one
        return companies

    def write(self, vals):
        """A manager sets what his work needs; the company itself is the system's."""
        if not self.env.su and not self.env.user.has_group("base.group_erp_manager"):
            if closed := sorted(set(vals) - self._cchc_settings()):
                names = self.fields_get(closed, ["string"])
                raise AccessError(
                    self.env._(
                        "%s: ask the administrator of the system to change it.",
                        ", ".join(names[name]["string"] for name in names)
                        or self._description,
                    )
                )
        result = super().write(vals)
        if {"cchc_level", "cchc_runs_desk"} & vals.keys():
            self.env.flush_all()
            self.env.registry.clear_cache()  # the menus of its people
        return result

    @api.model
    def _cchc_settings(self):
        """Return the fields that the manager of an agency sets (hook)."""
        return {
            "cchc_unit_code",
            "cchc_superior_name",
            "cchc_runs_desk",
            "cchc_desk_name",
            "cchc_place",
            "cchc_hotline",
            "cchc_signer_id",
            "resource_calendar_id",
            "cchc_duplicate_days",
            "cchc_alert_hour",
            "cchc_fee_bank_id",
            "cchc_receipt_provider",
            "cchc_zero_word",
        }

    @api.model
    def action_cchc_agency(self):
        """Open the settings of the agency in use."""
        # A path of its own: the page is loaded anew when a company was saved, and
        # the form of Odoo reads the province.
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "cchc_onestop.agency_action_form"
            ),
            "res_id": self.env.company.id,
        }

    @api.model
    def _cchc_use_office_hours(self):
        """Give agencies that still have Odoo's stock hours the shipped ones."""
        office = self.env.ref("cchc_onestop.resource_calendar_office")
        companies = self.sudo().search(
            [
                "|",
                ("resource_calendar_id", "=", False),
                ("resource_calendar_id.leave_ids", "=", False),
            ]
        )
        for company in companies:
            calendar = company.resource_calendar_id
            if not calendar or calendar._cchc_is_stock():
                company.resource_calendar_id = office

    @api.model
    def _cchc_use_dong(self):
        """Have fees in đồng: a fresh database of Odoo counts in dollars.

        A province and the agencies below it have one currency; where one of them keeps
        accounts or took money, theirs stays.
        """
        dong = self.env.ref("base.VND")
        companies = self.sudo().with_context(active_test=False)
        for root in companies.search(
            [("parent_id", "=", False), ("currency_id", "!=", dong.id)]
        ):
            below = [("company_id", "child_of", root.id)]
            if not any(
                model in self.env
                and self.env[model].sudo().search_count(below, limit=1)
                for model in ("cchc.payment", "account.move.line")
            ):
                dong.active = True
                root.currency_id = dong

    def _cchc_tz(self):
        """Return the time zone of the agency: that of its working calendar."""
        return ZoneInfo(
            self.resource_calendar_id.tz or self.partner_id.tz or "Asia/Ho_Chi_Minh"
        )

    def _cchc_local_time(self, at):
        """Return the naive UTC moment ``at`` by the clocks of the agency."""
        return at.replace(tzinfo=UTC).astimezone(self._cchc_tz())

    def _cchc_local_date(self, at):
        """Return the calendar day of the naive UTC moment ``at`` in the agency."""
        return self._cchc_local_time(at).date()

    def _cchc_shift_day(self, day, amount, unit):
        """Return the day ``amount`` days or working days after ``day``.

        By the agency's calendar; a negative amount counts back. Zero is ``day`` itself.

        :param unit: ``calendar_day`` or ``working_day``
        """
        if unit == "calendar_day":
            return day + timedelta(days=amount)
        working = self.resource_calendar_id._cchc_working_time()
        step = timedelta(days=1 if amount > 0 else -1)
        for _count in range(abs(amount)):
            day += step
            while not working.is_working_day(day):
                day += step
        return day

    def _cchc_digest_hour_has_come(self, now):
        """Return whether today is a working day of the agency and its morning hour
        has passed at the naive UTC moment ``now``."""
        self.ensure_one()
        if not self.resource_calendar_id:
            return False
        day = self._cchc_local_date(now)
        try:
            working = self.resource_calendar_id._cchc_working_time()
            if not working.is_working_day(day):
                return False
        except (UserError, ValueError) as error:
            # one office without usable hours does not hold up the others
            _logger.warning("No digests for %s: %s", self.name, error)
            return False
        return now.replace(tzinfo=UTC).timestamp() >= morning_of(
            day, self._cchc_tz(), self.cchc_alert_hour
        )
