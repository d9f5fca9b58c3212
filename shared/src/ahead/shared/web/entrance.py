"""What every request passes before Litestar routes it, 404s included.

From the outside in: whole requests, request id and timing, security headers, errors as problems, true client
address, refusal of hostile addresses, and who is asking. Everything that needs to know the handler (form tokens,
rate limits) is Litestar middleware instead.
"""

from collections.abc import Callable
from typing import Any

from litestar import Litestar, Request
from litestar.types import ASGIApp, Receive, Scope, Send

from ahead.shared.logging import get_logger
from ahead.shared.web import health, problem_details
from ahead.shared.web.client_address import ClientAddressMiddleware
from ahead.shared.web.hostile_input import HostileInputMiddleware
from ahead.shared.web.request_id import RequestIdMiddleware
from ahead.shared.web.security_headers import SecurityHeadersMiddleware
from ahead.shared.web.service import WebService
from ahead.shared.web.static_files import FAVICON
from ahead.shared.web.whole_requests import WholeRequestsMiddleware

log = get_logger(__name__)

AsgiMiddleware = Callable[[ASGIApp], ASGIApp]


class _ProblemsMiddleware:
    """Errors raised outside of Litestar's own handling (by the layers here) are answered the same way."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def watched(message: Any) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:
            if scope["type"] != "http" or started:
                raise
            await self._answer(error, scope, receive, send)

    async def _answer(self, error: Exception, scope: Scope, receive: Receive, send: Send) -> None:
        request: Request[Any, Any, Any] = Request(scope, receive=receive)
        try:
            response = problem_details.handle(request, error).to_asgi_response(app=None, request=request)
            await response(scope, receive, send)
        except Exception as second:
            log.error("error_page.failed", exc_info=second)
            await problem_details.last_resort(request)(scope, receive, send)


class _OnlyVisitors:
    """Skips the principal for what is the same for all: static files and the machine's own questions."""

    def __init__(self, app: ASGIApp, with_principal: ASGIApp, static_prefix: str) -> None:
        self._app = app
        self._with_principal = with_principal
        self._static_prefix = static_prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        same_for_all = path in health.PATHS or path == FAVICON or path.startswith(self._static_prefix)
        await (self._app if same_for_all else self._with_principal)(scope, receive, send)


def add_entrance(app: Litestar, service: WebService, principal_middleware: AsgiMiddleware | None) -> None:
    """Wrap the application's handler in the layers above."""
    inner = app.asgi_handler
    if principal_middleware is not None:
        inner = _OnlyVisitors(inner, principal_middleware(inner), f"/static/{service.name}/")
    layers = HostileInputMiddleware(inner)
    layers = ClientAddressMiddleware(layers, service.trusted_proxies)
    layers = _ProblemsMiddleware(layers)
    layers = SecurityHeadersMiddleware(layers, https=service.secure)
    app.asgi_handler = WholeRequestsMiddleware(RequestIdMiddleware(layers, service.name))
