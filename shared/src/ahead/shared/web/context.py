"""What every template gets, whoever writes the page."""

from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from jinja2 import Environment
from litestar import Request
from markupsafe import Markup

from ahead.shared.auth.principal import ANONYMOUS, Principal
from ahead.shared.web.allowance import Allowance
from ahead.shared.web.csrf import FormToken
from ahead.shared.web.nav import Nav
from ahead.shared.web.security_headers import nonce
from ahead.shared.web.service import WebService
from ahead.shared.web.static_files import StaticFiles

# Parts of base.html that are the same for every request.
SHELL = ("assets", "products", "header_search", "guest_menu", "footer")

AllowanceProvider = Callable[[Request[Any, Any, Any]], Awaitable[Allowance | None]]


def principal_of(request: Request[Any, Any, Any]) -> Principal:
    """Who is asking; the anonymous principal where nobody looked (static files, health)."""
    return request.scope["state"].get("principal") or ANONYMOUS


def _part(environment: Environment, name: str, context: dict[str, Any]) -> Markup:
    """A part of base.html, rendered by an environment that escapes."""
    return Markup(environment.get_template(f"parts/{name}.html").render(context))  # noqa: S704


class PageContext:
    """Makes the context of a page. One per application, kept in ``app.state.page_context``."""

    def __init__(
        self,
        service: WebService,
        nav: Nav,
        files: StaticFiles,
        allowance: AllowanceProvider | None,
        environment: Environment,
    ) -> None:
        self._service = service
        self._allowance = allowance
        self.nav = nav
        self._same: dict[str, Any] = {
            "service": service,
            "nav": nav,
            "static": files.url,
            "has_htmx": "vendor/htmx.js" in files,
            "stylesheets": files.stylesheets,
            "scripts": files.scripts,
            "fonts": files.fonts,
            "notice": "",
        }
        # What no request changes is rendered once: half the work of a page, else.
        self._same["shell"] = {name: _part(environment, name, self._same) for name in SHELL}

        @lru_cache(maxsize=256)
        def allowance_line(allowance: Allowance) -> Markup:
            return _part(environment, "allowance", {**self._same, "allowance": allowance})

        self._allowance_line = allowance_line

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
        allowance: Allowance | None = state.get("allowance")
        return {
            **self._same,
            "request": request,
            "principal": principal_of(request),
            "allowance": allowance,
            "allowance_line": self._allowance_line(allowance) if allowance else "",
            "csp_nonce": nonce(request.scope),
            "csrf_token": token or "",
            "csrf": token,
            "request_id": state.get("request_id", ""),
            "canonical": self._service.public_url + quote(path),
            "path": path,
            "is_htmx": request.headers.get("hx-request") == "true",
        }
