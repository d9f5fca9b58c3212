"""Names for what must not be read any more: always the same one, and nobody comes back from it."""

import hashlib

_BYTES = 16


class Blinding:
    """Keyed one-way names. Without the key nobody can tell, not even by trying, what stood there before."""

    def __init__(self, key: str) -> None:
        self._key = hashlib.sha256(key.encode()).digest()

    def subject(self, subject: str) -> str:
        """``a:<id>`` becomes ``a:erased-<32 hexadecimal digits>``: guests and accounts stay apart in reports."""
        kind, _, _ = subject.partition(":")
        return f"{kind}:erased-{self._name(b'subject', subject)}"

    def event_id(self, source: str, event_id: str) -> str:
        """The id of a grant is reckoned from who it was given to, so it would tell; a repetition has to meet
        itself all the same."""
        return f"erased-{self._name(b'event', f'{source}#{event_id}')}"

    def _name(self, use: bytes, text: str) -> str:
        return hashlib.blake2b(text.encode(), digest_size=_BYTES, key=self._key, person=use).hexdigest()
