from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..models.res_company import DIGEST_DAYS
from ..tools.share import share_text


class CchcReformSettings(models.TransientModel):
    """What a manager of reform sets for the agency, who need not administer users and
    companies to do so."""

    _name = "cchc.reform.settings"
    _description = "Settings of Reform Work"

    company_id = fields.Many2one(
        "res.company",
        "Agency",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    count_regular = fields.Boolean(
        "Regular Tasks Count",
        default=lambda self: self.env.company.cchc_count_regular,
    )
    share_with = fields.Char("If They Count", compute="_compute_shares")
    share_without = fields.Char("If They Do Not Count", compute="_compute_shares")
    digest_day = fields.Selection(
        DIGEST_DAYS,
        "Day of the Weekly Digest",
        required=True,
        default=lambda self: self.env.company.cchc_reform_digest_day,
    )
    digest_hour = fields.Float(
        "Hour of the Weekly Digest",
        default=lambda self: self.env.company.cchc_reform_digest_hour,
    )

    @api.depends("company_id")
    @api.depends_context("tz")
    def _compute_shares(self):
        """What the plans of this year come to, by either choice."""
        year = fields.Date.context_today(self).year
        overview = self.env["cchc.reform.overview"]
        tasks = self.env["cchc.reform.task"]
        for record in self:
            company = record.company_id
            found = tasks._figures(
                overview._domain_tasks(year) & overview._domain_own(company),
                "company_id",
            ).get(company, {})
            numbers = {
                key: found.get(key, 0)
                for key in ("done", "counted", "regular", "maintained")
            }
            if company.cchc_count_regular:
                numbers["done"] -= numbers["maintained"]
                numbers["counted"] -= numbers["regular"]
            record.share_without = share_text(numbers["done"], numbers["counted"])
            record.share_with = share_text(
                numbers["done"] + numbers["maintained"],
                numbers["counted"] + numbers["regular"],
            )

    def action_save(self):
        """Keep the choices for the agency."""
        self.ensure_one()
        self.check_access("write")
        if self.company_id not in self.env.companies:
            raise AccessError(
                self.env._("You set the reform work of your own agency only.")
            )
        self.company_id.sudo().write(
            {
                "cchc_count_regular": self.count_regular,
                "cchc_reform_digest_day": self.digest_day,
                "cchc_reform_digest_hour": self.digest_hour,
            }
        )
        return True
