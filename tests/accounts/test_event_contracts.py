"""The events of accounts are what the golden files say: other services are built on them."""

import json
from pathlib import Path
from typing import Any

from ahead.accounts.parts import Parts
from ahead.accounts.plans import service as plans

GOLDEN = Path(__file__).parents[1] / "contracts" / "accounts"
EMAIL = "jane@example.org"


def masked(event: dict[str, Any]) -> dict[str, Any]:
    """Random ids replaced, so that the rest can be compared."""
    shown = event | {"id": "<id>", "requestid": "<request id>", "subject": event["subject"][:2] + "<id>"}
    data = dict(event["data"])
    for key in ("guest", "by"):
        if str(data.get(key, "")).startswith(("g:", "a:")):
            data[key] = data[key][:2] + "<id>"
    return shown | {"data": data}


async def test_every_event_is_as_its_golden_file(browser: Any, parts: Parts, recorded: Any) -> None:
    await browser.get("/account/register")
    await browser.register(EMAIL)
    account, _ = await plans.find(parts, EMAIL)
    await plans.set_plan(parts, account.id, "pro", by="a:operator")
    await browser.post("/account/delete", {"password": "geranium under the lamp"})
    events = {
        event["type"].removeprefix("ahead.events.accounts.").removesuffix(".v1"): event
        for event in await recorded()
    }
    assert set(events) == {path.stem for path in GOLDEN.glob("*.json")}
    for name, event in events.items():
        assert masked(event) == json.loads((GOLDEN / f"{name}.json").read_text()), name
