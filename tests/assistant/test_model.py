"""A language model answers: within the gate, within its limits, and never alone."""

import json
from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import pytest
from model_world import World, model_world, write_catalogue
from scripted_model import Call, Say, ScriptedModel, Seen, Tokens, scripted_model

READ = Call("read_code", json.dumps({"system": "icd10cm", "code": "A00.0", "about": "valid"}))


@pytest.fixture(scope="session")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small") / "data"
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


def cooperative(seen: Seen) -> list[Say | Call | Tokens]:
    """Reads the code, then says its first two facts in their words."""
    if not seen.rounds:
        return [READ, Tokens(500, 20)]
    facts = list(seen.facts.items())[:2]
    return [Say(f"{text} [{mark}] ") for mark, text in facts] + [Tokens(700, 40)]


async def test_what_a_model_says_in_the_words_of_its_facts_is_shown(world: World) -> None:
    world.model.script = cooperative
    answer, _ = await world.ask("Is A00.0 valid?")
    assert answer["answerer"] == "model"
    assert answer["status"] == "answered"
