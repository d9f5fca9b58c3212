"""The envelope: CloudEvents 1.0, structured JSON. Ids only: never personal data, never a text a user wrote
unless it is masked.
"""

from datetime import datetime
from typing import Any

import msgspec

from ahead.shared.clock import isoformat
from ahead.shared.events.subjects import parts_of, type_of
from ahead.shared.ids import uuid7
from ahead.shared.logging import request_id_var

MAX_BYTES = 64 * 1024
REQUIRED_DATA = ("plan", "period", "thing", "quantity")


class InvalidEvent(Exception):
    """A message that can't be read as an event; the text says why."""


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One event. ``subject`` is ``g:<id>`` or ``a:<id>``; ``data`` has plan, period, thing and quantity."""

    specversion: str = "1.0"
    id: str
    source: str
    type: str
    subject: str
    time: str
    datacontenttype: str = "application/json"
    requestid: str = ""
    data: dict[str, Any]

    @property
    def service(self) -> str:
        return self.source.rsplit("/", 1)[-1]

    @property
    def name(self) -> str:
        """The event without service and version, such as ``code.viewed``."""
        parts = parts_of(self.type)
        return parts[1] if parts else ""


def make_event(
    service: str,
    event: str,
    *,
    subject: str,
    plan: str,
    period: str,
    thing: str,
    at: datetime,
    quantity: int = 1,
    id: str | None = None,
    version: int = 1,
    **data: Any,
) -> Event:
    """An event of a service. Give ``id`` where a retry must meet itself (a grant); else it is a UUIDv7."""
    return Event(
        id=id or uuid7(),
        source=f"/ahead/{service}",
        type=type_of(service, event, version),
        subject=subject,
        time=isoformat(at),
        requestid=request_id_var.get(),
        data={"plan": plan, "period": period, "thing": thing, "quantity": quantity, **data},
    )


def message_id(event: Event) -> str:
    """What the broker de-duplicates by: ``source#id``."""
    return f"{event.source}#{event.id}"


def encode(event: Event) -> bytes:
    return msgspec.json.encode(event)


_decoder = msgspec.json.Decoder(Event)


def decode(body: bytes) -> Event:
    """Read and check an event.

    Raises:
        InvalidEvent: broken JSON, over 64 KiB, not CloudEvents 1.0, not one of our types, or data without
            plan, period, thing and a whole quantity of at least 1.
    """
    if len(body) > MAX_BYTES:
        raise InvalidEvent(f"too large: {len(body)} bytes, at most {MAX_BYTES}")
    try:
        event = _decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InvalidEvent(str(error)) from error
    if event.specversion != "1.0":
        raise InvalidEvent(f"specversion is {event.specversion!r}, not 1.0")
    parts = parts_of(event.type)
    if parts is None:
        raise InvalidEvent(f"unknown type {event.type[:100]!r}")
    if event.source != f"/ahead/{parts[0]}":
        raise InvalidEvent(f"source {event.source[:100]!r} doesn't belong to type {event.type}")
    if not event.id or len(event.id) > 64:
        raise InvalidEvent("id has to have 1 to 64 characters")
    if missing := [key for key in REQUIRED_DATA if key not in event.data]:
        raise InvalidEvent(f"data lacks {', '.join(missing)}")
    quantity = event.data["quantity"]
    if not isinstance(quantity, int) or isinstance(quantity, bool) or not 1 <= quantity <= 1_000_000:
        raise InvalidEvent("data.quantity has to be a whole number from 1 to 1,000,000")
    for key in ("plan", "period", "thing"):
        value = event.data[key]
        if not isinstance(value, str) or len(value) > 200:
            raise InvalidEvent(f"data.{key} has to be a text of at most 200 characters")
    try:
        moment = datetime.fromisoformat(event.time)
    except ValueError as error:
        raise InvalidEvent(f"time {event.time[:40]!r} is not RFC 3339") from error
    if moment.tzinfo is None:
        raise InvalidEvent(f"time {event.time[:40]!r} has no offset")
    return event
