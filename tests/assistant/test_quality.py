"""The page of measured quality tells what the report's rows say, and that nothing was measured where there is none."""

import json
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from ahead.assistant.quality import service
from ahead.assistant.quality.service import published


def row(topic: str, half: str, **more: object) -> dict[str, object]:
    plain = {
        "kind": "answerable",
        "right": True,
        "refused": False,
        "invented": [],
        "citations": 2,
        "resolving": 2,
    }
    return {"topic": topic, "half": half, "first": 0.1, "whole": 0.2} | plain | more


def test_shares_are_counted_from_the_rows(tmp_path: Path) -> None:
    rows = [
        row("fees", "tuning"),
        row("fees", "held-out", right=False, refused=True),
        row("codes", "held-out", kind="no edition", refused=True, citations=0, resolving=0),
        row("codes", "tuning", right=False, invented=["E11.99"], resolving=1),
    ]
    path = tmp_path / "report.json"
    path.write_text(json.dumps({"measured_on": "2026-11-30", "answerers": {"builtin": rows}}))
    report = published(path)
    assert report is not None
    (one,) = report.answerers
    assert [(topic.name, topic.right.some, topic.right.of) for topic in one.topics] == [
        ("codes", 1, 2),
        ("fees", 1, 2),
    ]
    assert (one.whole.held_out.some, one.whole.held_out.of) == (1, 2)
    assert (one.refused.percent, one.wrongly_refused.percent) == ("100.0%", "33.3%")
    assert (one.invented.some, one.citations.some, one.citations.of) == (1, 5, 6)
    assert one.whole_p95 == 200


def test_without_a_report_nothing_is_told(tmp_path: Path) -> None:
    assert published(tmp_path / "report.json") is None


async def test_the_page_tells_the_report_or_that_there_is_none(
    client_as: Callable[..., httpx.AsyncClient], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "report.json"
    monkeypatch.setattr(service, "REPORT", path)
    page = await client_as().get("/casepilot/quality")
    assert "Not measured yet" in page.text
    parts = {"builtin": [row("fees", "tuning")], "builtin, second part": [row("codes", "held-out")]}
    path.write_text(json.dumps({"measured_on": "2026-11-30", "answerers": parts}))
    page = await client_as().get("/casepilot/quality")
    assert "Measured on November 30, 2026, 1 question." in page.text
    assert "The built-in answerer: second part" in page.text
