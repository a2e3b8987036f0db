"""The indices of a quarter over a million dossiers, for one agency and for all.

All components of the index of service quality (QĐ 766), beside a bare count of the very
dossiers that they look at: what PostgreSQL takes to find them. The nine indices read
the steps, the ledger and the parts of each dossier too, so beside them stand bare
counts of those rows.
"""

from datetime import timedelta

from common import SETTINGS, environment, row, say, side_by_side, volume

from odoo import fields
from odoo.tools import SQL

from odoo.addons.cchc_onestop_index.tools import sources


def run(_env):
    """Return the rows of the table of results."""
    total = SETTINGS.volume(1_000_000, 20_000)
    opened = SETTINGS.volume(100_000, 1_000)
    with environment(volume(total, opened)) as env:
        agencies = env["res.company"].search([("cchc_unit_code", "=like", "H60.%")])
        return [
            _components(env, total, agencies[:1], "one agency", "≤ 20"),
            _components(env, total, agencies, f"{len(agencies)} agencies", "≤ 20"),
            _nine(env, total, agencies[:1]),
        ]


def _quarter(env):
    rule = env.ref("cchc_onestop.period_rule_quarter")._to_rule()
    return rule.before(rule.containing(fields.Date.today() - timedelta(days=7)))


def _components(env, total, agencies, text, target):
    period = _quarter(env)
    components = env["cchc.index.component"]
    scope = components._scope(agencies, period.start, period.end)
    bare = SQL(
        "SELECT count(*) FROM cchc_dossier d WHERE %s",
        sources.received_in("d", scope.bounds[0]),
    )
    seen = []

    def ours():
        found = components._measure(agencies, period.start, period.end)
        seen.append(
            sum(
                measure.denominator
                for measures in found.values()
                for component, measure in measures.items()
                if component.code == "DOSSIER_ON_TIME"
            )
        )

    return _beside(
        env,
        ours,
        bare,
        seen,
        (f"index of QĐ 766 of a quarter, {text}", total, target),
        "a bare count of these dossiers",
    )


def _nine(env, total, agency):
    period = _quarter(env)
    scope = env["cchc.index.component"]._scope(agency, period.start, period.end)
    bare = SQL(
        """WITH settled AS MATERIALIZED (SELECT id FROM cchc_dossier d WHERE %s)
           SELECT (SELECT count(*) FROM settled),
                  (SELECT count(*) FROM cchc_dossier_step
                    WHERE dossier_id IN (SELECT id FROM settled)),
                  (SELECT count(*) FROM cchc_dossier_event
                    WHERE dossier_id IN (SELECT id FROM settled)),
                  (SELECT count(*) FROM cchc_dossier_document
                    WHERE dossier_id IN (SELECT id FROM settled))""",
        sources.settled_in("d", scope.bounds[0]),
    )
    review = env["cchc.settlement.review"].create(
        {
            "company_id": agency.id,
            "period_rule_id": env.ref("cchc_onestop.period_rule_quarter").id,
            "day": period.start,
        }
    )
    seen = []

    def ours():
        review.action_compute()
        seen.append(review.dossier_count)

    return _beside(
        env,
        ours,
        bare,
        seen,
        ("nine indices of a quarter, one agency", total, "≤ 20"),
        "bare counts of these dossiers, their steps, ledger lines and parts",
    )


def _beside(env, ours, bare, seen, about, beside):
    text, total, target = about

    def peer():
        env.cr.execute(bare)
        seen.append(env.cr.fetchone()[0])

    ours()
    peer()  # warm
    times = side_by_side(ours, peer, SETTINGS.volume(5, 3))
    if len(set(seen)) != 1:
        raise AssertionError(f"the index and the count differ: {set(seen)}")
    say(f"{text}: {seen[0]:,} dossiers, {times[0]:.3f} s, bare {times[1]:.3f} s")
    ratio = times[0] / times[1]
    return row(
        f"{text}, {total:,} dossiers",
        times[0],
        times[1],
        "s",
        ratio,
        target,
        ratio <= float(target.removeprefix("≤ ")),
        f"{seen[0]:,} dossiers of the quarter, their parts, fees, steps and ledger; "
        f"beside it {beside}",
    )
