"""Identifiers: time-ordered random ones, and deterministic ones where a retry must meet itself."""

import os
import time
import uuid

# Fixed for ever: deterministic ids that were handed out must come out equal after any upgrade.
_NAMESPACE = uuid.UUID("5b6f6a0e-6c0e-5d6f-9a53-5d3a6f0f2c11")

# The bits of a UUID that name its version and variant, and what they are in a UUIDv7.
_FIXED = 0xF << 76 | 0x3 << 62
_VERSION_7 = 0x7 << 76 | 0x2 << 62


def uuid7() -> str:
    """A UUIDv7 (RFC 9562): 48 bits of Unix milliseconds, then random bits."""
    return uuid7s(1)[0]


def uuid7s(count: int) -> list[str]:
    """Several at once, which costs far less than one after the other; in ascending order."""
    milliseconds = time.time_ns() // 1_000_000 << 80
    random = os.urandom(10 * count)
    made: list[str] = []
    for start in range(0, 10 * count, 10):
        value = milliseconds | int.from_bytes(random[start : start + 10], "big")
        text = f"{value & ~_FIXED | _VERSION_7:032x}"
        made.append(f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}")
    made.sort()
    return made


def deterministic_id(*parts: str) -> str:
    """The same UUIDv5 for the same parts, in any process, for ever.

    Parts are length-prefixed, so that ("ab", "c") and ("a", "bc") differ.
    """
    return str(uuid.uuid5(_NAMESPACE, "".join(f"{len(part)}:{part}" for part in parts)))
