"""Pages: Jinja templates of a service over the shared ones, rendered with what every page needs."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any

import jinja2
from litestar import Request
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.response import Template
from litestar.response.base import ASGIResponse
from litestar.types import Receive, Scope, Send

from ahead.shared.web.context import PageContext

SHARED_TEMPLATES = Path(__file__).parent / "templates"
_ISO_DATE = re.compile(r"\b\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])\b")


def make_engine(template_dirs: Sequence[Path]) -> JinjaTemplateEngine:
    """Templates are looked for in the given folders first, then in the shared one.

    A name that a template uses and nobody gave is an error, not an empty string.
    """
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader([*template_dirs, SHARED_TEMPLATES]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    environment.filters["thousands"] = lambda number: f"{number:,}"
    environment.filters["day"] = format_day
    environment.filters["days"] = format_days
    return JinjaTemplateEngine.from_environment(environment)


def format_day(value: date | datetime | str) -> str:
    """A date as US readers write it: "October 1, 2026". ISO text is understood too."""
    if isinstance(value, str):
        value = date.fromisoformat(value[:10])
    return f"{value:%B} {value.day}, {value.year}"


def format_days(text: str) -> str:
    """A sentence with its ISO dates as people read them; the API keeps them as they are."""
    return _ISO_DATE.sub(lambda found: format_day(found[0]), text)


class Page(Template):
    """A whole page or a fragment of one, rendered with the page context (see README.md).

    The visitor's allowance is read just before rendering, after the handler is done, so that the header
    tells the true state. A handler that knows it already puts it into ``request.state.allowance``.
    """

    def __init__(
        self,
        template_name: str,
        context: Mapping[str, Any] | None = None,
        *,
        status_code: int = 200,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            template_name,
            context=dict(context or {}),
            status_code=status_code,
            media_type=kwargs.pop("media_type", "text/html"),
            **kwargs,
        )
        self.body: bytes | None = None

    def prepare(self, request: Request[Any, Any, Any]) -> None:
        """Render now instead of when the answer is sent. The allowance has to be in ``request.state``.

        For the time while something else is waited for; an error shows when the page is sent.
        """
        with suppress(Exception):
            shared: PageContext = request.app.state.page_context
            self.body = self._render(request, shared.make_without_waiting(request))

    async def rendered(self, request: Request[Any, Any, Any]) -> bytes:
        if self.body is None:
            shared: PageContext = request.app.state.page_context
            self.body = self._render(request, await shared.make(request))
        return self.body

    def _render(self, request: Request[Any, Any, Any], context: dict[str, Any]) -> bytes:
        context.update(self.context)
        engine = request.app.template_engine
        assert engine is not None
        assert self.template_name is not None
        return engine.get_template(self.template_name).render(context).encode()

    def to_asgi_response(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, app: Any, request: Request[Any, Any, Any], **kwargs: Any
    ) -> "_PageResponse":
        return _PageResponse(self, request, kwargs)


class _PageResponse:
    """The ASGI side of a page: the only place between handler and answer where we may wait."""

    def __init__(self, page: Page, request: Request[Any, Any, Any], kwargs: dict[str, Any]) -> None:
        self._page = page
        self._request = request
        self._kwargs = kwargs

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        page, request, kwargs = self._page, self._request, self._kwargs
        response = ASGIResponse(
            body=await page.rendered(request),
            background=page.background or kwargs.get("background"),
            cookies=[*page.cookies, *(kwargs.get("cookies") or ())],
            headers={**(kwargs.get("headers") or {}), **page.headers},
            media_type=page.media_type or "text/html",
            status_code=page.status_code or kwargs.get("status_code"),
        )
        await response(scope, receive, send)
