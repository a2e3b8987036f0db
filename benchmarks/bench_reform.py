"""The yearly report on reform of a province: collected from live data.

150 communes, 20,000 tasks of approved plans with their progress, 2,000,000 dossiers
accepted in the reporting year. Collecting measures the figures of the outline over the
year and over the one before, fills sections and annexes (among them a row per
commune) and writes them. Beside it bare SQL: one count of the same dossiers and tasks
per commune, for both years.
"""

from datetime import timedelta

from common import SETTINGS, row, say, side_by_side
from generate import drop_indexes, vacuum

from odoo import fields
from odoo.tools import SQL

from odoo.addons.cchc_onestop.tools import statistic

TABLES = ("cchc_dossier", "cchc_reform_task", "cchc_reform_progress")


def run(env):
    """Return the row of the table of results."""
    env = env(context={**env.context, "tracking_disable": True})
    communes = SETTINGS.volume(150, 5)
    dossiers = SETTINGS.volume(2_000_000, 5_000)
    tasks = SETTINGS.volume(20_000, 200)
    report = _report(env, communes)
    _fill(env, report, dossiers, tasks)
    return [_measure(report, communes, tasks, dossiers)]


def _report(env, communes):
    """Return the draft of a province about the last whole reporting year."""
    province = env["res.company"].create(
        {"name": "Tỉnh (đo)", "cchc_unit_code": "H70", "cchc_level": "province"}
    )
    env["res.company"].create(
        [
            {
                "name": f"UBND xã {number}",
                "cchc_unit_code": f"H70.{number}",
                "cchc_level": "commune",
                "parent_id": province.id,
            }
            for number in range(1, communes + 1)
        ]
    )
    rule = env.ref("cchc_reform.report_rule_year")
    window = rule._last_window(fields.Date.today() - timedelta(days=365))
    return env["cchc.reform.report"].create(
        {
            "company_id": province.id,
            "rule_id": rule.id,
            "date_from": window.date_from,
            "date_to": window.date_to,
        }
    )


def _fill(env, report, dossiers, tasks):
    """Write dossiers, plans, tasks and progress of the year by generate_series."""
    say(f"generating {dossiers:,} dossiers and {tasks:,} tasks")
    cr = env.cr
    communes = (report._companies() - report.company_id).ids
    _plans(env, report, communes)
    definitions = drop_indexes(cr, list(TABLES))
    cr.execute("SET synchronous_commit = off")
    # Foreign keys are right by construction; a superuser need not check them.
    cr.execute("SELECT current_setting('is_superuser')::bool")
    if cr.fetchone()[0]:
        cr.execute("SET session_replication_role = replica")
    cr.execute(
        SQL(_DOSSIERS, **_names(env, report, communes), count=dossiers),
    )
    cr.execute(SQL(_TASKS, count=tasks, communes=communes))
    cr.execute(SQL(_PROGRESS))
    cr.execute("RESET session_replication_role")
    cr.execute("SET maintenance_work_mem = '512MB'")
    for definition in definitions:
        cr.execute(definition)
    cr.execute("RESET maintenance_work_mem")
    cr.execute("RESET synchronous_commit")
    vacuum(cr, TABLES)
    env.invalidate_all()


def _names(env, report, communes):
    procedures = env["cchc.procedure"].search([], limit=60)
    return {
        "communes": communes,
        "procedures": procedures.ids,
        "start": report.date_from,
        "days": (report.date_to - report.date_from).days - 20,
    }


def _plans(env, report, communes):
    """One approved plan of the year for each commune."""
    year = report.date_to.year
    plans = env["cchc.reform.plan"].create(
        [
            {
                "name": f"Kế hoạch CCHC năm {year}",
                "company_id": company_id,
                "date_from": f"{year}-01-01",
                "date_to": f"{year}-12-31",
            }
            for company_id in communes
        ]
    )
    env.flush_all()
    env.cr.execute(
        "UPDATE cchc_reform_plan SET state = 'approved' WHERE id = ANY(%s)",
        (plans.ids,),
    )


def _measure(report, communes, tasks, dossiers):
    env = report.env
    counted = {}

    def ours():
        env.invalidate_all()
        report._collect()
        env.flush_all()
        figures = {figure.key: figure for figure in report.figure_ids}
        counted["ours"] = (
            int(figures["dossier_total"].numerator),
            int(figures["task_total"].numerator),
        )

    periods = [
        (report.date_from, report.date_to),
        *({tuple(days) for days in _earlier(report)}),
    ]
    statements = [_bare(report, days) for days in periods]

    def peer():
        totals = [_run(env, pair) for pair in statements]
        counted["peer"] = totals[0]

    ours()
    peer()  # warm
    times = side_by_side(ours, peer, SETTINGS.volume(5, 2))
    if counted["ours"] != counted["peer"]:
        raise AssertionError(f"the report and the count differ: {counted}")
    say(f"{times[0]:.2f} s, bare {times[1]:.2f} s, {counted['ours']}")
    return row(
        f"yearly report of a province, {communes} communes, {tasks:,} tasks, "
        f"{dossiers:,} dossiers",
        times[0],
        times[1],
        "s",
        times[0] / times[1],
        "≤ 5 s",
        times[0] <= 5,
        f"{len(report.figure_ids)} figures of the year and of the one before, annexes "
        "and a row per commune, written; beside it bare counts of the same rows",
    )


def _earlier(report):
    from odoo.addons.cchc_reform.tools import report_window

    return (
        report_window.before(report.date_from, report.date_to),
        report_window.year_before(report.date_from, report.date_to),
    )


def _bare(report, days):
    """Return the counts that a person would write: dossiers by agency, channel and
    timeliness, tasks by agency and stage."""
    scope = report.env["cchc.reform.metric"]._scope([], report._companies(), *days)
    dossiers = SQL(" UNION ALL ").join(
        SQL(
            """SELECT company_id, channel, timeliness, count(*) FROM cchc_dossier d
                WHERE %s GROUP BY 1, 2, 3""",
            statistic.population(statistic.Bounds(*bound)),
        )
        for bound in scope.bounds
    )
    tasks = SQL(
        """SELECT t.company_id, t.progress_state, count(*)
             FROM cchc_reform_task t JOIN cchc_reform_plan p ON p.id = t.plan_id
            WHERE t.company_id = ANY(%s) AND %s BETWEEN p.date_from AND p.date_to
            GROUP BY 1, 2""",
        list(scope.companies),
        days[1],
    )
    return dossiers, tasks


def _run(env, statements):
    totals = []
    for statement in statements:
        env.cr.execute(statement)
        totals.append(sum(found[-1] for found in env.cr.fetchall()))
    return tuple(totals)


_DOSSIERS = """
    INSERT INTO cchc_dossier (
           name, company_id, receiving_company_id, procedure_id, channel, state,
           is_open, accepted_at, clock_start_at, first_due_at, unextended_due_at,
           due_at, overdue_from, late_at, ended_at, returned_at, timeliness,
           extension_count, supplement_count, applicant_name, applicant_identity,
           applicant_address, sets, create_date, write_date, create_uid, write_uid)
    SELECT 'ĐO-' || n, company_id, company_id, procedure_id,
           (ARRAY['counter', 'online', 'online', 'post'])[1 + n %% 4],
           CASE WHEN ended_at IS NULL THEN 'processing' ELSE 'returned' END,
           ended_at IS NULL, accepted_at, accepted_at, due_at, due_at, due_at,
           CASE WHEN ended_at IS NULL THEN due_at END,
           CASE WHEN ended_at > due_at THEN due_at END, ended_at, ended_at,
           CASE WHEN ended_at > due_at THEN 'late'
                WHEN ended_at IS NOT NULL THEN 'on_time' END,
           0, 0, 'Nguyễn Thị Hoa ' || n %% 1000, '0461' || lpad(n::text, 8, '0'),
           'Thôn Trường Xuân, xã Hải Trường', 1, accepted_at, accepted_at, 1, 1
      FROM (SELECT n, company_id, procedure_id, accepted_at, due_at,
                   CASE WHEN n %% 100 = 0 THEN NULL
                        WHEN n %% 91 = 0 THEN due_at + interval '1 day'
                        ELSE accepted_at + interval '20 hours' END AS ended_at
              FROM (SELECT n, (%(communes)s)[1 + n %% cardinality(%(communes)s)]
                               AS company_id,
                           (%(procedures)s)[1 + n / 7 %% cardinality(%(procedures)s)]
                               AS procedure_id,
                           %(start)s::timestamp + (n %% %(days)s) * interval '1 day'
                               + interval '2 hours' AS accepted_at,
                           %(start)s::timestamp + (n %% %(days)s + 3)
                               * interval '1 day' AS due_at
                      FROM generate_series(1, %(count)s) n) moments) dossiers
"""
_TASKS = """
    INSERT INTO cchc_reform_task (
           plan_id, company_id, plan_type, year, area_id, area_key, area_sequence,
           sequence, code, name, product, deadline_type, date_deadline, next_due,
           progress_state, date_done, percent, is_maintained, has_parts,
           create_date, write_date, create_uid, write_uid)
    SELECT p.id, p.company_id, p.plan_type, p.year, a.id, a.key, a.sequence, n,
           a.number || '.' || n, 'Nhiệm vụ cải cách hành chính số ' || n,
           'Báo cáo kết quả thực hiện',
           CASE WHEN regular THEN 'regular' ELSE 'fixed' END,
           CASE WHEN NOT regular THEN due END, CASE WHEN NOT regular THEN due END,
           CASE WHEN regular THEN 'regular' WHEN n %% 3 = 0 THEN 'in_progress'
                WHEN n %% 17 = 0 THEN 'done_late' ELSE 'done' END,
           CASE WHEN NOT regular AND n %% 3 <> 0 THEN
                due + CASE WHEN n %% 17 = 0 THEN 3 ELSE -3 END END,
           50, regular, FALSE, now(), now(), 1, 1
      FROM (SELECT n, n %% 5 = 0 AS regular,
                   (%(communes)s)[1 + n %% cardinality(%(communes)s)] AS company_id
              FROM generate_series(1, %(count)s) n) s
      JOIN cchc_reform_plan p ON p.company_id = s.company_id
      JOIN LATERAL (SELECT * FROM cchc_reform_area
                     WHERE programme_id = p.programme_id
                     ORDER BY sequence OFFSET n %% 7 LIMIT 1) a ON TRUE
      CROSS JOIN LATERAL (SELECT p.date_from + n %% 330 AS due) d
"""
_PROGRESS = """
    INSERT INTO cchc_reform_progress (
           task_id, plan_id, company_id, day, user_id, outcome, percent, text,
           has_evidence, is_corrected, create_date, write_date, create_uid, write_uid)
    SELECT t.id, t.plan_id, t.company_id, coalesce(t.date_done, p.date_from + 60 * k),
           1, CASE WHEN t.date_done IS NULL THEN 'going' ELSE 'done' END, 50,
           'Đã thực hiện', TRUE, FALSE, now(), now(), 1, 1
      FROM cchc_reform_task t JOIN cchc_reform_plan p ON p.id = t.plan_id
      CROSS JOIN generate_series(1, 2) k
"""
