from odoo import api, fields, models

INDICES = (1, 2, 3, 4, 7)


class CchcSettlementReviewOfficer(models.Model):
    """One officer in an evaluation: the sum of the indices 1, 2, 3, 4 and 7.

    Who handled the dossiers last. An index that is not known of him, or that few slips
    would give away, is left out; without it there is no band.
    """

    _name = "cchc.settlement.review.officer"
    _description = "Officer in an Evaluation"
    _inherit = ["cchc.guarded.mixin"]
    _order = "review_id desc, total desc, id"
    _rec_name = "user_id"

    review_id = fields.Many2one(
        "cchc.settlement.review", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="review_id.company_id", store=True, precompute=True
    )
    state = fields.Selection(related="review_id.state")
    period_name = fields.Char(related="review_id.period_name")
    user_id = fields.Many2one(
        "res.users", "Officer", required=True, readonly=True, index=True
    )
    dossier_count = fields.Integer("Dossiers", readonly=True)
    known_indices = fields.Char(readonly=True, help="Numbers of the known indices")
    index_1 = fields.Float(
        "Points of Index 1", digits=(4, 1), readonly=True, aggregator=None
    )
    index_2 = fields.Float(
        "Points of Index 2", digits=(4, 1), readonly=True, aggregator=None
    )
    index_3 = fields.Float(
        "Points of Index 3", digits=(4, 1), readonly=True, aggregator=None
    )
    index_4 = fields.Float(
        "Points of Index 4", digits=(4, 1), readonly=True, aggregator=None
    )
    index_7 = fields.Float(
        "Points of Index 7", digits=(4, 1), readonly=True, aggregator=None
    )
    text_1 = fields.Char("Index 1", compute="_compute_texts")
    text_2 = fields.Char("Index 2", compute="_compute_texts")
    text_3 = fields.Char("Index 3", compute="_compute_texts")
    text_4 = fields.Char("Index 4", compute="_compute_texts")
    text_7 = fields.Char("Index 7", compute="_compute_texts")
    total = fields.Float("Sum", digits=(4, 1), readonly=True, aggregator="avg")
    band = fields.Char("Fulfilment of Tasks", readonly=True)

    _user_uniq = models.Constraint(
        "UNIQUE (review_id, user_id)", "An officer stands once in an evaluation."
    )

    @api.depends("known_indices")
    def _compute_texts(self):
        for row in self:
            for index in INDICES:
                known = str(index) in (row.known_indices or "")
                value = row[f"index_{index}"]
                row[f"text_{index}"] = (
                    f"{value:.1f}".replace(".", ",") if known else "–"
                )

    def _guarded_sentence(self):
        return self.env._("The evaluation is scored by the system, not typed.")

    def action_open(self):
        """Open the dossiers that the officer handled, by the reader's own rules."""
        self.ensure_one()
        self.check_access("read")
        return self.review_id._open_cell(
            0, "", self.user_id.sudo().name, self.user_id.id
        )
