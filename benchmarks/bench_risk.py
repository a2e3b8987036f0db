"""Early warning: how good the warnings are beside the rule “due soon”, and its cost.

A history is generated with what makes real ones hard to foresee: step times that vary
by a factor, procedures that are slow at one step, officers who have too much in hand
for weeks, limits that are tight or wide. Its last part is held out and looked at as it
stood at half and at three quarters of the time; nothing but what had ended before is
learnt from. Then 100,000 open dossiers are estimated.
"""

import random
import statistics
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import StringIO
from unittest.mock import patch

import world
from common import SETTINGS, environment, row, say, timed, volume

from odoo import fields

SEED = 57
DAYS = 540
HELD_OUT = 90
#: Role, name and share of the limit that the step usually takes.
STEPS = (
    ("assign", "Phân công", 0.06),
    ("handle", "Thẩm định", 0.45),
    ("review", "Xem xét", 0.12),
    ("sign", "Ký duyệt", 0.10),
    ("clerk", "Vào sổ", 0.04),
)
#: Warned from this chance on: the level “at risk” as it comes.
THRESHOLD = 0.6
WORKERS = 12


def run(env):
    """Return the rows of the table of results."""
    return [*_quality(env), *_cost(), *_acceptance(env)]


# ----------------------------------------------------------------------
# How good
# ----------------------------------------------------------------------
def _quality(env):
    from odoo.addons.cchc_onestop_risk.tools import history
    from odoo.addons.cchc_onestop_risk.tools.score import area, brier, score

    company = _History(env).fill(SETTINGS.volume(20_000, 3_000))
    now = fields.Datetime.now()
    begin = now - timedelta(days=HELD_OUT)
    reader = env["cchc.risk.history"]
    seconds, learnt = timed(
        reader._finished, company, now - timedelta(days=730), begin, 500
    )
    held_out = reader._finished(company, begin, now, 100_000)
    say(f"{len(learnt):,} learnt from in {seconds:.1f} s, {len(held_out):,} held out")
    groups = history.samples(learnt)
    late_share = sum(d.late for d in learnt) / len(learnt)
    rule = score([(1.0, late) for _row, late in history.replay(held_out, 0.8)], 0.5)
    rows = []
    for share, least in ((0.5, 0.25), (0.75, 0.5)):
        standing = history.replay(held_out, share)
        estimates = history.estimate([each for each, _late in standing], groups, 50)
        pairs = [
            (estimates[each.id].chance, late)
            for each, late in standing
            if estimates[each.id].base != history.NONE
        ]
        result = score(pairs, THRESHOLD)
        mean = [(late_share, late) for _chance, late in pairs]
        everything = result.late / result.number
        figures = (
            f"{result.number:,} open, {result.late:,} late; warned of "
            f"{result.warned:,}, AUC {area(pairs):.2f}"
        )
        precision, recall = result.precision or 0.0, result.recall or 0.0
        rows += [
            row(
                f"early warning at {share:.0%} of the time: precision",
                100 * precision,
                100 * everything,
                "%",
                precision / everything,
                "≥ 1.5",
                precision >= 1.5 * everything,
                f"{figures}; beside it warning of all that are open then. The rule in "
                f"use warns at 80 % of the time and is right in "
                f"{100 * rule.precision:.0f} %",
            ),
            row(
                f"early warning at {share:.0%} of the time: recall",
                100 * recall,
                0.0,
                "%",
                None,
                f"≥ {least:.0%}",
                recall >= least,
                "of those late in the end; the rule in use warns of none by then",
            ),
            row(
                f"early warning at {share:.0%} of the time: Brier score",
                brier(pairs),
                brier(mean),
                "",
                brier(pairs) / brier(mean),
                "≤ 0.8",
                brier(pairs) <= 0.8 * brier(mean),
                "beside it the mean share of late ones for every dossier",
            ),
        ]
    return rows


class _History:
    """Finished dossiers of one agency with their steps, by COPY, always the same."""

    def __init__(self, env):
        self.env = env
        self.random = random.Random(SEED)
        self.company = world.find(env).company
        self.working = self.company.resource_calendar_id._cchc_working_time()
        self.procedures = self._procedures()
        self.now = int(datetime.now(UTC).timestamp())
        self.busy = {worker: self._busy_weeks() for worker in range(WORKERS)}

    def fill(self, count):
        dossiers, steps = [], []
        self.env.cr.execute(
            "SELECT coalesce(max(id), 0) FROM cchc_dossier UNION ALL "
            "SELECT coalesce(max(id), 0) FROM cchc_dossier_step"
        )
        first, _steps = (each[0] for each in self.env.cr.fetchall())
        for number in range(1, count + 1):
            self._life(first + number, dossiers, steps)
        self._copy(
            "cchc_dossier",
            "id name company_id receiving_company_id procedure_id calendar_id state "
            "channel is_open imported extension_count supplement_count sets "
            "accepted_at clock_start_at first_due_at unextended_due_at due_at "
            "ended_at returned_at late_at timeliness",
            dossiers,
        )
        self._copy(
            "cchc_dossier_step",
            "dossier_id sequence name role state started_at ended_at",
            steps,
        )
        self.env.cr.execute("ANALYZE cchc_dossier, cchc_dossier_step")
        self.env.cr.commit()
        return self.company

    def _procedures(self):
        """Return procedures with their limit in hours and how their steps differ."""
        found = []
        for procedure in self.env["cchc.procedure"].search([], limit=40, order="id"):
            slow = self.random.randrange(len(STEPS))
            found.append(
                (
                    procedure.id,
                    self.random.choice((16, 24, 40, 80, 120)),
                    # a third is slow at one step, some have tight limits
                    slow if self.random.random() < 0.35 else None,
                    self.random.uniform(0.75, 1.25),
                    self.random.uniform(0.25, 0.7),
                )
            )
        return found

    def _busy_weeks(self):
        """Return the weeks in which an officer has too much in hand."""
        start = self.random.randrange(DAYS // 7)
        return {start + week for week in range(self.random.choice((0, 3, 8)))}

    def _life(self, dossier_id, dossiers, steps):
        pick = self.random
        # few procedures have most of the dossiers
        place = min(int(pick.expovariate(1 / 9)), len(self.procedures) - 1)
        procedure, limit, slow, tight, spread = self.procedures[place]
        worker = pick.randrange(WORKERS)
        start = self.now - pick.randrange(60, DAYS) * 86_400 + pick.randrange(36_000)
        due = int(self.working.add_many([start], limit, "working_hour")[0])
        week = (self.now - start) // (7 * 86_400)
        at = start
        for place, (role, name, share) in enumerate(STEPS):
            hours = limit * share * tight * pick.lognormvariate(0, spread)
            if place == slow:
                hours *= 2.2
            if role == "handle" and week in self.busy[worker]:
                hours *= 1.8
            end = int(self.working.add_many([at], round(hours, 3), "working_hour")[0])
            steps.append((dossier_id, place, name, role, "done", _utc(at), _utc(end)))
            at = end
        late = at > due
        dossiers.append(
            (
                *(dossier_id, f"RISK-{dossier_id}", self.company.id, self.company.id),
                *(procedure, self.company.resource_calendar_id.id, "returned"),
                *("counter", "f", "f", 0, 0, 1, _utc(start), _utc(start)),
                *(_utc(due), _utc(due), _utc(due), _utc(at), _utc(at)),
                *(_utc(due) if late else None, "late" if late else "on_time"),
            )
        )

    def _copy(self, table, columns, rows):
        text = "\n".join(
            "\t".join("\\N" if value is None else str(value) for value in each)
            for each in rows
        )
        self.env.cr._obj.copy_expert(
            f"COPY {table} ({', '.join(columns.split())}) FROM STDIN",
            StringIO(text + "\n"),
        )
        self.env.cr.execute(
            f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))"
        )


def _utc(epoch):
    return datetime.fromtimestamp(epoch, UTC).isoformat(" ")[:19]


# ----------------------------------------------------------------------
# What it costs
# ----------------------------------------------------------------------
def _cost():
    """Estimate all open dossiers: for the first time, and when little has changed."""
    total = SETTINGS.volume(1_000_000, 10_000)
    opened = SETTINGS.volume(100_000, 1_000)
    name = volume(total, opened)
    with environment(name) as env:
        agencies = env["cchc.risk.agency"]
        env.cr.execute("SELECT DISTINCT company_id FROM cchc_dossier WHERE is_open")
        companies = env["res.company"].browse(each[0] for each in env.cr.fetchall())
        env["cchc.alert.rule"].search([("kind", "=", "risk")]).active = False
        env.cr.commit()
        build, _none = timed(_each, env, companies, agencies._build)
        say(f"history of {len(companies)} agencies: {build:.1f} s")
        first, _none = timed(_each, env, companies, agencies._sweep)
        env.cr.execute(
            "SELECT count(*) FILTER (WHERE risk_base IS NOT NULL), count(*) "
            "FROM cchc_dossier WHERE is_open"
        )
        estimated, number = env.cr.fetchone()
        if estimated < 0.99 * number:
            raise ValueError(f"{estimated:,} of {number:,} open dossiers estimated")
        again = [
            timed(_each, env, companies, agencies._sweep)[0]
            for _repeat in range(SETTINGS.volume(3, 1))
        ]
        bare, _none = timed(
            env.cr.execute,
            "UPDATE cchc_dossier SET risk_at = now() AT TIME ZONE 'UTC' WHERE is_open",
        )
        env.cr.rollback()
    usual = statistics.median(again)
    return [
        row(
            f"early warning: {number:,} open dossiers estimated again",
            usual,
            bare,
            "s",
            usual / bare,
            "≤ 60 s",
            usual <= 60,
            f"for the first time {first:.1f} s, the history of {total:,} dossiers read "
            f"in {build:.1f} s; beside it a bare UPDATE of all of them",
        )
    ]


def _each(env, companies, work):
    for company in companies:
        work(company, commit=env.cr.commit)
        env.cr.commit()
        env.invalidate_all()


def _acceptance(env):
    """Accept a dossier and pass its step on, with and without the estimates."""
    world_ = world.find(env)
    times = {(move, with_it): [] for move in ("accept", "pass") for with_it in (0, 1)}
    for repeat in range(SETTINGS.volume(60, 10)):
        for with_it in (0, 1) if repeat % 2 else (1, 0):
            with env.cr.savepoint(), _estimates(env, with_it):
                draft = (
                    env["cchc.dossier"]
                    .with_user(world_.desk)
                    .create(world.draft_values(world_))
                )
                env.flush_all()
                seconds, _none = timed(_flushed, env, draft.action_accept)
                times["accept", with_it].append(seconds)
                handled = draft.with_user(world_.handler)
                seconds, _none = timed(_flushed, env, handled.action_pass_step)
                times["pass", with_it].append(seconds)
    medians = {key: statistics.median(each) for key, each in times.items()}
    rows = []
    for move, words, limit in (
        ("accept", "accepting a dossier", 1.05),
        ("pass", "passing a step on", 1.5),
    ):
        ours, without = medians[move, 1], medians[move, 0]
        rows.append(
            row(
                f"early warning: {words}",
                1000 * ours,
                1000 * without,
                "ms",
                ours / without,
                f"≤ {limit:g}",
                ours <= limit * without,
                "beside it the same without the estimates; medians in turns",
            )
        )
    return rows


@contextmanager
def _estimates(env, wanted):
    """Let moves estimate, or do as without the addon."""
    if wanted:
        yield
        return
    moves = env.registry["cchc.dossier"]
    before = next(
        each for each in moves.__mro__ if "_cchc_refresh_risk" in each.__dict__
    )
    above = moves.__mro__[moves.__mro__.index(before) + 1 :]
    own = next(each for each in above if "_move" in each.__dict__)
    with patch.object(before, "_move", own.__dict__["_move"]):
        yield


def _flushed(env, action):
    action()
    env.flush_all()
