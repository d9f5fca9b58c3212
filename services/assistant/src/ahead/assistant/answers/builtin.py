"""The built-in answerer: no model and no network but Case2Code. Looks codes up, and says what their pages say."""

import re
from datetime import date
from typing import Any

from ahead.assistant.answers.facts import codes_named, facts_of
from ahead.assistant.answers.reading import Question, read, systems_of
from ahead.assistant.answers.schemas import Citation, Code, Context, Sentence, Status
from ahead.assistant.gate.service import Gate, codes_in
from ahead.assistant.lookups.service import Lookup
from ahead.shared.auth.principal import Principal

NAME = "builtin"
_MOST_FACTS = 6
_MOST_HITS = 3
NOT_IN_SOURCES = Sentence("The sources that are loaded don't hold an answer to this.")


class Draft:
    """An answer in the making."""

    def __init__(self) -> None:
        self.citations: list[Citation] = []
        self.sentences: list[Sentence] = []
        self.codes: list[Code] = []
        self.known: set[str] = set()
        self.tools: list[str] = []
        self.withheld = 0
        self.factual = False

    def add(self, text: str, receipt: dict[str, Any], url: str) -> None:
        n = len(self.citations) + 1
        self.citations.append(
            Citation(
                n,
                receipt["file_name"],
                receipt["release"],
                receipt["sha256"],
                receipt["row"],
                receipt["window_from"],
                receipt["window_to"],
                text,
                url,
            )
        )
        self.sentences.append(Sentence(text, (n,)))

    def remark(self, text: str) -> None:
        self.sentences.append(Sentence(text))

    @property
    def status(self) -> Status:
        if not any(sentence.citations for sentence in self.sentences):
            return "not_in_sources"
        return "partly" if self.withheld or any(not one.citations for one in self.sentences) else "answered"

    def gated(self) -> "Draft":
        """Keeps back what the gate doesn't let through, and says that there is nothing where nothing is left."""
        gate = Gate(self.known, self.citations)
        self.sentences = [one for one in self.sentences if gate.passes(one, factual=bool(one.citations))] or [
            NOT_IN_SOURCES
        ]
        self.withheld = gate.withheld
        return self


async def answer(
    lookup: Lookup, principal: Principal, text: str, as_of: date, context: Context | None, before: list[Code]
) -> Draft:
    """Raises Unavailable where Case2Code doesn't answer."""
    question, draft = read(text), Draft()
    targets = [(system, code) for code in question.codes for system in systems_of(code)]
    if not targets and context is not None:
        targets = [(context.system, context.code)]
    elif not targets and question.follows and before:
        targets = [(code.system, code.code) for code in before[:2]]
    if targets:
        await _tell_codes(lookup, principal, draft, question, targets, as_of)
    elif question.words:
        await _find(lookup, principal, draft, question, as_of)
    draft.known |= codes_in(text) & {code.code.upper() for code in draft.codes}
    return draft.gated()


async def _tell_codes(
    lookup: Lookup,
    principal: Principal,
    draft: Draft,
    question: Question,
    targets: list[tuple[str, str]],
    as_of: date,
) -> None:
    told: set[str] = set()
    for system, code in targets:
        if code in told:
            continue
        draft.tools.append("code")
        page = await lookup.code(principal, system, code, as_of)
        if page is None:
            continue
        told.add(code)
        if "problem" in page:
            draft.remark(page["problem"])
            continue
        _tell_page(draft, page, question, as_of)
    if missing := {code for _, code in targets} - told:
        draft.remark(
            f"{len(missing)} of the codes that you name {'is' if len(missing) == 1 else 'are'} not in the editions "
            f"held for {as_of.isoformat()}."
        )


def _tell_page(draft: Draft, page: dict[str, Any], question: Question, as_of: date) -> None:
    place = page["place"]
    draft.known |= codes_named(page)
    draft.codes.append(code_of(place))
    facts = list(facts_of(page))
    url = f"/codes/{place['system']}/{place['code']}?as_of={as_of.isoformat()}"
    valid = [fact for fact in facts if fact.about.endswith("Valid on the date of service")][:1]
    if place["system"] != "cpt" and valid:
        draft.add(f"{place['code']} is “{place['title']}”.", valid[0].receipt, url)
    chosen = [
        fact
        for fact in facts
        if fact not in valid and any(re.search(labels, fact.about, re.I) for labels in question.wanted)
    ]
    if not question.wanted:
        chosen = facts
    if not chosen and question.wanted:
        draft.remark(f"What you ask about {place['code']} is not in the sources loaded.")
    for fact in [*valid, *[one for one in chosen if one not in valid][:_MOST_FACTS]]:
        draft.known |= codes_in(fact.text)
        draft.add(f"{place['code']} – {fact.text}", fact.receipt, f"{url}#{fact.section}")


async def _find(lookup: Lookup, principal: Principal, draft: Draft, question: Question, as_of: date) -> None:
    draft.tools.append("search")
    found = await lookup.search(principal, question.words, as_of)
    for hit in found["hits"][:_MOST_HITS]:
        draft.tools.append("code")
        page = await lookup.code(principal, hit["system"], hit["code"], as_of)
        if page is None or "problem" in page:
            continue
        narrow = Question((hit["code"],), "", question.wanted or ("valid on",), False)
        _tell_page(draft, page, narrow, as_of)


def code_of(place: dict[str, Any]) -> Code:
    """A CPT code goes without its words: they are the AMA's."""
    return Code(place["system"], place["code"], "" if place["system"] == "cpt" else place["title"])
