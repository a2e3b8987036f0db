"""Writes what a test run did, line by line as JSON, to the file CCHC_TEST_REPORT.

Odoo's own closing line counts a test with three failing subtests as three failures and
says nothing of skipped tests or of warnings; here each test is one line with one
outcome, and each logged WARNING or worse is one line whatever logger it came from.

What setting up a class takes is one line too. A test that Odoo does once more because
it failed is one line of kind `repeat` for what failed and one for how it ended.

Records that are not ours and cannot be kept from being logged (`TOLERATED`) are lowered
to INFO, so that neither a run nor a test fails for them.

Runs that share the folder CCHC_TEST_CLAIMS share the work: each test class is run by
the first that comes to it. Those that use the web server or a browser come first, being
the longest, lest one run wait for another at the end.
"""

import json
import logging
import os
import re
import time

from odoo.tests.common import HttpCase
from odoo.tests.result import OdooTestResult
from odoo.tests.suite import OdooSuite

# What the logger's name ends with, what is found in the message, and why.
TOLERATED = [
    (
        ".browser",
        "received after termination",
        "a browser test that is over closes its page while the page still loads things",
    ),
    (
        "",
        "^Killing chrome headless with pid|^Error during browser shutdown"
        "|^A child process was found, terminating it: .*name='chrom",
        "a browser that takes more than five seconds to end, on a busy machine",
    ),
    (
        "odoo.tests.result",
        " of 0 tests when loading database",
        "a lane that finds no test class left has nothing to do",
    ),
]


class Recorder:
    def __init__(self, path):
        self._file = open(path, "a", encoding="utf-8", buffering=1)
        self._pid = os.getpid()

    def write(self, kind, **values):
        if os.getpid() == self._pid:
            self._file.write(json.dumps({"kind": kind, **values}) + "\n")


class RecordingHandler(logging.Handler):
    def __init__(self, recorder):
        # Odoo lowers what a test logs that it may do once more: to INFO, and `_ERROR`.
        super().__init__(logging.INFO)
        self.recorder = recorder
        self.setFormatter(logging.Formatter())

    def emit(self, record):
        if record.levelname.startswith("_"):
            RecordingResult.note_lowered(self.format(record))
        if record.levelno < logging.WARNING:
            return
        self.recorder.write(
            "log",
            level=record.levelname,
            logger=record.name,
            message=self.format(record),
            running=RecordingResult.running and RecordingResult.running["test"],
        )


def tolerate():
    """Lower the records of `TOLERATED` to INFO, whoever makes them."""
    original = logging.getLogRecordFactory()

    def factory(*args, **kwargs):
        record = original(*args, **kwargs)
        if record.levelno >= logging.WARNING and _tolerated(record):
            record.levelno, record.levelname = logging.INFO, "INFO"
        return record

    logging.setLogRecordFactory(factory)


def _tolerated(record):
    return any(
        record.name.endswith(logger) and re.search(text, record.getMessage())
        for logger, text, _why in TOLERATED
    )


class RecordingResult:
    """Wraps the methods of Odoo's test result."""

    recorder = None
    running = None

    @classmethod
    def install(cls, recorder):
        cls.recorder = recorder
        for name in ("startTest", "stopTest", "addError", "addFailure", "addSkip"):
            setattr(OdooTestResult, name, cls._wrap(name))

    @classmethod
    def _wrap(cls, name):
        original = getattr(OdooTestResult, name)
        note = getattr(cls, f"_note_{name}")

        def method(result, test, *args):
            note(result, test, *args)
            return original(result, test, *args)

        return method

    @classmethod
    def _note_startTest(cls, result, test):
        cls.running = {
            "test": test.id(),
            "outcome": "passed",
            "reason": "",
            "start": _seconds(),
            # Why Odoo will do it once more: None when this is the last time.
            "lowered": [] if result._soft_fail else None,
        }

    @classmethod
    def _note_stopTest(cls, result, test):
        done, cls.running = cls.running, None
        seconds = round(_seconds() - done.pop("start"), 2)
        lowered = done.pop("lowered")
        if lowered:
            reason = "\n".join(lowered)
            cls.recorder.write(
                "repeat", test=done["test"], reason=reason, seconds=seconds
            )
        else:
            cls.recorder.write("test", **done, seconds=seconds)

    @classmethod
    def note_lowered(cls, message):
        if cls.running and cls.running["lowered"] is not None:
            cls.running["lowered"].append(message)

    @classmethod
    def _note_outcome(cls, test, outcome, reason):
        if cls.running:
            cls.running.update(outcome=outcome, reason=reason)
        else:
            # Outside of any test: setUpClass, tearDownClass or a skipped class.
            cls.recorder.write("test", test=str(test), outcome=outcome, reason=reason)

    @classmethod
    def _note_addFailure(cls, result, test, error):
        # A soft failure is logged, tried again by Odoo and only then counted.
        if not result._soft_fail:
            cls._note_outcome(test, "failed", str(error[1]))

    _note_addError = _note_addFailure

    @classmethod
    def _note_addSkip(cls, result, test, reason):
        cls._note_outcome(test, "skipped", reason)


def _seconds():
    """Return the seconds of a clock that no test can freeze."""
    return time.clock_gettime(time.CLOCK_MONOTONIC)


class SetUpTimer:
    """Notes how long the set-up of each test class takes."""

    @classmethod
    def install(cls, recorder):
        original = OdooSuite._handleClassSetUp

        def handle(suite, test, result):
            start = _seconds()
            original(suite, test, result)
            if result._previousTestClass is not type(test):
                recorder.write(
                    "set-up",
                    test=f"{name_of(type(test))}.setUpClass",
                    seconds=round(_seconds() - start, 2),
                )

        OdooSuite._handleClassSetUp = handle


def name_of(kind):
    return f"{kind.__module__}.{kind.__qualname__}"


class Claims:
    """The tests of a suite whose class no other run has begun, decided on the way."""

    def __init__(self, folder, tests):
        self._folder = folder
        self._tests = sorted(tests, key=self._turn)

    @staticmethod
    def _turn(test):
        return (getattr(test, "test_sequence", 0), not isinstance(test, HttpCase))

    def __iter__(self):
        decided = {}
        for test in self._tests:
            kind = name_of(type(test))
            if kind not in decided:
                decided[kind] = self._claim(kind)
            if decided[kind]:
                yield test

    def _claim(self, kind):
        try:
            open(os.path.join(self._folder, kind), "x").close()
        except FileExistsError:
            return False
        return True

    @classmethod
    def install(cls, folder):
        original = OdooSuite.run

        def run(suite, result, debug=False):
            suite._tests = cls(folder, suite._tests)
            return original(suite, result, debug)

        OdooSuite.run = run


if os.environ.get("CCHC_TEST_CLAIMS"):
    Claims.install(os.environ["CCHC_TEST_CLAIMS"])
if os.environ.get("CCHC_TEST_REPORT"):
    _recorder = Recorder(os.environ["CCHC_TEST_REPORT"])
    RecordingResult.install(_recorder)
    SetUpTimer.install(_recorder)
    tolerate()
    logging.getLogger().addHandler(RecordingHandler(_recorder))
