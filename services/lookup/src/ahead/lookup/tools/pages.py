"""The list of tools."""

from litestar import Controller, get

from ahead.lookup.tools.catalogue import TOOLS
from ahead.shared.web.templating import Page


class ToolsPages(Controller):
    include_in_schema = False

    @get("/tools")
    async def tools(self) -> Page:
        return Page("tools/index.html", {"tools": TOOLS})
