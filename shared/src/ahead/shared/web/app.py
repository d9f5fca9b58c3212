"""The factory of every service's web application."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from litestar import Litestar
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.plugins import PluginProtocol
from litestar.template import TemplateConfig
from litestar.types import ControllerRouterHandler, Middleware

from ahead.shared.web import problem_details
from ahead.shared.web.context import AllowanceProvider, PageContext
from ahead.shared.web.csrf import CsrfMiddleware
from ahead.shared.web.entrance import AsgiMiddleware, add_entrance
from ahead.shared.web.fragments import Fragments
from ahead.shared.web.head_requests import HeadRequests
from ahead.shared.web.health import ReadyCheck, health_handlers
from ahead.shared.web.nav import make_nav
from ahead.shared.web.rate_limit import MemoryStore, RateLimitMiddleware, RedisStore
from ahead.shared.web.service import WebService
from ahead.shared.web.static_files import StaticFiles
from ahead.shared.web.templating import make_engine


def create_web_app(
    service: WebService,
    *,
    route_handlers: Sequence[ControllerRouterHandler] = (),
    principal_middleware: AsgiMiddleware | None = None,
    allowance: AllowanceProvider | None = None,
    ready: Mapping[str, ReadyCheck] | None = None,
    dependencies: Mapping[str, Provide] | None = None,
    template_dirs: Sequence[Path] = (),
    static_dirs: Sequence[Path] = (),
    on_startup: Sequence[Callable[..., Any]] = (),
    on_shutdown: Sequence[Callable[..., Any]] = (),
    middleware: Sequence[Middleware] = (),
    plugins: Sequence[PluginProtocol] = (),
    state: Mapping[str, Any] | None = None,
) -> Litestar:
    """A Litestar application with all that every product's web process has. Nothing connects here.

    Args:
        service: what the application is called and how it is reached; `WebService.from_settings`.
        route_handlers: the service's controllers and pages. Pages set ``include_in_schema=False``.
        principal_middleware: called with the inner ASGI application, returns the one that sets
            ``scope["state"]["principal"]``  (``PrincipalMiddleware``). It runs before routing, so that
            error pages know the visitor too; it can't read ``scope["route_handler"]``.
        allowance: reads a visitor's allowance for the header; asked once per page, after its handler.
        ready: what ``/readyz`` asks, by name; each raises when it is not ready.
        dependencies: Litestar dependencies for all handlers.
        template_dirs: folders with templates; looked through before the shared ones.
        static_dirs: folders with static files, served beside the shared ones.
        middleware: further Litestar middleware, innermost.
        state: entries for ``app.state``.
    """
    files = StaticFiles(service.name, static_dirs, service.browser_assets)
    engine = make_engine(template_dirs)
    page_context = PageContext(service, make_nav(service), files, allowance, engine.engine)
    redis_store = RedisStore(service.redis_url, f"ahead:{service.name}:limit") if service.redis_url else None
    store = redis_store or MemoryStore()
    app = Litestar(
        route_handlers=[*route_handlers, files.handler(), files.favicon(), *health_handlers(ready or {})],
        dependencies=dict(dependencies or {}),
        exception_handlers={Exception: problem_details.handle},
        middleware=[
            RateLimitMiddleware(service.limits, store),
            CsrfMiddleware(
                service.name, service.secret, public_host=service.public_host, secure=service.secure
            ),
            *middleware,
        ],
        on_startup=list(on_startup),
        on_shutdown=[*on_shutdown, *([redis_store.close] if redis_store else [])],
        plugins=[HeadRequests(), *plugins],
        openapi_config=OpenAPIConfig(
            title=f"{service.title} API",
            version=service.version,
            path=f"/api/{service.name}/v1",
            render_plugins=[JsonRenderPlugin()],
        ),
        template_config=TemplateConfig(instance=engine),
        request_max_body_size=service.max_body,
        logging_config=None,
        debug=False,
    )
    app.state.update(dict(state or {}))
    app.state.page_context = page_context
    app.state.fragments = Fragments(engine.engine)
    add_entrance(app, service, principal_middleware)
    return app
