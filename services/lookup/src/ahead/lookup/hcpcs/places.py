"""The groups of HCPCS Level II: its letters, and stretches of codes within them, in the project's own words."""

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


@lru_cache(maxsize=1)
def _places() -> tuple[dict[str, Place], dict[str, list[Place]]]:
    text = (files(__package__ or "") / "data" / "places.tsv").read_text("utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")][1:]
    letters: dict[str, Place] = {}
    stretches: dict[str, list[Place]] = {}
    for line in lines:
        place = Place(*line.split("\t"))
        if len(place.key) == 1:
            letters[place.key] = place
        else:
            stretches.setdefault(place.key[0], []).append(place)
    return letters, stretches


def letter_of(code: str) -> Place:
    """The group of the code's letter; of a letter that is new, one without a name of its own."""
    letter = code[:1]
    return _places()[0].get(letter) or Place(letter, f"Codes that begin with {letter}", "other services")


def stretch_of(code: str) -> Place | None:
    """The stretch that a code lies in, where its letter is divided."""
    return next((p for p in _places()[1].get(code[:1], ()) if p.first <= code <= p.last), None)
