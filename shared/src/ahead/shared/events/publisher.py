"""Publishing to JetStream: durable batches for the relay, a bounded buffer for plain analytics."""

import asyncio
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js import JetStreamContext

from ahead.shared import telemetry
from ahead.shared.events.bounded import within
from ahead.shared.events.envelope import Event, encode, message_id
from ahead.shared.logging import get_logger

log = get_logger(__name__)

CONNECT_TIMEOUT_S = 5.0

# One message as it goes out: (subject, Nats-Msg-Id, body).
Outgoing = tuple[str, str, bytes]

dropped_events = telemetry.counter("events_dropped_total", "Analytics events dropped", ["service"])


class _Client(Client):
    """nats-py connects again over the connection whose handshake had failed, and leaves that one open for ever.

    A client that was closed while it connected again may also lose that cancellation in a wait for the
    connection, and would then go on for ever with nobody left who could end it.
    """

    _ended = False

    async def _connect_to_server(self, s: Any) -> None:
        if self._ended:
            raise asyncio.CancelledError
        self.drop_connection()
        await super()._connect_to_server(s)

    async def close(self) -> None:
        self._ended = True
        # What is left for a server that is gone fails to be sent, and closing would stop there, half done.
        self._pending = []
        self._pending_data_size = 0
        await super().close()

    def drop_connection(self) -> None:
        # A transport that never connected has nothing to close, and says so.
        if self._transport is not None:
            with suppress(Exception):
                self._transport.close()


async def connect(url: str, name: str, *, once: bool = False) -> Client:
    """A client that never gives up once it is connected.

    Args:
        once: don't wait for a server that isn't there.

    Raises:
        TimeoutError: no first connection within 5 s; nats-py alone would try for ever.
        OSError, nats.errors.Error: `once`, and it could not be reached.
    """

    async def on_error(error: Exception) -> None:
        log.warning("nats error", error=repr(error))

    client = _Client()
    # nats-py says that seconds are whole, and sleeps for parts of them.
    options: dict[str, Any] = {
        "name": name,
        "connect_timeout": 2,
        "max_reconnect_attempts": -1,
        "reconnect_time_wait": 0.5,
        "ping_interval": 10,
        "max_outstanding_pings": 2,
        "error_cb": on_error,
    }
    if once:
        # The least that nats-py can be told: one more try, at once.
        options |= {"allow_reconnect": False, "max_reconnect_attempts": 1, "reconnect_time_wait": 0}
    try:
        await within(CONNECT_TIMEOUT_S, client.connect(url, **options))
    except BaseException:
        # A connection that was half made, by a shutdown or the time that ran out, is nobody's: it would stay open.
        await leave(client)
        raise
    return client


async def leave(client: Client) -> None:
    """Close a connection to its last task, also when the caller is cancelled meanwhile; never raises for it."""

    async def close() -> None:
        with suppress(Exception):
            await within(2, client.close())
        # A client that calls itself closed between two attempts closes nothing.
        if isinstance(client, _Client):
            client.drop_connection()
        # Its subscriptions' tasks are cancelled by then, and have yet to run to their end.
        await asyncio.sleep(0)

    closing = asyncio.create_task(close())
    try:
        await asyncio.shield(closing)
    except asyncio.CancelledError:
        await asyncio.wait([closing])
        raise


class Publisher:
    """Publishes batches and waits for every acknowledgement; connects on first use."""

    def __init__(self, url: str, name: str, *, timeout_s: float = 5.0) -> None:
        self._url = url
        self._name = name
        self._timeout_s = timeout_s
        self._client: Client | None = None
        self._js: JetStreamContext | None = None
        self._connecting = asyncio.Lock()
        self._hurry = asyncio.Event()

    def hurry(self) -> None:
        """From now on a server that can't be reached is not waited for: the process is about to end."""
        self._hurry.set()

    async def _connected(self) -> Client:
        """Raises what `connect` raises; TimeoutError also where it was hurried meanwhile."""
        if self._hurry.is_set():
            return await connect(self._url, self._name, once=True)
        connecting = asyncio.create_task(connect(self._url, self._name))
        hurried = asyncio.create_task(self._hurry.wait())
        try:
            await asyncio.wait((connecting, hurried), return_when=asyncio.FIRST_COMPLETED)
        finally:
            hurried.cancel()
            if not connecting.done():
                connecting.cancel()
                await asyncio.wait((connecting,))
        if connecting.cancelled():
            raise TimeoutError("there was no time left to connect")
        return connecting.result()

    async def _jetstream(self) -> JetStreamContext:
        async with self._connecting:
            if self._js is None:
                self._client = await self._connected()
                # Unbounded futures of a crashed server are bounded by our own wait_for below.
                self._js = self._client.jetstream(timeout=self._timeout_s, publish_async_max_pending=4000)
            return self._js

    async def publish(self, batch: Sequence[Outgoing]) -> set[str]:
        """Publish a batch; returns the message ids that the server has acknowledged.

        What isn't in the answer may be there or not: the caller sends it again under the same id.
        """
        try:
            js = await self._jetstream()
            futures = await within(self._timeout_s, self._sent(js, batch))
        except (NatsError, OSError, TimeoutError) as error:
            log.warning("publishing failed", error=repr(error), batch=len(batch))
            await self._forget()
            return set()
        acknowledged: set[str] = set()
        for future, key in futures:
            if future.done() and not future.cancelled() and future.exception() is None:
                acknowledged.add(key)
        if len(acknowledged) < len(batch):
            await self._forget()
        return acknowledged

    async def _sent(self, js: JetStreamContext, batch: Sequence[Outgoing]) -> list[tuple[Any, str]]:
        """The batch as futures of its acknowledgements; waits for those until the time is up."""
        futures = [
            (await js.publish_async(subject, body, headers={"Nats-Msg-Id": key}), key)
            for subject, key, body in batch
        ]
        await asyncio.gather(*(future for future, _ in futures), return_exceptions=True)
        return futures

    async def _forget(self) -> None:
        """Start over: futures of a lost server stay pending for ever and would fill the window."""
        client, self._client, self._js = self._client, None, None
        if client is not None:
            await leave(client)

    async def close(self) -> None:
        client, self._client, self._js = self._client, None, None
        if client is not None:
            # Nothing to flush: `publish` has waited for what the server had to say of every message.
            await leave(client)


class BufferedPublisher:
    """For events whose loss costs nobody anything: bounded, never waits, counts what it drops."""

    def __init__(
        self, publisher: Publisher, service: str, *, size: int = 10_000, every_s: float = 0.25
    ) -> None:
        self._publisher = publisher
        self._service = service
        self._size = size
        self._every_s = every_s
        self._buffer: deque[Event] = deque()
        self._task: asyncio.Task[None] | None = None
        self._stopping = asyncio.Event()
        self.dropped = 0

    def offer(self, event: Event) -> bool:
        """Queue an event; False when the buffer is full and it was dropped."""
        if len(self._buffer) >= self._size:
            self.dropped += 1
            dropped_events.labels(self._service).inc()
            return False
        self._buffer.append(event)
        return True

    def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        while not self._stopping.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), self._every_s)
            with suppress(Exception):
                while self._buffer and not self._stopping.is_set():
                    if not await self.flush():
                        break

    async def flush(self) -> bool:
        """Send one batch; what isn't acknowledged stays for the next round."""
        batch = [self._buffer[index] for index in range(min(len(self._buffer), 500))]
        if not batch:
            return True
        keys = [message_id(event) for event in batch]
        outgoing = [(event.type, key, encode(event)) for event, key in zip(batch, keys, strict=True)]
        acknowledged = await self._publisher.publish(outgoing)
        for _ in batch:
            self._buffer.popleft()
        # Ids stay the same, so sending some of them twice counts once.
        self._buffer.extendleft(
            event for event, key in reversed(list(zip(batch, keys, strict=True))) if key not in acknowledged
        )
        return len(acknowledged) == len(batch)

    async def stop(self) -> None:
        """Not by a cancellation: one that came while the client library flushes would be lost there."""
        self._stopping.set()
        self._publisher.hurry()
        if self._task:
            await self._task
        with suppress(Exception):
            await self.flush()
