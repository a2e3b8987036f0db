"""A signing service for tests, on this machine: certificate and signature of a hash."""

import base64
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from asn1crypto import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from pyhanko.keys import load_private_key_from_pemder_data
from pyhanko.sign.timestamps import DummyTimeStamper


class SigningService:
    """Serves one credential and a time-stamp authority.

    :attr:`mood`: ``ok``, ``down`` (errors 503), ``refuse``, ``nonsense``, ``forge``
    """

    def __init__(self, authority, name, token):
        self.authority, self.token, self.mood = authority, token, "ok"
        self.certificate, self.key = authority.issue(name)
        self.requests = []
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status, kind, answer = service.answer(self.path, body, self.headers)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *args):
                """Keep the log of the tests clean."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        """Stop serving."""
        self.server.shutdown()
        self.server.server_close()

    def answer(self, path, body, headers):
        """Return status, kind and bytes of the answer to one request."""
        if path == "/tsa":
            return 200, "application/timestamp-reply", self._stamp(body)
        self.requests.append((path, json.loads(body), headers.get("Authorization")))
        status, answer = self._json(path, json.loads(body))
        return status, "application/json", json.dumps(answer).encode()

    def _json(self, path, request):
        if self.mood == "down":
            return 503, {}
        if self.mood == "nonsense":
            return 200, ["?"]
        if self.mood == "refuse":
            return 403, {"error": "Người ký đã từ chối"}
        if path == "/certificate":
            return 200, {
                "certificate": self._base64(self.authority.der(self.certificate)),
                "chain": [self._base64(self.authority.der(self.authority.cert))],
            }
        key = self.authority.issue("x")[1] if self.mood == "forge" else self.key
        signature = key.sign(
            base64.b64decode(request["digest"]),
            ec.ECDSA(utils.Prehashed(hashes.SHA256())),
        )
        return 200, {"signature": self._base64(signature)}

    def _stamp(self, body):
        from asn1crypto import tsp  # noqa: PLC0415
        from cryptography.hazmat.primitives import serialization  # noqa: PLC0415

        certificate, key = self.authority.issue("Dấu thời gian thử", tsa=True)
        stamper = DummyTimeStamper(
            x509.Certificate.load(self.authority.der(certificate)),
            load_private_key_from_pemder_data(
                key.private_bytes(
                    serialization.Encoding.DER,
                    serialization.PrivateFormat.PKCS8,
                    serialization.NoEncryption(),
                ),
                None,
            ),
            certs_to_embed=[
                x509.Certificate.load(self.authority.der(self.authority.cert))
            ],
        )
        return stamper.request_tsa_response(tsp.TimeStampReq.load(body)).dump()

    @staticmethod
    def _base64(content):
        return base64.b64encode(content).decode()
