"""What the values in the file of HCPCS Level II mean, in our own words.

Source: CMS, HCPCS contractor record layout (HCPC<year>_recordlayout.txt); types of service: Medicare Claims
Processing Manual, Pub. 100-04, chapter 26, section 10.7.
"""

from functools import lru_cache
from importlib.resources import files

from .schemas import Meaning


@lru_cache(maxsize=1)
def _meanings() -> dict[tuple[str, str], str]:
    text = (files(__package__ or "") / "data" / "meanings.tsv").read_text("utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")][1:]
    rows = [line.split("\t") for line in lines]
    return {(field, value): meaning for field, value, meaning in rows}


def meaning(field: str, value: str) -> Meaning:
    """field: coverage, pricing, multiple, betos, tos, laboratory, action."""
    return Meaning(value, _meanings().get((field, value), ""))


def meanings(field: str, values: str) -> tuple[Meaning, ...]:
    """values: by a blank."""
    return tuple(meaning(field, value) for value in values.split())
