"""`describe`: the one door to descriptions."""

from collections.abc import Callable
from functools import cache

from ahead.lookup.catalog.schemas import CodeFacts
from ahead.lookup.cpt import describing as cpt
from ahead.lookup.hcpcs import describing as hcpcs
from ahead.lookup.icd9 import describing as icd9
from ahead.lookup.msdrg import describing as msdrg
from ahead.lookup.pcs import describing as pcs

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


COMPOSERS: dict[str, Callable[[CodeFacts], tuple[str, ...]]] = {
    "hcpcs": hcpcs.describe,
    "cpt": cpt.describe,
    "msdrg": msdrg.describe,
    "icd10pcs": pcs.describe,
    "icd9cm": icd9.describe,
}
"""Code system → the rules that compose a text; of others ICD-10-CM's."""


def describe(facts: CodeFacts) -> Description:
    """The Common Language Description of a code or header."""
    text = written(facts.node.system).get(facts.node.code)
    if text is not None:
        return Description((text,), "written")
    return Description(COMPOSERS.get(facts.node.system, compose)(facts), "composed")
