"""The stream and its consumers, declared in one explicit step: subscribing never changes them silently."""

import json
from urllib.request import urlopen

from nats.js import JetStreamContext
from nats.js.api import (
    AckPolicy,
    ConsumerConfig,
    DeliverPolicy,
    DiscardPolicy,
    RetentionPolicy,
    StorageType,
    StreamConfig,
)
from nats.js.errors import NotFoundError

from ahead.shared.events.subjects import PREFIX

STREAM = "AHEAD_EVENTS"
SUBJECTS = (f"{PREFIX}.>",)
DUPLICATE_WINDOW_S = 600.0
MAX_AGE_S = 30 * 24 * 3600.0
MAX_MESSAGE_BYTES = 1024 * 1024


class UnsafeSyncInterval(Exception):
    """The server acknowledges before it has written to disk."""


async def declare(js: JetStreamContext, *, replicas: int = 1) -> None:
    """Make the stream, or bring it to this configuration.

    Limits retention, because work-queue retention forgets the duplicate window on restart; the window is
    only an optimisation, consumers count by event id.
    """
    config = StreamConfig(
        name=STREAM,
        subjects=list(SUBJECTS),
        retention=RetentionPolicy.LIMITS,
        storage=StorageType.FILE,
        discard=DiscardPolicy.OLD,
        max_age=MAX_AGE_S,
        max_msg_size=MAX_MESSAGE_BYTES,
        duplicate_window=DUPLICATE_WINDOW_S,
        num_replicas=replicas,
    )
    try:
        await js.stream_info(STREAM)
    except NotFoundError:
        await js.add_stream(config)
    else:
        await js.update_stream(config)


async def declare_consumer(
    js: JetStreamContext,
    durable: str,
    *,
    filter_subject: str = SUBJECTS[0],
    batch: int = 500,
    ack_wait_s: float = 30.0,
) -> None:
    """Make a durable pull consumer, or bring it to this configuration."""
    await js.add_consumer(
        STREAM,
        ConsumerConfig(
            durable_name=durable,
            deliver_policy=DeliverPolicy.ALL,
            ack_policy=AckPolicy.EXPLICIT,
            ack_wait=ack_wait_s,
            # Without end: after a last delivery a message would stay in the stream unseen. Poison goes to
            # the dead letters by BatchConsumer's own count instead.
            max_deliver=-1,
            max_ack_pending=4 * batch,
            filter_subject=filter_subject,
        ),
    )


def check_sync_interval(monitor_url: str) -> None:
    """Ask the server's monitoring port whether it syncs before it acknowledges.

    Raises:
        UnsafeSyncInterval: it does not; a power failure could lose acknowledged events.
    """
    with urlopen(f"{monitor_url}/jsz?config=1", timeout=5) as answer:  # noqa: S310 - the operator's own server
        config = json.load(answer).get("config", {})
    if not config.get("sync_always"):
        raise UnsafeSyncInterval(
            "NATS acknowledges before it has written to disk: set jetstream { sync_interval: always }"
        )
