"""The last published report of `./ahead bench assistant`, which writes it beside this file.

`{"measured_on": "2026-11-30", "answerers": {"builtin": [row, …]}}`, a row per question: `topic`, `kind` ("answerable"
or why not), `half` ("tuning" or "held-out"), `right`, `refused`, `invented` (codes), `citations`, `resolving`,
`first` and `whole` (seconds).
"""

import json
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REPORT = Path(__file__).with_name("report.json")
Row = dict[str, Any]


@dataclass(frozen=True)
class Share:
    some: int
    of: int

    @property
    def percent(self) -> str:
        return f"{self.some / self.of:.1%}" if self.of else "–"


@dataclass(frozen=True)
class Topic:
    name: str
    right: Share
    tuning: Share
    held_out: Share


@dataclass(frozen=True)
class Measured:
    """Of one answerer. Times are in milliseconds."""

    answerer: str
    topics: tuple[Topic, ...]
    whole: Topic
    refused: Share
    wrongly_refused: Share
    refusals_right: Share
    invented: Share
    citations: Share
    first_p95: int
    whole_p95: int


@dataclass(frozen=True)
class Report:
    measured_on: str
    answerers: tuple[Measured, ...]


def published(path: Path | None = None) -> Report | None:
    """None where nothing was measured yet."""
    try:
        found = json.loads((path or REPORT).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    measured = tuple(_measured(name, rows) for name, rows in found["answerers"].items() if rows)
    return Report(found["measured_on"], measured)


def _share(rows: Sequence[Row], holds: Callable[[Row], Any]) -> Share:
    return Share(sum(bool(holds(row)) for row in rows), len(rows))


def _topic(name: str, rows: Sequence[Row]) -> Topic:
    parts = [[row for row in rows if row["half"] == half] for half in ("tuning", "held-out")]
    shares = [_share(some, lambda row: row["right"]) for some in (rows, *parts)]
    return Topic(name, *shares)


def _measured(answerer: str, rows: list[Row]) -> Measured:
    possible = [row for row in rows if row["kind"] == "answerable"]
    impossible = [row for row in rows if row["kind"] != "answerable"]
    refused = [row for row in rows if row["refused"]]
    topics = sorted({row["topic"] for row in rows})
    return Measured(
        answerer=answerer,
        topics=tuple(_topic(name, [row for row in rows if row["topic"] == name]) for name in topics),
        whole=_topic("All", rows),
        refused=_share(impossible, lambda row: row["refused"]),
        wrongly_refused=_share(possible, lambda row: row["refused"]),
        refusals_right=_share(refused, lambda row: row["kind"] != "answerable"),
        invented=_share(rows, lambda row: row["invented"]),
        citations=Share(sum(row["resolving"] for row in rows), sum(row["citations"] for row in rows)),
        first_p95=_p95([row["first"] for row in rows]),
        whole_p95=_p95([row["whole"] for row in rows]),
    )


def _p95(seconds: list[float]) -> int:
    late = statistics.quantiles(seconds, n=20)[18] if len(seconds) > 1 else seconds[0]
    return round(late * 1000)
