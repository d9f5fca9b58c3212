"""The events of CasePilot are what the golden files say, and never hold a word of question or answer."""

import json
from pathlib import Path
from typing import Any

import pytest

from .conftest import Pilot

GOLDEN = Path(__file__).parents[1] / "contracts" / "assistant"
NAMES = ("question.asked", "answer.given")


def masked(event: dict[str, Any]) -> dict[str, Any]:
    """Random ids and times replaced, so that the rest can be compared."""
    data = event["data"] | {"thing": "<answer>"}
    if "latency_ms" in data:
        assert isinstance(data["latency_ms"], int)
        data["latency_ms"] = 0
    return event | {"id": "<id>", "requestid": "<request id>", "data": data}


@pytest.mark.parametrize("secret", ["Is E11.9 billable for a zebra?"])
async def test_every_event_is_as_its_golden_file(pilot: Pilot, secret: str) -> None:
    assert {path.stem for path in GOLDEN.glob("*.json")} == set(NAMES)
    client = pilot.client("a:ann", plan="free")
    body = {"question": secret, "as_of": "2026-11-23"}
    assert (await client.post("/api/assistant/v1/answers", json=body)).status_code == 200
    for name in NAMES:
        events = await pilot.events(name)
        assert len(events) == 1, name
        assert masked(events[0]) == json.loads((GOLDEN / f"{name}.json").read_text()), name
        assert "zebra" not in json.dumps(events)
        assert "billable" not in json.dumps(events)
