"""The tools that the model may call, and nothing else. They are typed, bounded, and act for the asker alone.

Each result goes into the turn's record, its facts into the notes. What they read is text for the model; the only
thing that comes of it is what passes the gate.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field
from pydantic_ai import RunContext

from ahead.assistant.answers.facts import facts_of
from ahead.assistant.answers.port import CodeNamed, Source, Turn
from ahead.assistant.model.notes import Fact, Notes
from ahead.assistant.model.spending import Stopped

System = Literal["icd10cm", "icd10pcs", "hcpcs", "cpt", "icd9cm", "msdrg"]
Words = Annotated[str, Field(min_length=2, max_length=200)]
Code = Annotated[str, Field(min_length=2, max_length=12, pattern=r"^[A-Za-z0-9.]+$")]

_MOST_HITS = 8
_MOST_FACTS = 40
_MOST_CHARACTERS = 400
NOTHING = "Nothing was found. The sources that are loaded don't hold it; say so with [none]."


@dataclass
class Desk:
    """What one question has to hand: the turn, the facts noted so far, and how many tools may still be used."""

    turn: Turn
    notes: Notes
    left: int

    def take(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Stopped("tools")


async def find_codes(context: RunContext[Desk], words: Words) -> str:
    """Find codes by what they are for, in the editions of the date of service. Read a code before you tell of it.

    Args:
        words: the condition, procedure, drug or supply, in a few words.
    """
    desk = context.deps
    desk.take()
    turn = desk.turn
    found = await turn.lookup.search(turn.principal, words, turn.as_of, limit=_MOST_HITS)
    turn.record.add("search", found)
    hits = [f"{hit['system']} {hit['code']}: {_short(hit['title'])}" for hit in found["hits"][:_MOST_HITS]]
    return "\n".join(hits) or NOTHING


async def read_code(
    context: RunContext[Desk],
    system: System,
    code: Code,
    about: Annotated[str, Field(max_length=60)] = "",
) -> str:
    """Read what the sources say of one code on the date of service: each fact with the mark to cite it by.

    Args:
        system: the code system.
        code: the code, with its dot.
        about: words of what is wanted, such as "global days" or "MUE"; empty reads all.
    """
    desk = context.deps
    desk.take()
    turn = desk.turn
    page = await turn.lookup.code(turn.principal, system, code, turn.as_of)
    if page is None:
        return NOTHING
    if "problem" in page:
        return f"Not checked: {page['problem']} Say so with [none]."
    turn.record.add("code", page)
    facts = [desk.notes.add(fact) for fact in _facts(page, turn, about)]
    return "\n".join(facts) or NOTHING


def _facts(page: dict[str, Any], turn: Turn, about: str) -> Iterator[Fact]:
    place = page["place"]
    # A CPT code goes without its words: they are the AMA's.
    licensed = place["system"] == "cpt"
    named = CodeNamed(place["system"], place["code"], "" if licensed else place["title"])
    url = f"/codes/{place['system']}/{place['code']}?as_of={turn.as_of.isoformat()}"
    found = list(facts_of(page))
    if found and not licensed:
        text = f"{place['code']} is “{place['title']}”."
        yield Fact(text, Source(found[0].receipt, text, url), named)
    wanted = [word[:5] for word in re.findall(r"[a-z0-9]{3,}", about.lower())]
    fitting = [one for one in found if any(word in f"{one.about} {one.text}".lower() for word in wanted)]
    for one in (fitting or found)[:_MOST_FACTS]:
        text = f"{place['code']} – {_short(one.text)}"
        yield Fact(text, Source(one.receipt, text, f"{url}#{one.section}"), named)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _MOST_CHARACTERS else text[: _MOST_CHARACTERS - 1].rsplit(" ", 1)[0] + "…"


# Each with what the reader sees while it works.
TOOLS: dict[Callable[..., Any], str] = {find_codes: "Searching the codes", read_code: "Reading a code"}
