"""Quality objectives: exact arithmetic of figures and targets, no ORM.

A figure is a numerator over a denominator, both whole numbers: shown rounded,
judged against a target as it is (89,99 % does not reach 90 %).
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

#: How the figure is shown: factor, and whether it is divided by the denominator.
UNITS = {"percent": (100, True), "ratio": (1, True), "count": (1, False)}
MONTHS = {"month": 1, "quarter": 3, "year": 12}
_CENT = Decimal("0.01")
#: What is counted on dossiers can be taken apart by all of these.
_UNITS = ("department", "sector", "procedure")


@dataclass(frozen=True)
class Metric:
    """A figure that can be measured.

    :param unit: key of :data:`UNITS`
    :param better: ``high`` or ``low``, the direction in which it improves
    :param splits: by what it can be taken apart (``department``, ``sector``,
        ``procedure``)
    :param model: rows that are counted; kept with each figure
    """

    key: str
    unit: str
    better: str
    splits: tuple = ()
    model: str = "cchc.dossier"


METRICS = {
    metric.key: metric
    for metric in (
        Metric(
            "on_time_share", "percent", "high", ("department", "sector", "procedure")
        ),
        Metric("late_share", "percent", "low", _UNITS),
        Metric("late_count", "count", "low", _UNITS),
        Metric("mean_time", "percent", "low", _UNITS, "cchc.iso.record"),
        Metric(
            "step_on_time_share",
            "percent",
            "high",
            ("department",),
            "cchc.dossier.step",
        ),
        Metric("supplements", "ratio", "low", _UNITS),
        Metric("online_share", "percent", "high", ("sector", "procedure")),
        Metric("satisfaction", "percent", "high", _UNITS, "cchc.evaluation"),
        Metric(
            "findings_late",
            "count",
            "low",
            ("department",),
            "mgmtsystem.nonconformity",
        ),
        Metric(
            "actions_on_time", "percent", "high", ("department",), "mgmtsystem.action"
        ),
        Metric(
            "documents_overdue",
            "count",
            "low",
            ("department",),
            "cchc.iso.update.task",
        ),
        Metric("manual", "percent", "high", (), "cchc.iso.objective.entry"),
    )
}


@dataclass(frozen=True)
class Scope:
    """What is measured: agency, days (both included), moments and a narrowing."""

    company_id: int
    date_from: date
    date_to: date
    start: datetime
    end: datetime
    zone: str = "UTC"
    department_ids: tuple = ()
    sector_id: int | None = None
    procedure_id: int | None = None
    split: str = ""


@dataclass(frozen=True)
class Figure:
    """One measured figure; ``split_id`` names the unit when it was taken apart."""

    numerator: int
    denominator: int
    split_id: int | None = None
    evidence: tuple = field(default=(), compare=False)


def value_of(numerator, denominator, unit):
    """Return the figure as shown, two decimals, or ``None`` without a denominator."""
    factor, divided = UNITS[unit]
    if not divided:
        return Decimal(numerator)
    if not denominator:
        return None
    share = Decimal(numerator) * factor / Decimal(denominator)
    return share.quantize(_CENT, rounding=ROUND_HALF_UP)


def passes(numerator, denominator, unit, target, direction):
    """Return whether a target is met, or ``None`` when there was nothing to measure.

    :param Decimal target: in the unit shown
    :param direction: ``at_least`` or ``at_most``
    """
    factor, divided = UNITS[unit]
    if divided and not denominator:
        return None
    reached = Decimal(numerator) * factor
    wanted = Decimal(target) * (Decimal(denominator) if divided else 1)
    return reached >= wanted if direction == "at_least" else reached <= wanted


def trend(value, before, better):
    """Return ``better``, ``worse``, ``same``, or ``None`` without an earlier figure."""
    if value is None or before is None:
        return None
    if value == before:
        return "same"
    return "better" if (value > before) == (better == "high") else "worse"
