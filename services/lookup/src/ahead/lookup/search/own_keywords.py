"""What somebody calls a code for themselves: their own keywords lead to it before anything else does."""

import msgspec

from ahead.lookup.catalog.schemas import Node
from ahead.lookup.catalog.service import Catalog
from ahead.lookup.personal.service import Personal
from ahead.lookup.search.schemas import Matched, SearchAnswer, SearchHit, Suggestion, Suggestions
from ahead.lookup.search.service import Scope
from ahead.shared.auth.principal import Principal
from ahead.shared.errors import BadInput, NotFound

FIELD, WHY = "keyword", "your keyword"


class OwnKeywords:
    def __init__(self, personal: Personal, catalog: Catalog) -> None:
        self._personal = personal
        self._catalog = catalog

    async def first(
        self,
        answer: SearchAnswer,
        principal: Principal,
        typed: str,
        scope: Scope,
        *,
        limit: int,
        chapter: str | None = None,
        billable: bool | None = None,
    ) -> SearchAnswer:
        """The first page of an answer with the asker's own codes on top, as far as the filters let them through.

        Args:
            chapter: with one, nothing is added: own codes are not sorted into chapters.
        """
        if chapter is not None:
            return answer
        nodes = [
            node
            for node in await self._nodes(principal, typed, scope)
            if billable is None or node.billable == billable
        ]
        if not nodes:
            return answer
        found = {(hit.system, hit.code): hit for hit in answer.hits}
        mine = [_hit(node, typed, found.get((node.system, node.dotted))) for node in nodes]
        keys = {(hit.system, hit.code) for hit in mine}
        others = [hit for key, hit in found.items() if key not in keys]
        further = sum(key not in found for key in keys)
        return msgspec.structs.replace(
            answer, hits=(*mine, *others)[:limit], total=max(answer.total, len(found) + further)
        )

    async def first_suggested(
        self, suggestions: Suggestions, principal: Principal, typed: str, scope: Scope
    ) -> Suggestions:
        mine = [
            Suggestion(node.system, node.dotted, _title(node))
            for node in await self._nodes(principal, typed, scope)
        ]
        if not mine:
            return suggestions
        keys = {(one.system, one.code) for one in mine}
        others = [one for one in suggestions.hits if (one.system, one.code) not in keys]
        return msgspec.structs.replace(
            suggestions, hits=(*mine, *others)[: max(len(suggestions.hits), len(mine))]
        )

    async def _nodes(self, principal: Principal, typed: str, scope: Scope) -> list[Node]:
        """Own codes of exactly this keyword, as the editions in scope hold them."""
        days = {edition.system: edition.as_of for edition in scope.editions if edition.release is not None}
        nodes: list[Node] = []
        for system, code in await self._personal.meant_by(principal, typed):
            if system not in days:
                continue
            try:
                held = await self._catalog.find(system, code, days[system])
            except (BadInput, NotFound):  # not in this edition
                continue
            if held.node is not None:
                nodes.append(held.node)
        return nodes


def _title(node: Node) -> str:
    return "" if node.title_origin == "not_held" else node.title


def _hit(node: Node, typed: str, found: SearchHit | None) -> SearchHit:
    why = Matched(FIELD, typed, WHY)
    if found is not None:
        return msgspec.structs.replace(found, matched=(why, *found.matched))
    return SearchHit(node.system, node.dotted, _title(node), node.billable, (why,))
