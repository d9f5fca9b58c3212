"""A language model answers: within the gate, within its limits, and never alone."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncGenerator, Generator, Iterator
from pathlib import Path

import pytest
from model_world import NOW, World, model_world, write_catalogue
from scripted_model import (
    Answer,
    Call,
    Drop,
    Move,
    Say,
    Script,
    ScriptedModel,
    Seen,
    Stall,
    Tokens,
    scripted_model,
)
from sqlalchemy import select

from ahead.assistant.consumer import forget
from ahead.assistant.model.answerer import FINISHED, NOT_BORNE_OUT, NOT_THERE, OVER_BUDGET
from ahead.assistant.model.notes import ASKS
from ahead.assistant.model.spending import Cost, Spending, Stopped
from ahead.assistant.models import MODEL_SPENDING
from ahead.assistant.settings import ModelSettings
from ahead.shared.clock import FixedClock

TITLE = "A00.0 (ICD-10-CM) is “First disease, plain”."
VALID = "A00.0: Valid and billable (ICD-10-CM FY2026)."


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model") / "data"
    write_catalogue(folder)
    return folder


@pytest.fixture
def model() -> Generator[ScriptedModel]:
    with scripted_model() as made:
        yield made


@pytest.fixture
async def world(catalogue: Path, model: ScriptedModel) -> AsyncGenerator[World]:
    async with model_world(catalogue, model) as made:
        yield made


def read(code: str = "A00.0") -> Call:
    return Call("describe_codes", json.dumps({"codes": [code], "billable": True}))


def cooperative(seen: Seen) -> list[Move]:
    """Reads the code, then says its first two facts in their words."""
    if not seen.rounds:
        return [read(), Tokens(500, 20)]
    facts = list(seen.facts.items())[:2]
    return [*(Say(f"{text} [{mark}] ") for mark, text in facts), Tokens(700, 40)]


def saying(text: str) -> Script:
    def script(seen: Seen) -> list[Move]:
        return [Say(text)] if seen.rounds else [read()]

    return script


def texts(answer: dict[str, object]) -> list[str]:
    return [sentence["text"] for sentence in answer["sentences"]]


async def spent(world: World) -> dict[str, tuple[int, int, int]]:
    table = MODEL_SPENDING
    async with world.database.read() as session:
        rows = (await session.execute(select(table))).all()
    return {row.subject: (row.calls, row.tokens, row.micro_usd) for row in rows}


async def test_what_a_model_says_in_the_words_of_its_facts_is_shown(world: World) -> None:
    world.model.script = cooperative
    answer, stream = await world.ask("Is A00.0 valid?")
    assert (answer["answerer"], answer["status"], answer["withheld"]) == ("model", "answered", 0)
    assert texts(answer) == [VALID, TITLE]
    assert [one["citations"] for one in answer["sentences"]] == [[1], [2]]
    assert [one["code"] for one in answer["codes"]] == ["A00.0"]
    assert "Reading codes" in stream
    given = next(one["data"] for one in await world.events() if "answer.given" in one["type"])
    assert (given["answerer"], given["tools"], given["withheld"]) == ("model", ["describe_codes"], 0)
    assert (await spent(world))["a:one"][:2] == (2, 1_260)


async def test_it_may_choose_and_order_but_a_claim_of_its_own_gives_way_to_the_rows_words(
    world: World,
) -> None:
    world.model.script = saying("A00.0 is valid and billable [f1]. A00.0 is always the best choice [f1].")
    answer, _ = await world.ask("Is A00.0 valid?")
    assert texts(answer) == ["A00.0 is valid and billable.", VALID]
    assert (answer["status"], answer["withheld"]) == ("answered", 1)


async def test_a_claim_that_cites_nothing_is_withheld_and_counted(world: World) -> None:
    world.model.script = saying("A00.0 is valid [f1]. It is a nice code.")
    answer, _ = await world.ask("Is A00.0 valid?")
    assert texts(answer) == ["A00.0 is valid."]
    assert (answer["status"], answer["withheld"]) == ("partly", 1)


async def test_where_nothing_is_borne_out_the_rules_answer_and_say_so(world: World) -> None:
    world.model.script = lambda _: [Say("Report Z99.9 [f1]. It pays $99.")]
    answer, _ = await world.ask("Is A00.0 valid?")
    assert answer["answerer"] == "builtin"
    assert texts(answer)[0] == NOT_BORNE_OUT
    assert VALID in texts(answer)


@pytest.mark.parametrize("mark", ["none", "ask:side"])
async def test_what_it_may_say_without_a_source_is_said_in_our_words(world: World, mark: str) -> None:
    world.model.script = lambda _: [Say(f"Sorry, dear friend. [{mark}]")]
    answer, _ = await world.ask("Is A00.0 valid?")
    assert texts(answer) == [NOT_THERE.text if mark == "none" else ASKS["side"]]
    assert answer["status"] == "not_in_sources"


@pytest.mark.parametrize(
    "end",
    [Drop(), Stall(30), *[Answer(status) for status in (429, 500)]],
    ids=["drop", "stall", "429", "500"],
)
async def test_cut_off_after_a_sentence_the_rules_finish_and_say_so(world: World, end: Move) -> None:
    def script(seen: Seen) -> Iterator[Move]:
        if not seen.rounds:
            yield read()
        elif isinstance(end, Answer):
            yield end
        else:
            yield Say("A00.0 is valid [f1]. A00.0 is b")
            yield end

    world.model.script = script
    answer, _ = await world.ask("Is A00.0 valid?")
    whole = isinstance(end, Answer)
    assert answer["answerer"] == ("builtin" if whole else "model+builtin")
    assert texts(answer)[: 1 if whole else 2] == ([FINISHED] if whole else ["A00.0 is valid.", FINISHED])
    assert VALID in texts(answer)
    assert await world.used() == {"a:one": 1}


async def test_anthropics_protocol_is_spoken_too(catalogue: Path, model: ScriptedModel) -> None:
    model.script = cooperative
    url = model.url.removesuffix("/v1")
    async with model_world(catalogue, model, protocol="anthropic", url=url, key="made-up") as world:
        answer, _ = await world.ask("Is A00.0 valid?")
    assert answer["answerer"] == "model"
    assert texts(answer) == [VALID, TITLE]
    assert model.seen[0].path == "/v1/messages"
    headers = model.seen[0].headers
    assert "made-up" in headers.get("x-api-key", headers.get("authorization", ""))


async def test_a_loop_on_tools_ends_at_the_limit_of_calls(catalogue: Path, model: ScriptedModel) -> None:
    model.script = lambda _: [read()]
    async with model_world(catalogue, model, calls="3") as world:
        answer, _ = await world.ask("Is A00.0 valid?")
    assert len(model.seen) == 3
    assert (answer["answerer"], texts(answer)[0]) == ("builtin", FINISHED)


async def test_many_tools_in_one_call_end_at_their_limit(catalogue: Path, model: ScriptedModel) -> None:
    model.script = lambda _: [read(f"A{number:02d}.0") for number in range(60)]
    async with model_world(catalogue, model, tool_calls="4") as world:
        answer, _ = await world.ask("Is A00.0 valid?")
        looked_up = len(world.peers.asked)
    assert answer["answerer"] == "builtin"
    # Four of the model's, and what the rules ask.
    assert looked_up <= 4 + 6


PRICES = {"usd_per_million_in": "10", "usd_per_million_out": "30"}


async def test_a_question_stops_before_the_call_that_could_cost_too_much(
    catalogue: Path, model: ScriptedModel
) -> None:
    model.script = lambda _: [read(), Tokens(2_000, 100)]
    async with model_world(catalogue, model, usd_per_question="0.10", **PRICES) as world:
        answer, _ = await world.ask("Is A00.0 valid?")
        money = await spent(world)
    # A call cost 23 thousandths and could cost more than 50.
    assert 1 <= len(model.seen) <= 3
    assert money["a:one"][2] == len(model.seen) * 23_000
    assert money["*"] == money["a:one"]
    assert texts(answer)[0] == FINISHED


async def test_the_budget_of_a_day_ends_the_models_part_for_this_user_alone(
    catalogue: Path, model: ScriptedModel
) -> None:
    model.script = cooperative
    async with model_world(catalogue, model, tokens_per_user_day="9000") as world:
        answers = [(await world.ask("Is A00.0 valid?", subject="a:much"))[0] for _ in range(6)]
        other, _ = await world.ask("Is A00.0 valid?", subject="a:other")
    kinds = [answer["answerer"] for answer in answers]
    assert kinds[0] == other["answerer"] == "model"
    assert kinds[-1] == "builtin"
    assert texts(answers[-1])[0] == OVER_BUDGET
    assert VALID in texts(answers[-1])


async def test_questions_at_once_never_spend_more_than_the_budget(world: World) -> None:
    settings = ModelSettings(usd_per_user_day=0.01, usd_per_million_in=1.0)
    spending = Spending(world.database, settings, FixedClock(NOW))

    async def one() -> bool:
        try:
            await spending.reserve("a:one", Cost(1_000, 1_000))
        except Stopped:
            return False
        return True

    taken = await asyncio.gather(*(one() for _ in range(40)))
    assert sum(taken) == 10
    assert (await spent(world))["a:one"] == (10, 10_000, 10_000)
    async with world.database.write() as session:
        await forget(session, ["a:one"])
    assert "a:one" not in await spent(world)


async def test_where_case2code_is_away_the_answer_says_so_and_costs_nothing(world: World) -> None:
    world.model.script = cooperative
    world.peers.away = True
    answer, _ = await world.ask("Is A00.0 valid?")
    assert answer["status"] == "unavailable"
    assert await world.used() in ({}, {"a:one": 0})


async def test_identifiers_are_masked_before_the_model_and_only_ones_own_turns_go_along(world: World) -> None:
    world.model.script = cooperative
    await world.ask("Is A00.1 valid for zqotherqz?", subject="a:other")
    first, _ = await world.ask("Patient John Smith, MRN 12345678, phone 212-555-0142: is A00.0 valid?")
    await world.ask("And why?", conversation=first["conversation"])
    sent = " ".join(seen.everything for seen in world.model.seen if "zqother" not in seen.question)
    for private in ("John", "Smith", "12345678", "555-0142", "zqotherqz", "a:one"):
        assert private not in sent
    assert "earlier question" in world.model.seen[-1].everything


async def test_the_key_is_neither_shown_nor_logged(
    catalogue: Path, model: ScriptedModel, capfd: pytest.CaptureFixture[str]
) -> None:
    model.script = lambda _: [Answer(401, b'{"error": {"message": "wrong key sk-madeup-1234"}}')]
    async with model_world(catalogue, model, key="sk-madeup-1234") as world:
        _, stream = await world.ask("Is A00.0 valid?")
        kept = await world.stored()
    log = capfd.readouterr()
    assert model.seen[0].headers["authorization"] == "Bearer sk-madeup-1234"
    assert "sk-madeup" not in stream + kept + log.err + log.out
    assert "sk-madeup" not in repr(ModelSettings(key="sk-madeup-1234"))


def test_without_a_model_nothing_of_one_is_imported() -> None:
    code = (
        "import sys, ahead.assistant.app\n"
        "print([one for one in ('pydantic_ai', 'openai', 'anthropic') if one in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
