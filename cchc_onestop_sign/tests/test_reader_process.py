import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import zlib
from pathlib import Path

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pypdf import PdfWriter

from odoo.tests import BaseCase, tagged

from ..demo.authority import Authority
from ..tools import pdf_check, reader_process
from ..tools.pdf_check import READER, CheckFailed

LIMITS = {"seconds": 20, "wait": 30, "memory": pdf_check.MEMORY}
#: What Odoo does with the process, without Odoo: asks, says its number, waits.
OWNER = """
import sys, threading
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from reader_process import ReaderProcess
reader = ReaderProcess(Path(sys.argv[1]) / "pdf_reader.py", 600)
limits = {"seconds": 20, "wait": 60, "memory": 2 << 30}
question = b'{"roots": [], "others": [], "crls": []}\\n'
reader.ask(limits, question, 60)
bomb = question + Path(sys.argv[2]).read_bytes()
threading.Thread(target=reader.ask, args=(limits, bomb, 60), daemon=True).start()
print(reader.pid, flush=True)
sys.stdin.read()
"""


def _bomb(entries):
    """Return a PDF of some KB whose table has this many entries when it is unpacked."""
    table = zlib.compress(b"\x01\x00\x14\x00" * entries, 9)
    head = b"%PDF-1.5 /ByteRange\n1 0 obj\n<</Type/Catalog>>\nendobj\n"
    return b"".join(
        (
            head,
            b"2 0 obj\n<</Type/XRef/Size %d/W[1 2 1]/Root 1 0 R" % entries,
            b"/Filter/FlateDecode/Length %d>>\nstream\n" % len(table),
            table,
            b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF" % len(head),
        )
    )


def _children(pid):
    """Return the living children of a process."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = path.read_text().rpartition(")")[2].split()[:2]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(parent) == pid and state != "Z":
            found.append(int(path.parent.name))
    return found


def _memory(pid):
    """Return the bytes of memory of a process."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _files(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


@tagged("post_install", "-at_install")
class TestReaderProcess(BaseCase):
    """Files are read in children of a process that waits; none harms Odoo."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addClassCleanup(READER.stop)
        cls.authority = Authority()
        cls.signed = {name: cls._sign(name) for name in ("An", "Bình")}
        cls.bomb = _bomb(8_000_000)

    @classmethod
    def _sign(cls, name):
        writer = PdfWriter()
        writer.add_blank_page(595, 842)
        plain = io.BytesIO()
        writer.write(plain)
        signer = signers.SimpleSigner.load_pkcs12_data(
            cls.authority.pkcs12(*cls.authority.issue(name), "x"), [], b"x"
        )
        meta = signers.PdfSignatureMetadata(
            field_name="Ky1", subfilter=fields.SigSeedSubFilter.PADES
        )
        return signers.sign_pdf(
            IncrementalPdfFileWriter(plain), meta, signer
        ).getvalue()

    def _signers(self, content, **limits):
        return [facts["signer"] for facts in pdf_check.check(content, **limits)]

    def _refused(self, code, content, **limits):
        with self.assertRaises(CheckFailed) as caught:
            pdf_check.check(content, **limits)
        self.assertEqual(caught.exception.code, code)

    def _without_memory(self):
        """Have a file refused that takes more memory than it may."""
        with self.assertRaises(CheckFailed) as caught:
            pdf_check.check(_bomb(400_000), seconds=5, memory=100 * 1024**2)
        # Python may look for its last bytes so long that its time is over first.
        self.assertIn(caught.exception.code, ("unreadable", "too_long"))

    def _eventually(self, holds, what):
        end = time.monotonic() + 10
        while not holds():
            self.assertLess(time.monotonic(), end, what)
            time.sleep(0.02)

    def _reader(self, **values):
        reader = reader_process.ReaderProcess(
            **{"program": READER.program, "idle": 60, **values}
        )
        self.addCleanup(reader.stop)
        return reader

    def _question(self, content):
        head = {"roots": [], "others": [], "crls": []}
        return json.dumps(head).encode() + b"\n" + content

    def _in_thread(self, *asked):
        """Ask in a thread; return it and the list that takes how it ended."""
        ended = []

        def run():
            try:
                ended.append(self._signers(*asked))
            except CheckFailed as error:
                ended.append(error.code)

        def end():
            while thread.is_alive():
                READER.stop()
                thread.join(0.1)

        thread = threading.Thread(target=run)
        thread.start()
        self.addCleanup(end)
        return thread, ended

    # ------------------------------------------------------------------
    # One process, one child for each file
    # ------------------------------------------------------------------
    def test_one_process_reads_one_file_after_the_other(self):
        self.assertEqual(self._signers(self.signed["An"]), ["An"])
        self._eventually(lambda: not _children(READER.pid), "a child that is left")
        pid, here, there = READER.pid, _files("self"), _files(READER.pid)
        memory = _memory(pid)
        for name in ("Bình", "An", "Bình"):
            self.assertEqual(self._signers(self.signed[name]), [name])
        self._without_memory()
        self._refused("unreadable", b"%PDF-1.7 /ByteRange")
        self.assertEqual(READER.pid, pid)
        # What was read stays in the child: here nothing grew, nothing is open.
        self._eventually(lambda: not _children(pid), "children that are left")
        self._eventually(
            lambda: _files("self") <= here and _files(pid) <= there, "open files"
        )
        self.assertLess(_memory(pid), memory + 2 * 1024**2)

    def test_checks_of_several_threads(self):
        names = ["An", "Bình"] * 4
        asked = [self._in_thread(self.signed[name]) for name in names]
        for thread, _ended in asked:
            thread.join()
        self.assertEqual([ended for _thread, ended in asked], [[[n]] for n in names])

    def test_a_bomb_keeps_nobody_waiting(self):
        self._signers(self.signed["An"])
        bomb, _ended = self._in_thread(self.bomb)
        self._eventually(lambda: _children(READER.pid), "no child")
        self.assertEqual(self._signers(self.signed["An"]), ["An"])
        self.assertTrue(bomb.is_alive())

    # ------------------------------------------------------------------
    # Limits
    # ------------------------------------------------------------------
    def test_limits_of_a_child(self):
        self._signers(self.signed["An"])
        self._in_thread(self.bomb)
        self._eventually(lambda: _children(READER.pid), "no child")
        (child,) = _children(READER.pid)

        def limits():
            found = {}
            for line in Path(f"/proc/{child}/limits").read_text().splitlines()[1:]:
                found[line[:26].strip()] = line[26:].split()[:2]
            return found

        self._eventually(lambda: limits()["Max processes"] == ["0", "0"], "no limits")
        self.assertEqual(limits()["Max cpu time"], ["20", "21"])
        self.assertEqual(limits()["Max address space"], [str(2 * 1024**3)] * 2)
        self.assertEqual(limits()["Max file size"], ["0", "0"])
        self.assertEqual(limits()["Max core file size"], ["0", "0"])

    def test_work_without_end(self):
        self._refused("too_long", self.bomb, seconds=1)
        self.assertEqual(self._signers(self.signed["An"]), ["An"])

    def test_memory_without_end(self):
        self.assertEqual(self._signers(_bomb(400_000)), [])
        self._without_memory()
        self.assertEqual(self._signers(self.signed["An"]), ["An"])

    def test_time_of_waiting(self):
        code, _answer = self._reader().ask(
            {**LIMITS, "wait": 0.3}, self._question(self.bomb), 10
        )
        self.assertEqual(code, -signal.SIGALRM)

    # ------------------------------------------------------------------
    # What can happen to the process
    # ------------------------------------------------------------------
    def test_killed_between_two_checks(self):
        self._signers(self.signed["An"])
        pid = READER.pid
        os.kill(pid, signal.SIGKILL)
        self.assertEqual(self._signers(self.signed["An"]), ["An"])
        self.assertNotEqual(READER.pid, pid)
        self._eventually(lambda: not Path(f"/proc/{pid}").exists(), "a dead entry")

    def test_killed_during_a_check(self):
        self._signers(self.signed["An"])
        _thread, ended = self._in_thread(self.bomb)
        for _turn in range(2):
            self._eventually(lambda: READER.pid and _children(READER.pid), "no child")
            pid, (child,) = READER.pid, _children(READER.pid)
            os.kill(pid, signal.SIGKILL)
            self._eventually(
                lambda pid=pid, child=child: (
                    not Path(f"/proc/{child}").exists() and READER.pid != pid
                ),
                "a child without its parent",
            )
        self._eventually(lambda: ended, "still asking")
        self.assertEqual(ended, ["stopped"])
        self.assertEqual(self._signers(self.signed["An"]), ["An"])

    def test_process_that_hangs(self):
        reader = self._reader(margin=0.5)
        question = self._question(self.signed["An"])
        self.assertEqual(reader.ask(LIMITS, question, 30)[0], 0)
        pid = reader.pid
        os.kill(pid, signal.SIGSTOP)
        with self.assertRaises(reader_process.TooLong):
            reader.ask(LIMITS, question, 0.5)
        self._eventually(lambda: not Path(f"/proc/{pid}").exists(), "a dead entry")
        self.assertEqual(reader.ask(LIMITS, question, 30)[0], 0)

    def test_process_that_cannot_start(self):
        reader = self._reader(program=Path("/nowhere/pdf_reader.py"))
        with self.assertRaises(reader_process.Gone):
            reader.ask(LIMITS, self._question(b""), 10)

    def test_nothing_to_do(self):
        reader = self._reader(idle=0.2)
        question = self._question(self.signed["An"])
        self.assertEqual(reader.ask(LIMITS, question, 30)[0], 0)
        pid = reader.pid
        self._eventually(lambda: not Path(f"/proc/{pid}").exists(), "it did not end")
        self.assertIsNone(reader.pid)
        self.assertEqual(reader.ask(LIMITS, question, 30)[0], 0)

    # ------------------------------------------------------------------
    # Its owner
    # ------------------------------------------------------------------
    def test_worker_forked_from_one_that_has_checked(self):
        self._signers(self.signed["An"])
        pid = READER.pid
        source, target = os.pipe()
        worker = os.fork()
        if not worker:
            # The other side of the fork: it answers by the pipe and never goes on.
            try:
                found = [READER.pid, self._signers(self.signed["Bình"]), READER.pid]
                os.write(target, json.dumps(found).encode())
            finally:
                os._exit(0)
        os.close(target)
        with open(source, "rb") as pipe:
            before, found, theirs = json.loads(pipe.read())
        os.waitpid(worker, 0)
        self.assertIsNone(before)
        self.assertEqual(found, ["Bình"])
        self.assertNotEqual(theirs, pid)
        self._eventually(lambda: not Path(f"/proc/{theirs}").exists(), "left alone")
        self.assertEqual(READER.pid, pid)
        self.assertEqual(self._signers(self.signed["An"]), ["An"])

    def test_ends_with_its_owner_however_that_ends(self):
        folder = self.enterContext(tempfile.TemporaryDirectory())
        bomb = Path(folder) / "bomb.pdf"
        bomb.write_bytes(self.bomb)
        for ending in (signal.SIGKILL, signal.SIGTERM, None):
            with (
                self.subTest(ending),
                subprocess.Popen(
                    [sys.executable, "-c", OWNER, str(READER.program.parent), bomb],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                ) as owner,
            ):
                pid = int(owner.stdout.readline())
                self._eventually(lambda pid=pid: _children(pid), "no child")
                (child,) = _children(pid)
                if ending:
                    owner.send_signal(ending)
                else:
                    owner.stdin.close()
                for left in (pid, child):
                    self._eventually(
                        lambda left=left: not Path(f"/proc/{left}").exists(),
                        "a process without its owner",
                    )
