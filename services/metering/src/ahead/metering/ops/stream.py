"""How far the consumer is behind the stream, asked of the server itself."""

import asyncio
from contextlib import suppress

from nats.aio.client import Client
from nats.errors import Error as NatsError

from ahead.shared.events.publisher import connect
from ahead.shared.events.streams import STREAM
from ahead.shared.logging import get_logger

log = get_logger(__name__)

TIMEOUT_S = 2.0


class StreamLag:
    """Connects when it is first asked. An answer that doesn't come in time is None, never an error."""

    def __init__(self, url: str, durable: str) -> None:
        self._url = url
        self._durable = durable
        self._client: Client | None = None
        self._connecting = asyncio.Lock()

    async def read(self) -> int | None:
        """Events that are not yet counted: waiting, or delivered and not acknowledged."""
        try:
            async with asyncio.timeout(TIMEOUT_S):
                async with self._connecting:
                    if self._client is None:
                        self._client = await connect(self._url, "metering health")
                info = await self._client.jetstream(timeout=TIMEOUT_S).consumer_info(STREAM, self._durable)
        except (NatsError, OSError, TimeoutError) as error:
            log.warning("stream lag unknown", error=repr(error))
            await self.close()
            return None
        return (info.num_pending or 0) + (info.num_ack_pending or 0)

    async def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            with suppress(Exception):
                await asyncio.wait_for(client.close(), TIMEOUT_S)
