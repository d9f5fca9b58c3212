"""A hostile model over the real endpoint's protocol: nothing of its own is shown, sent, logged or kept."""

import asyncio
import re
import statistics
import time
from collections import Counter
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from hostile_model import SLOW_EVERY, canary_of, codes_made_up, mischief_of
from model_world import CODES, World, model_world, write_catalogue
from nothing_ungated import LOOKED_UP, check_citations, codes_told, rules_say, squeezed, uncited
from scripted_model import Move, ScriptedModel, Seen, scripted_model

SECONDS, SILENT, CALLS = 1.5, 0.5, 4
# The limit of a whole answer. On a busy machine a turn may wait long for its share; alone it takes hundredths of a
# second beyond the model's own limit, which is printed.
WHOLE = 60.0
SHORT, FULL, AT_ONCE = 7 * SLOW_EVERY, 1_200, 6
MADE_UP_TOOLS = {"run_sql", "fetch_url", "read_conversation", "", "final_result"}
LIMITS = {"seconds": str(SECONDS), "silent_seconds": str(SILENT), "calls": str(CALLS)}
CANARY = re.compile(r"zq[a-j]{5}qz", re.I)


@pytest.fixture(scope="session")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile") / "data"
    write_catalogue(folder)
    return folder


@pytest.fixture
def model() -> Generator[ScriptedModel]:
    with scripted_model() as made:
        yield made


QUESTION = "Is A00.0 valid? (no. {number})"


class Bout:
    """Turns against one seed, some at a time."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.seed = world, seed
        self.of = Counter[str]()
        self.answers: dict[int, dict[str, Any]] = {}
        self.codes: dict[int, set[str]] = {}
        self.withheld = 0
        self.rules: set[str] = set()
        self.took: list[float] = []
        world.model.script = self.play

    def play(self, seen: Seen) -> Any:
        number = int(re.search(r"no\. (\d+)", seen.question).group(1))
        mischief, rng = mischief_of(number, self.seed)
        rng.seed(f"{self.seed}/{number}/{seen.rounds}")
        moves: list[Move] = mischief(rng, seen, canary_of(number))
        for move in moves:
            self.codes.setdefault(number, set()).update(codes_made_up(rng))
            yield move

    async def turn(self, number: int) -> None:
        mischief, _ = mischief_of(number, self.seed)
        began = time.monotonic()
        answer, stream = await self.world.ask(QUESTION.format(number=number), subject=f"a:{number}")
        took = time.monotonic() - began
        assert took <= WHOLE, (mischief.__name__, took)
        self.took.append(took)
        assert not CANARY.search(stream), (mischief.__name__, number)
        check_citations(answer)
        texts = [one["text"] for one in answer["sentences"]]
        assert uncited(answer) <= self.rules, (mischief.__name__, answer)
        assert codes_told(texts) | {one["code"] for one in answer["codes"]} <= CODES, (
            mischief.__name__,
            texts,
        )
        said = squeezed(" ".join(texts))
        for code in self.codes.get(number, ()):
            assert squeezed(code) not in said, (mischief.__name__, number, code)
        assert answer["status"] in ("answered", "partly", "not_in_sources"), (mischief.__name__, answer)
        self.of[f"{mischief.__name__}: {answer['answerer']}"] += 1
        self.answers[number] = answer
        self.withheld += answer["withheld"]


@pytest.mark.timeout(3_000)
async def test_nothing_of_a_hostile_model_is_shown_kept_or_charged_wrongly(
    catalogue: Path, model: ScriptedModel, long_run: bool, capfd: pytest.CaptureFixture[str]
) -> None:
    seed, turns = 20261130, FULL if long_run else SHORT
    async with model_world(catalogue, model, **LIMITS) as world:
        bout = Bout(world, seed)
        bout.rules = await rules_say(world, QUESTION.format(number=99_999))
        waiting = iter(range(turns))

        async def some() -> None:
            for number in waiting:
                await bout.turn(number)

        await asyncio.gather(*(some() for _ in range(AT_ONCE)))
        stored, events = await world.stored(), await world.events()
        asked, used = world.peers.asked, await world.used()
        for number in range(0, turns, 10):
            async with world.client(f"a:{number}") as client:
                page = await client.get(
                    f"/api/assistant/v1/conversations/{bout.answers[number]['conversation']}"
                )
                assert page.status_code == 200
                assert not CANARY.search(page.text)
    log = capfd.readouterr()
    assert len(bout.answers) == turns
    assert not CANARY.search(stored)
    assert not CANARY.search(str(events))
    assert not CANARY.search(log.err + log.out)
    askers = {f"a:{number}" for number in range(turns)} | {"a:rules"}
    assert used == dict.fromkeys(askers, 1)
    # One question and one answer of every asker, and no word of them.
    kinds = Counter((event["subject"], event["type"].rsplit("assistant.", 1)[1]) for event in events)
    assert kinds == Counter(
        {(asker, kind): 1 for asker in askers for kind in ("question.asked.v1", "answer.given.v1")}
    )
    given = [event["data"] for event in events if "answer.given" in event["type"]]
    assert not {tool for data in given for tool in data["tools"]} & MADE_UP_TOOLS
    assert {data["answerer"] for data in given} <= {"model", "builtin", "model+builtin"}
    # Calls of the endpoint within the limit, each peer asked for the asker alone.
    calls = Counter(seen.question for seen in model.seen)
    assert max(calls.values()) <= CALLS
    assert all(LOOKED_UP.fullmatch(path) for _, path, _ in asked)
    assert {subject for _, _, subject in asked} <= askers
    assert bout.withheld > 0
    parts = statistics.quantiles(bout.took, n=20)
    print(
        f"seconds of a turn: p50 {parts[9]:.2f}, p95 {parts[18]:.2f}, most {max(bout.took):.2f}, of {SECONDS} + rules"
    )
    print(turns, "turns", dict(sorted(bout.of.items())), "withheld", bout.withheld)
