"""The MCP door, asked with the protocol's own client over the real application."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

Client = AsyncTestClient[Litestar]
Visit = Callable[..., Awaitable[Client]]
HEADERS = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}


class Asked:
    """Speaks JSON-RPC as a client of the protocol does; `token` is its key."""

    def __init__(self, client: Client, token: str = "") -> None:
        self._client = client
        self._headers = HEADERS | ({"Authorization": f"Bearer {token}"} if token else {})

    async def ask(self, method: str, **params: Any) -> dict[str, Any]:
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        answer = await self._client.post("/mcp", json=body, headers=self._headers)
        assert answer.status_code == 200, answer.text
        return answer.json()["result"]

    async def call(self, name: str, **arguments: Any) -> dict[str, Any]:
        return await self.ask("tools/call", name=name, arguments=arguments)


Opened = Callable[..., Any]


@pytest.fixture
def opened(visit: Visit, accounts: tuple[str, str]) -> Opened:
    @asynccontextmanager
    async def open_door(*, registered: bool = True) -> AsyncGenerator[Asked]:
        client = await visit(AHEAD_URL_ACCOUNTS=accounts[0])
        yield Asked(client, accounts[1] if registered else "")

    return open_door


async def test_a_client_is_told_what_the_server_is(opened: Opened) -> None:
    async with opened() as door:
        about = {
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": {"name": "t", "version": "1"},
        }
        said = await door.ask("initialize", **about)
    assert said["serverInfo"]["name"] == "case2code"
    assert "tools" in said["capabilities"]


async def test_every_tool_of_the_api_is_a_tool_here(opened: Opened) -> None:
    async with opened() as door:
        tools = {tool["name"]: tool for tool in (await door.ask("tools/list"))["tools"]}
    assert {"search", "suggest", "codes", "codes_section", "claim_check", "ncci_pair", "mue"} <= set(tools)
    for tool in tools.values():
        assert tool["description"]
        assert tool["inputSchema"]["type"] == "object"
        assert "#/components" not in str(tool["inputSchema"])
    assert "lines" in tools["claim_check"]["inputSchema"]["properties"]


async def test_a_code_costs_a_view_and_is_refused_when_none_is_left(opened: Opened) -> None:
    codes = ["E11.9", "I10", "J45.909", "K21.9", "N39.0", "M54.50"]
    async with opened() as door:
        answers = [
            await door.call("codes", system="icd10cm", code=code, as_of="2026-03-01") for code in codes
        ]
        again = await door.call("codes", system="icd10cm", code="E11.9", as_of="2026-04-01")
    first = answers[0]["structuredContent"]
    assert first["access"] == "full"
    assert first["allowance"]["remaining"] == 4
    assert [answer["isError"] for answer in answers] == [False] * 5 + [True]
    assert answers[5]["structuredContent"]["type"].endswith("allowance-exhausted")
    assert again["isError"] is False


async def test_without_a_key_a_code_shows_its_public_part_only(opened: Opened) -> None:
    async with opened(registered=False) as door:
        answer = (await door.call("codes", system="icd10cm", code="E11.9", as_of="2026-03-01"))[
            "structuredContent"
        ]
        refused = await door.call("claim_check", setting="practitioner")
    assert answer["access"] == "public"
    assert answer["common_language"] is None
    assert refused["isError"] is True


async def test_a_claim_is_checked(opened: Opened) -> None:
    async with opened() as door:
        answer = await door.call(
            "claim_check",
            setting="practitioner",
            diagnoses=[{"code": "E10.9"}, {"code": "E11.9"}],
            lines=[{"code": "99213", "date_of_service": "2026-03-01"}],
        )
    statuses = {one["rule"]: one["status"] for one in answer["structuredContent"]["results"]}
    assert statuses["excludes1"] == "fail"


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("no_such_tool", {}),
        ("codes", {}),
        ("codes", {"system": "icd10cm", "code": "../../ops/health"}),
        ("claim_check", {"setting": 3}),
    ],
)
async def test_what_can_not_be_asked_is_an_error_of_the_tool(
    opened: Opened, name: str, arguments: dict[str, Any]
) -> None:
    async with opened() as door:
        answer = await door.call(name, **arguments)
    assert answer["isError"] is True
    assert answer["content"][0]["text"]
