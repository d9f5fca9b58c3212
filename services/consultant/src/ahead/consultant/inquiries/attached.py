"""Files that came with a question: read apart, masked, and kept with it for the coder who looks at it.

Their names are left out: they often are a patient's.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from time import monotonic

import msgspec

from ahead.consultant.reading import Attachment
from ahead.shared.extract import Limits, extract
from ahead.shared.phi import mask

MOST = 8
# For all of a mail together.
PATIENCE_S = 60.0
LIMITS = Limits(text=60_000)
# What mail programs add: no file that anybody attached.
_SIGNATURES = frozenset(
    ("application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature")
)
_TOLD = re.compile(
    r"\b(?:attach(?:ed|ment|ments)|enclosed|see (?:the )?(?:file|pdf|note|scan|document)s?)\b", re.IGNORECASE
)


class Attached(msgspec.Struct, frozen=True):
    """One file. ``why`` its text is missing or not whole, as `ahead.shared.extract` says it; ``text`` is masked."""

    kind: str
    size: int
    pages: int = 0
    text: str = ""
    why: str = ""

    @property
    def title(self) -> str:
        """For people: what it is, and what became of it."""
        kind = {"pdf": "PDF", "docx": "Word document", "text": "Text", "image": "Picture"}.get(
            self.kind, "File"
        )
        size = f"{self.pages} pages" if self.pages > 1 else f"{max(1, self.size // 1024)} KB"
        return f"{kind}, {size}" + (f": {self.why}" if self.why else "")


def read_attachments(attachments: Iterable[Attachment]) -> tuple[list[Attached], Counter[str]]:
    """(files, how many details of which kind were masked in them). Blocks; raises nothing."""
    until = monotonic() + PATIENCE_S
    read: list[Attached] = []
    counts: Counter[str] = Counter()
    for one in attachments:
        if one.type in _SIGNATURES:
            continue
        if len(read) >= MOST or monotonic() > until:
            read.append(Attached("other", one.size, why="not read"))
            continue
        found = extract(one.body, limits=LIMITS)
        masked = mask(found.text)
        counts.update(masked.counts)
        read.append(Attached(found.kind, one.size, found.pages, masked.text, found.why))
    return read[:100], counts


def digest_of(attachments: Iterable[Attachment]) -> str:
    """Two questions in the same words about different files are two questions."""
    return "".join(hashlib.sha256(one.body).hexdigest() for one in attachments if one.type not in _SIGNATURES)


def is_about(text: str, files: Sequence[Attached]) -> bool:
    """Whether the question is about what is in the files: nothing but a person reads those for it."""
    return bool(files) and _TOLD.search(text) is not None


def encode(files: Sequence[Attached]) -> str:
    return msgspec.json.encode(files).decode()


def decode(text: str) -> list[Attached]:
    return msgspec.json.decode(text.encode(), type=list[Attached])
