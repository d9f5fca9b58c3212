"""What a tool tells: statements with their receipts, and what it can't tell apart."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal

Json = dict[str, Any]

State = Literal["found", "none", "no_edition", "not_checked", "not_understood"]
"""It is there. The edition held doesn't have it. No edition is held for the date. It could not be judged, and `why`
says what is missing. The call can't be looked up as it is."""


@dataclass(frozen=True)
class Statement:
    """One fact as a sentence, and the rows that it rests on. `url`: the page of the platform that shows them."""

    text: str
    receipts: tuple[Json, ...]
    url: str = ""


@dataclass(frozen=True)
class Named:
    """A code that a result is about. `title` is empty for CPT: its words are the AMA's."""

    system: str
    code: str
    title: str = ""


@dataclass(frozen=True)
class Result:
    """`why`: in a sentence, what isn't there or what has to be said besides. It states nothing that needs a receipt."""

    tool: str
    state: State
    statements: tuple[Statement, ...] = ()
    why: str = ""
    named: tuple[Named, ...] = ()

    @property
    def told(self) -> bool:
        return bool(self.statements)

    def because(self, why: str) -> "Result":
        return replace(self, why=f"{self.why} {why}".strip())


def statement(text: str, receipts: Iterable[Json | None] | Json | None, url: str = "") -> Statement | None:
    """None without a receipt: it could not be cited."""
    if receipts is None:
        return None
    given: Iterable[Any] = [receipts] if isinstance(receipts, dict) else receipts
    held: tuple[Json, ...] = tuple(one for one in given if one is not None)
    return Statement(text, held, url) if held else None


def of(tool: str, found: Iterable[Statement | None], why: str = "", named: Iterable[Named] = ()) -> Result:
    """Found, where anything can be cited; else "none"."""
    told = tuple(one for one in found if one is not None)
    return Result(tool, "found" if told else "none", told, why, tuple(named))


def whole_file(edition: Json | None) -> Json | None:
    """A receipt of an edition's file as a whole, for what isn't in it."""
    release = (edition or {}).get("release")
    if not release or not release.get("files"):
        return None
    file = release["files"][0]
    return {
        "file_name": file["name"],
        "release": release["edition"],
        "sha256": file["sha256"],
        "row": 1,
        "window_from": release["window_from"],
        "window_to": release["window_to"],
    }


def ended(why: str) -> str:
    """What is said of an edition that has ended, without the verdict: "published to 2024-09-30; …"."""
    head, _, _ = why.partition(". ")
    return head if head.startswith("Not checked: published to") else ""


def sentence(text: str) -> str:
    text = " ".join(text.split())
    return text if not text or text[-1] in ".!?”" else f"{text}."
