"""Looking people up, beside the bare question over the same line.

A platform on this machine answers both. Ours is what the look-up form does: the log is
committed before the question, the answer read, compared with what the office holds,
kept and committed. The bare question is one POST on a connection that stays open.
"""

import statistics

import requests
import world
from common import SETTINGS, Request, environment, percentile, row, timed

from odoo import Command

from odoo.addons.cchc_onestop_lookup.tests.fake_platform import (
    PASSWORD,
    SESSION,
    USER,
    FakePlatform,
)

KEY = "045190000123"
#: Look-ups that lie in the log before.
LOGGED = (200_000, 2_000)


def run(env):
    """Return the rows of the table of results."""
    name = env.cr.dbname
    platform = FakePlatform()
    try:
        found = _prepare(env, platform.url)
        return [*_ask(name, found, platform), _find(name, found)]
    finally:
        platform.stop()


def _prepare(env, url):
    found = world.find(env)
    service = env.ref("cchc_onestop_lookup.service_037")
    found.company.cchc_lookup_limit = 0
    env["cchc.lookup.connection"].create(
        {
            "name": "LGSP",
            "company_id": found.company.id,
            "service_ids": [Command.set(service.ids)],
            "adapter": "ndxp",
            "url": url,
            "login": USER,
            "secret": PASSWORD,
            "unit_code": "H50.21",
            "timeout": 5,
        }
    )
    dossier = (
        env["cchc.dossier"].with_user(found.desk).create(world.draft_values(found))
    )
    dossier.action_accept()
    env.flush_all()
    requests_ = env["cchc.lookup.request"]
    purpose = env.ref("cchc_onestop_lookup.purpose_settle")
    # of 20,000 people, ten times each; our citizen among them
    env.cr.execute(
        "INSERT INTO cchc_lookup_request (reference, company_id, user_id, asked_at,"
        " service_id, purpose_id, key_masked, key_digest, state, answered_at)"
        " SELECT md5(i::text), %s, %s, now() - i * interval '1 minute', %s, %s,"
        " '045******123', CASE WHEN i %% %s = 0 THEN %s ELSE md5((i %% %s)::text) END,"
        " 'answered', now() - i * interval '1 minute'"
        " FROM generate_series(1, %s) i",
        (
            found.company.id,
            found.handler.id,
            service.id,
            purpose.id,
            SETTINGS.volume(*LOGGED) // 10,
            requests_._digest(KEY),
            SETTINGS.volume(*LOGGED) // 10,
            SETTINGS.volume(*LOGGED),
        ),
    )
    env.cr.execute("ANALYZE cchc_lookup_request")
    env.cr.commit()
    found.dossier, found.service, found.purpose = dossier, service, purpose
    return found


def _ask(name, found, platform):
    count = SETTINGS.volume(200, 10)
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {SESSION}"
    body = {"service": found.service.code, "SoDinhDanh": KEY}

    def ours():
        with Request(name, found.handler.id) as env:
            env["cchc.lookup.request"]._ask(
                env["cchc.lookup.service"].browse(found.service.id),
                KEY,
                env["cchc.lookup.purpose"].browse(found.purpose.id),
                env["cchc.dossier"].browse(found.dossier.id),
                env["res.partner"].browse(found.partner.id),
            )

    def bare():
        session.post(f"{platform.url}/{found.service.code}", json=body, timeout=5)

    ours()
    bare()
    with environment(name) as env:
        before = env["cchc.lookup.request"].search_count([])
    asked = len(platform.asked)
    mine, plain = [], []
    for _turn in range(count):
        mine.append(timed(ours)[0])
        plain.append(timed(bare)[0])
    with environment(name) as env:
        logged = env["cchc.lookup.request"].search_count([]) - before
    answered = len(platform.asked) - asked - count
    middle, peer = 1000 * statistics.median(mine), 1000 * statistics.median(plain)
    return [
        row(
            f"look up a person over a line, {SETTINGS.volume(*LOGGED):,} in the log",
            middle,
            peer,
            "ms",
            middle / peer,
            "≤ 100 ms more, each logged",
            middle - peer <= 100 and logged == answered == count,
            f"{count} questions, {answered} heard, {logged} logged; "
            f"p95 {1000 * percentile(mine, 0.95):.0f} ms; "
            "beside it the bare question",
        )
    ]


def _find(name, found):
    """All look-ups about one person, as the smart button counts and lists them."""
    with Request(name, found.desk.id) as env:
        partner = env["res.partner"].browse(found.partner.id)
        requests_ = env["cchc.lookup.request"].sudo()
        domain = requests_._domain_about(partner)
        times = [timed(requests_.search, domain, 0, 80)[0] for _turn in range(20)]
        scan = [
            timed(
                env.cr.execute,
                "SELECT count(*) FROM cchc_lookup_request WHERE key_masked = 'x'",
            )[0]
            for _turn in range(5)
        ]
        count = requests_.search_count(domain)
    ours, peer = statistics.median(times), statistics.median(scan)
    return row(
        f"all look-ups about one person among {SETTINGS.volume(*LOGGED):,}",
        1000 * ours,
        1000 * peer,
        "ms",
        ours / peer,
        "≤ 50 ms",
        ours <= 0.05,
        f"{count} found by the keyed hash; beside it one pass over the table",
    )
