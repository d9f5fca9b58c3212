"""Rendered parts of pages that many requests share, such as the content of a code's page."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from typing import Any

from jinja2 import Environment
from litestar import Request
from markupsafe import Markup

MAX_BYTES = 16 * 1024 * 1024


class Fragments:
    """Keeps the markup of templates by key; the least recently used goes first when the memory is full.

    The key has to hold everything the markup depends on: the data's release, and whether the reader may see
    it. A fragment is rendered without the page context: nothing of a visitor can get into it.
    """

    def __init__(self, environment: Environment, max_bytes: int = MAX_BYTES) -> None:
        self._environment = environment
        self._max_bytes = max_bytes
        self._kept: OrderedDict[tuple[str, Hashable], Markup] = OrderedDict()
        self._bytes = 0

    def render(self, template: str, key: Hashable, context: Callable[[], Mapping[str, Any]]) -> Markup:
        """The markup of ``template`` for ``key``; ``context`` is called only when it is not kept."""
        full_key = (template, key)
        found = self._kept.get(full_key)
        if found is not None:
            self._kept.move_to_end(full_key)
            return found
        # The environment escapes: what comes out is markup.
        markup = Markup(self._environment.get_template(template).render(context()))  # noqa: S704
        self._kept[full_key] = markup
        self._bytes += len(markup)
        while self._bytes > self._max_bytes:
            _, dropped = self._kept.popitem(last=False)
            self._bytes -= len(dropped)
        return markup

    def clear(self) -> None:
        """Forget everything: after new data was published."""
        self._kept.clear()
        self._bytes = 0


def fragments_of(request: Request[Any, Any, Any]) -> Fragments:
    """The application's fragments."""
    return request.app.state.fragments
