from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from odoo.addons.cchc_onestop.models.cchc_statistic import midnight

from ..tools import points, sources

GROUPS = [
    ("openness", "Openness, Transparency"),
    ("progress", "Progress of Settlement"),
    ("online", "Online Services"),
    ("payment", "Online Payment"),
    ("digital", "Digitisation"),
    ("satisfaction", "Satisfaction"),
]
SOURCES = [
    ("dossier_on_time", "Dossiers: not late"),
    ("dossier_online", "Dossiers: sent online, with an e-result"),
    ("dossier_paid_online", "Dossiers with fees: paid online"),
    ("dossier_result_file", "Dossiers with a result: e-result"),
    ("dossier_digitised", "Dossiers with a result: part and result digitised"),
    ("dossier_reused", "Dossiers with parts to digitise: digital copy used again"),
    ("dossier_satisfied", "Dossiers: neither late nor complained about"),
    ("procedure_offered_online", "Procedures: offered online"),
    ("procedure_used_online", "Procedures online: with online dossiers"),
    ("procedure_paid_online", "Procedures with fees: with online payments"),
    ("petition_in_time", "Petitions: handled in time"),
    ("petition_content", "Petitions: sender not dissatisfied"),
    ("decision_in_time", "Decisions: signed in time before they take effect"),
    ("portal", "Only the national portal knows"),
]


@dataclass(frozen=True)
class Scope:
    """Agencies and period of a measurement.

    :param bounds: list of :class:`sources.Bounds`
    :param days: first and last day
    """

    company_ids: tuple
    bounds: tuple
    days: tuple


@dataclass
class Measure:
    """One component of one agency.

    :param state: ``known``, ``hand``, ``policy`` or ``unknown``
    :param value: exact points, ``None`` when they are not known
    :param unit: exact points that one more in the numerator brings
    """

    state: str = "unknown"
    numerator: int | None = None
    denominator: int | None = None
    value: Fraction | None = None
    unit: Fraction = field(default_factory=Fraction)


class CchcIndexComponent(models.Model):
    """Component of the index of service quality (QĐ 766/QĐ-TTg): law as data.

    A source is a method ``_figures_<first word>(scope)``: one statement grouped by
    agency for all components of that word, so that a province costs as many statements
    as a commune. It returns ``{(company_id, source): (numerator, denominator)}``; what
    is not in it is not known, which is not zero. Another addon adds a source by
    ``_inherit``, ``selection_add`` and a record.
    """

    _name = "cchc.index.component"
    _description = "Component of the Index of Service Quality"
    _order = "sequence, id"
    _rec_names_search = ["code", "name"]

    code = fields.Char(required=True, help="Code of the national portal")
    name = fields.Char(required=True, translate=True)
    group = fields.Selection(GROUPS, required=True, default="openness")
    sequence = fields.Integer(default=10)
    source = fields.Selection(
        SOURCES, "What Is Counted", required=True, default="portal"
    )
    note = fields.Text(
        "How It Is Counted",
        translate=True,
        help="Numerator and denominator in words, and what the texts leave open",
    )
    how_known = fields.Text(
        "How to Make It Known",
        translate=True,
        help="What to do when the system does not know the figure",
    )
    maximum = fields.Float("Most Points", required=True, digits=(6, 2))
    formula = fields.Selection(
        [
            ("share", "Most points × share"),
            ("target", "Most points at the target"),
            ("factor", "Factor × share, at most the most points"),
        ],
        required=True,
        default="share",
    )
    target = fields.Float("Target (%)", digits=(5, 2), default=100.0)
    factor = fields.Float(digits=(6, 3))
    empty = fields.Selection(
        [
            ("unknown", "Not known"),
            ("zero", "No points"),
            ("full", "All points"),
        ],
        "Where Nothing Is Counted",
        required=True,
        default="unknown",
    )
    not_for_communes = fields.Boolean(
        "Not for Communes",
        help="A commune gets all points by policy",
    )
    valid_from = fields.Date(required=True, default=lambda self: date(2022, 6, 23))
    valid_to = fields.Date()
    legal_basis = fields.Char(default="QĐ 766/QĐ-TTg")
    to_confirm = fields.Boolean(
        "To Be Confirmed", help="A default that the agency has to confirm"
    )
    active = fields.Boolean(default=True)

    _maximum_positive = models.Constraint(
        "CHECK (maximum > 0)", "A component is worth points."
    )
    _target_valid = models.Constraint(
        "CHECK (target > 0 AND target <= 100)", "A target lies between 0 and 100 %."
    )
    _dates_valid = models.Constraint(
        "CHECK (valid_to IS NULL OR valid_to >= valid_from)",
        "A component cannot end before it begins.",
    )

    @api.constrains("formula", "factor")
    def _check_factor(self):
        for component in self:
            if component.formula == "factor" and component.factor <= 0:
                raise ValidationError(
                    self.env._("%s: the factor is greater than 0.", component.name)
                )

    @api.constrains("code", "valid_from", "valid_to", "active")
    def _check_overlap(self):
        for component in self.filtered("active"):
            later = Domain("valid_from", "<=", component.valid_to or date.max)
            ends = Domain("valid_to", "=", False)
            ends |= Domain("valid_to", ">=", component.valid_from)
            same = Domain("code", "=", component.code) & Domain(
                "id", "!=", component.id
            )
            if self.search_count(same & later & ends, limit=1):
                raise ValidationError(
                    self.env._(
                        "The dates of two components “%s” overlap.", component.code
                    )
                )

    @api.model
    def _on(self, day):
        """Return the components in force on a day, in order."""
        return self.search(
            Domain("valid_from", "<=", day)
            & (Domain("valid_to", "=", False) | Domain("valid_to", ">=", day))
        )

    def _to_formula(self):
        self.ensure_one()
        return points.Formula(
            self.formula,
            points.exact(self.maximum),
            points.exact(self.target) / 100,
            points.exact(self.factor),
            self.empty,
        )

    # ------------------------------------------------------------------
    # Measuring
    # ------------------------------------------------------------------
    @api.model
    def _scope(self, companies, date_from, date_to, now=None):
        """Return what is counted: a period never reaches beyond now."""
        now = now or fields.Datetime.now()
        zones = {}
        for company in companies.sudo():
            zones.setdefault(company._cchc_tz(), []).append(company.id)
        return Scope(
            tuple(companies.ids),
            tuple(
                sources.Bounds(
                    tuple(ids),
                    midnight(date_from, zone),
                    min(midnight(date_to + timedelta(days=1), zone), now),
                )
                for zone, ids in zones.items()
            ),
            (date_from, date_to),
        )

    @api.model
    def _measure(self, companies, date_from, date_to, now=None):
        """Measure the components in force at the end of a period.

        Counted without the record rules of who asks: a figure of an agency is the same
        for everybody. Private, since it asks no rights.

        :return: ``{company_id: {component: Measure}}``
        """
        components = self.sudo()._on(date_to)
        scope = self._scope(companies, date_from, date_to, now)
        self.env.flush_all()
        figures = {}
        words = {source.split("_")[0] for source in components.mapped("source")}
        for word in sorted(words - {"portal"}):
            figures.update(getattr(self.sudo(), f"_figures_{word}")(scope))
        hand = self.env["cchc.index.input"]._in_force(companies, date_from, date_to)
        return {
            company.id: {
                component: component._judge(company, figures, hand)
                for component in components
            }
            for company in companies.sudo()
        }

    def _judge(self, company, figures, hand):
        """Return the :class:`Measure` of this component for an agency."""
        self.ensure_one()
        formula = self._to_formula()
        typed = hand.get((company.id, self.id))
        if typed:
            return self._measured("hand", formula, typed.numerator, typed.denominator)
        if self.not_for_communes and company.cchc_level == "commune":
            return Measure("policy", value=formula.maximum)
        found = figures.get((company.id, self.source))
        if found is None:
            return Measure()
        return self._measured("known", formula, *found)

    def _measured(self, state, formula, numerator, denominator):
        value = points.points(formula, numerator, denominator)
        return Measure(
            state if value is not None else "unknown",
            numerator,
            denominator,
            value,
            points.unit(formula, numerator, denominator),
        )

    # -- sources
    @api.model
    def _counts(self, scope, word, alias, rows, conditions):
        """Return the figures of one statement; agencies without rows count zero."""
        found = {
            (company, f"{word}_{key}"): (0, 0)
            for company in scope.company_ids
            for key in conditions
        }
        statement = sources.counted(rows, alias, conditions)
        for company, *numbers in self.env.execute_query(statement):
            pairs = zip(numbers[::2], numbers[1::2], strict=True)
            for key, pair in zip(conditions, pairs, strict=True):
                found[company, f"{word}_{key}"] = pair
        return found

    @api.model
    def _figures_dossier(self, scope):
        """Dossiers received in the period, and how satisfied citizens were.

        Satisfaction is 100 % − (overdue % + petition and dislike %); slips count as far
        as their results are published.
        """
        found = self._counts(
            scope, "dossier", "d", sources.received(scope.bounds), sources.DOSSIER
        )
        disliked = dict.fromkeys(scope.company_ids, 0)
        slips = sources.published_slips(scope.company_ids, scope.days)
        complaints = sources.counted(
            sources.petitions(scope.bounds), "p", {"any": sources.COMPLAINT}
        )
        for statement in (slips, complaints):
            for company, number, *_rest in self.env.execute_query(statement):
                disliked[company] += number
        for company in scope.company_ids:
            in_time, number = found[company, "dossier_on_time"]
            found[company, "dossier_satisfied"] = (
                max(in_time - disliked[company], 0),
                number,
            )
        return found

    @api.model
    def _figures_procedure(self, scope):
        """Procedures that the agency settles: published processes, and what came."""
        return self._counts(
            scope,
            "procedure",
            "q",
            sources.procedures(scope.bounds, scope.days),
            sources.PROCEDURE,
        )

    @api.model
    def _figures_petition(self, scope):
        """Petitions received in the period."""
        return self._counts(
            scope, "petition", "p", sources.petitions(scope.bounds), sources.PETITION
        )

    @api.model
    def _figures_decision(self, scope):
        """Decisions of agencies that publish procedures."""
        return {
            (company, "decision_in_time"): pair
            for company, *pair in self.env.execute_query(
                sources.decisions(scope.company_ids, scope.days)
            )
        }

    def action_open_losses(self):
        """Open what costs points in this component, in the running period."""
        self.ensure_one()
        return self.env["cchc.index.loss"]._open_list(
            self.env.company, Domain("component_id", "=", self.id), self.name
        )
