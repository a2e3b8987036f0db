import re

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools import sources

_CELL = re.compile(r"(\d+)/(0/|[1-9]/(?:lost|unknown|[0-2]))/(\d+)", re.ASCII)


class CchcDossier(models.Model):
    """Dossiers behind a score of the nine indices."""

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.dossier"  # pylint: disable=consider-merging-classes-inherited

    settlement_cell = fields.Char(
        "Evaluated in",
        compute="_compute_settlement_cell",
        search="_search_settlement_cell",
        help="Used by the lists behind the scores of an evaluation",
    )

    def _compute_settlement_cell(self):
        self.settlement_cell = False

    @api.model
    def _search_settlement_cell(self, operator, value):
        """Find the dossiers behind a score: ``evaluation/index/score/officer``.

        Index 0 is all of them, the score ``lost`` what has less than two points.
        Whoever may read the evaluation may ask; what he finds is up to his own access.
        Dossiers with a petition that he may not read are not told apart by index 7.
        """
        if operator != "in":
            return NotImplemented
        self.env.flush_all()
        domains = []
        for text in value:
            review_id, number, score, officer = self._read_cell(text)
            review = self.env["cchc.settlement.review"].browse(review_id).exists()
            review.check_access("read")
            if not review.counted_to:
                continue
            statement = self._cell_rows(review.sudo(), number, score, officer)
            domains.append(
                Domain.custom(
                    to_sql=lambda _model, alias, _query, statement=statement: SQL(
                        "%s IN (%s)", SQL.identifier(alias, "id"), statement
                    )
                )
            )
        return Domain.OR(domains)

    @api.model
    def _read_cell(self, text):
        """Return evaluation, index, score and officer that a cell's text names.

        :raises UserError: when it names none
        """
        found = _CELL.fullmatch(str(text))
        if not found:
            raise UserError(
                self.env._(
                    "“%s” names no score of an evaluation; open the list from the "
                    "evaluation itself.",
                    text,
                )
            )
        number, score = found[2].split("/")
        return int(found[1]), int(number), score, int(found[3])

    @api.model
    def _cell_rows(self, review, number, score, officer):
        """Return the statement of the ids of a cell."""
        condition = SQL("TRUE")
        if number in sources.PER_DOSSIER:
            column = SQL.identifier("c", f"i{number}")
            if score == "lost":
                condition = SQL("%s < 2", column)
            elif score == "unknown":
                condition = SQL("%s IS NULL", column)
            else:
                condition = SQL("%s = %s", column, int(score))
        if number == 7:
            condition = SQL(
                """%s AND NOT EXISTS (
                    SELECT 1 FROM cchc_petition p WHERE p.dossier_id = c.id
                       AND (p.id IN %s) IS NOT TRUE)""",
                condition,
                self.env["cchc.index.loss"]._readable("cchc.petition"),
            )
        if officer:
            condition = SQL("%s AND c.officer_id = %s", condition, officer)
        rule = review._rule()
        return SQL(
            "SELECT c.id FROM (%s) c WHERE %s",
            sources.settled(review._scope().bounds, rule.equal_minutes),
            condition,
        )
