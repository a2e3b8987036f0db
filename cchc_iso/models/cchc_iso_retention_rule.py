from odoo import api, fields, models


class CchcIsoRetentionRule(models.Model):
    """How long process records are kept (thời hạn bảo quản), per field or procedure.

    The rule with the narrowest subject counts: procedure before field before all.
    Periods that no official text confirmed yet are marked so.
    """

    _name = "cchc.iso.retention.rule"
    _description = "Retention Rule"
    _order = "sequence, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", "Agency", help="Empty: for every agency"
    )
    sector_ids = fields.Many2many("cchc.sector", string="Fields")
    procedure_ids = fields.Many2many("cchc.procedure", string="Procedures")
    outcome = fields.Selection(
        [("any", "Any"), ("settled", "Settled"), ("refused", "Not settled")],
        default="any",
        required=True,
        help="Not settled: refused, withdrawn, stopped or void",
    )
    permanent = fields.Boolean(help="Kept for good")
    years = fields.Integer(default=20, help="Years after the end of the dossier")
    legal_basis = fields.Char()
    to_confirm = fields.Boolean(
        "To Be Confirmed", help="Not yet checked against an official text"
    )
    valid_from = fields.Date()
    valid_to = fields.Date()

    _years_positive = models.Constraint(
        "CHECK (permanent OR years > 0)",
        "Give the years, or mark the rule as permanent.",
    )

    @api.model
    def _chooser(self):
        """Return a function that gives the rule of a dossier.

        Its parameters: ids of agency, procedure and field, whether it was settled, and
        the day of its end.
        """
        rules = self.sudo().search_fetch(
            [],
            [
                *("company_id", "sector_ids", "procedure_ids", "outcome"),
                *("valid_from", "valid_to", "sequence"),
            ],
        )
        known = [
            (
                (0 if rule.procedure_ids else 1 if rule.sector_ids else 2),
                (0 if rule.company_id else 1),
                (0 if rule.outcome != "any" else 1),
                rule.sequence,
                rule,
                frozenset(rule.procedure_ids.ids),
                frozenset(rule.sector_ids.ids),
            )
            for rule in rules
        ]
        known.sort(key=lambda entry: entry[:4])

        def choose(company_id, procedure_id, sector_id, settled, day):
            outcome = "settled" if settled else "refused"
            for *_rank, rule, procedures, sectors in known:
                if (
                    rule.company_id.id in (False, company_id)
                    and rule.outcome in ("any", outcome)
                    and (not procedures or procedure_id in procedures)
                    and (procedures or not sectors or sector_id in sectors)
                    and (not rule.valid_from or rule.valid_from <= day)
                    and (not rule.valid_to or rule.valid_to >= day)
                ):
                    return rule
            return self.browse()

        return choose
