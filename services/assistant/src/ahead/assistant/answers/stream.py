"""An answer as it comes: each sentence through the gate, its citations numbered, at the end the whole."""

from collections.abc import AsyncIterator

from ahead.assistant.answers.port import (
    Answerer,
    Claim,
    CodeNamed,
    HandedOver,
    Piece,
    Remark,
    Source,
    Step,
    Turn,
    Verdict,
)
from ahead.assistant.answers.schemas import Answer, Citation, Code, Sentence, Status
from ahead.assistant.gate.service import Gate
from ahead.shared.errors import Unavailable

AWAY = "Case2Code doesn't answer just now, so nothing more could be looked up."
BROKEN = "Something went wrong on our side while this was answered."
FREE = "This question cost nothing."
NOT_IN_SOURCES = Sentence("The sources that are loaded don't hold an answer to this.")
_RANK: dict[Status, int] = {"not_in_sources": 0, "partly": 1, "answered": 2}


class Answering:
    """One turn. Iterate `events`, then take `answer`."""

    def __init__(self, id_: str, conversation: str, answerer: Answerer, turn: Turn) -> None:
        self._id, self._conversation = id_, conversation
        self._answerer, self._turn = answerer, turn
        self._gate = Gate(turn.record, turn.as_of)
        self._name = answerer.name
        self._sentences: list[Sentence] = []
        self._citations: dict[tuple[str, int, str], Citation] = {}
        self._codes: dict[tuple[str, str], Code] = {}
        self._verdict: Status | None = None
        self._missing = False
        self._lost = False
        self._failed = False
        self.tools: list[str] = []

    async def events(self) -> AsyncIterator[Step | Citation | Sentence]:
        """Steps, and what passes the gate: the citations of a sentence come before it when they are new."""
        try:
            async for piece in self._answerer.answer(self._turn):
                for event in self._taken(piece):
                    yield event
        except Unavailable:
            yield self.end(AWAY, failed=True)
        if not self._sentences:
            self._sentences.append(NOT_IN_SOURCES)
            yield NOT_IN_SOURCES

    def end(self, why: str, *, failed: bool) -> Sentence:
        """Ends the answer before its time. It has failed also where nothing was found until then."""
        self._missing = True
        self._failed = failed or not any(sentence.citations for sentence in self._sentences)
        sentence = Sentence(f"{why} {FREE}" if self._failed else why)
        self._sentences.append(sentence)
        return sentence

    def _taken(self, piece: Piece) -> list[Step | Citation | Sentence]:
        match piece:
            case Step():
                self.tools.append(piece.tool)
                return [piece]
            case Claim():
                return self._claimed(piece)
            case Remark():
                self._missing |= piece.missing
                said = self._said(piece.text, (), factual=False)
                self._lost |= not said
                return said
            case CodeNamed():
                if piece.code.upper() in self._turn.record.codes:
                    self._codes[piece.system, piece.code] = Code(piece.system, piece.code, piece.title)
            case Verdict():
                self._verdict = piece.status
            case HandedOver():
                # What the other one says is complete by itself.
                self._name, self._lost = piece.answerer, False
        return []

    def _claimed(self, claim: Claim) -> list[Step | Citation | Sentence]:
        said = self._said(claim.text, claim.sources, factual=True, written=claim.written)
        if said:
            return said
        told = {sentence.text for sentence in self._sentences}
        for one in claim.instead:
            if one.text in told:
                continue
            said += self._said(one.text, one.sources, factual=True, written=one.written)
        if not said and not any(one.text in told for one in claim.instead):
            self._lost = True
        return said

    def _said(
        self, text: str, sources: tuple[Source, ...], *, factual: bool, written: bool = False
    ) -> list[Step | Citation | Sentence]:
        new: dict[tuple[str, int, str], Citation] = {}
        cited: list[Citation] = []
        for source in sources:
            key = (source.receipt["sha256"], source.receipt["row"], source.quote)
            known = self._citations.get(key) or new.get(key)
            if known is None:
                known = new[key] = _citation(len(self._citations) + len(new) + 1, source)
            if known not in cited:
                cited.append(known)
        if not self._gate.passes(text, cited, factual=factual, written=written):
            return []
        self._citations |= new
        sentence = Sentence(text, tuple(citation.n for citation in cited))
        self._sentences.append(sentence)
        self._turn.record.shown += bool(cited)
        return [*new.values(), sentence]

    @property
    def status(self) -> Status:
        if self._failed:
            return "unavailable"
        if not any(sentence.citations for sentence in self._sentences):
            return "not_in_sources"
        borne_out: Status = "partly" if self._lost or self._missing else "answered"
        said = self._verdict or borne_out
        return said if _RANK[said] < _RANK[borne_out] else borne_out

    @property
    def answer(self) -> Answer:
        return Answer(
            self._id,
            self._conversation,
            self._name,
            self.status,
            tuple(self._sentences),
            tuple(self._citations.values()),
            tuple(self._codes.values()),
            self._gate.withheld,
        )


def _citation(n: int, source: Source) -> Citation:
    receipt = source.receipt
    return Citation(
        n,
        receipt["file_name"],
        receipt["release"],
        receipt["sha256"],
        receipt["row"],
        receipt["window_from"],
        receipt["window_to"],
        source.quote,
        source.url,
    )
