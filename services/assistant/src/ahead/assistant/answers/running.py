"""Answers that are being made in this process. Whoever asked may go away and come back: the answer goes on."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

from ahead.assistant.answers.port import Step
from ahead.assistant.answers.schemas import Answer, Citation, Sentence

Event = Step | Citation | Sentence
STOPPED = "You stopped the answer here."
LATE = "The time for one answer ran out here."
ENDED = "The service was stopped here."


class Run:
    """One answer: its events so far, for any number of readers, each from the start."""

    def __init__(self, id_: str, conversation: str) -> None:
        self.id = id_
        self.conversation = conversation
        self.answer: Answer | None = None
        self._stopped = ""
        self._events: list[Event] = []
        self._news = asyncio.Event()
        self._making: asyncio.Task[None] | None = None

    def push(self, event: Event) -> None:
        self._events.append(event)
        self._tell()

    def finish(self, answer: Answer) -> None:
        self.answer = answer
        self._tell()

    def _tell(self) -> None:
        news, self._news = self._news, asyncio.Event()
        news.set()

    async def follow(self) -> AsyncIterator[Event]:
        """All events, those to come too; ends when `answer` is there."""
        seen = 0
        while True:
            news = self._news
            while seen < len(self._events):
                seen += 1
                yield self._events[seen - 1]
            if self.answer is not None:
                return
            await news.wait()

    async def finished(self) -> Answer:
        while self.answer is None:
            await self._news.wait()
        return self.answer

    async def make(self, making: Awaitable[None], seconds: float) -> str:
        """Runs the making to its end, or raises its error. Returns why it was cut off, or ""."""
        if self._stopped:
            return self._stopped
        self._making = asyncio.ensure_future(making)
        done, _ = await asyncio.wait({self._making}, timeout=seconds)
        if not done:
            self._making.cancel()
            await asyncio.wait({self._making})
            return LATE
        if self._making.cancelled():
            return self._stopped
        self._making.result()
        return ""

    def stop(self, why: str = STOPPED) -> None:
        """What was said so far stays."""
        self._stopped = why
        if self._making is not None:
            self._making.cancel()


class Running:
    """The runs of this process. More than `at_once` wait for their turn; none is refused."""

    def __init__(self, at_once: int) -> None:
        self._runs: dict[str, Run] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.slots = asyncio.Semaphore(at_once)

    def get(self, id_: str) -> Run | None:
        return self._runs.get(id_)

    def start(self, run: Run, work: Callable[[Run], Awaitable[None]]) -> None:
        """`work` keeps the answer and finishes the run."""

        async def whole() -> None:
            try:
                await work(run)
            finally:
                del self._runs[run.id]

        self._runs[run.id] = run
        task = asyncio.create_task(whole())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def drain(self, seconds: float) -> None:
        """At the end of the process: what isn't done by then is cut off, and kept so."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        for run in list(self._runs.values()):
            run.stop(ENDED)
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=5)
