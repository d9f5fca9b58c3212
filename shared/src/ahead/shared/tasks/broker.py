"""The broker of one service: its own namespace on Redis, because on a shared one a service's worker takes
the others' jobs and dead-letters them all.
"""

from dramatiq.brokers.redis import RedisBroker
from dramatiq.middleware import (
    AgeLimit,
    AsyncIO,
    Callbacks,
    Pipelines,
    Retries,
    ShutdownNotifications,
    TimeLimit,
)


def make_broker(service: str, redis_url: str) -> RedisBroker:
    """Connects when it is first used, not here."""
    return RedisBroker(
        url=redis_url,
        namespace=f"ahead-{service}",
        socket_connect_timeout=3,
        socket_timeout=10,
        heartbeat_timeout=60_000,
        middleware=[
            AgeLimit(),
            TimeLimit(),
            ShutdownNotifications(),
            Callbacks(),
            Pipelines(),
            Retries(max_retries=5, min_backoff=1_000, max_backoff=60_000),
            AsyncIO(),
        ],
    )
