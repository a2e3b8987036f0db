from odoo import api, fields, models
from odoo.fields import Domain

from ..tools import fee


class CchcFeeExemption(models.Model):
    """Exemption or reduction of fees for a group of people, with its dates.

    Of several that somebody may claim the most favourable applies, and only that one.
    """

    _name = "cchc.fee.exemption"
    _description = "Exemption from Fees"
    _order = "percent desc, group_id, id"
    _rec_name = "group_id"

    group_id = fields.Many2one("cchc.fee.group", required=True, ondelete="restrict")
    percent = fields.Integer(
        string="Reduction (%)", required=True, default=100, help="100: exempt"
    )
    scope = fields.Selection(
        [
            ("general", "Fees open to general exemptions"),
            ("sectors", "Fees of these fields"),
            ("rules", "These fees only"),
        ],
        string="Applies to",
        required=True,
        default="rules",
        help="A fee rule says whether the general exemptions apply to it",
    )
    sector_ids = fields.Many2many("cchc.sector", string="Fields")
    rule_ids = fields.Many2many("cchc.fee.rule", string="Fee Rules")
    company_id = fields.Many2one(
        "res.company", string="Agency", help="Empty: the whole country"
    )
    valid_from = fields.Date(
        required=True,
        default=fields.Date.context_today,
        help="By the day on which the dossier is submitted",
    )
    valid_to = fields.Date()
    legal_basis = fields.Char()
    legal_text = fields.Text(string="Verbatim Text")
    to_confirm = fields.Boolean(
        "To Be Confirmed", help="From general knowledge, not read in the law"
    )
    active = fields.Boolean(default=True)

    _percent_range = models.Constraint(
        "CHECK (percent > 0 AND percent <= 100)",
        "A reduction lies between 1 and 100 percent.",
    )
    _dates = models.Constraint(
        "CHECK (valid_to IS NULL OR valid_to >= valid_from)",
        "The last day of validity lies before the first.",
    )

    @api.depends("group_id", "percent")
    def _compute_display_name(self):
        for exemption in self:
            exemption.display_name = self.env._(
                "%(group)s: -%(percent)s%%",
                group=exemption.group_id.name or "",
                percent=exemption.percent,
            )

    @api.model
    def _best(self, groups, day, company, sector, rule=None):
        """Return the most favourable exemption of these groups for one fee.

        :param groups: what the applicant proved to belong to
        :param day: day of submission
        :param rule: fee rule, if there is one; a fee without a rule takes part in the
            general exemptions
        """
        if not groups:
            return self.browse()
        found = (
            self.sudo()
            .search(
                Domain("group_id", "in", groups.ids)
                & Domain("valid_from", "<=", day)
                & (Domain("valid_to", "=", False) | Domain("valid_to", ">=", day))
                & (
                    Domain("company_id", "=", False)
                    | Domain("company_id", "parent_of", company.ids)
                )
            )
            .filtered(lambda exemption: exemption._covers(sector, rule))
        )
        best = fee.best_percent(found.mapped("percent"))
        return found.filtered(lambda exemption: exemption.percent == best)[:1].with_env(
            self.env
        )

    def _covers(self, sector, rule):
        self.ensure_one()
        if self.scope == "general":
            return not rule or rule.general_exemptions
        if self.scope == "sectors":
            return sector in self.sector_ids
        return bool(rule) and rule in self.rule_ids
