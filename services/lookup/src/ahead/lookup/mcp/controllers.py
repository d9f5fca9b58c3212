"""Where the MCP door hangs."""

from litestar import asgi
from litestar.handlers import ASGIRouteHandler
from litestar.types import Receive, Scope, Send

from ahead.lookup.mcp.server import McpDoor


def handler_of(door: McpDoor) -> ASGIRouteHandler:
    # A key is asked for by what a tool asks; without any, a stranger may search, as on the site.
    @asgi("/mcp", opt={"csrf": False}, copy_scope=True)
    async def mcp(scope: Scope, receive: Receive, send: Send) -> None:
        await door(scope, receive, send)

    return mcp
