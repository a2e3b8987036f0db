"""Runs the addons' tests on fresh databases and says what came of it.

The addons are installed once; then as many copies of that database as there are
processors are tested side by side, each taking the next test class that none has taken.
The tests of OCA's addons that ours extend run among them, with ours installed.

A browser test that fails is done once more, as Odoo's own builds do: what depends on
how fast a browser and two processors were just then is not a fault of the product. The
end of a run names each such test; it fails when it fails again.

A run fails when a test fails, when a browser test is skipped for want of a browser,
when anything logs a WARNING or worse while installing or testing, or when no test ran.
The last line is `N passed, N failed, N skipped`.
"""

import argparse
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATE = ROOT / ".local"
LOGS = STATE / "log"

HELPER = "cchc_test_run"

# Seconds between two lines that say how far a run is.
SIGN_OF_LIFE = 30

# A copy of the database and a browser each.
MOST_LANES = 4

# Test classes of which a run says how long they took.
SLOWEST = 10

# Letters of a log record, and records, that are said once more at the end of a run.
SHOWN_LETTERS = 400
SHOWN_RECORDS = 10

# Reasons with which Odoo skips a browser test instead of failing it.
NO_BROWSER = re.compile(r"chrome|websocket", re.IGNORECASE)


class Run:
    """One start of Odoo on a test database, with its report and log."""

    def __init__(self, name, database, *arguments, timeout, environment=()):
        self.report = LOGS / f"{name}.jsonl"
        self.log = LOGS / f"{name}.log"
        self.report.unlink(missing_ok=True)
        self.log.unlink(missing_ok=True)
        http_port, gevent_port = free_ports(2)
        self.command = [
            str(ROOT / "bin" / "odoo"),
            f"--database={database}",
            f"--load=base,rpc,web,{HELPER}",
            f"--http-port={http_port}",
            f"--gevent-port={gevent_port}",
            # One process runs a thousand tests: what a worker of an office may hold is
            # too little for it.
            f"--limit-memory-hard={6 * 1024**3}",
            f"--logfile={self.log}",
            f"--screenshots={LOGS / 'screenshots'}",
            "--max-cron-threads=0",
            "--stop-after-init",
            *arguments,
        ]
        self.environment = os.environ | {
            "CCHC_TEST_ADDONS": str(ROOT / "tools" / "test_addons"),
            "CCHC_TEST_REPORT": str(self.report),
            "ODOO_TEST_FAILURE_RETRIES": "1",
            **dict(environment),
        }
        self.timeout = timeout
        self.tests = []
        self.setups = []
        self.repeats = []
        self.records = []
        self.ended = None
        self.problems = []

    def start(self):
        """Runs to the end, shows failures as they happen; True when all went well."""
        with open(self.log.with_suffix(".out"), "wb") as output:
            process = subprocess.Popen(
                self.command,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            self._follow(process)
        self.ended = time.monotonic()
        self._read_report()
        self._judge(process.returncode)
        return not self.problems

    def _follow(self, process):
        """Shows each failure as it happens; ends a run that takes too long."""
        deadline = time.monotonic() + self.timeout
        next_sign = time.monotonic() + SIGN_OF_LIFE
        seen = 0
        while True:
            ended = process.poll() is not None
            lines = self._report_lines()
            for line in lines[seen:]:
                show(line)
            seen = len(lines)
            if time.monotonic() > next_sign:
                done = sum(line["kind"] == "test" for line in lines)
                print(f"    {self.log.stem}: {done} tests done", flush=True)
                next_sign += SIGN_OF_LIFE
            if ended:
                return
            if time.monotonic() > deadline:
                self.problems.append(f"stopped after {self.timeout} s")
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
            time.sleep(0.5)

    def _report_lines(self):
        if not self.report.exists():
            return []
        text = self.report.read_text(encoding="utf-8")
        # The last line may still be half written.
        return [json.loads(line) for line in text.split("\n")[:-1]]

    def _read_report(self):
        lines = self._report_lines()
        self.tests = [line for line in lines if line["kind"] == "test"]
        self.setups = [line for line in lines if line["kind"] == "set-up"]
        self.repeats = [line for line in lines if line["kind"] == "repeat"]
        self.records = [line for line in lines if line["kind"] == "log"]

    def _judge(self, returncode):
        for test in self.tests:
            if test["outcome"] == "skipped" and NO_BROWSER.search(test["reason"]):
                test["outcome"] = "failed"
        if self.records:
            self.problems.append(
                f"{len(self.records)} warnings or errors in the log of {self.log.stem}"
            )
        if returncode:
            self.problems.append(f"Odoo ended with code {returncode}, see {self.log}")

    def count(self):
        return Counter(test["outcome"] for test in self.tests)


def told(record):
    where = f" during {record['running']}" if record["running"] else ""
    return f"{record['level']} {record['logger']}{where}: {record['message']}"


def show(line):
    if line["kind"] == "log":
        print(told(line), flush=True)
    elif line["kind"] == "repeat":
        print(f"REPEATED {line['test']}: {line['reason']}"[:SHOWN_LETTERS], flush=True)
    elif line["kind"] == "test" and line["outcome"] == "failed":
        print(f"FAILED {line['test']}", flush=True)
    elif line["kind"] == "test" and line["outcome"] == "skipped":
        print(f"SKIPPED {line['test']}: {line['reason']}", flush=True)


def free_ports(number):
    """Ports nobody listens on now."""
    sockets = [socket.socket() for _index in range(number)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def database(command, *names):
    subprocess.run(
        [str(ROOT / "tools" / "database.sh"), command, *names],
        check=True,
        stdin=subprocess.DEVNULL,
    )


def say(text):
    print(f"==> {text}", flush=True)


def make_assets(name):
    """Makes the browser's bundles once for all copies: they take half a minute."""
    subprocess.run(
        [str(ROOT / "bin" / "odoo"), "shell", f"--database={name}", "--no-http"],
        env=os.environ | {"CCHC_TEST_ADDONS": str(ROOT / "tools" / "test_addons")},
        input=b"env['ir.qweb']._pregenerate_assets_bundles()\nenv.cr.commit()\n",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
    )


def run_tests(addons, tags, glue, others, demo, timeout):
    """Install on a fresh database, copy it, test the copies; beside it the demo data.

    Each glue addon is tested in one more copy, installed there with what it joins.
    """
    lanes = min(os.cpu_count() or 1, MOST_LANES)
    stem = f"cchc_test_{os.getpid()}"
    names = [f"{stem}_{lane}" for lane in range(lanes)]
    tested = [*addons, *others]
    say(f"Tests: installing {', '.join(addons)} (log: {LOGS / 'install.log'})")
    database("new", stem)
    runs = []
    try:
        install = Run(
            "install",
            stem,
            f"--init={','.join([HELPER, *addons])}",
            timeout=timeout,
        )
        runs.append(install)
        if not install.start():
            return runs
        if not tags:
            make_assets(stem)
        for name in names:
            database("copy", stem, name)
        say(f"Tests: testing in {lanes} lanes (logs: {LOGS / 'test-*.log'})")
        with tempfile.TemporaryDirectory() as claims:
            tests = [
                Run(
                    f"test-{lane}",
                    name,
                    f"--test-tags={tags or ','.join(map('/{}'.format, tested))}",
                    timeout=timeout,
                    environment={
                        "CCHC_TEST_CLAIMS": claims,
                        "CCHC_TEST_OTHERS": ",".join(others),
                    },
                )
                for lane, name in enumerate(names)
            ]
            jobs = [[run.start] for run in tests]
            # The lane that does these takes fewer test classes.
            if demo:
                jobs[-1].insert(0, lambda: runs.extend(run_demo(addons, timeout)))
            for addon in glue:
                jobs[-1].insert(
                    0, lambda addon=addon: runs.append(run_glue(addon, stem, timeout))
                )
            side_by_side(jobs)
        runs += tests
    finally:
        for name in (stem, *names):
            database("drop", name)
    if not any(run.tests for run in tests):
        install.problems.append("no test ran")
    return runs


def run_glue(addon, stem, timeout):
    """Install an addon that joins others on a copy of the database, and test it."""
    name = f"{stem}_{addon}"
    database("copy", stem, name)
    try:
        run = Run(
            addon,
            name,
            f"--init={addon}",
            f"--test-tags=/{addon}",
            timeout=timeout,
        )
        run.start()
    finally:
        database("drop", name)
    if not run.tests:
        run.problems.append(f"no test of {addon} ran")
    return run


def side_by_side(lanes):
    """Does the jobs of each lane one after another, the lanes at the same time."""
    failures = []

    def work(jobs):
        try:
            for job in jobs:
                job()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(jobs,)) for jobs in lanes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def run_demo(addons, timeout):
    """Install with the demo data, update and test them: nothing may be logged.

    Tests about the demo data carry the tag `cchc_demo` instead of `standard`.
    """
    name = f"cchc_demo_{os.getpid()}"
    say("Tests: installing with demo data, then updating")
    database("new", name)
    try:
        database("allow_demo", name)
        install = Run("demo", name, f"--init={','.join(addons)}", timeout=timeout)
        install.start()
        database("only_our_demo", name)
        update = Run(
            "update",
            name,
            # As `make run` does; all that is installed follows.
            "--update=base",
            "--test-tags=cchc_demo",
            timeout=timeout,
        )
        update.start()
    finally:
        database("drop", name)
    if not update.tests:
        update.problems.append("no test of the demo data ran")
    return [install, update]


def class_of(line):
    return line["test"].rpartition(".")[0].removeprefix("odoo.addons.")


def show_times(runs, start):
    """Where the time went: the slowest test classes and when each run ended."""
    seconds, setups = Counter(), Counter()
    for run in runs:
        for line in [*run.tests, *run.setups]:
            # A class that could not be set up has no seconds.
            seconds[class_of(line)] += line.get("seconds", 0)
        for line in run.setups:
            setups[class_of(line)] += line["seconds"]
    say(f"Tests: {seconds.total():.0f} s of work, {setups.total():.0f} s in set-up")
    for name, took in seconds.most_common(SLOWEST):
        print(f"    {took:6.0f} s {name} (set-up {setups[name]:.0f} s)")
    for run in runs:
        print(f"    {run.log.stem} ended after {run.ended - start:.0f} s")


def show_problems(runs):
    """What was wrong, once more: the end of a long output is what people read."""
    for run in runs:
        for line in run.repeats:
            print(f"Done twice: {line['test']}: {line['reason']}"[:SHOWN_LETTERS])
        for test in run.tests:
            if test["outcome"] == "failed":
                print(f"FAILED {test['test']}: {test['reason'][-SHOWN_LETTERS:]}")
        for record in run.records[:SHOWN_RECORDS]:
            print(told(record)[:SHOWN_LETTERS])
        for problem in run.problems:
            print(f"The run failed: {problem}.")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--addons", required=True, help="names with commas between")
    parser.add_argument("--tags", default="", help="Odoo's --test-tags")
    parser.add_argument(
        "--glue", default="", help="addons tested apart, after the others"
    )
    parser.add_argument(
        "--others", default="", help="installed addons whose tests run as well"
    )
    parser.add_argument("--demo", action="store_true", help="try the demo data as well")
    parser.add_argument("--timeout", type=int, default=3600, help="seconds for a run")
    options = parser.parse_args()
    LOGS.mkdir(parents=True, exist_ok=True)

    start = time.monotonic()
    addons = options.addons.split(",")
    glue = [addon for addon in options.glue.split(",") if addon]
    others = [addon for addon in options.others.split(",") if addon]
    runs = run_tests(addons, options.tags, glue, others, options.demo, options.timeout)
    counts = sum((run.count() for run in runs), Counter())
    problems = [problem for run in runs for problem in run.problems]
    show_times(runs, start)
    say(f"Tests: {time.monotonic() - start:.0f} s")
    show_problems(runs)
    print(
        f"{counts['passed']} passed, {counts['failed']} failed, "
        f"{counts['skipped']} skipped",
        flush=True,
    )
    sys.exit(1 if problems or counts["failed"] else 0)


if __name__ == "__main__":
    main()
