from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CchcIsoObligation(models.Model):
    """Whether agencies of a level must apply the standard or are encouraged to.

    QĐ 19/2014/QĐ-TTg. A setting with dates, since provinces demand more of their
    communes than the decision does, and decisions are replaced.
    """

    _name = "cchc.iso.obligation"
    _description = "Obligation to Apply the Standard"
    _order = "level, valid_from desc, id desc"
    _rec_name = "source"

    level = fields.Selection(
        lambda self: (
            self.env["res.company"]
            ._fields["cchc_level"]
            ._description_selection(self.env)
        ),
        "Administrative Level",
        required=True,
    )
    company_id = fields.Many2one(
        "res.company",
        "Agencies Below",
        ondelete="cascade",
        help="Only for agencies below this one (its province asks for more); empty: "
        "for all",
    )
    kind = fields.Selection(
        [("mandatory", "Mandatory"), ("encouraged", "Encouraged")], required=True
    )
    valid_from = fields.Date(required=True)
    valid_to = fields.Date()
    source = fields.Char("Legal Source", required=True)
    to_confirm = fields.Boolean(
        "To Be Confirmed", help="Not yet confirmed by the official text"
    )

    @api.constrains("valid_from", "valid_to")
    def _check_days(self):
        for rule in self:
            if rule.valid_to and rule.valid_to < rule.valid_from:
                raise ValidationError(
                    self.env._("%s ends before it begins.", rule.source)
                )

    @api.model
    def _for(self, company, day=None):
        """Return what holds for an agency on ``day`` (today), or empty.

        A rule of one of its parent agencies goes before the general one.
        """
        company = company.sudo()
        day = day or fields.Date.context_today(self)
        lineage = [int(key) for key in (company.parent_path or "").split("/") if key]
        rules = self.search(
            [
                ("level", "=", company.cchc_level),
                ("company_id", "in", [*lineage, False]),
                ("valid_from", "<=", day),
                "|",
                ("valid_to", "=", False),
                ("valid_to", ">=", day),
            ]
        )
        return rules.sorted(
            lambda rule: (
                lineage.index(rule.company_id.id) if rule.company_id else -1,
                rule.valid_from,
                rule.id,
            )
        )[-1:]
