"""A body that nobody reads is not left in the connection, where the next request would stumble over it."""

import asyncio
from typing import Any

import pytest

from ahead.shared.web.whole_requests import DRAINED, WholeRequestsMiddleware

NEVER = b"never"


async def refuse(scope: Any, receive: Any, send: Any) -> None:
    """An application that answers before it has read anything."""
    await send({"type": "http.response.start", "status": 401, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b"Log in first."})


async def asked(
    app: Any, headers: dict[str, str], chunks: list[bytes], method: str = "POST"
) -> tuple[int, list[Any]]:
    """How many chunks were left unread when the answer began, and the answer's headers."""
    left, seen = list(chunks), []

    async def receive() -> Any:
        if left == [NEVER]:
            await asyncio.Event().wait()
        chunk = left.pop(0)
        return {"type": "http.request", "body": chunk, "more_body": bool(left)}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            seen.append((len(left), message["headers"]))

    scope = {
        "type": "http",
        "method": method,
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    await WholeRequestsMiddleware(app)(scope, receive, send)
    return seen[0]


async def test_a_short_body_is_read_before_the_refusal() -> None:
    left, headers = await asked(refuse, {"content-length": "300"}, [b"x" * 100] * 3)
    assert left == 0
    assert (b"connection", b"close") not in headers


@pytest.mark.parametrize(
    "headers",
    [{"content-length": str(DRAINED + 1)}, {"transfer-encoding": "chunked"}, {"content-length": "many"}],
)
async def test_after_a_long_body_the_connection_is_given_up(headers: dict[str, str]) -> None:
    left, answered = await asked(refuse, headers, [b"x" * 100] * 3)
    assert left == 3
    assert (b"connection", b"close") in answered


async def test_a_body_that_never_comes_does_not_hold_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ahead.shared.web.whole_requests.PATIENCE_S", 0.01)
    left, answered = await asked(refuse, {"content-length": "300"}, [b"x", NEVER])
    assert left
    assert (b"connection", b"close") in answered


async def test_what_was_read_by_the_application_is_not_read_again() -> None:
    async def reads(scope: Any, receive: Any, send: Any) -> None:
        while (await receive())["more_body"]:
            pass
        await refuse(scope, receive, send)

    left, headers = await asked(reads, {"content-length": "300"}, [b"x" * 100] * 3)
    assert (left, (b"connection", b"close") in headers) == (0, False)
