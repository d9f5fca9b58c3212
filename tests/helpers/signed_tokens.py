"""Tokens as accounts signs them, without accounts: a key published at an address of its own."""

import json
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


class Signer:
    """`url` is what AHEAD_URL_ACCOUNTS is set to."""

    def __init__(self, url: str, key: Ed25519PrivateKey) -> None:
        self.url = url
        self._key = key

    def token(self, subject: str = "a:one", **claims: Any) -> str:
        """A token of an account of the free plan, valid for an hour; `claims` are added or win."""
        now = time.time()
        known = {
            "iss": "ahead-accounts", "aud": "ahead", "sub": subject, "iat": now, "exp": now + 3_600,
            "plan": "free", "roles": [], "sid": "s1", "guest": None, "confirmed": True,
        }  # fmt: skip
        return jwt.encode(known | claims, self._key, algorithm="EdDSA", headers={"kid": "k1"})


@contextmanager
def signer() -> Generator[Signer]:
    private = Ed25519PrivateKey.generate()
    x = urlsafe_b64encode(private.public_key().public_bytes_raw()).rstrip(b"=").decode()
    key = {"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": "k1", "x": x}
    body = json.dumps({"keys": [key]}).encode()

    class Published(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Published) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Signer(f"http://127.0.0.1:{server.server_port}", private)
        server.shutdown()
