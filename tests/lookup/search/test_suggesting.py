"""Suggestions while typing, useful from the second letter."""

import statistics
import time

import pytest

from ahead.lookup.search.service import CodeSearch


async def suggest(search: CodeSearch, text: str) -> list[str]:
    return [hit.code for hit in (await search.suggest(text, await search.scope(None, None))).hits]


async def test_one_letter_is_too_little(code_search: CodeSearch) -> None:
    assert await suggest(code_search, "d") == []
    assert await suggest(code_search, " ") == []


@pytest.mark.parametrize(
    ("typed", "among"),
    [
        ("di", "E11"),
        ("dia", "E11"),
        ("e1", "E11"),
        ("E11.", "E11.9"),
        ("htn", "I10"),
        ("chest p", "R07.9"),
        ("frac wr", "S62.10"),
        ("broken wr", "S62.10"),
        ("broken w", "S62.10"),
        ("htn heart", "I11"),
        ("diabtes", "E11"),
        ("type 2 dia", "E11"),
        ("pain in kn", "M25.569"),
    ],
)
async def test_what_is_being_typed_is_suggested(code_search: CodeSearch, typed: str, among: str) -> None:
    assert among in await suggest(code_search, typed)


@pytest.mark.parametrize("word", ["hypertension", "diabetes", "pneumonia", "fracture"])
async def test_something_is_suggested_at_every_letter_from_the_second(
    code_search: CodeSearch, word: str
) -> None:
    for end in range(2, len(word) + 1):
        assert await suggest(code_search, word[:end]), word[:end]


async def test_a_suggestion_is_there_once(code_search: CodeSearch) -> None:
    for text in ("e11", "diabetes", "htn"):
        found = await suggest(code_search, text)
        assert len(found) == len(set(found))


async def test_suggestions_are_quick(code_search: CodeSearch) -> None:
    """Our own part and the engine's together; the bench measures through the gateway."""
    scope = await code_search.scope(None, None)
    typed = [
        w[:n]
        for w in ("diabetes", "hypertension", "fracture wrist", "chest pain", "e11")
        for n in range(2, len(w) + 1)
    ]
    took: list[float] = []
    for text in typed * 2:
        start = time.process_time()
        await code_search.suggest(text, scope)
        took.append((time.process_time() - start) * 1000)
    assert statistics.quantiles(took[len(typed) :], n=20)[-1] < 15
