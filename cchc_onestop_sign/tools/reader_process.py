"""The process that reads files for this one (plain Python, no ORM).

It is started by the first question, and again when it has ended. It belongs to one
process of Odoo: threads share it, a worker that was forked starts its own. It ends with
its owner, however that ends, since it waits on a socket that only the owner holds.
"""

import contextlib
import json
import logging
import os
import socket
import subprocess
import sys
import threading
import time

_logger = logging.getLogger(__name__)
#: Bytes of an answer that are read.
ANSWER = 1024**2


class Gone(Exception):
    """The process ended without an answer, twice."""


class TooLong(Exception):
    """The process did not answer in time."""


class ReaderProcess:
    """Asks a program, see ``pdf_reader``, that waits in a process of its own.

    :param Path program: file of Python, run without this process's surroundings
    :param float idle: seconds without any question after which it ends itself
    :param float margin: seconds beyond its limit after which it is taken to be stuck
    """

    def __init__(self, program, idle, margin=5):
        self.program = program
        self.idle = idle
        self.margin = margin
        self._lock = threading.Lock()
        self._control = None
        self._process = None
        os.register_at_fork(after_in_child=self._forked)

    @property
    def pid(self):
        """Number of the process, or None while there is none."""
        process = self._process
        return process.pid if process and process.returncode is None else None

    def _forked(self):
        """Leave the process to the one that started it."""
        self._lock = threading.Lock()
        if self._control:
            self._control.close()
        self._control = self._process = None

    # ------------------------------------------------------------------
    # Starting and ending
    # ------------------------------------------------------------------
    def start(self):
        """Start the process unless it runs; nobody waits until it is ready."""
        with self._lock, contextlib.suppress(Gone):
            self._start()

    def _start(self):
        if self._process and self._process.returncode is not None:
            self._drop()
        if self._control:
            return
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            with theirs:
                self._process = subprocess.Popen(
                    [sys.executable, "-I", str(self.program), str(self.idle)],
                    stdin=theirs,
                    stdout=subprocess.DEVNULL,
                    # Ctrl+C at a terminal is for its owner, who ends it in order.
                    start_new_session=True,
                    cwd="/",
                )
        except OSError as error:
            ours.close()
            _logger.warning("The process that checks files cannot start: %s", error)
            raise Gone from error
        ours.settimeout(self.margin)
        self._control = ours
        # Whenever it ends, no dead entry is left in the table of processes.
        threading.Thread(
            target=self._process.wait, name="cchc.reader.wait", daemon=True
        ).start()

    def stop(self):
        """End the process, and with it every question that it works on."""
        with self._lock:
            process = self._process
            self._drop()
        if process:
            process.wait()

    def _drop(self):
        if self._control:
            self._control.close()
            self._process.kill()
        self._control = self._process = None

    # ------------------------------------------------------------------
    # Asking
    # ------------------------------------------------------------------
    def ask(self, limits, question, wait):
        """Have one question answered in a child of the process.

        :param dict limits: what the program binds the child by
        :param bytes question: what the child reads
        :param float wait: seconds after which the child ends at the latest
        :return: number with which the child ended (negative: of a signal), its answer
        :raises TooLong: there was no answer in time
        :raises Gone: the process was ended from outside, also when started anew
        """
        with contextlib.suppress(Gone):
            return self._ask(limits, question, wait)
        # It may have ended itself just now, after its idle time.
        return self._ask(limits, question, wait)

    def _ask(self, limits, question, wait):
        with _pair() as (data, far_data), _pair() as (status, far_status):
            process = self._send(limits, far_data, far_status)
            far_data.close()
            far_status.close()
            try:
                return _exchange(data, status, question, wait + self.margin)
            except TimeoutError as error:
                self._end(process)
                raise TooLong from error
            except Gone:
                self._end(process)
                raise

    def _send(self, limits, *sockets):
        """Hand over the far ends of one question; return the process that has them."""
        message = [json.dumps(limits).encode()]
        with self._lock:
            self._start()
            try:
                socket.send_fds(
                    self._control, message, [each.fileno() for each in sockets]
                )
            except OSError as error:
                # It has just ended, or hangs.
                self._drop()
                raise Gone from error
            return self._process

    def _end(self, process):
        """Do without a process that is stuck or gone, unless another runs by now."""
        with self._lock:
            if self._process is process:
                self._drop()


@contextlib.contextmanager
def _pair():
    near, far = socket.socketpair()
    with near, far:
        yield near, far


def _exchange(data, status, question, wait):
    """Put a question and return how the child ended and what it said."""
    end = time.monotonic() + wait
    answer = bytearray()
    # A child that was ended reads no further; its number says why.
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        data.settimeout(wait)
        data.sendall(question)
        data.shutdown(socket.SHUT_WR)
        while chunk := _receive(data, end):
            answer += chunk
            if len(answer) > ANSWER:
                break
    data.close()
    code = _receive(status, end)
    if not code:
        raise Gone
    return int(code), bytes(answer)


def _receive(source, end):
    source.settimeout(max(end - time.monotonic(), 0.01))
    return source.recv(65536)
