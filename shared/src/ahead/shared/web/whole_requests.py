"""A refusal that came before the body leaves nothing of it in the connection."""

import asyncio
from contextlib import suppress
from typing import Any

from litestar.types import ASGIApp, Message, Receive, Scope, Send

# What a form or a question takes. More isn't worth reading to be thrown away.
DRAINED = 256 << 10
PATIENCE_S = 2.0


class WholeRequestsMiddleware:
    """Reads what is left of a short body before the answer begins, and gives up the connection after a long one.

    The server closes a connection with an unread body, without a word in the answer. The gateway sends its next
    request on it, finds it closed, and can't send a POST twice: somebody else would be answered with a 502.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self._app(scope, receive, send)
            return
        whole = False

        async def watched() -> Any:
            nonlocal whole
            message: Any = await receive()
            whole = whole or message["type"] == "http.disconnect" or not message.get("more_body", False)
            return message

        async def drain() -> None:
            with suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE_S):
                    while not whole:
                        await watched()

        async def answered(message: Message) -> None:
            if message["type"] == "http.response.start" and not whole:
                if _length(scope) <= DRAINED:
                    await drain()
                if not whole:
                    message["headers"] = [*message["headers"], (b"connection", b"close")]
            await send(message)

        await self._app(scope, watched, answered)


def _length(scope: Scope) -> int:
    """As declared; of a body in chunks nobody knows it."""
    headers = dict(scope["headers"])
    if b"transfer-encoding" in headers:
        return DRAINED + 1
    declared = headers.get(b"content-length", b"0")
    return int(declared) if declared.isdigit() else DRAINED + 1
