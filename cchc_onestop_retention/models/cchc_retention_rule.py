from odoo import api, fields, models


class CchcRetentionRule(models.Model):
    """How long the files of dossiers are kept (thời hạn bảo quản).

    The rule with the narrowest subject counts: procedure before field before all, then
    the agency's own, then the one for the outcome, then the younger one. It is the rule
    in force on the day the dossier ended.
    """

    _name = "cchc.retention.rule"
    _description = "Retention Rule of Dossiers"
    _order = "sequence, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", string="Agency", help="Empty: for every agency"
    )
    sector_ids = fields.Many2many(
        "cchc.sector",
        "cchc_retention_rule_sector_rel",
        "rule_id",
        "sector_id",
        string="Fields",
    )
    procedure_ids = fields.Many2many(
        "cchc.procedure",
        "cchc_retention_rule_procedure_rel",
        "rule_id",
        "procedure_id",
        string="Procedures",
    )
    outcome = fields.Selection(
        [
            ("any", "Any"),
            ("settled", "Settled"),
            ("refused", "Settlement refused"),
            ("broken_off", "Withdrawn or stopped"),
        ],
        default="any",
        required=True,
    )
    permanent = fields.Boolean(help="Kept for good, never destroyed")
    years = fields.Integer(help="0: nothing has to be kept after the end")
    start_event = fields.Selection(
        [
            ("ended", "End of the dossier"),
            ("returned", "Return of the result"),
            ("year_end", "End of the year in which it ended"),
        ],
        string="Counted from",
        required=True,
        default="ended",
    )
    legal_basis = fields.Char(required=True)
    to_confirm = fields.Boolean(
        string="To Be Confirmed", help="Not yet checked against an official text"
    )
    valid_from = fields.Date()
    valid_to = fields.Date()
    term = fields.Char(compute="_compute_term")

    _years_positive = models.Constraint(
        "CHECK (years >= 0 AND years <= 200)", "A term is 0 to 200 years."
    )
    _dates = models.Constraint(
        "CHECK (valid_from IS NULL OR valid_to IS NULL OR valid_from <= valid_to)",
        "A rule ends after it begins.",
    )

    @api.depends("permanent", "years")
    def _compute_term(self):
        for rule in self:
            rule.term = (
                self.env._("Permanent")
                if rule.permanent
                else self.env._("%s years", rule.years)
            )

    @api.model
    def _cron_refresh(self):
        """Work out the terms of all ended dossiers, and remind of the archive."""
        self.env["cchc.dossier"]._retention_refresh()
        self.env["cchc.archive.handover"]._remind()
