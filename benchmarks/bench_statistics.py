"""The reports on settlement of a quarter over five million dossiers.

Beside each a bare count of the very rows that the report counts: what PostgreSQL takes
to look at them at all. The last whole reporting quarter, for one agency and compiled
over fifty.
"""

from common import SETTINGS, environment, row, say, side_by_side, volume

from odoo.tools import SQL

from odoo.addons.cchc_onestop.tools import statistic as tables


def run(_env):
    """Return the rows of the table of results."""
    total = SETTINGS.volume(5_000_000, 20_000)
    opened = SETTINGS.volume(100_000, 1_000)
    name = volume(total, opened)
    with environment(name) as env:
        return [
            _measure(env, total, form, text)
            for form, text in (
                ("06a", "II.06a of a quarter, one agency"),
                ("06b", "II.06b of a quarter, all agencies"),
                ("766", "progress table of QĐ 766 of a quarter, all agencies"),
            )
        ]


def _report(env, form):
    """Return the report on the last whole quarter, as the province makes it."""
    companies = env["res.company"].search([("cchc_unit_code", "=like", "H60.%")])
    province = companies.search([("name", "=", "Tỉnh (đo)")]) or companies.create(
        {"name": "Tỉnh (đo)", "cchc_unit_code": "H60", "cchc_level": "province"}
    )
    env.cr.execute(
        SQL(
            "UPDATE res_company SET parent_id = %(top)s, parent_path = "
            "%(top)s || '/' || id || '/' WHERE id IN %(ids)s",
            top=province.id,
            ids=tuple(companies.ids),
        )
    )
    env.invalidate_all()
    env.registry.clear_cache()
    company = companies[:1] if form == "06a" else province
    report = env["cchc.statistic"].new(
        {
            "form": form,
            "company_id": company.id,
            "scope": "own" if form == "06a" else "all",
        }
    )
    # Saved without what a person would fill in.
    return env["cchc.statistic"].create(
        {
            "form": form,
            "company_id": company.id,
            "scope": report.scope,
            "date_from": report.date_from,
            "date_to": report.date_to,
        }
    )


def _measure(env, total, form, text):
    report = _report(env, form)
    bounds = report._bounds()
    statement = tables.counted(report._classified(), report._by_agency())
    bare = SQL(
        "SELECT count(*) FROM cchc_dossier d WHERE %s", tables.population(bounds[0])
    )
    counted = []

    def ours():
        env.cr.execute(statement)
        counted.append(sum(row[2] for row in env.cr.fetchall() if row[4]))

    def peer():
        env.cr.execute(bare)
        counted.append(env.cr.fetchone()[0])

    ours()
    peer()  # warm
    times = side_by_side(ours, peer, SETTINGS.volume(7, 3))
    if len(set(counted)) != 1:
        raise AssertionError(f"the report and the count differ: {set(counted)}")
    say(f"{text}: {counted[0]:,} dossiers, {times[0]:.3f} s, bare {times[1]:.3f} s")
    return row(
        f"{text}, {total:,} dossiers",
        times[0],
        times[1],
        "s",
        times[0] / times[1],
        "≤ 2",
        times[0] <= 2 * times[1],
        f"{counted[0]:,} dossiers counted; beside it a bare count of the same rows",
    )
