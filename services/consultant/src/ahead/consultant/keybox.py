"""What AHEAD_CONSULTANT_KEY_SECRET is used for: mail at rest, names for addresses, addresses to answer to.

Every use has a key of its own, derived from the secret with HKDF.
"""

import base64
import hmac
import re

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_TAGGED = re.compile(r"^(?P<kind>[tbl])-(?P<id>[0-9a-f]{32})-(?P<signature>[0-9a-f]{24})$")


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
        """The part behind the plus: kind (t thread, b bounce, l link), id, and a signature for one sender only."""
        plain = item.replace("-", "")
        return f"{kind}-{plain}-{self._sign(kind, plain, sender)}"

    def read_tag(self, tag: str, kind: str, sender: str) -> str | None:
        """The id in a tag that was made for this sender; None for anything else."""
        found = _TAGGED.match(tag.lower())
        if found is None or found["kind"] != kind:
            return None
        if not hmac.compare_digest(found["signature"], self._sign(kind, found["id"], sender)):
            return None
        plain = found["id"]
        return f"{plain[:8]}-{plain[8:12]}-{plain[12:16]}-{plain[16:20]}-{plain[20:]}"

    def _sign(self, kind: str, plain: str, sender: str) -> str:
        return hmac.digest(self._reply, f"{kind}:{plain}:{sender.lower()}".encode(), "sha256").hex()[:24]


def _derive(secret: str, use: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=b"ahead consultant", info=use).derive(secret.encode())
