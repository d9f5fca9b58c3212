"""HEAD is answered wherever GET is, by the same handler; ``request.method`` says which it was."""

from copy import copy

from litestar.plugins import ReceiveRoutePlugin
from litestar.routes import BaseRoute, HTTPRoute
from litestar.types import Empty


class HeadRequests(ReceiveRoutePlugin):
    def receive_route(self, route: BaseRoute) -> None:
        if not isinstance(route, HTTPRoute):
            return
        handlers = route.route_handler_map
        if "GET" in handlers and "HEAD" not in handlers:
            handler, model = handlers["GET"]
            # A copy, so that the API's description names the operation once.
            head = copy(handler)
            head.include_in_schema = False
            head._resolved_include_in_schema = Empty  # the original may have resolved it already
            handlers["HEAD"] = head, model
            route.methods.add("HEAD")
