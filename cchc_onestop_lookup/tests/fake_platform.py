"""A platform on this machine that plays back recorded answers.

It listens on 127.0.0.1 only, knows the people of ``recorded.json`` and writes down what
it was asked. Numbers that begin with 9 make it misbehave in the way named there.
"""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

RECORDED = json.loads(
    (Path(__file__).parent / "recorded.json").read_text(encoding="utf-8")
)
USER, PASSWORD, SESSION = "haitruong", "thu-nghiem", "phien-1"
#: Numbers that make the platform misbehave.
BROKEN, SLOW, DOWN, REFUSING, HUGE = (
    "045190999001",
    "045190999002",
    "045190999003",
    "045190999004",
    "045190999005",
)


class FakePlatform:
    """Serves recorded answers until it is stopped; ``asked`` is what it was asked."""

    def __init__(self):
        self.asked = []
        platform = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                length = int(self.headers.get("Content-Length") or 0)
                body = json.loads(self.rfile.read(length) or b"{}")
                status, content = platform.answer(self.path, body, self.headers)
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                try:
                    self.wfile.write(content)
                except (BrokenPipeError, ConnectionResetError):
                    # who asked lost patience, as a test wants
                    return

            def log_message(self, *args):
                """Say nothing: the log of the tests is theirs."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)

    def answer(self, path, body, headers):
        if path == "/login":
            if (body["username"], body["password"]) != (USER, PASSWORD):
                return 401, b"{}"
            return 200, json.dumps({"session": SESSION, "error_code": 0}).encode()
        if headers.get("Authorization") != f"Bearer {SESSION}":
            return 403, b"{}"
        self.asked.append(body)
        key = body.get("SoDinhDanh") or body.get("MaSoThue")
        if key == BROKEN:
            return 200, b"<html>bao tri he thong</html>"
        if key == SLOW:
            time.sleep(3)
        if key == DOWN:
            return 502, b"{}"
        if key == REFUSING:
            return 200, json.dumps(
                {"error_code": 17, "message": "Đơn vị chưa được cấp quyền"}
            ).encode()
        if key == HUGE:
            return 200, b"[" + b" " * (2 * 1024 * 1024) + b"]"
        found = RECORDED.get(body["service"], {}).get(key)
        if not found:
            return 200, json.dumps({"error_code": 404}).encode()
        return 200, json.dumps(
            {"error_code": 0, "ThoiDiemDuLieu": found["at"], "data": found["data"]}
        ).encode()
