"""A sample for an audit drawn from 1,000,000 dossiers of one agency.

Reading the population in its order, its fingerprint and the draw, random and in
strata; beside it a bare ``ORDER BY random()`` of the same rows, which nobody can
repeat and which says nothing of the population.
"""

import statistics
from datetime import datetime

from common import SETTINGS, row, say, timed
from generate import Generator

from odoo.addons.cchc_iso.tools import population, sampling

_BARE = """
    SELECT id FROM cchc_dossier
    WHERE company_id = %s AND ended_at IS NOT NULL AND ended_at >= %s AND ended_at < %s
    ORDER BY random() LIMIT %s
"""


def run(env):
    """Return the rows of the table of results."""
    count = SETTINGS.volume(1_000_000, 10_000)
    opened = SETTINGS.volume(100_000, 1_000)
    Generator(env, 1).fill(count + opened, opened)
    env.cr.execute(
        "SELECT company_id, count(*), min(ended_at), max(ended_at) "
        "FROM cchc_dossier WHERE ended_at IS NOT NULL GROUP BY 1 ORDER BY 2 DESC "
        "LIMIT 1"
    )
    company, ended, start, end = env.cr.fetchone()
    span = (start, datetime(end.year + 1, 1, 1))
    people = population.Population(company, "ended_at", *span)
    times = {"bare": [], sampling.RANDOM: [], sampling.STRATIFIED: []}
    drawn = {}
    for _repeat in range(SETTINGS.volume(9, 3)):
        seconds, _none = timed(env.cr.execute, _BARE, (company, *span, 80))
        times["bare"].append(seconds)
        for method in (sampling.RANDOM, sampling.STRATIFIED):
            seconds, result = timed(
                population.run,
                people,
                env.cr,
                method,
                "0123456789abcdef",
                80,
                "procedure" if method == sampling.STRATIFIED else None,
            )
            times[method].append(seconds)
            if drawn.setdefault(method, result) != result:
                raise ValueError("the same seed drew other dossiers")
    bare, plain, strata = (statistics.median(own) for own in times.values())
    say(f"{ended:,} ended: bare {bare:.2f}, random {plain:.2f}, strata {strata:.2f} s")
    return [
        row(
            f"sample of 80 from {ended:,} dossiers, {name}",
            seconds,
            bare,
            "s",
            seconds / bare,
            "≤ 1 s",
            seconds <= 1,
            "with the fingerprint of the population, the same at each draw; beside it "
            "ORDER BY random()",
        )
        for name, seconds in (("random", plain), ("in strata by procedure", strata))
    ]
