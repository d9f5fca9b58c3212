"""Meilisearch's HTTP API: JSON in, JSON out, its failures as the port's errors."""

import asyncio
import time
from typing import Any

import httpx
import msgspec

from ahead.shared.search.index import IndexMissing, SearchError, SearchUnavailable

SEARCH_TIMEOUT = httpx.Timeout(3.0, connect=1.0)
WRITE_TIMEOUT = httpx.Timeout(120.0, connect=3.0)
_TASK_DEADLINE_S = 600.0


class Api:
    """The server's HTTP API: JSON in, JSON out, its failures as SearchErrors."""

    def __init__(self, url: str, key: str) -> None:
        # Without `identity` every answer is compressed, chunked and held back by delayed ACK for 40 ms.
        headers = {"Accept-Encoding": "identity"}
        if key:
            headers["Authorization"] = f"Bearer {key}"
        self.url = url
        self._client = httpx.AsyncClient(
            base_url=url, headers=headers, timeout=SEARCH_TIMEOUT, trust_env=False
        )

    async def call(
        self, method: str, path: str, body: object = None, *, params: dict[str, str] | None = None
    ) -> Any:
        content = None if body is None else msgspec.json.encode(body)
        return await self.send(method, path, content, "application/json", params=params)

    async def send(
        self,
        method: str,
        path: str,
        content: bytes | None,
        content_type: str,
        *,
        params: dict[str, str] | None = None,
        timeout: httpx.Timeout = SEARCH_TIMEOUT,  # noqa: ASYNC109 (httpx's own, per phase)
    ) -> Any:
        try:
            answer = await self._client.request(
                method,
                path,
                content=content,
                params=params,
                headers={"Content-Type": content_type},
                timeout=timeout,
            )
        except httpx.HTTPError as error:
            raise SearchUnavailable(f"Meilisearch does not answer: {type(error).__name__}") from error
        if answer.status_code >= 400:
            raise _failure(answer)
        return msgspec.json.decode(answer.content) if answer.content else None

    async def done(self, task: Any) -> None:
        """Wait until the server has done what it accepted."""
        uid = int(task["taskUid"])
        deadline = time.monotonic() + _TASK_DEADLINE_S
        pause = 0.01
        while time.monotonic() < deadline:
            state = await self.call("GET", f"/tasks/{uid}")
            if state["status"] == "succeeded":
                return
            if state["status"] in ("failed", "canceled"):
                reason = (state.get("error") or {}).get("message", "no reason given")
                raise SearchError(f"Meilisearch could not finish {state['type']}: {reason}")
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, 0.25)
        raise SearchUnavailable(f"Meilisearch has not finished a task in {_TASK_DEADLINE_S:.0f} s")

    async def close(self) -> None:
        await self._client.aclose()


def _failure(answer: httpx.Response) -> SearchError:
    try:
        problem = msgspec.json.decode(answer.content, type=dict[str, Any])
    except msgspec.DecodeError:
        problem = {}
    code = str(problem.get("code", ""))
    text = f"Meilisearch: {problem.get('message', answer.reason_phrase)} ({answer.status_code} {code})"
    if code in ("index_not_found", "document_not_found"):
        return IndexMissing(text)
    if answer.status_code >= 500 or answer.status_code in (408, 429):
        return SearchUnavailable(text)
    return SearchError(text)
