"""A slow line: loading and working at 1 Mbit/s with 100 ms, beside stock Odoo.

A real server, and a Chromium whose network is slowed down over its debugging port. Our
list is My Work, the form a dossier; stock Odoo shows its contacts (the app Contacts in
a database without our addons), in the same run and through the same browser. Cold is
the first load of a new browser, warm the next one.
"""

import base64
import http.client
import itertools
import json
import os
import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import websocket
import world
from bench_http import _Server as _Prefork
from common import (
    ROOT,
    SETTINGS,
    STATE,
    database,
    environment,
    release,
    row,
    say,
    volume,
)

#: 1 Mbit/s in bytes, and the time to the server and back in ms
RATE, LATENCY = 1_000_000 / 8, 100
#: longest wait for a page, in seconds
PATIENCE = 300
#: nothing on the line for so long means that the page is there, in seconds
QUIET = 2
STOCK = "cchc_bench_line_stock"


#: What a page is made of; the rest goes on in the background for ever.
PARTS = frozenset({"Document", "Stylesheet", "Script", "XHR", "Fetch", "Font", "Image"})


def run(env):
    """Return the rows of the table of results."""
    ours = volume(SETTINGS.volume(50_000, 2_000), SETTINGS.volume(5_000, 200))
    release(ours)
    _make_stock()
    try:
        login = world.LOGIN.format("handler")
        sites = {
            "ours": (ours, login, world.PASSWORD, "/odoo/cchc-my-work"),
            "stock": (STOCK, "admin", "admin", "/odoo/contacts?view_type=list"),
        }
        seen = {name: _measure(*site) for name, site in sites.items()}
        plain = _measure(*sites["ours"], compress="0", only=("cold",))
    finally:
        database("drop", STOCK)
    rows = []
    for part, words in (
        ("cold", "first load with its list"),
        ("warm", "next load with its list"),
        ("list", "list page, the client being there"),
        ("form", "form opened from the list"),
    ):
        mine, theirs = seen["ours"][part], seen["stock"][part]
        say(f"{part}: ours {mine}, stock {theirs}")
        rows.append(
            row(
                f"1 Mbit/s, 100 ms: {words}",
                mine["seconds"],
                theirs["seconds"],
                "s",
                mine["seconds"] / theirs["seconds"],
                "≤ 1 of stock Odoo's Contacts" if part == "cold" else "≤ 2",
                mine["seconds"] <= (1 if part == "cold" else 2) * theirs["seconds"],
                f"{_kilo(mine)} in {mine['requests']} requests, beside it "
                f"{_kilo(theirs)} in {theirs['requests']}"
                + (
                    f"; unpacked it was {_kilo(plain[part])} in "
                    f"{plain[part]['seconds']:.0f} s"
                    if part == "cold"
                    else ""
                ),
            )
        )
    return rows


class _Server(_Prefork):
    """Without workers, so that the live channel needs no web server in front."""

    def __init__(self, name):
        super().__init__(name)
        self.command = [
            "--workers=0" if part.startswith("--workers") else part
            for part in self.command
        ]


def _kilo(seen):
    return f"{seen['bytes'] / 1000:,.0f} kB"


def _make_stock():
    """Make a database of stock Odoo with Contacts, as many as our list has rows."""
    database("drop", STOCK)
    database("new", STOCK)
    subprocess.run(
        [
            str(ROOT / "bin" / "odoo"),
            f"--database={STOCK}",
            "--init=contacts",
            "--load-language=vi_VN",
            "--stop-after-init",
            "--no-http",
            "--max-cron-threads=0",
            f"--logfile={STATE / 'log' / 'bench_line.log'}",
        ],
        check=True,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "CCHC_OWN_ADDONS": ""},
    )
    with environment(STOCK) as env:
        env["res.partner"].create(
            [{"name": f"Nguyễn Văn {number}"} for number in range(100)]
        )
        env.ref("base.user_admin").write({"lang": "vi_VN", "password": "admin"})
        env.cr.commit()
    release(STOCK)


def _measure(name, login, password, path, compress="1", only=None):
    """Return ``{part: {"seconds", "bytes", "requests"}}`` of one site."""
    _set_compress(name, compress)
    seen = {}
    with _Server(name) as server:
        cookie = _log_in(server.port, name, login, password)
        # Bundles are made by whoever asks first, and that is not what we measure.
        with _browser(server.port, cookie) as page:
            page.open(path)
        with _browser(server.port, cookie) as page:
            page.slow_down()
            seen["cold"] = page.timed(lambda: page.open(path))
            if only:
                return seen
            seen["warm"] = page.timed(lambda: page.open(path))
            page.open_row()
            seen["list"] = page.timed(page.go_back)
            seen["form"] = page.timed(page.open_row)
    return seen


def _set_compress(name, value):
    """Pack answers or not; stock Odoo has no such thing."""
    if name == STOCK:
        return
    with environment(name) as env:
        env["ir.config_parameter"].set_param("cchc_onestop.compress", value)
        env.cr.commit()
    release(name)


def _log_in(port, name, login, password):
    """Return the session cookie of a person."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    body = json.dumps(
        {
            "jsonrpc": "2.0",
            "params": {"db": name, "login": login, "password": password},
        }
    )
    connection.request(
        "POST",
        "/web/session/authenticate",
        body,
        {"Content-Type": "application/json"},
    )
    answer = connection.getresponse()
    payload = json.loads(answer.read())
    if "error" in payload:
        raise ValueError(payload["error"]["data"]["message"])
    return answer.getheader("Set-Cookie").split(";")[0].partition("=")[2]


@contextmanager
def _browser(port, cookie):
    """Start a Chromium with a new profile and give its page."""
    program = next(
        filter(None, map(shutil.which, ("google-chrome", "chromium", "chrome"))), None
    )
    if not program:
        raise RuntimeError("No Chromium: make test installs one.")
    profile = tempfile.mkdtemp(prefix="cchc_line_")
    process = subprocess.Popen(
        [
            program,
            *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"),
            *("--disable-dev-shm-usage", "--disable-extensions", "--lang=vi"),
            *("--remote-debugging-port=0", "--window-size=1366,768"),
            "--remote-allow-origins=*",
            f"--user-data-dir={profile}",
            "about:blank",
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        page = _Page(port, _debugger(profile))
        page.call(
            "Network.setCookie",
            name="session_id",
            value=cookie,
            url=f"http://127.0.0.1:{port}/",
        )
        yield page
        page.socket.close()
    finally:
        process.terminate()
        process.wait(30)
        shutil.rmtree(profile, ignore_errors=True)


def _debugger(profile):
    """Return the address of the debugging socket of the browser's first page."""
    port_file = Path(profile) / "DevToolsActivePort"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if port_file.exists() and port_file.read_text().count("\n"):
            port = int(port_file.read_text().split()[0])
            connection = http.client.HTTPConnection("127.0.0.1", port)
            connection.request("GET", "/json")
            pages = json.loads(connection.getresponse().read())
            for page in pages:
                if page["type"] == "page":
                    return page["webSocketDebuggerUrl"]
        time.sleep(0.1)
    raise RuntimeError("Chromium did not start.")


class _Page:
    """A page of Chromium, by its debugging protocol."""

    def __init__(self, port, address):
        self.base = f"http://127.0.0.1:{port}"
        self.socket = websocket.create_connection(address, timeout=PATIENCE)
        self.numbers = itertools.count(1)
        self.forget()
        self.call("Network.enable")
        self.call("Page.enable")
        self.call("Runtime.enable")

    def forget(self):
        self.bytes = self.requests = 0
        #: requests on the line; some of a page stay open for ever
        self.running = set()
        self.last = time.monotonic()

    # -- protocol
    def call(self, method, **params):
        """Call a method of the protocol and return its result."""
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            message = self.receive(PATIENCE)
            if message and message.get("id") == number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']['message']}")
                return message["result"]

    def receive(self, patience):
        """Return the next message, counting what goes over the line."""
        self.socket.settimeout(patience)
        try:
            message = json.loads(self.socket.recv())
        except websocket.WebSocketTimeoutException:
            return None
        params = message.get("params", {})
        match message.get("method"):
            case "Network.requestWillBeSent":
                if params.get("type") in PARTS:
                    self.running.add(params["requestId"])
                    self.last = time.monotonic()
            case "Network.dataReceived":
                if params["requestId"] in self.running:
                    self.last = time.monotonic()
            case "Network.loadingFinished":
                self.finish(params["requestId"], params["encodedDataLength"])
            case "Network.loadingFailed":
                self.finish(params["requestId"], 0)
        return message

    def finish(self, request, length):
        if request in self.running:
            self.running.discard(request)
            self.last = time.monotonic()
            self.bytes += length
            # What comes from the cache is no request on the line.
            self.requests += bool(length)

    def evaluate(self, expression):
        result = self.call(
            "Runtime.evaluate", expression=expression, returnByValue=True
        )
        return result["result"].get("value")

    # -- what a person does
    def slow_down(self):
        self.call(
            "Network.emulateNetworkConditions",
            offline=False,
            latency=LATENCY,
            downloadThroughput=RATE,
            uploadThroughput=RATE,
        )

    def timed(self, work):
        """Do something; return the seconds until the page stands, and its traffic."""
        self.forget()
        start = time.monotonic()
        work()
        return {
            "seconds": self.last - start,
            "bytes": self.bytes,
            "requests": self.requests,
        }

    def open(self, path):
        self.call("Page.navigate", url=self.base + path)
        self.wait(".o_list_view .o_data_row")

    def open_row(self):
        self.evaluate(
            "document.querySelector('.o_data_row .o_data_cell:nth-child(3)').click()"
        )
        self.wait(".o_form_view .o_form_sheet, .o_form_view .o_form_renderer")

    def go_back(self):
        self.evaluate(
            "document.querySelector('.o_back_button a, .breadcrumb-item a').click()"
        )
        self.wait(".o_list_view .o_data_row")

    def wait(self, selector):
        """Wait until an element is there and nothing goes over the line any more.

        Where the element comes after the last byte, its moment counts.
        """
        deadline = time.monotonic() + PATIENCE
        there = False
        while time.monotonic() < deadline:
            self.receive(0.05)
            if not there:
                there = self.evaluate(
                    f"!!document.querySelector({json.dumps(selector)})"
                )
                if there:
                    self.last = time.monotonic()
            elif time.monotonic() - self.last > QUIET:
                return
        picture = Path(STATE / "log" / "bench_line.png")
        picture.write_bytes(
            base64.b64decode(self.call("Page.captureScreenshot")["data"])
        )
        raise RuntimeError(
            f"{selector} did not come: see {picture.name} in .local/log."
        )
