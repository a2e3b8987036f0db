from collections import defaultdict
from fractions import Fraction

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.cchc_onestop.tools.guard import unlocked
from odoo.addons.cchc_onestop_voice.tools import aggregate

from ..tools import points, sources

#: Letters of the questions on the slip (NĐ 61/2018/NĐ-CP Đ.31) behind an index.
SLIP_QUESTION = "b"
#: Nobody's dossiers stand under this key.
AGENCY = None


class CchcSettlementReview(models.Model):
    """The scores of an evaluation: a bounded number of statements.

    Index 4 is known from slips only. For the agency it comes from published results,
    for an officer from at least as many slips as the agency shows together, so that
    nobody learns who said what.
    """

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.settlement.review"  # pylint: disable=consider-merging-classes-inherited

    def action_compute(self):
        """Score the drafts from what the system knows now; appraisals stay."""
        self.check_access("write")
        for review in self:
            review._cchc_check_open()
            review.sudo()._score()
        return True

    def _scope(self):
        self.ensure_one()
        return self.env["cchc.index.component"]._scope(
            self.company_id, self.date_from, self.date_to, self.counted_to
        )

    def _rule(self):
        rule = self.env["cchc.settlement.rule"]._on(self.date_to)
        if not rule:
            raise UserError(
                self.env._(
                    "No thresholds hold on %s: an administrator has to enter them "
                    "first.",
                    f"{self.date_to:%d/%m/%Y}",
                )
            )
        return rule

    def _score(self):
        self.ensure_one()
        rule = self._rule()
        unlocked(self).counted_to = fields.Datetime.now()
        scope = self._scope()
        self.env.flush_all()
        sums, number = self._sums(scope, rule)
        body = sums[AGENCY]
        body[4] = self._slips_of_agency(rule)
        body[5], body[8], body[9] = self._body_indices(scope, rule)
        slips, percent = self._satisfaction()
        appraised = {line.number: line for line in self.line_ids}
        review = unlocked(self)
        commands = []
        for index in self.env["cchc.settlement.index"].search([("number", ">", 0)]):
            values = self._line_vals(index, body[index.number])
            line = appraised.get(index.number)
            commands.append(
                fields.Command.update(line.id, values)
                if line
                else fields.Command.create(values)
            )
        review.officer_ids.unlink()
        review.write(
            {
                "computed_at": self.counted_to,
                "dossier_count": number,
                "slip_count": slips,
                "percent": percent or 0.0,
                "is_satisfaction_known": percent is not None,
                "line_ids": commands,
                "officer_ids": [
                    fields.Command.create(values)
                    for values in self._officer_vals(sums, scope, rule)
                ],
            }
        )

    def _line_vals(self, index, found):
        """Return the values of an index: sum of points, dossiers that are known."""
        total, known = found
        own = points.mean(total, known)
        return {
            "index_id": index.id,
            "is_known": own is not None,
            "own_points": float(own or 0),
            "total_points": total or 0,
            "known_count": known or 0,
        }

    # -- statements
    def _sums(self, scope, rule):
        """Return ``{officer_id: {index: (sum, known)}}`` and the number of dossiers."""
        columns = SQL(", ").join(
            SQL(
                "coalesce(sum(%(name)s), 0)::bigint, count(%(name)s)::bigint",
                name=SQL.identifier(f"i{number}"),
            )
            for number in sources.PER_DOSSIER
        )
        statement = SQL(
            """SELECT officer_id, GROUPING(officer_id), count(*)::bigint, %(columns)s
                 FROM (%(rows)s) d GROUP BY GROUPING SETS ((), (officer_id))""",
            columns=columns,
            rows=sources.settled(scope.bounds, rule.equal_minutes),
        )
        sums, number = defaultdict(_unknown), 0
        # an agency without dossiers has its lines too
        sums[AGENCY] = _unknown()
        for officer, is_total, count, *figures in self.env.execute_query(statement):
            if is_total:
                number, key = count, AGENCY
            elif officer:
                key = officer
                sums[key][0] = (0, count)
            else:
                continue
            pairs = zip(figures[::2], figures[1::2], strict=True)
            for index, pair in zip(sources.PER_DOSSIER, pairs, strict=True):
                sums[key][index] = pair
        return sums, number

    def _published_results(self):
        """Return the published results of evaluation that fill the period.

        Empty when a day of the period is in none of them.
        """
        results = (
            self.env["cchc.evaluation.result"]
            .sudo()
            .search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("state", "=", "published"),
                    ("is_sum", "=", False),
                    ("date_from", ">=", self.date_from),
                    ("date_to", "<=", self.date_to),
                ],
                order="date_from",
            )
        )
        day = self.date_from
        for result in results:
            if result.date_from != day:
                return results.browse()
            day = fields.Date.add(result.date_to, days=1)
        whole = day == fields.Date.add(self.date_to, days=1)
        return results if whole else results.browse()

    def _slips_of_agency(self, rule):
        """Return (sum, number) of index 4 from the published results."""
        lines = self._published_results().line_ids.filtered(
            lambda line: (
                line.dimension == "criterion"
                and line.criterion_id.code == SLIP_QUESTION
            )
        )
        cell = sum((line._cell() for line in lines), aggregate.Cell())
        return self._slip_points(cell, rule)

    def _slip_points(self, cell, rule):
        if not cell.number:
            return None, 0
        return (
            cell.very_satisfied * rule.slip_very_satisfied
            + cell.satisfied * rule.slip_satisfied
            + cell.dissatisfied * rule.slip_dissatisfied,
            cell.number,
        )

    def _satisfaction(self):
        """Return number of slips and share of part II; ``None`` when not known."""
        lines = self._published_results().line_ids.filtered(
            lambda line: line.dimension == "total"
        )
        cell = sum((line._cell() for line in lines), aggregate.Cell())
        return cell.number, aggregate.percent(cell)

    def _body_indices(self, scope, rule):
        """Return (points, 1) of the indices 5, 8 and 9, ``(None, 0)`` unknown."""
        company = self.company_id
        rows = self.env.execute_query(sources.desk(scope.bounds))
        _company, number, received, settled = rows[0] if rows else (None, 0, 0, 0)
        at_desk = points.desk(
            Fraction(100 * received, number) if number else None,
            Fraction(100 * settled, number)
            if number and company.cchc_desk_department_ids
            else None,
            points.exact(rule._desk_share(company.cchc_level)),
        )
        rows = self.env.execute_query(sources.answered(scope.bounds))
        _company, total, in_time, dragging = rows[0] if rows else (None, 0, 0, 0)
        answered = points.answers(
            total, in_time, dragging, points.exact(rule.petition_share)
        )
        rows = self.env.execute_query(sources.online(scope.bounds))
        _company, number, sent, late = rows[0] if rows else (None, 0, 0, 0)
        figures = self.env["cchc.index.component"]._figures_procedure(scope)
        offered, eligible = figures[company.id, "procedure_offered_online"]
        online = points.online(
            offered,
            eligible,
            sent,
            number,
            late,
            [
                points.exact(share)
                for share in (
                    rule.online_procedures,
                    rule.online_half,
                    rule.online_full,
                )
            ],
        )
        return tuple(
            (None, 0) if value is None else (value, 1)
            for value in (at_desk, answered, online)
        )

    def _officer_vals(self, sums, scope, rule):
        """Return the rows of officers; what few slips would tell is left out."""
        cells = self._slips_of_officers(scope, rule)
        bands = [
            (band.start, band.name) for band in rule.band_ids if band.scope == "officer"
        ]
        rows = []
        for officer, found in sums.items():
            if officer is AGENCY:
                continue
            found[4] = self._slip_points(cells.get(officer, aggregate.Cell()), rule)
            means = {index: points.mean(*found[index]) for index in (1, 2, 3, 4, 7)}
            known = {key: mean for key, mean in means.items() if mean is not None}
            total = sum(known.values())
            rows.append(
                {
                    "user_id": officer,
                    "dossier_count": found[0][1],
                    "known_indices": "".join(map(str, sorted(known))),
                    **{
                        f"index_{key}": float(means[key] or 0)
                        for key in (1, 2, 3, 4, 7)
                    },
                    "total": float(total),
                    "band": points.band(points.exact(total), bands)
                    if len(known) == len(means)
                    else False,
                }
            )
        return rows

    def _slips_of_officers(self, scope, rule):
        """Return ``{officer_id: Cell}`` of the question behind index 4.

        Only where the results of the whole period are published and no other evaluation
        cuts it, and merged until every sum holds enough slips: the rest is nobody's.
        """
        if not self._published_results() or self._overlaps_another():
            return {}
        statement = SQL(
            """
            SELECT d.officer_id,
                   count(*) FILTER (WHERE a.level = 'very_satisfied')::int,
                   count(*) FILTER (WHERE a.level = 'satisfied')::int,
                   count(*) FILTER (WHERE a.level = 'dissatisfied')::int
              FROM (%(rows)s) d
              JOIN cchc_evaluation e ON e.dossier_id = d.id AND e.active
              JOIN cchc_evaluation_answer a ON a.evaluation_id = e.id
              JOIN cchc_evaluation_criterion c ON c.id = a.criterion_id
             WHERE c.code = %(question)s AND a.level IS NOT NULL
               AND e.evaluated_at >= %(start)s AND e.evaluated_at < %(end)s
             GROUP BY 1
            """,
            rows=sources.settled(scope.bounds, rule.equal_minutes),
            question=SLIP_QUESTION,
            start=scope.bounds[0].start,
            end=scope.bounds[0].end,
        )
        cells = {
            officer: aggregate.Cell(*counts)
            for officer, *counts in self.env.execute_query(statement)
        }
        shown = aggregate.partition(cells, self.company_id.cchc_evaluation_minimum)
        return {officer: cell for officer, cell in shown.items() if officer}


def _unknown():
    """Return scores of which nothing is known: ``{index: (sum, known)}``."""
    return defaultdict(lambda: (None, 0))
