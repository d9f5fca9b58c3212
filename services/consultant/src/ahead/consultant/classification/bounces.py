"""Which addresses a bounce says can't be reached: its machine-readable report first, then what people made of it."""

import logging
import re
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import compat32
from typing import Any

from ahead.consultant.reading import read_message

_RECIPIENT = re.compile(
    r"^(Final|Original)-Recipient\s*:\s*(?:[\w-]+\s*;)?\s*<?([^\s<>;]+@[^\s<>;]+)>?",
    re.IGNORECASE | re.MULTILINE,
)
_ACTION = re.compile(r"^Action\s*:\s*(\w+)", re.IGNORECASE | re.MULTILINE)
_COMPLAINT = re.compile(
    r"^(?:Original-Rcpt-To|Removal-Recipient)\s*:\s*<?([^\s<>]+@[^\s<>]+)>?", re.IGNORECASE | re.MULTILINE
)
# So much of a bounce in a private format is looked at: its own words come first, the mail it returns behind.
MAX_BYTES, MAX_LINES = 200_000, 4_000
# It logs a traceback, with parts of the mail, for each broken header that one of its detectors meets.
logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)


@dataclass(frozen=True)
class Failures:
    """Addresses in lower case: those to stop mailing, those only delayed, those who complained (ARF)."""

    permanent: frozenset[str] = frozenset()
    temporary: frozenset[str] = frozenset()
    complained: frozenset[str] = frozenset()


def failures_in(raw: bytes) -> Failures:
    """The failing addresses of a bounce or complaint; empty for other mail. Raises nothing."""
    message = read_message(raw)
    permanent: set[str] = set()
    temporary: set[str] = set()
    complained: set[str] = set()
    for kind, text in message.parts:
        if kind.endswith("delivery-status"):
            named = {field.lower(): address.lower() for field, address in _RECIPIENT.findall(text)}
            # The address that was mailed, before a server along the way rewrote it.
            address = named.get("original") or named.get("final") or ""
            addresses = {address} if address and ".." not in address else set[str]()
            action = _ACTION.search(text)
            if action and action[1].lower() == "failed":
                permanent |= addresses
            elif action and action[1].lower() == "delayed":
                temporary |= addresses
        elif kind == "message/feedback-report":
            complained |= {found.lower() for found in _COMPLAINT.findall(text)}
    if not (permanent or temporary or complained):
        permanent, temporary = _by_many_formats(raw)
    return Failures(frozenset(permanent), frozenset(temporary - permanent), frozenset(complained))


def _by_many_formats(raw: bytes) -> tuple[set[str], set[str]]:
    """flufl.bounce knows the private formats of some twenty mail servers."""
    from flufl.bounce import all_failures  # slow to import, seldom needed

    head = b"\n".join(raw[:MAX_BYTES].split(b"\n", MAX_LINES)[:MAX_LINES])
    try:
        found: Any = all_failures(message_from_bytes(head, policy=compat32))
    except Exception:  # whatever a hostile mail makes it raise: then nobody is named
        return set(), set()
    temporary, permanent = (
        {text for text in map(_text, group) if "@" in text and ".." not in text} for group in found
    )
    return permanent, temporary


def _text(address: Any) -> str:
    text = address.decode("ascii", "replace") if isinstance(address, bytes) else str(address)
    return text.strip("<> ").lower()
