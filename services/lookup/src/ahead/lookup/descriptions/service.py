"""`describe`: the one door to descriptions."""

from functools import cache

from ahead.lookup.catalog.schemas import CodeFacts

from .composer import compose
from .schemas import Description
from .words import rows

_WRITTEN = {"icd10cm": "icd10cm.tsv"}
"""Code system → its written texts: code and text, one pair a line."""


@cache
def written(system: str) -> dict[str, str]:
    """Written texts by key (no dot)."""
    name = _WRITTEN.get(system)
    if name is None:
        return {}
    return {code.replace(".", ""): text for code, text in (row[:2] for row in rows(name))}


def describe(facts: CodeFacts) -> Description:
    """The Common Language Description of a code or header."""
    text = written(facts.node.system).get(facts.node.code)
    if text is not None:
        return Description((text,), "written")
    return Description(compose(facts), "composed")
