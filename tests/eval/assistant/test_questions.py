"""The questions are well formed, and every expectation resolves from the official files."""

import importlib
import json
import os
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
AT_LEAST = {"all": 450, "unanswerable": 90, "turns": 70}
TOPICS = {
    "ncci",
    "codes",
    "fees",
    "compliance",
    "crosswalks",
    "modifiers",
    "place",
    "pcs",
    "guidelines",
    "coverage",
}


PARTS = {"blind": "questions.jsonl", "sighted": "questions-sighted.jsonl"}


def questions(part: str = "blind") -> list[dict[str, Any]]:
    return [json.loads(line) for line in (HERE / PARTS[part]).read_text(encoding="utf-8").splitlines()]


def test_ids_and_wordings_are_unique_and_counts_are_as_stated() -> None:
    rows = questions()
    assert len({row["id"] for row in rows}) == len(rows) >= AT_LEAST["all"]
    assert len({(tuple(row["turns"]), row["as_of"]) for row in rows}) == len(rows)
    kinds = Counter(row["kind"] for row in rows)
    assert set(kinds) == {"answerable", "unanswerable"}
    assert kinds["unanswerable"] >= AT_LEAST["unanswerable"]
    assert sum(len(row["turns"]) > 1 for row in rows) >= AT_LEAST["turns"]
    assert {row["topic"] for row in rows} == TOPICS
    for row in rows:
        assert set(row) == {"id", "topic", "turns", "as_of", "kind", "expect", "written"}
        assert all(turn.strip() for turn in row["turns"])
        assert row["expect"]
        assert row["as_of"] is None or re.fullmatch(r"\d{4}-\d\d-\d\d", row["as_of"])


def test_the_sighted_part_says_so_and_repeats_nothing() -> None:
    rows = questions("sighted")
    assert len({row["id"] for row in rows}) == len(rows) >= 100
    assert {row["written"] for row in rows} == {"sighted"}
    assert {row["written"] for row in questions()} == {"blind"}
    asked = {(tuple(row["turns"]), row["as_of"]) for row in questions()}
    assert not asked & {(tuple(row["turns"]), row["as_of"]) for row in rows}
    assert {row["topic"] for row in rows} <= TOPICS


@pytest.mark.parametrize("part", PARTS)
def test_every_expectation_resolves_from_the_official_files(part: str) -> None:
    directory = ROOT / (os.environ.get("AHEAD_OFFICIAL_DATA") or ROOT.parent / "shared" / "data")
    if not directory.is_dir():
        reason = "the official files are not on this machine (AHEAD_OFFICIAL_DATA)"
        (pytest.fail if os.environ.get("AHEAD_REQUIRE_DATA") == "1" else pytest.skip)(reason)
    sys.path.insert(0, str(HERE))
    try:
        deriving = importlib.import_module("deriving_books")
    finally:
        sys.path.remove(str(HERE))
    sources, rows = deriving.Books(directory), questions(part)
    sources.expect([one for row in rows for one in row["expect"]])
    for row in rows:
        facts = [fact for one in row["expect"] for fact in sources.facts(one)]
        assert bool(facts) is (row["kind"] == "answerable"), row["id"]
        assert all(fact.strip() for fact in facts), row["id"]
