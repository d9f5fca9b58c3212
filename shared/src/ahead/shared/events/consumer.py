"""Batches of events from a durable consumer, acknowledged only after their transaction is committed."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError

from ahead.shared.crash_points import crash_point
from ahead.shared.errors import Unavailable
from ahead.shared.events import streams
from ahead.shared.events.publisher import connect, leave
from ahead.shared.events.puller import Puller
from ahead.shared.logging import get_logger

log = get_logger(__name__)

RETRY_DELAY_S = 1.0
DELIVERIES_BEFORE_DEAD = 5
# What a killed consumer held comes back after this long: longer than a write waits for a busy database (5 s),
# short enough that nothing is missing for more than 10 s.
ACK_WAIT_S = 8.0


@dataclass(frozen=True)
class Message:
    """One delivery. ``sequence`` is the stream's, ``deliveries`` counts from 1."""

    subject: str
    body: bytes
    sequence: int
    deliveries: int


# Handles a batch in one transaction. Raises Unavailable when it should come again later.
Handle = Callable[[Sequence[Message]], Awaitable[None]]
# Keeps a message that can't be handled, with the reason, in a transaction of its own.
Bury = Callable[[Message, str], Awaitable[None]]


class BatchConsumer:
    """Fetch, handle, acknowledge; never gives up.

    A batch that fails for want of the database comes back later, whole and without end. A batch that fails
    otherwise is handled message by message, so that a bad one doesn't hold up the good; one that has failed
    alone five times is buried.
    """

    def __init__(
        self,
        url: str,
        durable: str,
        handle: Handle,
        bury: Bury,
        *,
        batch: int = 500,
        declare: bool = True,
        filter_subject: str = streams.SUBJECTS[0],
        ack_wait_s: float = ACK_WAIT_S,
    ) -> None:
        self._url = url
        self._durable = durable
        self._handle = handle
        self._bury = bury
        self._batch = batch
        self._declare = declare
        self._filter = filter_subject
        self._ack_wait_s = ack_wait_s
        self._client: Client | None = None
        self._acknowledging: asyncio.Task[None] | None = None

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                await self._consume(stop)
            except Exception as error:
                log.warning("consumer lost its server, trying again", error=repr(error))
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), RETRY_DELAY_S)
            finally:
                await self._close()

    async def _consume(self, stop: asyncio.Event) -> None:
        self._client = await connect(self._url, f"consumer {self._durable}")
        js = self._client.jetstream(timeout=5)
        if self._declare:
            await streams.declare(js)
            await streams.declare_consumer(
                js,
                self._durable,
                batch=self._batch,
                filter_subject=self._filter,
                ack_wait_s=self._ack_wait_s,
            )
        puller = Puller(self._client, streams.STREAM, self._durable, self._batch)
        await puller.start()
        try:
            while not stop.is_set():
                if raw := await puller.next_batch():
                    await self._process(raw)
        finally:
            with suppress(Exception):
                await self._acknowledged()
            # What has arrived and wasn't handled goes to the next consumer at once, not after the wait.
            with suppress(Exception):
                for one in await puller.close():
                    await one.nak()

    async def _process(self, raw: list[Msg]) -> None:
        messages = [_message(one) for one in raw]
        try:
            await self._handle(messages)
        except Unavailable as error:
            log.warning("batch postponed", reason=str(error), size=len(raw))
            await _nak(raw, float(error.retry_after))
        except Exception as error:
            log.error("batch failed, handling one by one", error=repr(error), size=len(raw))
            for one, message in zip(raw, messages, strict=True):
                await self._process_one(one, message)
        else:
            crash_point("consumer.before_ack")
            # While the database writes the next batch: what is committed may be acknowledged at any later time.
            await self._acknowledged()
            self._acknowledging = asyncio.create_task(_ack(raw))

    async def _acknowledged(self) -> None:
        task, self._acknowledging = self._acknowledging, None
        if task is not None:
            await task

    async def _process_one(self, raw: Msg, message: Message) -> None:
        try:
            await self._handle([message])
        except Unavailable as error:
            await _nak([raw], float(error.retry_after))
        except Exception as error:
            if message.deliveries < DELIVERIES_BEFORE_DEAD:
                await _nak([raw], RETRY_DELAY_S)
                return
            try:
                await self._bury(message, repr(error))
            except Exception as failure:
                log.error("burying failed, keeping the message", error=repr(failure))
                await _nak([raw], RETRY_DELAY_S)
                return
            await raw.term()
        else:
            await raw.ack()

    async def _close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            # Not `drain`: it waits for messages to be taken that nobody fetches any more. What was handled is
            # acknowledged by the flush, the rest is delivered again.
            with suppress(Exception):
                await client.flush(2)
            await leave(client)


def _message(raw: Msg) -> Message:
    # $JS.ACK.<stream>.<consumer>.<deliveries>.<stream sequence>..., after two more parts where there are domains.
    parts = raw.reply.split(".")
    first = 4 if len(parts) == 9 else 6
    return Message(raw.subject, raw.data, int(parts[first + 1]), int(parts[first]))


async def _ack(raw: list[Msg]) -> None:
    for one in raw:
        await one.ack()


async def _nak(raw: list[Msg], delay_s: float) -> None:
    # Without a delay they would come back at once and spin.
    for one in raw:
        with suppress(NatsError):
            await one.nak(delay=delay_s)
