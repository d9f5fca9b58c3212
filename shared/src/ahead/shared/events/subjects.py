"""Names of events and the JetStream subjects they travel on."""

import re

PREFIX = "ahead.events"
_PART = r"[a-z][a-z0-9_]*"
_TYPE = re.compile(rf"^{re.escape(PREFIX)}\.({_PART})\.({_PART}\.{_PART})\.v([1-9][0-9]*)$")


def type_of(service: str, event: str, version: int = 1) -> str:
    """``type_of("lookup", "code.viewed")`` is ``ahead.events.lookup.code.viewed.v1``: type and subject alike."""
    name = f"{PREFIX}.{service}.{event}.v{version}"
    if not _TYPE.match(name):
        raise ValueError(f"{name} is no event name")
    return name


def subject_of(service: str, event: str, version: int = 1) -> str:
    return type_of(service, event, version)


def parts_of(event_type: str) -> tuple[str, str, int] | None:
    """(service, event, version) of a type, or None where it isn't one of ours."""
    match = _TYPE.match(event_type)
    return (match[1], match[2], int(match[3])) if match else None
