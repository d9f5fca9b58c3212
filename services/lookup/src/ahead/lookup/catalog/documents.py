"""Turns the nodes of a release, read in order, into documents for the search index."""

from collections.abc import Sequence

from .schemas import Document, Node


class Reader:
    """Keeps the way from the chapter to the present node, so that no query looks upwards.

    Args:
        terms: (code, kind, 7th character or "", text) of inclusion terms and includes notes.
    """

    def __init__(self, terms: Sequence[tuple[str, str, str, str]]) -> None:
        self._terms: dict[str, list[tuple[str, str, str]]] = {}
        for code, kind, key, text in terms:
            self._terms.setdefault(code, []).append((kind, key, text))
        self._above: list[Node] = []

    def document(self, node: Node) -> Document:
        """Call with every node, in depth-first order."""
        while self._above and self._above[-1].depth >= node.depth:
            self._above.pop()
        above = tuple(self._above)
        self._above.append(node)
        way = (*above, node)
        chapter = next((n for n in way if n.kind == "chapter"), None)
        section = next((n for n in reversed(way) if n.kind == "section"), None)
        return Document(
            node.release_id,
            node.system,
            node.code,
            node.dotted,
            node.kind,
            node.title,
            node.billable,
            node.ordinal,
            node.depth,
            chapter.code if chapter else "",
            chapter.title if chapter else "",
            section.code if section else "",
            tuple(n.title for n in above),
            _short(node) or self._own(node, above, "inclusion_term"),
            self._own(node, above, "includes"),
            node.codes_below,
        )

    def _own(self, node: Node, above: tuple[Node, ...], kind: str) -> tuple[str, ...]:
        found = self._at(node.code, kind)
        if node.kind == "extension":
            found += self._at(node.parent or "", kind)
            for place in above:
                found += self._at(place.code, kind, node.code[6])
        return tuple(found)

    def _at(self, code: str, kind: str, character: str = "") -> list[str]:
        return [text for k, key, text in self._terms.get(code, ()) if k == kind and key == character]


def _short(node: Node) -> tuple[str, ...]:
    """The publisher's short title of a HCPCS code, where it says something else than the long one."""
    if node.system != "hcpcs" or node.short_title.lower() in ("", node.title.lower()):
        return ()
    return (node.short_title,)
