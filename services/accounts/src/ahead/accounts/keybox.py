"""What AHEAD_ACCOUNTS_KEY_SECRET is used for: encryption at rest, links in mails, blind look-ups.

Every use has a key of its own, derived from the secret with HKDF: none tells anything about another.
"""

import base64
import hmac
import secrets

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class KeyBoxError(Exception):
    """Something encrypted can't be opened: AHEAD_ACCOUNTS_KEY_SECRET is not the one it was closed with."""


class KeyBox:
    def __init__(self, secret: str) -> None:
        self._fernet = Fernet(base64.urlsafe_b64encode(_derive(secret, b"at rest")))
        self._links = _derive(secret, b"mail links")
        self._blind = _derive(secret, b"blind index")

    def close(self, plain: bytes) -> str:
        return self._fernet.encrypt(plain).decode()

    def open(self, closed: str) -> bytes:
        try:
            return self._fernet.decrypt(closed.encode())
        except InvalidToken as error:
            raise KeyBoxError(
                "AHEAD_ACCOUNTS_KEY_SECRET is not the secret that the keys in the database were encrypted with"
            ) from error

    def link_token(self, purpose: str, link_id: str) -> str:
        """What stands in a mail's link; the database holds only the id."""
        return f"{link_id}.{self._link_signature(purpose, link_id)}"

    def link_id(self, purpose: str, token: str) -> str | None:
        """The id in a genuine token, None for anything else."""
        link_id, _, signature = token.partition(".")
        if len(token) > 200 or not token.isascii():
            return None
        return link_id if hmac.compare_digest(signature, self._link_signature(purpose, link_id)) else None

    def _link_signature(self, purpose: str, link_id: str) -> str:
        digest = hmac.digest(self._links, f"{purpose}:{link_id}".encode(), "sha256")
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")

    def blind(self, text: str) -> str:
        """A name for an address that can be compared but not read. 64 hexadecimal digits."""
        return hmac.new(self._blind, text.encode(), "sha256").hexdigest()


def _derive(secret: str, use: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=b"ahead accounts", info=use).derive(secret.encode())


def new_secret() -> str:
    """256 random bits, URL-safe."""
    return secrets.token_urlsafe(32)
