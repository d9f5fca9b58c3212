"""Pulls batches from a durable consumer, the next one arriving while the last is worked on.

It speaks JetStream's pull protocol itself: the client library's ``fetch`` makes two tasks and a random name for
every message, which costs more than everything else that is done about it.
"""

import asyncio
import json
from collections import deque

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription

EXPIRES_S = 1.0
# How long a request may stay without its end before the server is taken for gone.
OVERDUE_S = 2.0
# How long the first message of a batch waits for others.
LINGER_S = 0.02

# 404 nothing there, 408 the request ran out, 409 it ended early (all its bytes used, leadership changed).
_ENDED = frozenset({"404", "408", "409"})
_DELETED = "consumer deleted"


class PullFailed(Exception):
    """The server doesn't answer pulls, or the consumer is gone: connect and declare again."""


class Puller:
    """One request is under way at a time, and none while a whole batch waits: memory holds two at most."""

    def __init__(self, client: Client, stream: str, durable: str, batch: int) -> None:
        self._client = client
        self._subject = f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{durable}"
        self._batch = batch
        self._inbox = client.new_inbox()
        self._subscription: Subscription | None = None
        self._arrived: deque[Msg] = deque()
        self._awaited = 0
        self._asked_at = 0.0
        self._failure = ""
        self._news = asyncio.Event()

    async def start(self) -> None:
        # Limits off: what is under way is bounded by what was asked for.
        self._subscription = await self._client.subscribe(
            self._inbox, cb=self._take, pending_msgs_limit=0, pending_bytes_limit=0
        )

    async def _take(self, message: Msg) -> None:
        status = message.headers.get("Status") if message.headers and not message.data else None
        if status is None:
            self._awaited -= 1
            self._arrived.append(message)
            if len(self._arrived) == 1 or len(self._arrived) >= self._batch or not self._awaited:
                self._news.set()
        elif status in _ENDED and _DELETED not in str((message.headers or {}).get("Description", "")).lower():
            self._awaited = 0
            self._news.set()
        elif status != "100":  # a heartbeat
            self._failure = f"{status} {(message.headers or {}).get('Description', '')}".strip()
            self._news.set()

    async def next_batch(self, timeout_s: float = EXPIRES_S) -> list[Msg]:
        """Up to a batch of messages as soon as it is full or the first is 20 ms old; none when none came.

        Raises:
            PullFailed: the server said so, or says nothing.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout_s
        while not self._arrived:
            await self._ask(loop.time())
            if not await self._wait(deadline - loop.time()):
                return []
        full_by = loop.time() + LINGER_S
        while len(self._arrived) < self._batch:
            await self._ask(loop.time())
            if not await self._wait(full_by - loop.time()):
                break
        messages = [self._arrived.popleft() for _ in range(min(self._batch, len(self._arrived)))]
        # Asked for now, it comes in while the caller is busy with these.
        await self._ask(loop.time())
        return messages

    async def _ask(self, now: float) -> None:
        if self._failure:
            raise PullFailed(self._failure)
        if self._awaited:
            if now > self._asked_at + EXPIRES_S + OVERDUE_S:
                raise PullFailed("the server doesn't answer")
            return
        if len(self._arrived) >= self._batch:
            return
        self._awaited = self._batch
        self._asked_at = now
        request = {"batch": self._batch, "expires": int(EXPIRES_S * 1e9)}
        await self._client.publish(self._subject, json.dumps(request).encode(), reply=self._inbox)

    async def _wait(self, seconds: float) -> bool:
        """Until something has happened; False when nothing has in time."""
        if seconds <= 0:
            return False
        self._news.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            return False
        return True

    async def close(self) -> list[Msg]:
        """Take no more; returns what has arrived and was not handed out."""
        if self._subscription is not None:
            await self._subscription.unsubscribe()
        left = list(self._arrived)
        self._arrived.clear()
        return left
