"""The table of worked cases: its sums by plain arithmetic, its rows by a reader of its own, its amounts by `Pfs`."""

import csv
import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from importlib import util
from pathlib import Path
from typing import Any

import pytest

from ahead.lookup.pfs import asking
from ahead.lookup.pfs.schemas import FeesAsked
from ahead.lookup.pfs.service import Pfs

_spec = util.spec_from_file_location("worked_cases", Path(__file__).with_name("worked_cases.py"))
assert _spec is not None
assert _spec.loader is not None
_table = util.module_from_spec(_spec)
_spec.loader.exec_module(_table)
CASES: tuple[Any, ...] = _table.CASES
HELD = date(2025, 11, 15)


def by_hand(arithmetic: str) -> Decimal:
    """The value of a sum of the table, in decimals."""
    written = re.sub(r"[0-9]+(\.[0-9]+)?", lambda match: f"D('{match[0]}')", arithmetic)
    return eval(written, {"D": Decimal, "c": lambda x: x.quantize(Decimal("0.01"), ROUND_HALF_UP)})


@pytest.fixture(scope="module")
def rows(pfs_folder: Path) -> dict[int, str]:
    """What stands in which line of the file: code, or code and modifier."""
    with (pfs_folder / "PPRRVU2025_Oct.csv").open(newline="") as file:
        return {
            number: row[0] + (f"-{row[1]}" if row[1] else "")
            for number, row in enumerate(csv.reader(file), 1)
        }


def test_the_table_is_long_enough() -> None:
    assert sum(len(case.wanted) for case in CASES) >= 110
    assert len(CASES) >= 75


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
async def test_a_case_worked_by_hand(case: Any, real: Pfs, rows: dict[int, str]) -> None:
    assert all(rows[number] == name for number, name in case.rows)
    for wanted, arithmetic in zip(case.wanted, case.sums, strict=False):
        if arithmetic:
            assert by_hand(arithmetic) == Decimal(wanted), arithmetic
    asked = FeesAsked(asking.typed_lines(case.lines, "11"), locality=case.place)
    answer = await real.fees(asked, HELD)
    assert (
        tuple(str(line.amount) if line.amount is not None else line.outcome for line in answer.lines)
        == case.wanted
    )
    known = {number for number, _ in case.rows}
    for line in answer.lines:
        assert (line.amount is None) == (line.outcome != "priced")
        assert line.why or line.amount is not None
        if line.outcome != "not_checked":
            cited = {
                one.row for step in line.steps for one in step.receipts if one.file_name.startswith("PPRRVU")
            }
            assert cited & known or line.code == "00790"
    assert answer.total == sum((line.amount for line in answer.lines if line.amount is not None), Decimal(0))
    assert answer.complete == all(line.amount is not None for line in answer.lines)
