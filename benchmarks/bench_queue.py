"""The queue of a desk: two officers who press “call next”, and the call screen.

Two connections in two processes call the next number and commit, each at a counter of
its own, over a line of many tickets; beside it two connections take rows of the same
table with the bare statement (``FOR UPDATE SKIP LOCKED``, one update). Then what a
television asks every few seconds: the time of an answer that did not change, and its
size, beside reading the whole page.
"""

import http.client
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import world
from bench_http import _Server
from common import SETTINGS, percentile, row, say, timed

from odoo import Command
from odoo.tools import config

OFFICERS = 2


def run(env):
    """Return the rows of the table of results."""
    calls = SETTINGS.volume(400, 20)
    name = env.cr.dbname
    company = world.find(env).company
    counters, path = _prepare(env, company, OFFICERS * calls)
    ours = _apart("ours", name, company.id, counters, calls)
    _again(env, company)
    bare = _apart("bare", name, company.id, counters, calls)
    say(f"calls a second: {ours:.1f}, bare SQL {bare:.1f}")
    _fill_screen(env, company, counters)
    return [
        row(
            f"“call next” by {OFFICERS} officers at once, {OFFICERS * calls} calls",
            ours,
            bare,
            "calls/s",
            bare / ours,
            "≥ 5 a second, none twice",
            ours >= 5,
            "serve, end and call with their events, and the commit; beside it one bare "
            "statement with SKIP LOCKED and its commit",
        ),
        _screen(name, path),
    ]


def _again(env, company):
    """Put all tickets back into the line."""
    env.cr.execute(
        "UPDATE cchc_queue_ticket SET state = 'waiting', counter_id = NULL "
        "WHERE company_id = %s",
        (company.id,),
    )
    env.cr.commit()
    env.invalidate_all()


def _fill_screen(env, company, counters):
    """Have somebody called to each counter, and the others wait."""
    _again(env, company)
    for counter in env["cchc.counter"].browse(counters):
        counter.action_call_next()
    env.cr.commit()


def _prepare(env, company, waiting):
    """Make the counters, a line of tickets and a screen; return the ids of the
    counters and the path of the screen."""
    company.resource_calendar_id = _always_open(env)
    counters = env["cchc.counter"].create(
        [
            {"number": number, "name": f"Quầy {number}", "company_id": company.id}
            for number in range(1, OFFICERS + 1)
        ]
    )
    service = env["cchc.queue.service"].create(
        {
            "name": "Hộ tịch",
            "letter": "A",
            "company_id": company.id,
            "last_minutes": 0,
            "counter_ids": [Command.set(counters.ids)],
        }
    )
    screen = env["cchc.queue.display"].create(
        {"name": "Sảnh", "kind": "screen", "company_id": company.id}
    )
    link = screen.action_new_address()["context"]["default_link"]
    for _each in range(waiting):
        env["cchc.queue.ticket"]._take(service)
    env.cr.commit()
    return counters.ids, link[link.index("/xep-hang") :]


def _always_open(env):
    return env["resource.calendar"].create(
        {
            "name": "Cả ngày",
            "tz": "Asia/Ho_Chi_Minh",
            "company_id": False,
            "attendance_ids": [
                Command.clear(),
                *(
                    Command.create(
                        {
                            "name": f"{day} {period}",
                            "dayofweek": str(day),
                            "day_period": period,
                            "hour_from": begin,
                            "hour_to": end,
                        }
                    )
                    for day in range(7)
                    for period, begin, end in (
                        ("morning", 0, 12),
                        ("afternoon", 12, 24),
                    )
                ),
            ],
        }
    )


def _apart(what, name, company, counters, calls):
    """Run one process per officer at the same time; return their calls a second.

    :raises ValueError: when a number was called twice
    """
    begin = time.time() + SETTINGS.volume(25, 20)
    officers = [
        subprocess.Popen(
            [
                sys.executable,
                Path(__file__).resolve().parent / "queue_officer.py",
                f"--database={name}",
                f"--addons-path={','.join(map(str, config['addons_path']))}",
                f"--data-dir={config['data_dir']}",
                *(
                    f"--{option}={config[option]}"
                    for option in ("db_host", "db_port", "db_user", "db_password")
                    if config[option]
                ),
                "--log-level=critical",
                "--no-http",
                "--",
                json.dumps([what, company, counter, calls, begin]),
            ],
            stdout=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
        )
        for counter in counters
    ]
    answers = [json.loads(officer.communicate()[0]) for officer in officers]
    called = [ticket for answer in answers for ticket in answer["tickets"]]
    if len(set(called)) != len(called) or len(called) != OFFICERS * calls:
        raise ValueError(f"{what}: {len(called)} calls of {len(set(called))} tickets")
    return len(called) / max(answer["seconds"] for answer in answers)


def _screen(name, path):
    """Return the row of the call screen, asked over HTTP."""
    with _Server(name) as server:
        page = _get(server.port, path)
        first = _get(server.port, f"{path}/tiep")
        times = []
        for _each in range(SETTINGS.volume(300, 20)):
            seconds, answer = timed(_get, server.port, f"{path}/tiep", first.tag)
            times.append(1000 * seconds)
            if answer.status != 304:
                raise ValueError(f"the screen answered {answer.status}")
    median = statistics.median(times)
    return row(
        "call screen, an answer without change",
        median,
        None,
        "ms",
        None,
        "≤ 50 ms, no body",
        median <= 50 and not answer.size,
        f"p95 {percentile(times, 0.95):.3g} ms; {first.size} bytes when something "
        f"changed, the page {page.size}",
    )


class _Answer(NamedTuple):
    status: int
    size: int
    tag: str


def _get(port, path, tag=""):
    """Ask as the television does, over a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers={"If-None-Match": tag} if tag else {})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return _Answer(answer.status, len(body), answer.headers.get("ETag", ""))
