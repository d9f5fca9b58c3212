"""Every event that a service promises in tests/contracts can be read, with what the reports need of it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from ahead.metering.ingest.service import Reader

CONTRACTS = Path(__file__).parents[1] / "contracts"
GOLDEN = sorted(CONTRACTS.glob("*/*.json"))
NOW = datetime(2026, 11, 30, tzinfo=UTC)


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_golden_event_is_read(path: Path) -> None:
    row = Reader(NOW).read(path.read_bytes())
    assert (row.product, row.metric) == (path.parent.name, path.stem)
    assert row.principal[:2] in ("a:", "g:")
    assert row.period == "2026-11"
    assert row.occurred_at.startswith("2026-11")


def test_the_reports_find_their_members() -> None:
    search = Reader(NOW).read((CONTRACTS / "lookup" / "search.performed.json").read_bytes())
    assert search.detail
    assert search.results == 0
    registered = Reader(NOW).read((CONTRACTS / "accounts" / "account.registered.json").read_bytes())
    assert registered.detail.startswith("g:")
