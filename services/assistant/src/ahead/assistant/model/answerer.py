"""The answerer with a language model. Where it fails, is late or is cut off, the built-in one finishes and says so.

Nothing of what the model writes leaves here but as a claim with the facts that it cites, which the gate then judges;
what cites nothing is no sentence of ours. Questions back and "not in the sources" are chosen by mark and said in words
of our own.
"""

from collections.abc import AsyncIterator

import structlog
from pydantic_ai import Agent
from pydantic_ai.messages import (
    FunctionToolCallEvent,
    PartDeltaEvent,
    PartEndEvent,
    PartStartEvent,
    TextPart,
    TextPartDelta,
)
from pydantic_ai.models import Model
from pydantic_ai.settings import ModelSettings as CallSettings
from pydantic_ai.usage import UsageLimits

from ahead.assistant.answers.port import Answerer, Claim, HandedOver, Piece, Remark, Step, Turn
from ahead.assistant.gate.sentences import Sentences
from ahead.assistant.model.instructions import INSTRUCTIONS, prompt
from ahead.assistant.model.metered import Metered
from ahead.assistant.model.notes import ASKS, Marked, Notes
from ahead.assistant.model.spending import Spending, Stopped
from ahead.assistant.model.tools import LABELS, Hand, offered
from ahead.assistant.settings import ModelSettings
from ahead.shared.errors import Unavailable

NAME = "model"
NOT_THERE = Remark("The sources that are loaded don't hold an answer to this.", missing=True)
FINISHED = "The language model did not come to an end, so the built-in rules answer from here on."
OVER_BUDGET = "The language model's budget for today is used up, so the built-in rules answer."
NOT_BORNE_OUT = "What the language model wrote is not borne out by the sources, so the built-in rules answer."
_MOST_SENTENCES = 40
_log = structlog.get_logger()


class LanguageModel:
    """Second answerer. `beside` is the one that goes on where the model can't."""

    name = NAME

    def __init__(self, model: Model, settings: ModelSettings, spending: Spending, beside: Answerer) -> None:
        self._model = model
        self._settings = settings
        self._spending = spending
        self._beside = beside
        self._agent = Agent(
            deps_type=Hand,
            instructions=INSTRUCTIONS,
            tools=offered(),
            retries=1,
            defer_model_check=True,
        )

    async def answer(self, turn: Turn) -> AsyncIterator[Piece]:
        """Raises Unavailable where Case2Code doesn't answer."""
        why, asked_back = "", False
        try:
            async for piece in self._written(turn):
                asked_back = asked_back or isinstance(piece, Remark)
                yield piece
        except Unavailable:
            raise
        except Stopped as stopped:
            why = stopped.why
        except Exception as error:
            # Whatever goes wrong on the way to a model is no reason to leave a question without its answer. The
            # error's text may hold what the model wrote: its kind is enough.
            why = f"{type(error).__name__} at {_place(error)}"
        if not why and (turn.record.shown or asked_back):
            return
        _log.warning("the built-in answerer finishes", why=why or "nothing borne out")
        if why == "budget":
            yield Remark(OVER_BUDGET)
        else:
            yield Remark(FINISHED if why else NOT_BORNE_OUT)
        yield HandedOver(f"{NAME}+{self._beside.name}" if turn.record.shown else self._beside.name)
        async for piece in self._beside.answer(turn):
            yield piece

    async def _written(self, turn: Turn) -> AsyncIterator[Piece]:
        notes = Notes()
        hand = Hand(turn, notes, self._settings.tool_calls)
        metered = Metered(self._model, self._settings, self._spending, turn.principal.subject)
        sentences, uncited, said = Sentences(), list[str](), 0
        async with self._agent.run_stream_events(
            prompt(turn),
            deps=hand,
            model=metered,
            model_settings=CallSettings(max_tokens=self._settings.tokens_out),
            # The turn's own limits are `Metered`'s and `Hand`'s; these stand behind them.
            usage_limits=UsageLimits(
                request_limit=self._settings.calls + 1, tool_calls_limit=self._settings.tool_calls + 1
            ),
            timeout=self._settings.seconds,
        ) as events:
            async for event in events:
                ready: list[str] = []
                match event:
                    case PartStartEvent(part=TextPart(content=text)):
                        ready = sentences.feed(text)
                    case PartDeltaEvent(delta=TextPartDelta(content_delta=text)):
                        ready = sentences.feed(text)
                    case PartEndEvent(part=TextPart()):
                        ready = sentences.rest()
                    case FunctionToolCallEvent():
                        # Said on the way to a tool: no part of the answer.
                        uncited.clear()
                        if (label := LABELS.get(event.part.tool_name)) is not None:
                            yield Step(event.part.tool_name, label)
                    case _:
                        pass
                for sentence in ready:
                    said += 1
                    if said > _MOST_SENTENCES:
                        raise Stopped("sentences")
                    marked = notes.read(sentence)
                    if not (marked.facts or marked.asks or marked.none):
                        uncited.append(marked.text)
                    for piece in _pieces(marked):
                        yield piece
        for text in uncited:
            # Counted where it is withheld.
            yield Claim(text, (), written=True)


def _place(error: BaseException) -> str:
    """Where it was raised, for whoever reads the log."""
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    return "" if last is None else f"{last.tb_frame.f_globals.get('__name__', '')}:{last.tb_lineno}"


def _pieces(marked: Marked) -> list[Piece]:
    pieces: list[Piece] = []
    if marked.facts and marked.text:
        pieces += dict.fromkeys(code for fact in marked.facts for code in fact.named)
        sources = () if marked.unknown else tuple(one for fact in marked.facts for one in fact.sources)
        instead = tuple(fact.claim for fact in marked.facts)
        pieces.append(Claim(marked.text, sources, written=True, instead=instead))
    pieces += [Remark(ASKS[one], missing=True) for one in marked.asks]
    if marked.none and not marked.facts:
        pieces.append(NOT_THERE)
    return pieces
