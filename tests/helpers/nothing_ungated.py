"""What holds of every answer, whatever stands behind the port: the checks that hostile turns are held to."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from model_world import World
from scripted_model import Answer, Seen

from ahead.assistant.answers.stream import NOT_IN_SOURCES
from ahead.assistant.model.answerer import FINISHED, NOT_BORNE_OUT, NOT_THERE, OVER_BUDGET
from ahead.assistant.model.notes import ASKS

OWN_WORDS = {NOT_IN_SOURCES.text, FINISHED, NOT_BORNE_OUT, NOT_THERE.text, OVER_BUDGET, *ASKS.values()}
CODE_LIKE = re.compile(r"\b(?:[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?|[A-Z]\d{4}|\d{5}|[0-9A-Z]{7})\b")
RULES = "a:rules"
# Nothing else of Case2Code is asked, and nobody's but the asker's.
LOOKED_UP = re.compile(
    r"/api/lookup/v1/(?:search|codes/[a-z0-9]+/[A-Za-z0-9.]+(?:/[a-z]+)?|tools/[a-z0-9-]+)"
)


def squeezed(text: str) -> str:
    """Letters and digits alone: what disguises a code is gone."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(one for one in plain if one.isalnum()).lower()


async def rules_say(world: World, question: str, subject: str = RULES) -> set[str]:
    """The sentences of the built-in answerer, which answers where the endpoint refuses."""
    script, world.model.script = world.model.script, refuse
    try:
        answer, _ = await world.ask(question, subject=subject, plan="pro")
    finally:
        world.model.script = script
    return {one["text"] for one in answer["sentences"]}


def refuse(_: Seen) -> list[Answer]:
    return [Answer(500)]


def uncited(answer: dict[str, Any]) -> set[str]:
    """Sentences that cite nothing and aren't the model answerer's own words."""
    return {one["text"] for one in answer["sentences"] if not one["citations"]} - OWN_WORDS


def check_citations(answer: dict[str, Any]) -> None:
    """Every citation resolves to a row of a file."""
    rows = {one["n"]: one for one in answer["citations"]}
    for sentence in answer["sentences"]:
        for n in sentence["citations"]:
            assert re.fullmatch(r"[0-9a-f]{64}", rows[n]["sha256"]), sentence
            assert rows[n]["row"] > 0, sentence


def codes_told(texts: Iterable[str]) -> set[str]:
    """What reads as a code, by a reader that has nothing of the gate's."""
    found = {one for text in texts for one in CODE_LIKE.findall(unicodedata.normalize("NFKC", text))}
    return {one for one in found if any(letter.isdigit() for letter in one)}
