"""What the supervisor, the load balancer and the metrics collector ask. Not exposed by the gateway."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from ahead.shared.logging import get_logger
from ahead.shared.web.rate_limit import RATE_LIMIT

log = get_logger(__name__)

# Raises, or answers, within the timeout: what it asks is ready.
ReadyCheck = Callable[[], Awaitable[object]]
TIMEOUT_S = 2.0
PATHS = frozenset(("/healthz", "/readyz", "/metrics"))

_OPT = {RATE_LIMIT: None}


async def _ask(name: str, check: ReadyCheck, timeout_s: float) -> str:
    try:
        async with asyncio.timeout(timeout_s):
            await check()
    except TimeoutError:
        return f"no answer within {timeout_s:g} s"
    except Exception as error:  # whatever a check raises means: not ready
        log.warning("ready.check_failed", check=name, error=repr(error))
        return "failed"
    return "ok"


def health_handlers(
    checks: Mapping[str, ReadyCheck], *, timeout_s: float = TIMEOUT_S
) -> list[HTTPRouteHandler]:
    """The handlers of ``/healthz``, ``/readyz`` and ``/metrics``.

    Args:
        checks: what has to answer before requests may come, by name. All are asked at once.
    """

    @get("/healthz", include_in_schema=False, sync_to_thread=False, opt=_OPT)
    def healthz() -> dict[str, str]:
        return {"status": "alive"}

    @get("/readyz", include_in_schema=False, opt=_OPT)
    async def readyz() -> Response[dict[str, object]]:
        answers = await asyncio.gather(*(_ask(name, check, timeout_s) for name, check in checks.items()))
        states = dict(zip(checks, answers, strict=True))
        ready = all(state == "ok" for state in states.values())
        body: dict[str, object] = {"status": "ready" if ready else "not ready", "checks": states}
        return Response(body, status_code=200 if ready else 503)

    @get("/metrics", include_in_schema=False, sync_to_thread=False, opt=_OPT)
    def metrics() -> Response[bytes]:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return [healthz, readyz, metrics]
