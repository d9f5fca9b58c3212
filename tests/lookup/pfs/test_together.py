"""What holds for any lines priced together, shown on the official rows; and codes for whole tests."""

import random
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from ahead.lookup.catalog.loading.files import InputFile
from ahead.lookup.pfs.loading import pprrvu
from ahead.lookup.pfs.pricing.claim import Held, price_claim
from ahead.lookup.pfs.pricing.lines import NATIONAL, AskedLine, PricedLine
from ahead.lookup.pfs.pricing.whole_tests import FOLLOWING, WHOLE_TEST, technical_rows
from ahead.lookup.pfs.repository import RvuRow, rvu_of

Rows = dict[str, dict[str, RvuRow]]
HELD = date(2025, 11, 15)


@pytest.fixture(scope="module")
def values(pfs_folder: Path) -> Rows:
    found: Rows = {}
    for values in pprrvu.rows(InputFile(pfs_folder / "PPRRVU2025_Oct.csv")):
        row = rvu_of(values)
        found.setdefault(row.code, {})[row.modifier] = row
    return found


def technical(values: Rows) -> dict[str, tuple[RvuRow, ...]]:
    ordered = sorted(
        (row for rows in values.values() for row in rows.values()), key=lambda row: (row.code, row.modifier)
    )
    return {
        row.code: technical_rows(row, ordered[number + 1 : number + 1 + FOLLOWING])
        for number, row in enumerate(ordered)
        if row.pctc == WHOLE_TEST and not row.modifier
    }


def test_the_technical_part_of_every_whole_test_is_told_by_its_sum(values: Rows) -> None:
    found = technical(values)
    reduced = {code: rows for code, rows in found.items() if values[code][""].multiple in ("6", "7")}
    assert {
        code: [row.code for row in rows] for code, rows in reduced.items() if values[code][""].status == "A"
    } == {
        "93000": ["93005"],
        "93015": ["93017"],
        "93040": ["93041"],
        "93224": ["93225", "93226"],
        "93241": ["93242", "93243"],
        "93245": ["93246", "93247"],
        "93268": ["93270", "93271"],
        "93784": ["93786", "93788"],
    }
    assert all(found.values())


def test_lines_cost_the_same_in_any_order_and_never_more_than_one_by_one(
    values: Rows, long_run: bool
) -> None:
    draw = random.Random(2025)
    held = Held(values, NATIONAL, technical(values))
    by_rule = {
        kind: [
            code
            for code, rows in values.items()
            if "" in rows and rows[""].status == "A" and rows[""].multiple == kind
        ]
        for kind in "0234567"
    }
    for _ in range(2_000 if long_run else 150):
        kinds = draw.choices("0234567", k=draw.randrange(1, 8))
        codes = [draw.choice(by_rule[kind]) for kind in kinds]
        lines = [
            (code, draw.choice(((), (), ("26",), ("50",), ("80",), ("59",))), draw.choice((1, 1, 2, 3)))
            for code in codes
        ]
        together = priced(lines, held)
        shuffled = list(enumerate(lines))
        draw.shuffle(shuffled)
        again = priced([line for _, line in shuffled], held)
        assert total(together) == total(again)
        alone = [priced([line], held)[0] for line in lines]
        for one, single in zip(together, alone, strict=True):
            assert one.amount is None or (
                single.amount is not None and Decimal(0) <= one.amount <= single.amount
            )
            assert one.amount is not None or one.why
        assert [line.steps for line in together]


def priced(lines: list[tuple[str, tuple[str, ...], int]], held: Held) -> list[PricedLine]:
    asked = [
        AskedLine(number, code, modifiers, units, "facility" if "80" in modifiers else "nonfacility")
        for number, (code, modifiers, units) in enumerate(lines, 1)
    ]
    return price_claim(asked, held, HELD)


def total(lines: list[PricedLine]) -> Decimal:
    return sum((line.amount for line in lines if line.amount is not None), Decimal(0))
