"""The MCP server: streamable HTTP without sessions, so that any process answers any request.

A call of a tool is a request to the API inside this process, with the caller's own key: guards, allowances, rate
limits and events are those of the API, because they are the API's.
"""

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import quote

import httpx
from litestar import Litestar
from litestar.types import Receive, Scope, Send

from ahead.lookup.mcp.tools import Tool, tools_of

PREFIX = "/api/lookup/v1"
AGENT = "Case2Code-MCP/1"
# What the caller is known by: its key, and which request this was. Its network is told by the outer request.
_HANDED_ON = ("authorization", "x-request-id")
INSTRUCTIONS = (
    "Case2Code: US medical codes for any date of service. Give as_of (YYYY-MM-DD) whenever the date of service is "
    "known. Figures carry receipts; “not_checked” means that no verdict may be drawn."
)


class McpDoor:
    """Started at its first request: whoever doesn't use it doesn't pay for its imports."""

    def __init__(self, version: str) -> None:
        self._version = version
        self._manager: Any = None
        self._running: asyncio.Task[None] | None = None
        self._stop = asyncio.Event()
        self._starting = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self._starting:
            manager: Any = self._manager or await self._start(Litestar.from_scope(scope))
        await manager.asgi_app(scope, receive, send)

    async def close(self) -> None:
        if self._running is not None:
            self._stop.set()
            with suppress(asyncio.CancelledError):
                await self._running

    async def _start(self, app: Litestar) -> Any:
        from mcp.server.lowlevel import Server
        from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

        calls = Calls(app)
        server: Any = Server(
            "case2code",
            version=self._version,
            title="Case2Code",
            instructions=INSTRUCTIONS,
            on_list_tools=calls.listed,
            on_call_tool=calls.called,
        )
        manager = StreamableHTTPSessionManager(server, json_response=True, stateless=True)
        ready = asyncio.Event()

        async def run() -> None:
            async with manager.run():
                ready.set()
                await self._stop.wait()

        self._running = asyncio.create_task(run(), name="mcp")
        await ready.wait()
        self._manager = manager
        return manager


class Calls:
    """Lists the tools and carries calls to the API."""

    def __init__(self, app: Litestar) -> None:
        self._tools = tools_of(app.openapi_schema.to_schema(), PREFIX)
        self._transport = httpx.ASGITransport(app=app)  # pyright: ignore[reportArgumentType]

    async def listed(self, _context: Any, _params: Any) -> Any:
        import mcp_types as types

        return types.ListToolsResult(
            tools=[
                types.Tool(name=tool.name, description=tool.description, input_schema=tool.input_schema)
                for tool in self._tools.values()
            ]
        )

    async def called(self, context: Any, params: Any) -> Any:
        import mcp_types as types

        tool = self._tools.get(params.name)
        if tool is None:
            said = f"There is no tool {params.name!r}. Tools: {', '.join(self._tools)}."
            return types.CallToolResult(content=[types.TextContent(text=said)], is_error=True)
        answer = await self._ask(tool, params.arguments or {}, _caller(context.request))
        text = answer.text
        structured = None
        if "json" in answer.headers.get("content-type", ""):
            found = answer.json()
            structured = found if isinstance(found, dict) else {"answer": found}
            text = json.dumps(found, ensure_ascii=False)
        return types.CallToolResult(
            content=[types.TextContent(text=text)], structured_content=structured, is_error=answer.is_error
        )

    async def _ask(
        self, tool: Tool, arguments: Mapping[str, Any], caller: Mapping[str, str]
    ) -> httpx.Response:
        path, query = tool.path, dict[str, Any]()
        for name, where in tool.where.items():
            value = arguments.get(name)
            if where == "path":
                path = path.replace(f"{{{name}}}", quote(str(value or "-"), safe=""))
            elif value is not None:
                query[name] = value
        body = {name: value for name, value in arguments.items() if name not in tool.where}
        async with httpx.AsyncClient(
            transport=self._transport, base_url="http://case2code.internal"
        ) as client:
            return await client.request(
                tool.method,
                path,
                params=query,
                json=body if tool.has_body else None,
                headers={**caller, "User-Agent": AGENT, "Accept": "application/json"},
            )


def _caller(request: Any) -> dict[str, str]:
    """The headers that say who asks, from the outer request."""
    if request is None:
        return {}
    known = {name: request.headers[name] for name in _HANDED_ON if name in request.headers}
    return known | ({"X-Forwarded-For": request.client.host} if request.client else {})
