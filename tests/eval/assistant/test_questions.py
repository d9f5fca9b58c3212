"""The questions are well formed, and every expectation resolves from the official files."""

import importlib.util
import json
import os
import re
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


def questions() -> list[dict[str, Any]]:
    return [json.loads(line) for line in (HERE / "questions.jsonl").read_text(encoding="utf-8").splitlines()]


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


def test_every_expectation_resolves_from_the_official_files() -> None:
    directory = ROOT / (os.environ.get("AHEAD_OFFICIAL_DATA") or ROOT.parent / "shared" / "data")
    if not directory.is_dir():
        reason = "the official files are not on this machine (AHEAD_OFFICIAL_DATA)"
        (pytest.fail if os.environ.get("AHEAD_REQUIRE_DATA") == "1" else pytest.skip)(reason)
    spec = importlib.util.spec_from_file_location("deriving", HERE / "deriving.py")
    assert spec is not None
    assert spec.loader is not None
    deriving = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(deriving)
    sources, rows = deriving.Sources(directory), questions()
    sources.expect([one for row in rows for one in row["expect"]])
    for row in rows:
        facts = [fact for one in row["expect"] for fact in sources.facts(one)]
        assert bool(facts) is (row["kind"] == "answerable"), row["id"]
        assert all(fact.strip() for fact in facts), row["id"]
