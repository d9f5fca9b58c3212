"""Every request has an id: in its answer, its log lines, its error page, its events and its jobs."""

import re
import time

from litestar.types import ASGIApp, Message, Receive, Scope, Send

from ahead.shared.ids import uuid7
from ahead.shared.logging import get_logger, request_id_var
from ahead.shared.telemetry import histogram

log = get_logger(__name__)
HEADER = b"x-request-id"
_WELL_FORMED = re.compile(rb"[A-Za-z0-9_-]{8,64}")

SECONDS = histogram(
    "http_request_seconds",
    "Time from request to the end of its answer.",
    ("service", "method", "route", "status"),
)


class RequestIdMiddleware:
    """Names the request, times it and logs failures. Outermost, so that nothing escapes it.

    A request id from outside is believed when the request came through a trusted proxy (the address
    middleware, which runs inside this one, can't be asked yet: the gateway overwrites the header, and a
    forged one only mislabels the forger's own log lines).
    """

    def __init__(self, app: ASGIApp, service: str) -> None:
        self._app = app
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _given(scope) or uuid7()
        scope["state"]["request_id"] = request_id
        token = request_id_var.set(request_id)
        encoded = request_id.encode()
        head = scope["method"] == "HEAD"
        status = 500
        started = time.perf_counter()

        async def named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (HEADER, encoded)]
            elif head and message["type"] == "http.response.body":
                message["body"] = b""
            await send(message)

        try:
            await self._app(scope, receive, named)
        finally:
            request_id_var.reset(token)
            took = time.perf_counter() - started
            # An unknown path has no template: naming it itself would let strangers make series.
            route = str(scope.get("path_template") or "unknown")
            SECONDS.labels(self._service, scope["method"], route, str(status)).observe(took)
            if status >= 500:
                log.error(
                    "http.failed",
                    request_id=request_id,
                    method=scope["method"],
                    route=route,
                    status=status,
                    ms=round(took * 1000, 1),
                )


def _given(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == HEADER:
            return value.decode() if _WELL_FORMED.fullmatch(value) else ""
    return ""
