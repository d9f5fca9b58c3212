"""What AHEAD_CONSULTANT_KEY_SECRET is used for: mail at rest, names for addresses, addresses to answer to.

Every use has a key of its own, derived from the secret with HKDF.
"""

import base64
import hmac
import re
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

# 43 characters: with a name and a plus before it still a local part that RFC 5321 allows (64).
_TAGGED = re.compile(r"^(?P<kind>[tbl])(?P<id>[a-z2-7]{26})(?P<signature>[a-z2-7]{16})$")


class KeyBoxError(Exception):
    """Something encrypted can't be opened: the secret is not the one it was closed with."""


class KeyBox:
    def __init__(self, secret: str) -> None:
        self._fernet = Fernet(base64.urlsafe_b64encode(_derive(secret, b"at rest")))
        self._blind = _derive(secret, b"blind index")
        self._reply = _derive(secret, b"reply addresses")

    def close(self, plain: bytes) -> bytes:
        return self._fernet.encrypt(plain)

    def open(self, closed: bytes) -> bytes:
        try:
            return self._fernet.decrypt(closed)
        except InvalidToken as error:
            raise KeyBoxError(
                "AHEAD_CONSULTANT_KEY_SECRET is not the secret that this mail was kept with"
            ) from error

    def blind(self, text: str) -> str:
        """A name for an address that can be compared but not read. 64 hexadecimal digits."""
        return hmac.new(self._blind, text.lower().encode(), "sha256").hexdigest()

    def tag(self, kind: str, item: str, sender: str) -> str:
        """The part behind the plus: kind (t thread, b bounce, l link), id, and a signature for one sender only.

        Args:
            item: a UUID.
        """
        plain = UUID(item).bytes
        return f"{kind}{_letters(plain)}{self._sign(kind, plain, sender)}"

    def read_tag(self, tag: str, kind: str, sender: str) -> str | None:
        """The id in a tag that was made for this sender; None for anything else."""
        item = self.claimed_tag(tag, kind)
        if item is None:
            return None
        signature = tag.lower()[-16:]
        if not hmac.compare_digest(signature, self._sign(kind, UUID(item).bytes, sender)):
            return None
        return item

    def claimed_tag(self, tag: str, kind: str) -> str | None:
        """The id that a tag says, not yet believed: `read_tag` tells whether it was made for somebody."""
        found = _TAGGED.match(tag.lower())
        if found is None or found["kind"] != kind:
            return None
        return str(UUID(bytes=base64.b32decode(found["id"].upper() + "======")))

    def _sign(self, kind: str, plain: bytes, sender: str) -> str:
        signed = b":".join((kind.encode(), plain, sender.lower().encode()))
        return _letters(hmac.digest(self._reply, signed, "sha256")[:10])


def _letters(plain: bytes) -> str:
    return base64.b32encode(plain).decode().rstrip("=").lower()


def _derive(secret: str, use: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=b"ahead consultant", info=use).derive(secret.encode())
