"""The built-in answerer: no model and no network but Case2Code. Reads the question, asks tools, says what they say."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence

from ahead.assistant.answers.port import Claim, CodeNamed, Piece, Remark, Source, Step, Turn, Verdict
from ahead.assistant.planning.calls import Call
from ahead.assistant.planning.plan import plan
from ahead.assistant.reading.question import Question, read_in_turn
from ahead.assistant.tools.desk import Desk
from ahead.assistant.tools.results import Result

NAME = "builtin"
_MOST_CLAIMS = 20
_ASK_BACK = (
    "The question speaks of something that it doesn't name, and the facts that decide are missing. Name the codes, the "
    "setting and the date of service, or for a visit its kind and its decision making or minutes."
)
_NOT_READ = (
    "That is not something the sources can answer: they hold codes, their rules, Medicare's edits, limits and figures. "
    "Name a code, or say a diagnosis, a procedure or a supply in words."
)


class Builtin:
    """The default answerer."""

    name = NAME

    async def answer(self, turn: Turn) -> AsyncIterator[Piece]:
        """Raises Unavailable where Case2Code doesn't answer."""
        question = _question(turn)
        if question.refused:
            yield Remark(question.refused, missing=True)
            yield Verdict("not_in_sources")
            return
        calls = plan(question)
        if not calls:
            yield Remark(_ASK_BACK if question.points or "em" in question.topics else _NOT_READ, missing=True)
            yield Verdict("not_in_sources")
            return
        desk = Desk(turn.lookup, turn.principal, turn.record, question.as_of)
        async for piece in _told(desk, calls, question):
            yield piece


def _question(turn: Turn) -> Question:
    before = [(one.question, one.as_of) for one in turn.history]
    question = read_in_turn(turn.question, turn.as_of, before)
    if question.subject or question.refused:
        return question
    # What the question doesn't name: the code of the page that it is asked on, or those of the last answer.
    if turn.context is not None:
        return question.about([turn.context.code])
    if turn.history and (question.follows or question.points) and (held := turn.history[-1].answer.codes):
        return question.about([code.code for code in held[:1]])
    return question


async def _told(desk: Desk, calls: Sequence[Call], question: Question) -> AsyncIterator[Piece]:
    """All calls at once; each told in its turn, so that the first sentence doesn't wait for the last call."""
    firm, lean = [one for one in calls if not one.lean], [one for one in calls if one.lean]
    claims = 0
    whys: list[tuple[str, bool]] = []
    tasks: list[asyncio.Task[Result]] = []
    try:
        for call in firm:
            yield Step(call.tool, call.label)
            tasks.append(asyncio.ensure_future(call.run(desk)))
        for task in tasks:
            result = await task
            for piece in _pieces(result, _MOST_CLAIMS - claims):
                claims += isinstance(piece, Claim)
                yield piece
            if result.why:
                whys.append((result.why, not result.told or result.why.startswith("Not checked")))
        if not claims:
            for call in lean:
                yield Step(call.tool, call.label)
                for piece in _pieces(await call.run(desk), _MOST_CLAIMS):
                    claims += isinstance(piece, Claim)
                    yield piece
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    said: set[str] = set()
    for why, missing in whys:
        if why not in said:
            said.add(why)
            yield Remark(_capital(why), missing=missing)
    if not claims and not said:
        yield Remark(_NOT_READ, missing=True)


def _pieces(result: Result, most: int) -> Iterator[Piece]:
    for one in result.named:
        yield CodeNamed(one.system, one.code, one.title)
    for one in result.statements[: max(most, 0)]:
        yield Claim(
            one.text, tuple(Source(receipt, one.text, one.url or "/tools") for receipt in one.receipts)
        )


def _capital(text: str) -> str:
    text = " ".join(text.split())
    return text[:1].upper() + text[1:] + ("" if text[-1:] in ".!?”" else ".")
