"""The groups of CPT by the numbers of its codes, in the project's own words."""

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Place:
    """`about` completes "codes for ..."."""

    key: str
    title: str
    about: str

    @property
    def first(self) -> str:
        return self.key[:5]

    @property
    def last(self) -> str:
        return self.key[-5:]

    def holds(self, code: str) -> bool:
        """A range of digits holds digits only, one of a letter only codes that end in it."""
        ending = "" if self.first.isdigit() else self.first[-1]
        own = "" if code.isdigit() else code[-1:]
        return ending == own and self.first <= code <= self.last


@lru_cache(maxsize=1)
def places() -> tuple[Place, ...]:
    """The narrower one follows the wider one that it lies in."""
    text = (files(__package__ or "") / "data" / "places.tsv").read_text("utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")][1:]
    return tuple(Place(*line.split("\t")) for line in lines)


UNKNOWN = Place("other", "Other codes", "services that are not grouped here")


def places_of(code: str) -> tuple[Place, ...]:
    """The groups that a code lies in, the wide one first; at least one."""
    return tuple(place for place in places() if place.holds(code)) or (UNKNOWN,)
