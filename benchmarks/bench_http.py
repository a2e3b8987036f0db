"""Accepting over HTTP: 8 desk officers at 2 workers, with 1,000,000 dossiers.

A real server. Each client has a session and does what the button of the reception
screen does, one after the other without a pause: saves the draft with its parts, then
accepts it. Beside it, by the same clients and in turns, tickets of the peer.
"""

import http.client
import json
import os
import signal
import socket
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

import world
from common import (
    ROOT,
    SETTINGS,
    STATE,
    environment,
    percentile,
    release,
    row,
    say,
    volume,
)

CLIENTS = 8
WORKERS = 2


def run(env):
    """Return the rows of the table of results."""
    dossiers = SETTINGS.volume(1_000_000, 10_000)
    name = volume(dossiers, SETTINGS.volume(100_000, 1_000))
    with environment(name) as volume_env:
        found = world.find(volume_env)
        draft, ticket = world.draft_values(found), world.ticket_values(found)
        company = found.company.id
    release(name)
    each = SETTINGS.volume(20, 3)
    ours, peer, errors = {"save": [], "accept": []}, [], []
    with _Server(name) as server, ThreadPoolExecutor(CLIENTS) as pool:
        clients = [_Client(server.port, name, company) for _each in range(CLIENTS)]
        list(pool.map(lambda client: client.work(draft, ticket, 2), clients))  # warm
        for client in clients:
            client.forget()
        for _turn in range(3):
            list(pool.map(lambda client: client.accept_many(draft, each), clients))
            list(pool.map(lambda client: client.create_many(ticket, each), clients))
        for client in clients:
            ours["save"] += client.saves
            ours["accept"] += client.accepts
            peer += client.tickets
            errors += client.errors
    both = [sum(pair) for pair in zip(ours["save"], ours["accept"], strict=True)]
    p95, theirs = percentile(both, 0.95), percentile(peer, 0.95)
    parts = [percentile(ours[part], 0.95) for part in ("save", "accept")]
    for error in errors[:3]:
        say(f"error: {error}")
    return [
        row(
            f"accept one dossier over HTTP, {CLIENTS} clients, {WORKERS} workers, "
            f"{dossiers:,} dossiers, p95",
            p95,
            theirs,
            "ms",
            p95 / theirs,
            "p95 ≤ 300 ms, 0 errors",
            p95 <= 300 and not errors,
            f"{len(both)} accepted, {len(errors)} errors; save {parts[0]:.0f} ms + "
            f"accept {parts[1]:.0f} ms (p95 of each); beside it a ticket; load "
            f"{os.getloadavg()[0]:.1f} on {os.cpu_count()} cores",
        )
    ]


class _Server:
    """``bin/odoo`` with workers, on free ports, for one database."""

    def __init__(self, name):
        sockets = [socket.socket() for _each in range(2)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        self.port, gevent = (each.getsockname()[1] for each in sockets)
        for each in sockets:
            each.close()
        self.command = [
            str(ROOT / "bin" / "odoo"),
            f"--database={name}",
            f"--db-filter=^{name}$",
            f"--workers={WORKERS}",
            f"--http-port={self.port}",
            f"--gevent-port={gevent}",
            "--max-cron-threads=0",
            "--log-level=warn",
            f"--logfile={STATE / 'log' / 'bench_http.log'}",
        ]

    def __enter__(self):
        self.process = subprocess.Popen(
            self.command, stdin=subprocess.DEVNULL, start_new_session=True
        )
        deadline = time.monotonic() + 180
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port)
                connection.request("GET", "/web/health")
                if connection.getresponse().status == 200:
                    return self
            except OSError:
                time.sleep(0.5)
        self.__exit__()
        raise RuntimeError("The server did not start: see .local/log/bench_http.log.")

    def __exit__(self, *failure):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()


class _Client:
    """A desk officer's web client: one session, one connection."""

    def __init__(self, port, database, company):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.headers = {"Content-Type": "application/json"}
        self.context = {
            "lang": "vi_VN",
            "tz": "Asia/Ho_Chi_Minh",
            "allowed_company_ids": [company],
        }
        self.forget()
        login = {
            "db": database,
            "login": world.LOGIN.format("desk"),
            "password": world.PASSWORD,
        }
        _result, answer = self.post("/web/session/authenticate", login)
        cookie = answer.getheader("Set-Cookie").split(";")[0]
        self.headers["Cookie"] = cookie

    def forget(self):
        self.saves, self.accepts, self.tickets, self.errors = [], [], [], []

    def work(self, draft, ticket, count):
        self.accept_many(draft, count)
        self.create_many(ticket, count)

    def accept_many(self, draft, count):
        for _each in range(count):
            save, saved = self.timed("cchc.dossier", "web_save", [[], draft], {})
            if saved is None:
                continue
            accept, accepted = self.timed(
                "cchc.dossier", "action_accept", [[saved[0]["id"]]]
            )
            if accepted is not None:
                self.saves.append(save)
                self.accepts.append(accept)

    def create_many(self, ticket, count):
        for _each in range(count):
            seconds, saved = self.timed("helpdesk.ticket", "web_save", [[], ticket], {})
            if saved is not None:
                self.tickets.append(seconds)

    def timed(self, model, method, arguments, specification=None):
        """Return the milliseconds of a call and its result, ``None`` for an error."""
        options = {"context": self.context}
        if specification is not None:
            options["specification"] = specification
        start = time.perf_counter()
        try:
            result, _answer = self.post(
                f"/web/dataset/call_kw/{model}/{method}",
                {
                    "model": model,
                    "method": method,
                    "args": arguments,
                    "kwargs": options,
                },
            )
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.errors.append(str(error))
            self.connection.close()
            result = None
        return 1000 * (time.perf_counter() - start), result

    def post(self, path, parameters):
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": parameters})
        self.connection.request("POST", path, body, self.headers)
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise ValueError(f"{path}: HTTP status {answer.status}")
        payload = json.loads(text)
        if "error" in payload:
            raise ValueError(payload["error"]["data"].get("message"))
        return payload["result"], answer
