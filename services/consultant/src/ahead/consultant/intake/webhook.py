"""Mail in by webhook: a whole MIME message, signed, taken once.

Two forms, both signed with AHEAD_CONSULTANT_WEBHOOK_KEY (HMAC-SHA256, hexadecimal):

- a form with ``timestamp``, ``token`` and ``signature`` over timestamp + token, the message in ``body-mime`` (or
  ``email``), the envelope in ``sender`` and ``recipient`` (or as JSON in ``envelope``): as providers post raw mail;
- the message itself (``message/rfc822``), with ``Ahead-Timestamp``, ``Ahead-Token``, ``Ahead-Envelope-From``,
  ``Ahead-Envelope-To`` and ``Ahead-Signature`` over all four and the SHA-256 of the body, joined by line feeds.

A token is good for one message and a few minutes. Said again with the same message, as providers do who didn't hear
our answer, it is answered as before; with another message it is refused.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec
from litestar import Controller, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency

from ahead.consultant.handlers import AnyRequest
from ahead.consultant.intake.addresses import OurAddress
from ahead.consultant.intake.service import Intake, UsedBefore
from ahead.consultant.parts import Parts
from ahead.shared.errors import BadInput, Forbidden, NotFound
from ahead.shared.web.csrf import CSRF
from ahead.shared.web.rate_limit import RATE_LIMIT, RateLimit

FRESH = timedelta(minutes=5)
MOST_BODY = 110 << 20
_FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")


class Kept(msgspec.Struct):
    """``new`` is false where the very same message was kept before."""

    kept: bool
    new: bool


class TooLarge(BadInput):
    status_ = 413
    slug_ = "mail-too-large"
    title_ = "The mail is too large"


@dataclass(frozen=True)
class _Posted:
    timestamp: str
    token: str
    signature: str
    signed: str
    sender: str
    recipients: list[str]
    raw: bytes


class WebhookController(Controller):
    path = "/api/consultant/v1/inbound"
    include_in_schema = False

    @post(
        "/",
        status_code=200,
        request_max_body_size=MOST_BODY,
        opt={CSRF: False, RATE_LIMIT: RateLimit("consultant-inbound", per_minute=3_000, burst=1_000)},
    )
    async def take(
        self, request: AnyRequest, parts: NamedDependency[Parts], intake: NamedDependency[Intake]
    ) -> Kept:
        settings = parts.settings
        if not settings.webhook_key:
            raise NotFound("No mail is taken in here.")
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        posted = await _form(request) if kind in _FORMS else await _message(request)
        wanted = hmac.new(settings.webhook_key.encode(), posted.signed.encode(), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(wanted.encode(), posted.signature.lower().encode()):
            raise Forbidden("The signature is not right.")
        age = abs(int(parts.clock.now().timestamp()) - _seconds(posted.timestamp))
        if age > FRESH.total_seconds() or len(posted.token) < 16:
            raise Forbidden("The signature is too old, or its token too short.")
        if len(posted.raw) > settings.max_message_mb << 20:
            raise TooLarge(f"Mail of up to {settings.max_message_mb} MB is taken.")
        recipient = OurAddress(settings.address).recipient(posted.recipients)
        if not posted.raw.strip() or not recipient:
            raise BadInput("There is no message for a mailbox of ours.")
        try:
            new = await intake.accept(
                posted.raw, envelope_from=posted.sender, recipient=recipient, token=posted.token
            )
        except UsedBefore as error:
            raise Forbidden("The token was used for another message.") from error
        return Kept(kept=True, new=new)


async def _form(request: AnyRequest) -> _Posted:
    fields: dict[str, str] = {}
    raw = b""
    for name, value in (await request.form()).multi_items():
        if name in ("body-mime", "email"):
            raw = await value.read() if isinstance(value, UploadFile) else _bytes(str(value))
        elif isinstance(value, str):
            fields[name] = value
    envelope = _envelope(fields)
    timestamp, token = fields.get("timestamp", ""), fields.get("token", "")
    return _Posted(timestamp, token, fields.get("signature", ""), timestamp + token, *envelope, raw)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _envelope(fields: Mapping[str, str]) -> tuple[str, list[str]]:
    if "envelope" in fields:
        try:
            said: Any = msgspec.json.decode(fields["envelope"].encode("utf-8", "replace"))
            return str(said["from"]), [str(one) for one in said["to"]]
        except (msgspec.DecodeError, KeyError, TypeError) as error:
            raise BadInput("The envelope is no JSON with from and to.") from error
    return fields.get("sender", ""), [one.strip() for one in fields.get("recipient", "").split(",")]


async def _message(request: AnyRequest) -> _Posted:
    raw = await request.body()
    timestamp, token, sender, recipients = (
        request.headers.get(f"ahead-{name}", "")
        for name in ("timestamp", "token", "envelope-from", "envelope-to")
    )
    signed = "\n".join((timestamp, token, sender, recipients, hashlib.sha256(raw).hexdigest()))
    signature = request.headers.get("ahead-signature", "")
    split = [one.strip() for one in recipients.split(",")]
    return _Posted(timestamp, token, signature, signed, sender, split, raw)


def _seconds(timestamp: str) -> int:
    return int(timestamp) if timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 12 else 0
