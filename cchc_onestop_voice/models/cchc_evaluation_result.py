from collections import defaultdict
from datetime import date, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from odoo.addons.cchc_onestop.models.cchc_statistic import midnight
from odoo.addons.cchc_onestop.tools.guard import is_unlocked, unlocked
from odoo.addons.cchc_onestop.tools.paper import short_day

from ..tools import aggregate

#: Kind of period: months it lasts.
MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
#: Breakdowns that add up to the total.
PARTS = ("sector", "procedure")
#: In the order in which they are shown.
DIMENSIONS = ("total", "criterion", "sector", "procedure")


class CchcEvaluationResult(models.Model):
    """What citizens said in a period, for everybody to read (NĐ 61/2018 Đ.29-32).

    Who settled dossiers reads nothing else of the slips. So that nobody works single
    slips out of the sums: no sum of fewer slips than the agency allows; the periods are
    whole months, quarters, half years and years that are over; they do not overlap,
    and a longer one over published ones is the sum of what these show.
    """

    _name = "cchc.evaluation.result"
    _description = "Results of Evaluation"
    _inherit = ["mail.thread"]
    _order = "date_from desc, date_to, id desc"

    name = fields.Char(compute="_compute_name", store=True)
    company_id = fields.Many2one(
        "res.company",
        "Agency",
        required=True,
        default=lambda self: self.env.company,
        index=True,
    )
    period = fields.Selection(
        [
            ("month", "Month"),
            ("quarter", "Quarter"),
            ("half", "Half Year"),
            ("year", "Year"),
        ],
        required=True,
        default="quarter",
    )
    date_from = fields.Date(
        "From", required=True, default=lambda self: self._default_date_from()
    )
    date_to = fields.Date("To", compute="_compute_date_to", store=True)
    state = fields.Selection(
        [("draft", "Draft"), ("published", "Published")],
        required=True,
        readonly=True,
        default="draft",
        tracking=True,
        copy=False,
    )
    minimum = fields.Integer("Fewest Slips Shown", readonly=True, copy=False)
    is_sum = fields.Boolean("Sum of Published Results", readonly=True, copy=False)
    line_ids = fields.One2many(
        "cchc.evaluation.result.line", "result_id", readonly=True, copy=False
    )
    number = fields.Integer("Slips", readonly=True, copy=False)
    percent = fields.Float("Satisfied (%)", digits=(4, 1), readonly=True, copy=False)
    is_known = fields.Boolean(readonly=True, copy=False)
    computed_at = fields.Datetime("Worked Out on", readonly=True, copy=False)
    published_at = fields.Datetime("Published on", readonly=True, copy=False)
    published_by_id = fields.Many2one(
        "res.users", "Published by", readonly=True, copy=False
    )
    note = fields.Text(
        "Remarks", help="Stands below the table, e.g. what the agency does about it"
    )
    public_link = fields.Char(compute="_compute_public_link")

    _period_uniq = models.UniqueIndex(
        "(company_id, date_from, date_to)",
        "The results of this period are there already.",
    )

    @api.model
    def _default_date_from(self):
        today = fields.Date.context_today(self)
        first = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
        return _shift(first, -3)

    @api.depends("date_from", "period")
    def _compute_date_to(self):
        for result in self:
            if result.date_from and result.period:
                result.date_to = _shift(
                    result.date_from, MONTHS[result.period]
                ) - timedelta(days=1)
            else:
                result.date_to = False

    @api.depends("date_from", "period", "company_id")
    def _compute_name(self):
        for result in self:
            if not result.date_from:
                result.name = False
                continue
            number = (result.date_from.month - 1) // MONTHS[result.period] + 1
            word = {
                "month": f"tháng {number}/",
                "quarter": f"quý {number}/",
                "half": f"6 tháng {'đầu' if number == 1 else 'cuối'} năm ",
                "year": "năm ",
            }[result.period]
            result.name = f"Kết quả đánh giá {word}{result.date_from.year}"

    def _compute_public_link(self):
        for result in self:
            result.public_link = result.company_id._cchc_voice_address("danh-gia")

    @api.constrains("date_from", "period")
    def _check_period(self):
        for result in self:
            start = result.date_from
            if start.day != 1 or (start.month - 1) % MONTHS[result.period]:
                raise ValidationError(
                    self.env._(
                        "%(day)s is not the first day of such a period.",
                        day=short_day(start),
                    )
                )

    # -- guard
    @api.model_create_multi
    def create(self, vals_list):
        kept = self._kept()
        for vals in vals_list:
            if not is_unlocked(self.env) and kept.intersection(vals):
                raise UserError(self._kept_sentence())
        return super().create(vals_list)

    def write(self, vals):
        if not is_unlocked(self.env):
            if self._kept().intersection(vals):
                raise UserError(self._kept_sentence())
            if {"company_id", "period", "date_from", "note"}.intersection(vals) and any(
                result.state != "draft" for result in self
            ):
                raise UserError(
                    self.env._("Published results stay as they were published.")
                )
            if {"company_id", "period", "date_from"}.intersection(vals):
                unlocked(self.line_ids.sudo()).unlink()
                unlocked(self).write(
                    {"computed_at": False, "number": 0, "is_known": False}
                )
        return super().write(vals)

    @api.model
    def _kept(self):
        return {
            name
            for name, field in self._fields.items()
            if field.readonly and not field.compute and not name.startswith("message_")
        } - set(models.MAGIC_COLUMNS)

    def _kept_sentence(self):
        return self.env._("Results are worked out by the system, not typed.")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        if any(result.state != "draft" for result in self):
            raise UserError(
                self.env._("Published results stay as they were published.")
            )

    # -- working out
    def action_compute(self):
        """Work the figures out anew."""
        self.check_access("write")
        for result in self:
            if result.state != "draft":
                raise UserError(
                    self.env._("Published results stay as they were published.")
                )
            result._check_over()
            result._work_out()
        return True

    def _check_over(self):
        today = self.company_id._cchc_local_date(fields.Datetime.now())
        if self.date_to >= today:
            raise UserError(
                self.env._(
                    "The period lasts until %s: results are worked out when it is "
                    "over, so that nobody finds out single slips from day to day.",
                    short_day(self.date_to),
                )
            )

    def _overlapping(self):
        """Return the other results of the agency that share days with this one."""
        self.ensure_one()
        return self.sudo().search(
            [
                ("company_id", "=", self.company_id.id),
                ("id", "!=", self.id),
                ("date_from", "<=", self.date_to),
                ("date_to", ">=", self.date_from),
                ("computed_at", "!=", False),
            ]
        )

    def _work_out(self):
        self.ensure_one()
        overlapping = self._overlapping()
        minimum = self.company_id.cchc_evaluation_minimum
        if overlapping:
            parts = self._tiles(overlapping)
            tables = parts._shown_tables()
        else:
            tables = self._count()
            tables = {
                dimension: (
                    aggregate.partition(cells, minimum)
                    if dimension in PARTS
                    else aggregate.separate(cells, minimum)
                )
                for dimension, cells in tables.items()
            }
        total = tables["total"].get("total", aggregate.Cell())
        result = unlocked(self.sudo())
        unlocked(result.line_ids).unlink()
        result.write(
            {
                "minimum": minimum,
                "is_sum": bool(overlapping),
                "number": total.number,
                "percent": aggregate.percent(total) or 0.0,
                "is_known": bool(total.number),
                "computed_at": fields.Datetime.now(),
                "line_ids": [
                    fields.Command.create(self._line_vals(dimension, key, cell))
                    for dimension, cells in tables.items()
                    for key, cell in cells.items()
                ],
            }
        )

    def _tiles(self, overlapping):
        """Return the published results that fill the period without gap.

        :raises UserError: the period overlaps others otherwise
        """
        tiles = overlapping.filtered(
            lambda other: (
                other.state == "published"
                and not other.is_sum
                and other.date_from >= self.date_from
                and other.date_to <= self.date_to
            )
        ).sorted("date_from")
        day = self.date_from
        for tile in tiles:
            if tile.date_from != day:
                break
            day = tile.date_to + timedelta(days=1)
        sums = overlapping.filtered("is_sum")
        if day != self.date_to + timedelta(days=1) or overlapping - tiles - sums:
            raise UserError(
                self.env._(
                    "There are results of other periods that share days with this one "
                    "(%s). Publish all shorter periods inside it first: a longer "
                    "period is their sum, so that nobody works out single slips by "
                    "subtraction.",
                    ", ".join(overlapping.mapped("name")),
                )
            )
        return tiles

    def _shown_tables(self):
        """Return the sums of what these results show."""
        tables = defaultdict(lambda: defaultdict(aggregate.Cell))
        tables["total"] = defaultdict(aggregate.Cell)
        for line in self.line_ids:
            tables[line.dimension][line._key()] += line._cell()
        return tables

    def _count(self):
        """Return ``{dimension: {key: Cell}}`` of all slips; two statements."""
        self.ensure_one()
        zone = self.company_id._cchc_tz()
        span = {
            "company": self.company_id.id,
            "begin": midnight(self.date_from, zone),
            "end": midnight(self.date_to + timedelta(days=1), zone),
        }
        self.env["cchc.evaluation"].flush_model()
        self.env["cchc.evaluation.answer"].flush_model()
        tables = {"total": {}, "sector": {}, "procedure": {}, "criterion": {}}
        for row in self.env.execute_query(
            SQL(
                """
                SELECT GROUPING(sector_id), GROUPING(procedure_id),
                       sector_id, procedure_id,
                       count(*) FILTER (WHERE level = 'very_satisfied')::int,
                       count(*) FILTER (WHERE level = 'satisfied')::int,
                       count(*) FILTER (WHERE level = 'dissatisfied')::int
                  FROM cchc_evaluation
                 WHERE active AND company_id = %(company)s
                   AND evaluated_at >= %(begin)s AND evaluated_at < %(end)s
                 GROUP BY GROUPING SETS ((), (sector_id), (procedure_id))
                """,
                **span,
            )
        ):
            cell = aggregate.Cell(*row[4:])
            if not row[0]:
                tables["sector"][row[2]] = cell
            elif not row[1]:
                tables["procedure"][row[3]] = cell
            else:
                tables["total"]["total"] = cell
        for row in self.env.execute_query(
            SQL(
                """
                SELECT a.criterion_id,
                       count(*) FILTER (WHERE a.level = 'very_satisfied')::int,
                       count(*) FILTER (WHERE a.level = 'satisfied')::int,
                       count(*) FILTER (WHERE a.level = 'dissatisfied')::int
                  FROM cchc_evaluation_answer a
                  JOIN cchc_evaluation e ON e.id = a.evaluation_id
                 WHERE e.active AND e.company_id = %(company)s
                   AND e.evaluated_at >= %(begin)s AND e.evaluated_at < %(end)s
                   AND a.level IS NOT NULL
                 GROUP BY a.criterion_id
                """,
                **span,
            )
        ):
            tables["criterion"][row[0]] = aggregate.Cell(*row[1:])
        return tables

    @api.model
    def _line_vals(self, dimension, key, cell):
        vals = {
            "dimension": dimension,
            "sequence": DIMENSIONS.index(dimension),
            "is_rest": key is aggregate.REST,
            **cell._asdict(),
        }
        if dimension != "total" and key is not aggregate.REST:
            vals[f"{dimension}_id"] = key
        return vals

    # -- publishing
    def action_publish(self):
        """Publish the results: on the public page and to everybody in the agency."""
        self.check_access("write")
        if not self.env.user.has_group("cchc_onestop.group_leader"):
            raise UserError(self.env._("Leaders publish the results of evaluation."))
        for result in self:
            if result.state != "draft":
                raise UserError(self.env._("These results are published already."))
            result.action_compute()
            if not result.is_known:
                raise UserError(
                    self.env._(
                        "There are fewer than %s slips in this period: nothing is "
                        "published, since it would tell who said what.",
                        result.minimum,
                    )
                )
        unlocked(self.sudo()).write(
            {
                "state": "published",
                "published_at": fields.Datetime.now(),
                "published_by_id": self.env.uid,
            }
        )
        return True

    def action_print(self):
        """Print the board."""
        return self.env.ref(
            "cchc_onestop_voice.report_evaluation_result_action"
        ).report_action(self)


def _shift(day, months):
    """Return the first day of the month so many months away."""
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)
