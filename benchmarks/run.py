"""Measures the suite beside its peers: ``make bench`` (``make bench BENCH='--quick'``).

Installs the addons and the peers (``requirements-bench.txt``) into a database of its
own, runs every ``bench_*.py`` on copies of it and writes ``results.md`` and
``results.json``. A missed target stays in the table; the exit code is 1 only when a
benchmark could not be run.
"""

import argparse
import importlib
import json
import os
import platform
import subprocess
import sys
import time
import traceback
from datetime import datetime, timezone
from importlib import metadata
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import common  # noqa: E402 (the folder is on the path only now)
import world  # noqa: E402

import odoo.release  # noqa: E402
from odoo.tools import config  # noqa: E402

ADDONS = ",".join(
    (
        "cchc_onestop",
        "cchc_iso",
        "cchc_reform",
        "cchc_onestop_digitise",
        "cchc_onestop_lookup",
        "cchc_onestop_queue",
        "cchc_onestop_risk",
        "cchc_onestop_sign",
        "cchc_onestop_index",
    )
)
PEERS = ("helpdesk_mgmt", "helpdesk_mgmt_sla")
#: In this order: what needs a large base comes last, and the worklist is measured
#: before others let its dossiers be accepted or fall due.
BENCHES = (
    "due_dates",
    "accept",
    "catalogue",
    "dms",
    "digitise",
    "import",
    "register",
    "records",
    "statistics",
    "sample",
    "reform",
    "lookup",
    "sign",
    "bulk",
    "indices",
    "risk",
    "queue",
    "worklist",
    "line",
    "http",
    "sweep",
)
NAMES = [name for name in BENCHES if (HERE / f"bench_{name}.py").exists()]


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--only", default="", help=f"some of {', '.join(NAMES)}, commas between"
    )
    parser.add_argument(
        "--quick", action="store_true", help="small volumes: a test of the benchmarks"
    )
    parser.add_argument(
        "--base",
        help="an installed database, made when it is missing; it and the large ones "
        "filled from it are kept for further runs",
    )
    parser.add_argument(
        "--output",
        type=Path,
        help="folder of the results; benchmarks/ for a whole run, else .local/bench. "
        "Rows of other benchmarks that lie there are kept",
    )
    options = parser.parse_args()
    options.names = options.only.split(",") if options.only else NAMES
    unknown = set(options.names) - set(NAMES)
    if unknown:
        parser.error(f"no benchmark called {', '.join(unknown)}: {', '.join(NAMES)}")
    if not options.output:
        whole = not (options.only or options.quick)
        options.output = HERE if whole else common.STATE / "bench"
    options.output.mkdir(parents=True, exist_ok=True)
    return options


def prepare(name):
    """Install addons, peers and world in the base, unless they are there."""
    if not common.exists(name):
        say(f"installing {ADDONS} and the peers")
        common.database("new", name)
        odoo_command(
            f"--init={','.join((ADDONS, *PEERS))}",
            f"--database={name}",
            "--stop-after-init",
            "--no-http",
            "--max-cron-threads=0",
        )
        with common.environment(name) as env:
            world.build(env)
    common.SETTINGS.base = name


def odoo_command(*arguments):
    subprocess.run(
        [
            str(common.ROOT / "bin" / "odoo"),
            *arguments,
            f"--logfile={common.STATE / 'log' / 'bench_install.log'}",
        ],
        check=True,
        stdin=subprocess.DEVNULL,
    )


def configure():
    """Use Odoo in this process with the settings of ``bin/odoo``."""
    odoo_command("--version")
    config.parse_config(
        [
            f"--config={common.STATE / 'odoo.conf'}",
            f"--logfile={common.STATE / 'log' / 'bench.log'}",
            "--log-level=warn",
        ],
        setup_logging=True,
    )


def measure(names):
    """Run the benchmarks, each on a copy of the base.

    :return: the rows, and the names of those that could not be run
    """
    rows, failed = [], []
    for name in names:
        say(name)
        start = time.monotonic()
        database = f"{common.SETTINGS.base}_{name}"
        try:
            bench = importlib.import_module(f"bench_{name}")
            common.clone(database)
            with common.environment(database) as env:
                found = bench.run(env)
        except Exception:  # the others are measured all the same
            traceback.print_exc()
            failed.append(name)
            found = []
        finally:
            common.release(database)
            common.database("drop", database)
        for row in found:
            row.setdefault("note", "")
            row["bench"] = name
            row["commit"] = commit()
            row["measured"] = (
                f"{datetime.now(timezone.utc):%Y-%m-%d %H:%M} UTC, "
                f"load {os.getloadavg()[1]:.1f}"
            )
            print(f"    {line(row)}", flush=True)
        rows += found
        say(f"{name}: {time.monotonic() - start:.0f} s")
    return rows, failed


def say(text):
    print(f"==> Bench: {text}", flush=True)


# ----------------------------------------------------------------------
# Results
# ----------------------------------------------------------------------
def line(row):
    met = "yes" if row["met"] else "**no**"
    cells = (
        row["name"],
        figure(row["ours"], row["unit"]),
        figure(row["peer"], row["unit"]),
        f"{row['ratio']:g}" if row["ratio"] is not None else "",
        row["target"],
        met,
        row["note"],
        row.get("measured", ""),
    )
    return f"| {' | '.join(cells)} |"


def figure(value, unit):
    return "" if value is None else f"{value:,g} {unit}".replace(",", " ")


def machine():
    """Return what the figures depend on, as pairs of words."""
    cpu = next(
        (
            text.split(":", 1)[1].strip()
            for text in Path("/proc/cpuinfo").read_text().splitlines()
            if text.startswith("model name")
        ),
        platform.processor(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    with common.environment(common.SETTINGS.base) as env:
        env.cr.execute("SHOW server_version")
        postgres = env.cr.fetchone()[0]
        env.cr.execute("SHOW shared_buffers")
        buffers = env.cr.fetchone()[0]
    peers = ", ".join(
        f"{name} {metadata.version(f'odoo-addon-{name}')}" for name in (*PEERS, "dms")
    )
    return [
        ("Machine", f"{cpu}, {os.cpu_count()} cores, {memory:.0f} GiB"),
        ("Odoo", odoo.release.version),
        ("Python", platform.python_version()),
        ("PostgreSQL", f"{postgres}, shared_buffers {buffers}"),
        ("Peers", peers),
    ]


def commit():
    done = subprocess.run(
        ["git", "-C", str(common.ROOT), "rev-parse", "--short", "HEAD"],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip() or "unknown"


def kept(folder, names):
    """Return the rows of other benchmarks that an earlier run left there."""
    path = folder / "results.json"
    if not path.exists():
        return []
    rows = json.loads(path.read_text(encoding="utf-8"))
    others = set(NAMES) - set(names)
    return [row for row in rows if row.get("bench") in others]


def write(folder, rows, failed, facts):
    rows = sorted(rows, key=lambda row: NAMES.index(row["bench"]))
    missed = [row for row in rows if not row["met"]]
    text = [
        "# What was measured",
        "",
        "Written by `make bench`; how to read it: [README.md](README.md).",
        "Each row was measured beside its peer in one run, at the time and under the "
        "load that it names.",
        "",
        *(f"- {name}: {value}" for name, value in facts),
        "",
        "| work | ours | beside it | ratio | target | met | note | measured |",
        "|---|---|---|---|---|---|---|---|",
        *(line(row) for row in rows),
        "",
        f"{len(rows) - len(missed)} of {len(rows)} targets met.",
    ]
    if failed:
        text.append(f"Could not be run: {', '.join(failed)}.")
    (folder / "results.md").write_text("\n".join(text) + "\n", encoding="utf-8")
    (folder / "results.json").write_text(
        json.dumps(rows, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
    )


def main():
    options = parse()
    common.SETTINGS.quick = options.quick
    configure()
    base = options.base or f"cchc_bench_{os.getpid()}"
    try:
        prepare(base)
        rows, failed = measure(options.names)
        facts = [
            ("Date", f"{datetime.now(timezone.utc):%Y-%m-%d %H:%M} UTC"),
            *machine(),
            ("Volumes", "small (--quick)" if options.quick else "full"),
        ]
    finally:
        for name in (base, *common.SETTINGS.volumes):
            common.release(name)
            if not options.base:
                common.database("drop", name)
    ran = [name for name in options.names if name not in failed]
    write(options.output, rows + kept(options.output, ran), failed, facts)
    missed = [row["name"] for row in rows if not row["met"]]
    say(f"{len(rows)} rows in {options.output / 'results.md'}")
    if missed:
        say(f"missed: {'; '.join(missed)}")
    if failed:
        say(f"could not be run: {', '.join(failed)}")
    sys.exit(1 if failed or not rows else 0)


if __name__ == "__main__":
    main()
