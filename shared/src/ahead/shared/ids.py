"""Identifiers: time-ordered random ones, and deterministic ones where a retry must meet itself."""

import os
import time
import uuid

# Fixed for ever: deterministic ids that were handed out must come out equal after any upgrade.
_NAMESPACE = uuid.UUID("5b6f6a0e-6c0e-5d6f-9a53-5d3a6f0f2c11")


def uuid7() -> str:
    """A UUIDv7 (RFC 9562): 48 bits of Unix milliseconds, then random bits."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & 0xFFFF_FFFF_FFFF) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=value))


def deterministic_id(*parts: str) -> str:
    """The same UUIDv5 for the same parts, in any process, for ever.

    Parts are length-prefixed, so that ("ab", "c") and ("a", "bc") differ.
    """
    return str(uuid.uuid5(_NAMESPACE, "".join(f"{len(part)}:{part}" for part in parts)))
