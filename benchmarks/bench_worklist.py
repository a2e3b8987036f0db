"""The worklist of a handler at 5,000,000 dossiers, beside the same at 50,000.

What the web client asks for when the handler opens My Work: the fields of the list as
that user gets it, 80 rows by due date, with the count. The handler has as many open
dossiers in both; the machine's other work falls on both, as they take turns.
"""

import statistics

import world
from common import SETTINGS, Request, environment, percentile, row, say, timed, volume
from lxml import etree

#: What the list's activity widget asks for beside its field.
ACTIVITY_FIELDS = (
    "activity_exception_decoration",
    "activity_exception_icon",
    "activity_state",
    "activity_summary",
    "activity_type_icon",
    "activity_type_id",
)


def run(env):
    """Return the rows of the table of results."""
    small = SETTINGS.volume(50_000, 2_000)
    large = SETTINGS.volume(5_000_000, 10_000)
    names = [
        volume(small, small // 10),
        volume(large, SETTINGS.volume(100_000, 1_000)),
    ]
    asks = [_Ask(name) for name in names]
    for _warm in range(3):
        for ask in asks:
            ask()
    times = [[], []]
    for _repeat in range(SETTINGS.volume(100, 10)):
        for index, ask in enumerate(asks):
            times[index].append(1000 * timed(ask)[0])
    few, many = map(statistics.median, times)
    p95 = [percentile(each, 0.95) for each in times]
    queries = [ask.queries for ask in asks]
    say(f"queries {queries}, rows {[ask.rows for ask in asks]}")
    same = queries[0] == queries[1]
    return [
        row(
            f"worklist of a handler at {large:,} dossiers, beside {small:,}",
            many,
            few,
            "ms",
            many / few,
            "≤ 1.2, as many queries",
            many <= 1.2 * few and same,
            f"{queries[1]} and {queries[0]} queries, {asks[1].rows} rows; medians",
        ),
        row(
            f"worklist of a handler at {large:,} dossiers, p95",
            p95[1],
            p95[0],
            "ms",
            p95[1] / p95[0],
            "p95 ≤ 150 ms",
            p95[1] <= 150,
            f"beside it the p95 at {small:,}",
        ),
    ]


class _Ask:
    """The request of the list on one database; remembers its queries and rows."""

    def __init__(self, name):
        self.name = name
        with environment(name) as env:
            action = env.ref("cchc_onestop.cchc_dossier_action_my_work")
            self.domain = [("is_my_work", "=", True)]
            if repr(self.domain) != action.domain:
                raise ValueError(f"My Work has another domain now: {action.domain}")
            self.user = world.find(env).handler.id
        with Request(name, self.user) as env:
            self.specification = _specification(env["cchc.dossier"])
        self.queries = self.rows = 0

    def __call__(self):
        with Request(self.name, self.user) as env:
            before = env.cr.sql_log_count
            answer = env["cchc.dossier"].web_search_read(
                self.domain,
                self.specification,
                limit=80,
                order="due_at ASC, id ASC",
                count_limit=10_001,
            )
            self.queries = env.cr.sql_log_count - before
            self.rows = len(answer["records"])


def _specification(dossiers):
    """Return the fields of the list as this user gets it, as the web client does."""
    view = dossiers.get_views([(False, "list")])["views"]["list"]
    arch = etree.fromstring(view["arch"])
    names = {node.get("name") for node in arch.iterfind("field")}
    if "activity_ids" in names:
        names |= set(ACTIVITY_FIELDS)
    specification = {}
    for name in sorted(names):
        kind = dossiers._fields[name].type
        if kind == "many2one":
            specification[name] = {"fields": {"display_name": {}}}
        elif kind in ("one2many", "many2many"):
            specification[name] = {"fields": {}}
        else:
            specification[name] = {}
    return specification
