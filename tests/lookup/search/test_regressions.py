"""What search got wrong once, query by query: `regressions.tsv` grows with every bug."""

import csv
from pathlib import Path

import pytest

from ahead.lookup.search.doors import SearchDoors
from ahead.lookup.search.service import CodeSearch

FILE = Path(__file__).with_name("regressions.tsv")
FIRST = 10


def lines() -> list[tuple[str, str, str, str]]:
    rows = [line for line in FILE.read_text("utf-8").splitlines() if not line.startswith("#")]
    return [(r[0], r[1], r[2], r[3]) for r in csv.reader(rows, delimiter="\t", quoting=csv.QUOTE_NONE)][1:]


def test_every_line_says_what_is_expected_once() -> None:
    assert {expectation for _, expectation, _, _ in lines()} <= {"first", "among", "not"}
    assert len({query for query, *_ in lines()}) == len(lines()) >= 25


@pytest.mark.parametrize(("query", "expectation", "codes", "why"), lines())
async def test_what_was_wrong_once_stays_right(
    search_doors: SearchDoors, code_search: CodeSearch, query: str, expectation: str, codes: str, why: str
) -> None:
    answer = await search_doors.search(query, await code_search.scope(None, None), limit=FIRST)
    found, wanted = [hit.code for hit in answer.hits], set(codes.split("|"))
    if expectation == "first":
        assert set(found[:1]) & wanted, why
    elif expectation == "among":
        assert wanted.intersection(found), why
    else:
        assert set(found[:1]) - wanted, why
