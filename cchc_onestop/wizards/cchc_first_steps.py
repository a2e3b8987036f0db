from odoo import api, fields, models

#: What each count of people looks for.
_ROLES = ("desk", "handler", "leader")


class CchcFirstSteps(models.TransientModel):
    """What an agency needs before its first dossier, and what of it is there.

    Nothing is stored: each step is worked out when the page is opened.
    """

    _name = "cchc.first.steps"
    _description = "First Steps"

    company_id = fields.Many2one(
        "res.company",
        string="Agency",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    agency_done = fields.Boolean(compute="_compute_steps")
    procedure_count = fields.Integer(compute="_compute_steps")
    desk_count = fields.Integer(compute="_compute_steps")
    handler_count = fields.Integer(compute="_compute_steps")
    leader_count = fields.Integer(compute="_compute_steps")
    people_done = fields.Boolean(compute="_compute_steps")
    process_count = fields.Integer(compute="_compute_steps")
    calendar_done = fields.Boolean(compute="_compute_steps")
    book_count = fields.Integer(compute="_compute_steps")
    dossier_count = fields.Integer(compute="_compute_steps")

    @api.depends("company_id")
    def _compute_display_name(self):
        self.display_name = self.env._("First Steps")

    @api.depends("company_id")
    def _compute_steps(self):
        for page in self:
            company = page.company_id
            own = [("company_id", "=", company.id)]
            year = company._cchc_local_date(fields.Datetime.now()).year
            page.agency_done = bool(company.cchc_unit_code and company.cchc_place)
            page.procedure_count = self._count(
                "cchc.procedure", [("state", "=", "in_force")]
            )
            for role in _ROLES:
                page[f"{role}_count"] = page._people(role)
            page.people_done = all(page[f"{role}_count"] for role in _ROLES)
            page.process_count = self._count("cchc.process", own)
            page.calendar_done = bool(
                self._count(
                    "cchc.calendar.year",
                    [
                        ("calendar_id", "=", company.resource_calendar_id.id),
                        ("year", "=", year),
                        ("state", "=", "confirmed"),
                    ],
                )
            )
            page.book_count = self._count("cchc.receipt.book", own)
            page.dossier_count = self._count(
                "cchc.dossier", [*own, ("accepted_at", "!=", False)]
            )

    @api.model
    def _count(self, model, domain):
        return self.env[model].sudo().search_count(domain)

    def _people(self, role):
        """Count the people of the agency who hold a role; the system is nobody."""
        group = self.env.ref(f"cchc_onestop.group_{role}")
        return self.env["res.users"].search_count(
            [
                ("id", "in", group.sudo().all_user_ids.ids),
                ("company_ids", "in", self.company_id.ids),
                ("share", "=", False),
            ]
        )

    def action_agency(self):
        """Open the settings of the agency."""
        return self.company_id.action_cchc_agency()
