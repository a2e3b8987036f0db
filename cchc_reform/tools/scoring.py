"""Arithmetic of the administrative-reform index (Chỉ số CCHC), exact and without ORM.

A set of criteria is a tree; only its leaves are scored. A leaf has a maximum and a rule
that turns what is declared for it into points. Whatever the rule, points lie between 0
and the maximum, or are ``None`` where the criterion does not apply: then its maximum
leaves the denominator and the rest is rescaled. All numbers are Fractions until a score
is rounded, so that a ratio of 89.99 % is never taken for 90 %.

The rules are those met in the criteria sets of provinces and ministries: yes or no,
ratio, ratio with thresholds, sum of parts, options, bonus, penalty, human judgement,
score of a survey. What differs from set to set is in the parameters of a leaf.
"""

from dataclasses import dataclass, field
from fractions import Fraction

BOOLEAN = "boolean"
RATIO = "ratio"
RATIO_THRESHOLD = "ratio_threshold"
PER_ITEM = "per_item"
OPTIONS = "options"
BONUS = "bonus"
PENALTY = "penalty"
MANUAL = "manual"
SURVEY = "survey"
RULES = (
    BOOLEAN,
    RATIO,
    RATIO_THRESHOLD,
    PER_ITEM,
    OPTIONS,
    BONUS,
    PENALTY,
    MANUAL,
    SURVEY,
)
#: Rules that weigh what was achieved against what was planned.
OF_RATIO = (RATIO, RATIO_THRESHOLD)
#: Rules that add up parts.
OF_ITEMS = (PER_ITEM, BONUS, PENALTY)
#: Points of a band: the ratio times the maximum, or a share of the maximum.
BY_RATIO = "ratio"
BY_SHARE = "share"

ZERO, ONE = Fraction(0), Fraction(1)


class ScoringError(ValueError):
    """What is declared, or a parameter of the rule, cannot be scored.

    :param key: what is wrong, see :data:`PROBLEMS`
    :param value: what it is wrong with
    """

    def __init__(self, key, value=""):
        super().__init__(f"{key}: {value}")
        self.key = key
        self.value = value


#: Keys of :class:`ScoringError`.
PROBLEMS = (
    "rule",  # no such rule
    "maximum",  # a maximum below 0
    "bands",  # thresholds do not fall, or lie outside 0..1
    "item",  # no such part
    "option",  # no such option
    "negative",  # a count or number below 0
    "beyond",  # more points than the maximum
    "percent",  # a survey score outside 0..100
)


def exact(number):
    """Return a number as it is written as a Fraction: ``0.1`` is one tenth."""
    if isinstance(number, Fraction):
        return number
    return Fraction(str(number))


def rounded(points, decimals=2):
    """Return points with so many decimals, halves up (1/8 with two is 0,13)."""
    if points is None:
        return None
    scale = 10**decimals
    return Fraction((2 * points * scale + 1) // 2, scale)


@dataclass(frozen=True)
class Band:
    """From which ratio on how many points are given.

    :param start: lowest ratio of the band, 0 to 1
    :param kind: :data:`BY_RATIO` or :data:`BY_SHARE`
    :param share: share of the maximum for :data:`BY_SHARE`
    """

    start: Fraction
    kind: str = BY_RATIO
    share: Fraction = ONE


#: 100 % gives the maximum, from 90 % on the ratio of it, below nothing.
USUAL_BANDS = (Band(ONE, BY_SHARE, ONE), Band(Fraction(9, 10), BY_RATIO))


@dataclass(frozen=True)
class Criterion:
    """A leaf as the arithmetic wants it.

    :param maximum: points at most, not negative
    :param rule: one of :data:`RULES`
    :param bands: falling bands of :data:`RATIO_THRESHOLD`; below the last nothing
    :param items: part -> points of one of it (for the rules of :data:`OF_ITEMS`)
    :param limits: part -> how many of it count at most, all without a limit
    :param options: option -> share of the maximum
    :param empty: what nothing planned gives: ``None`` does not apply, else a share
    """

    maximum: Fraction
    rule: str
    bands: tuple = USUAL_BANDS
    items: dict = field(default_factory=dict)
    limits: dict = field(default_factory=dict)
    options: dict = field(default_factory=dict)
    empty: Fraction | None = None

    def __post_init__(self):
        if self.rule not in RULES:
            raise ScoringError("rule", self.rule)
        if self.maximum < 0:
            raise ScoringError("maximum", self.maximum)
        starts = [band.start for band in self.bands]
        if starts != sorted(set(starts), reverse=True) or any(
            not 0 <= value <= 1
            for band in self.bands
            for value in (band.start, band.share)
        ):
            raise ScoringError("bands", ", ".join(str(start) for start in starts))
        if any(value < 0 for value in (*self.items.values(), *self.limits.values())):
            raise ScoringError("negative", "items")
        if any(not 0 <= share <= 1 for share in self.options.values()):
            raise ScoringError("option", "share")


@dataclass(frozen=True)
class Declared:
    """What an agency declares for a leaf; only what the rule asks for is read.

    :param applies: ``False`` when the criterion does not apply to the agency
    :param yes: answer of :data:`BOOLEAN`
    :param achieved: what was reached, of :data:`OF_RATIO`
    :param planned: what it is weighed against
    :param counts: part -> how many
    :param option: the option chosen
    :param points: points given by a person
    :param percent: score of a survey, 0 to 100
    """

    applies: bool = True
    yes: bool = False
    achieved: Fraction = ZERO
    planned: Fraction = ZERO
    counts: dict = field(default_factory=dict)
    option: str = ""
    points: Fraction = ZERO
    percent: Fraction = ZERO


def score(criterion, declared):
    """Return the points of a leaf, ``None`` where it does not apply.

    :raise ScoringError: for what cannot be scored
    """
    if not declared.applies:
        return None
    return _RULES[criterion.rule](criterion, declared)


def _boolean(criterion, declared):
    return criterion.maximum if declared.yes else ZERO


def _share_reached(criterion, declared):
    """Return achieved over planned, at most 1; ``None`` when nothing was planned."""
    if declared.achieved < 0 or declared.planned < 0:
        raise ScoringError("negative", min(declared.achieved, declared.planned))
    if not declared.planned:
        return None
    return min(declared.achieved / declared.planned, ONE)


def _nothing_planned(criterion):
    return None if criterion.empty is None else criterion.empty * criterion.maximum


def _ratio(criterion, declared):
    share = _share_reached(criterion, declared)
    if share is None:
        return _nothing_planned(criterion)
    return share * criterion.maximum


def _ratio_threshold(criterion, declared):
    share = _share_reached(criterion, declared)
    if share is None:
        return _nothing_planned(criterion)
    for band in criterion.bands:
        if share >= band.start:
            part = share if band.kind == BY_RATIO else band.share
            return part * criterion.maximum
    return ZERO


def _sum_of_items(criterion, declared):
    total = ZERO
    for key, count in declared.counts.items():
        if key not in criterion.items:
            raise ScoringError("item", key)
        if count < 0:
            raise ScoringError("negative", count)
        limit = criterion.limits.get(key)
        counted = count if limit is None else min(count, limit)
        total += criterion.items[key] * counted
    return total


def _per_item(criterion, declared):
    return min(_sum_of_items(criterion, declared), criterion.maximum)


def _penalty(criterion, declared):
    return max(criterion.maximum - _sum_of_items(criterion, declared), ZERO)


def _options(criterion, declared):
    if declared.option not in criterion.options:
        raise ScoringError("option", declared.option)
    return criterion.options[declared.option] * criterion.maximum


def _manual(criterion, declared):
    if declared.points < 0:
        raise ScoringError("negative", declared.points)
    if declared.points > criterion.maximum:
        raise ScoringError("beyond", declared.points)
    return declared.points


def _survey(criterion, declared):
    if not 0 <= declared.percent <= 100:
        raise ScoringError("percent", declared.percent)
    return declared.percent / 100 * criterion.maximum


_RULES = {
    BOOLEAN: _boolean,
    RATIO: _ratio,
    RATIO_THRESHOLD: _ratio_threshold,
    PER_ITEM: _per_item,
    OPTIONS: _options,
    BONUS: _per_item,
    PENALTY: _penalty,
    MANUAL: _manual,
    SURVEY: _survey,
}


@dataclass(frozen=True)
class Total:
    """Sum of leaves.

    :param points: points reached by the leaves that apply
    :param maximum: their maxima together
    :param whole: maximum of all leaves, those that do not apply too
    :param bonus: points beyond the maximum (of :data:`BONUS`)
    """

    points: Fraction = ZERO
    maximum: Fraction = ZERO
    whole: Fraction = ZERO
    bonus: Fraction = ZERO

    def __add__(self, other):
        return Total(
            self.points + other.points,
            self.maximum + other.maximum,
            self.whole + other.whole,
            self.bonus + other.bonus,
        )

    @property
    def share(self):
        """Points over what could be reached; ``None`` when nothing applies."""
        return self.points / self.maximum if self.maximum else None

    @property
    def rescaled(self):
        """Points as if all applied, with the bonus; ``None`` when nothing applies."""
        if self.share is None:
            return None
        return self.share * self.whole + self.bonus


def leaf_total(criterion, points):
    """Return the :class:`Total` of one leaf with its points, ``None`` for N/A."""
    if criterion.rule == BONUS:
        return Total(bonus=points or ZERO)
    if points is None:
        return Total(whole=criterion.maximum)
    return Total(points, criterion.maximum, criterion.maximum)


def add_up(pairs):
    """Return the :class:`Total` of pairs (criterion, points)."""
    return sum((leaf_total(*pair) for pair in pairs), Total())


def weighted(parts):
    """Return points of parts with weights, such as appraisal 70 and survey 30.

    A part without a score leaves its weight to the others (a year without a survey
    counts in full on appraisal).

    :param parts: pairs (share of its maximum or ``None``, weight)
    :return: points of the sum of all weights, ``None`` when no part has a score
    """
    parts = list(parts)
    scored = [(share, weight) for share, weight in parts if share is not None]
    weights = sum((weight for _share, weight in scored), ZERO)
    if not weights:
        return None
    whole = sum((weight for _share, weight in parts), ZERO)
    return sum(share * weight for share, weight in scored) / weights * whole


def ranks(scores, dense=False):
    """Return the rank of each score, highest first; equal scores share a rank.

    After two firsts comes the third, with ``dense`` the second. Without a score there
    is no rank (``None``).
    """
    known = sorted((value for value in scores if value is not None), reverse=True)
    order = sorted(set(known), reverse=True) if dense else known
    place = {}
    for number, value in enumerate(order, start=1):
        place.setdefault(value, number)
    return [place.get(value) for value in scores]


def class_of(points, classes):
    """Return the class of a score: the one with the highest threshold it reaches.

    :param classes: pairs (lowest points, class)
    """
    reached = [pair for pair in classes if points is not None and points >= pair[0]]
    return max(reached, key=lambda pair: pair[0])[1] if reached else None


@dataclass(frozen=True)
class Step:
    """What would raise the points of a leaf next.

    :param gain: points more
    :param needed: how much more has to be achieved, ``None`` where it is no number
    """

    gain: Fraction
    needed: Fraction | None = None


def steps(criterion, declared):
    """Return the ways to raise a leaf, from the nearest to its maximum.

    Of a ratio with thresholds each band that lies above is a step: from 88 of 100
    tasks two more reach the band of 90 %, twelve more the maximum.
    """
    points = score(criterion, declared)
    if points is None or points >= criterion.maximum:
        return []
    if criterion.rule not in OF_RATIO or not declared.planned:
        return [Step(criterion.maximum - points)]
    share = declared.achieved / declared.planned
    targets = {ONE}
    if criterion.rule == RATIO_THRESHOLD:
        targets |= {band.start for band in criterion.bands if band.start > share}
    found = []
    for target in sorted(targets):
        wanted = _whole(target * declared.planned)
        reached = Declared(achieved=wanted, planned=declared.planned)
        gain = score(criterion, reached) - points
        if gain > 0:
            found.append(Step(gain, wanted - declared.achieved))
    return found


def _whole(number):
    """Return the lowest whole number that is not below: tasks are not divided."""
    return Fraction(-((-number) // 1))
