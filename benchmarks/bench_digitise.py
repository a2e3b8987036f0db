"""Splitting a scanned stack of 300 pages by 40 separator sheets.

Beside a bare loop that renders every page at its full resolution and hands it to
zxing-cpp. Each runs in a process of its own, so that its peak memory is its own.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from common import SETTINGS, row, say

from odoo.addons.cchc_onestop.tools import picture_pdf
from odoo.addons.cchc_onestop_digitise.tests import papers

DPI = 200

#: What both processes run; ``looks`` is ours or the bare loop.
_MEASURE = """
import json, sys, time
sys.path[:], addons = json.loads(sys.argv[2])
{setup}
start = time.perf_counter()
found = looks(sys.argv[1])
seconds = time.perf_counter() - start
# The peak of getrusage is that of the parent when it forked.
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
peak = int(status["VmHWM"].split()[0]) / 1024
print(json.dumps([seconds, peak, found]))
"""
_OURS = """
import odoo.addons
odoo.addons.__path__ = addons
from odoo.addons.cchc_onestop_digitise.tools import pages
def looks(path):
    found, at = 0, 0
    total = pages.count(path)
    while at < total:
        for _number, look in pages.look(path, at, 20):
            found += bool(pages.separator(look))
            at += 1
    return found
"""
_BARE = """
import pypdfium2, zxingcpp
def looks(path):
    found = 0
    document = pypdfium2.PdfDocument(path)
    for page in document:
        picture = page.render(scale={dpi} / 72, grayscale=True).to_pil()
        found += any(code.valid for code in zxingcpp.read_barcodes(picture))
    return found
"""


def run(env):
    """Return the rows of the table of results."""
    count, separators = SETTINGS.volume((300, 40), (30, 4))
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(_stack(count, separators))
        file.flush()
        size = Path(file.name).stat().st_size / 2**20
        ours, peers = [], []
        for _repeat in range(SETTINGS.volume(3, 1)):
            ours.append(_measure(_OURS, file.name))
            peers.append(_measure(_BARE.format(dpi=DPI), file.name))
            say(f"split {ours[-1][0]:.1f} s, bare {peers[-1][0]:.1f} s")
    mine, peak, found = min(ours)
    bare, bare_peak, bare_found = min(peers)
    what = f"{count} pages, {separators} separators, {DPI} dpi, {size:.0f} MB"
    return [
        row(
            f"read a stack of {what}, beside bare zxing on whole pages",
            count / mine,
            count / bare,
            "pages/s",
            bare / mine,
            "≥ 1",
            mine <= bare and found == separators,
            f"{found} separators found, {bare_found} by the bare loop",
        ),
        row(
            "memory at most while a stack is read",
            peak,
            bare_peak,
            "MB",
            peak / bare_peak,
            "< 300 MB",
            peak < 300,
            "the process with Odoo's modules loaded, beside one without",
        ),
    ]


def _measure(setup, path):
    """Return seconds, peak memory in MB and separators found of a fresh process."""
    import odoo.addons

    done = subprocess.run(
        [
            sys.executable,
            "-c",
            _MEASURE.format(setup=setup),
            path,
            json.dumps([sys.path, list(odoo.addons.__path__)]),
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    return tuple(json.loads(done.stdout.splitlines()[-1]))


def _stack(count, separators):
    """Return a stack as scanned: grey JPEG pages with noise, sheets between."""
    every = count // separators
    sheets = []
    for number in range(count):
        if number % every == 0 and number // every < separators:
            code = f"H50.21-261123-{number // every:04d}"
            sheet = papers.separator(code, "GCN", DPI)
            turn = 180 if number % 3 else 1.5
        else:
            sheet, turn = papers.written(seed=number, dpi=DPI), 0
        sheets.append(papers.jpeg(papers.spoil(sheet, number, turn=turn), DPI))
    return picture_pdf.from_pictures(sheets)
