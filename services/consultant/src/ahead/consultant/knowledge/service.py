"""The knowledge base: proposed by one expert, approved by another, searched by words."""

import json
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlmodel import col

from ahead.consultant.models import Knowledge
from ahead.consultant.parts import Parts
from ahead.shared.errors import BadInput, Conflict, NotFound
from ahead.shared.ids import uuid7
from ahead.shared.phi import mask

MOST = 2_000
MAX_TEXT = 10_000
_WORD = re.compile(r"[a-z0-9]+(?:\.[a-z0-9]+)?")
_COMMON = frozenset(
    _WORD.findall(
        "a an and are as at be by can do does for from how i if in is it may of on or should that the this to use used"
        " was what when which with you your"
    )
)


@dataclass(frozen=True)
class Found:
    """A published answer. ``score``: how well it fits, above 0; comparable within one search only."""

    id: str
    question: str
    answer: str
    links: tuple[str, ...]
    as_of: date
    url: str
    score: float


class KnowledgeBase:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def propose(
        self, expert: str, question: str, answer: str, as_of: date, *, links: str = "", inquiry: str = ""
    ) -> str:
        """Raises BadInput: too long, empty, or something in it may say who a patient is."""
        question, answer = question.strip(), answer.strip()
        if not question or not answer or max(len(question), len(answer)) > MAX_TEXT:
            raise BadInput(f"Question and answer need some words, at most {MAX_TEXT:,} characters each.")
        kinds = {**mask(question).counts, **mask(answer).counts}
        if kinds:
            raise BadInput(
                f"This may say who somebody is ({', '.join(sorted(kinds))}). Leave it out and try again."
            )
        if left := re.search(r"\[[A-Z][A-Z ]+\]", f"{question} {answer}"):
            raise BadInput(
                f"{left[0]} stands where something was removed. Say it so that nothing is missing."
            )
        addresses = [one for one in links.split() if one.startswith(("https://", "http://"))][:20]
        row = Knowledge(
            id=uuid7(),
            inquiry=inquiry,
            question=question,
            answer=answer,
            links=json.dumps(addresses),
            as_of=as_of,
            proposed_by=expert,
            changed_at=self._parts.clock.now(),
        )
        async with self._parts.database.write() as session:
            session.add(row)
        return row.id

    async def decide(self, key: str, expert: str, *, publish: bool) -> None:
        """Publish what another expert proposed, or withdraw. Raises NotFound, Conflict."""
        async with self._parts.database.write() as session:
            row = await session.get(Knowledge, key)
            if row is None:
                raise NotFound("There is no such answer in the knowledge base.")
            if publish and row.proposed_by == expert:
                raise Conflict("Another expert has to approve what you proposed.")
            row.state = "published" if publish else "withdrawn"
            row.approved_by = expert if publish else row.approved_by
            row.changed_at = self._parts.clock.now()

    async def listed(self, state: str = "") -> list[Knowledge]:
        """The newest first."""
        statement = select(Knowledge).order_by(col(Knowledge.changed_at).desc()).limit(MOST)
        if state:
            statement = statement.where(col(Knowledge.state) == state)
        async with self._parts.database.read() as session:
            return list((await session.execute(statement)).scalars())

    async def search(self, words: str, limit: int = 5) -> list[Found]:
        """Published answers that share telling words with these, the best first."""
        held = await self.listed("published")
        site = self._parts.settings.shared.public_url.rstrip("/")
        return [
            Found(
                row.id,
                row.question,
                row.answer,
                tuple(json.loads(row.links)),
                row.as_of,
                f"{site}/consultant/knowledge/{row.id}",
                round(score, 3),
            )
            for score, row in ranked(words, held)[:limit]
        ]

    async def one(self, key: str) -> Knowledge:
        """A published one. Raises NotFound."""
        async with self._parts.database.read() as session:
            row = await session.get(Knowledge, key)
        if row is None or row.state != "published":
            raise NotFound("There is no such answer in the knowledge base.")
        return row


def ranked(words: str, held: Sequence[Knowledge]) -> list[tuple[float, Knowledge]]:
    """By BM25 over question (twice) and answer; nothing that shares less than a third of the words."""
    wanted = _words(words)
    if not wanted or not held:
        return []
    bags = [Counter([*_words(row.question) * 2, *_words(row.answer)]) for row in held]
    mean = sum(bag.total() for bag in bags) / len(bags)
    frequency = Counter(word for bag in bags for word in bag)
    weight = {
        word: math.log(1 + (len(bags) - frequency[word] + 0.5) / (frequency[word] + 0.5))
        for word in set(wanted)
    }
    scored: list[tuple[float, Knowledge]] = []
    for bag, row in zip(bags, held, strict=True):
        shared = [word for word in weight if bag[word]]
        # A code that both name tells more than a word that both use.
        told = sum(2 if any(sign.isdigit() for sign in word) else 1 for word in shared)
        if told < 2 or len(shared) * 3 < len(weight):
            continue
        score = sum(
            weight[word] * bag[word] * 2.2 / (bag[word] + 1.2 * (0.25 + 0.75 * bag.total() / mean))
            for word in shared
        )
        scored.append((score, row))
    return sorted(scored, key=lambda one: (-one[0], one[1].id))


def _words(text: str) -> list[str]:
    """In lower case, the plural s left off; codes whole."""
    return [
        word[:-1] if len(word) > 4 and word.endswith("s") and not word[0].isdigit() else word
        for word in _WORD.findall(text.lower())
        if word not in _COMMON
    ]
