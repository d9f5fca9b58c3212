"""Dependencies of handlers."""

from typing import Any

from litestar.di import Provide


def given(value: Any) -> Provide:
    """A dependency that is the same for every request."""

    async def provide() -> Any:
        return value

    return Provide(provide)
