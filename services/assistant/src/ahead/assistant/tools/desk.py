"""One turn's calls to Case2Code: each made once, its result recorded, dated by the date of service."""

from datetime import date
from typing import Any

from ahead.assistant.answers.record import Record
from ahead.assistant.lookups.service import Lookup
from ahead.shared.auth.principal import Principal

Json = dict[str, Any]


class Desk:
    """Raises Unavailable, from every call, where Case2Code doesn't answer.

    Args:
        as_of: the date of service that every call is made for.
    """

    def __init__(self, lookup: Lookup, principal: Principal, record: Record, as_of: date) -> None:
        self._lookup, self._principal, self._record = lookup, principal, record
        self.as_of = as_of

    def on(self, as_of: date) -> "Desk":
        """The same for another date."""
        return Desk(self._lookup, self._principal, self._record, as_of)

    async def tool(self, name: str, *, dated: bool = True, **body: Any) -> Json:
        """`{"problem": why}` where it can't be looked up so, or no edition is held."""
        if dated:
            body["as_of"] = self.as_of.isoformat()
        found = await self._lookup.tool(self._principal, name, body)
        return self._record.add(name, found)

    async def section(self, system: str, code: str, key: str) -> Json | None:
        """One section of a code's page; None: no such code; `{"problem": why}`: no edition is held."""
        found = await self._lookup.section(self._principal, system, code, key, self.as_of)
        if found is None or "problem" in found:
            return found and self._record.add(f"section:{key}", found)
        # A section doesn't repeat whose it is.
        self._record.add(f"section:{key}", {"code": code, "section": found})
        return found

    async def page(self, system: str, code: str) -> Json | None:
        found = await self._lookup.code(self._principal, system, code, self.as_of)
        return None if found is None else self._record.add("code", found)

    async def search(self, words: str, system: str = "", limit: int = 5) -> Json:
        found = await self._lookup.search(self._principal, words, self.as_of, limit, system)
        return self._record.add("search", found)

    def url(self, system: str, code: str, section: str = "") -> str:
        address = f"/codes/{system}/{code}?as_of={self.as_of.isoformat()}"
        return f"{address}#{section}" if section else address

    def tool_url(self, name: str) -> str:
        return f"/tools/{name}"
