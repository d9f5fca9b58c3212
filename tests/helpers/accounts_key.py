"""A stand-in address of accounts that publishes a key, and a token that this key signed."""

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


@contextmanager
def published_key(plan: str = "free", account: str = "a:one") -> Generator[tuple[str, str]]:
    """Gives the address and a token of a confirmed account on that plan."""
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

    claims = {
        "iss": "ahead-accounts", "aud": "ahead", "sub": account, "iat": time.time(), "exp": time.time() + 300,
        "plan": plan, "roles": [], "sid": "s1", "guest": None, "confirmed": True,
    }  # fmt: skip
    with ThreadingHTTPServer(("127.0.0.1", 0), Published) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        token = jwt.encode(claims, private, algorithm="EdDSA", headers={"kid": "k1"})
        yield f"http://127.0.0.1:{server.server_port}", token
        server.shutdown()
