"""What the benchmarks share: volumes, times, databases and the form of a result."""

import statistics
import subprocess
import time
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from unittest.mock import patch

import odoo.sql_db
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import frozendict

ROOT = Path(__file__).resolve().parent.parent
STATE = ROOT / ".local"


class Settings:
    """How this run measures; filled in by ``run.py``."""

    quick = False
    #: Database in which the addons, the peers and the world are installed.
    base = None
    #: Databases of :func:`volume` made for this run.
    volumes = ()

    def volume(self, full, quick):
        """Return a volume: the full one, or the one of a smoke test."""
        return quick if self.quick else full


SETTINGS = Settings()


def say(text):
    """Tell the person who waits."""
    print(f"    {text}", flush=True)


def row(name, ours, peer, unit, ratio, target, met, note=""):
    """Return one row of the results.

    :param ours: our figure, in ``unit``
    :param peer: the figure beside it, measured in the same run, in ``unit``
    :param ratio: the two compared, as the target reads
    :param target: the target in words, e.g. ``≥ 2``
    :param bool met: whether the target is met
    :param note: what a reader must know, e.g. a second figure or why it is missed
    """
    return {
        "name": name,
        "ours": significant(ours),
        "peer": significant(peer),
        "unit": unit,
        "ratio": significant(ratio),
        "target": target,
        "met": bool(met),
        "note": note,
    }


def significant(value):
    """Return a figure with the digits that mean something."""
    if value is None or isinstance(value, int):
        return value
    return round(value) if abs(value) >= 1000 else float(f"{value:.3g}")


def timed(function, *args):
    """Return how many seconds a call took, and what it returned."""
    start = time.perf_counter()
    result = function(*args)
    return time.perf_counter() - start, result


def percentile(values, share):
    """Return the value below which ``share`` (0 to 1) of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def side_by_side(ours, peer, repeats):
    """Run two functions in turns, so that what else the machine does falls on both.

    :return: median seconds of each
    """
    times = ([], [])
    for _repeat in range(repeats):
        for index, function in enumerate((ours, peer)):
            times[index].append(timed(function)[0])
    return tuple(statistics.median(each) for each in times)


def database(command, name):
    """Run ``tools/database.sh``."""
    subprocess.run(
        [str(ROOT / "tools" / "database.sh"), command, name],
        check=True,
        stdin=subprocess.DEVNULL,
    )


@contextmanager
def environment(name, uid=SUPERUSER_ID, **context):
    """Open an environment on a database in a transaction of its own."""
    with Registry(name).cursor() as cr:
        yield api.Environment(cr, uid, context)


def release(name):
    """Close every connection of this process to a database."""
    Registry.delete(name)
    odoo.sql_db.close_db(name)


def clone(name):
    """Make a database from the base, with the addons, the peers and the world."""
    database("drop", name)
    release(SETTINGS.base)
    subprocess.run(
        ["createdb", f"--template={SETTINGS.base}", name],
        check=True,
    )
    source = STATE / "data" / "filestore" / SETTINGS.base
    if source.is_dir():
        target = source.with_name(name)
        subprocess.run(["cp", "-al", str(source), str(target)], check=True)


def exists(name):
    """Return whether there is such a database."""
    done = subprocess.run(
        [str(ROOT / "tools" / "database.sh"), "exists", name], check=False
    )
    return done.returncode == 0


def volume(dossiers, opened):
    """Make a database with so many dossiers, or find the one of an earlier benchmark.

    :return: its name
    """
    from generate import Generator

    name = f"{SETTINGS.base}_{dossiers}"
    if not exists(name):
        clone(name)
    SETTINGS.volumes = {*SETTINGS.volumes, name}
    with environment(name) as env:
        Generator(env, SETTINGS.volume(50, 3)).fill(dossiers, opened)
    return name


@cache
def _session_context(name, user_id):
    with Registry(name).cursor() as cursor:
        user = api.Environment(cursor, user_id, {}).user
        return frozendict(
            lang=user.lang,
            tz=user.tz,
            uid=user.id,
            allowed_company_ids=user.company_id.ids,
        )


class Request:
    """A transaction of a user, as each request of the web client has its own.

    Language, time zone and agency come from the session, as in the web client, where
    they are read once, at login.
    """

    def __init__(self, name, user_id):
        context = _session_context(name, user_id)
        self.cursor = Registry(name).cursor()
        self.env = api.Environment(self.cursor, user_id, context)

    def __enter__(self):
        return self.env

    def __exit__(self, *failure):
        self.cursor.close()


@contextmanager
def calendars_as_they_come(registry):
    """Let the peer use Odoo's calendars without what the suite adds to them.

    The special days cost each of the peer's calls a search.
    """
    name = "_cchc_special_days"
    with patch.object(registry["resource.calendar"], name, lambda *_args: {}):
        yield
