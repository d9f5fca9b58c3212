"""The built-in answerer: no model and no network but Case2Code. Looks codes up, and says what their pages say."""

import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

from ahead.assistant.answers.facts import facts_of
from ahead.assistant.answers.port import Claim, CodeNamed, Piece, Remark, Source, Step, Turn
from ahead.assistant.answers.reading import Question, read, systems_of

NAME = "builtin"
_MOST_FACTS = 6
_MOST_HITS = 3


class Builtin:
    """The default answerer."""

    name = NAME

    async def answer(self, turn: Turn) -> AsyncIterator[Piece]:
        """Raises Unavailable where Case2Code doesn't answer."""
        question = read(turn.question)
        targets = [(system, code) for code in question.codes for system in systems_of(code)]
        before = turn.history[-1].answer.codes if turn.history else ()
        if not targets and turn.context is not None:
            targets = [(turn.context.system, turn.context.code)]
        elif not targets and question.follows and before:
            targets = [(code.system, code.code) for code in before[:2]]
        if targets:
            async for piece in _tell_codes(turn, question, targets):
                yield piece
        elif question.words:
            async for piece in _find(turn, question):
                yield piece


async def _tell_codes(turn: Turn, question: Question, targets: list[tuple[str, str]]) -> AsyncIterator[Piece]:
    told: set[str] = set()
    for system, code in targets:
        if code in told:
            continue
        yield Step("code", f"Reading {code}")
        page = await turn.lookup.code(turn.principal, system, code, turn.as_of)
        if page is None:
            continue
        told.add(code)
        if "problem" in page:
            yield Remark(page["problem"], missing=True)
            continue
        for piece in _tell_page(turn, page, question):
            yield piece
    if missing := {code for _, code in targets} - told:
        yield Remark(
            f"{len(missing)} of the codes that you name {'is' if len(missing) == 1 else 'are'} not in the editions "
            f"held for {turn.as_of.isoformat()}.",
            missing=True,
        )


def _tell_page(turn: Turn, page: dict[str, Any], question: Question) -> Iterator[Piece]:
    place = page["place"]
    turn.record.add("code", page)
    # A CPT code goes without its words: they are the AMA's.
    yield CodeNamed(place["system"], place["code"], "" if place["system"] == "cpt" else place["title"])
    facts = list(facts_of(page))
    url = f"/codes/{place['system']}/{place['code']}?as_of={turn.as_of.isoformat()}"
    valid = [fact for fact in facts if fact.about.endswith("Valid on the date of service")][:1]
    if place["system"] != "cpt" and valid:
        text = f"{place['code']} is “{place['title']}”."
        yield Claim(text, (Source(valid[0].receipt, text, url),))
    chosen = [
        fact
        for fact in facts
        if fact not in valid and any(re.search(labels, fact.about, re.I) for labels in question.wanted)
    ]
    if not question.wanted:
        chosen = facts
    if not chosen and question.wanted:
        yield Remark(f"What you ask about {place['code']} is not in the sources loaded.", missing=True)
    for fact in [*valid, *[one for one in chosen if one not in valid][:_MOST_FACTS]]:
        text = f"{place['code']} – {fact.text}"
        yield Claim(text, (Source(fact.receipt, text, f"{url}#{fact.section}"),))


async def _find(turn: Turn, question: Question) -> AsyncIterator[Piece]:
    yield Step("search", f"Searching for “{question.words}”")
    found = await turn.lookup.search(turn.principal, question.words, turn.as_of)
    turn.record.add("search", found)
    for hit in found["hits"][:_MOST_HITS]:
        yield Step("code", f"Reading {hit['code']}")
        page = await turn.lookup.code(turn.principal, hit["system"], hit["code"], turn.as_of)
        if page is None or "problem" in page:
            continue
        narrow = Question((hit["code"],), "", question.wanted or ("valid on",), False)
        for piece in _tell_page(turn, page, narrow):
            yield piece
