"""What every template gets, whoever writes the page."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from litestar import Request

from ahead.shared.auth.principal import ANONYMOUS, Principal
from ahead.shared.web.allowance import Allowance
from ahead.shared.web.csrf import FormToken
from ahead.shared.web.nav import Nav
from ahead.shared.web.security_headers import nonce
from ahead.shared.web.service import WebService
from ahead.shared.web.static_files import StaticFiles

AllowanceProvider = Callable[[Request[Any, Any, Any]], Awaitable[Allowance | None]]


def principal_of(request: Request[Any, Any, Any]) -> Principal:
    """Who is asking; the anonymous principal where nobody looked (static files, health)."""
    return request.scope["state"].get("principal") or ANONYMOUS


class PageContext:
    """Makes the context of a page. One per application, kept in ``app.state.page_context``."""

    def __init__(
        self, service: WebService, nav: Nav, files: StaticFiles, allowance: AllowanceProvider | None
    ) -> None:
        self._service = service
        self._allowance = allowance
        self._files = files
        self.nav = nav
        self._same = {
            "service": service,
            "nav": nav,
            "static": files.url,
            "has_htmx": "vendor/htmx.js" in files,
            "stylesheets": files.stylesheets,
            "scripts": files.scripts,
            "fonts": files.fonts,
            "notice": "",
        }

    async def make(self, request: Request[Any, Any, Any]) -> dict[str, Any]:
        state = request.scope["state"]
        # Without a principal (a refused address, a missing static file) there is nobody to ask about.
        if self._allowance is not None and "principal" in state and "allowance" not in state:
            state["allowance"] = await self._allowance(request)
        return self.make_without_waiting(request)

    def make_without_waiting(self, request: Request[Any, Any, Any]) -> dict[str, Any]:
        """The context with the allowance only if it is known already: for pages about failures."""
        state = request.scope["state"]
        token: FormToken | None = state.get("csrf")
        path = request.scope["path"]
        return {
            **self._same,
            "request": request,
            "principal": principal_of(request),
            "allowance": state.get("allowance"),
            "csp_nonce": nonce(request.scope),
            "csrf_token": token or "",
            "csrf": token,
            "request_id": state.get("request_id", ""),
            "canonical": self._service.public_url + quote(path),
            "path": path,
            "is_htmx": request.headers.get("hx-request") == "true",
            "year": datetime.now(UTC).year,
        }
