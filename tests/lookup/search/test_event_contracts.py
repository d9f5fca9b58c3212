"""The events of Case2Code are what the golden files say: metering and others are built on them."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nats
from litestar import Litestar
from litestar.testing import AsyncTestClient

from ahead.lookup.db import open_database
from ahead.lookup.models import OUTBOX
from ahead.lookup.settings import Settings
from ahead.shared.clock import FixedClock
from ahead.shared.events import streams
from ahead.shared.events.publisher import Publisher
from ahead.shared.events.relay import Relay
from ahead.shared.settings import load
from ahead.shared.testing.nats_server import NatsServer
from ahead.shared.testing.waiting import eventually

Visit = Callable[..., Awaitable[AsyncTestClient[Litestar]]]
GOLDEN = Path(__file__).parents[2] / "contracts" / "lookup"
SEARCH = "/api/lookup/v1/search?q=E11.9%20mrn%201234567"

CLAIM = {
    "setting": "practitioner",
    "diagnoses": [{"code": "I10"}],
    "lines": [{"code": "99213", "date_of_service": "2026-09-01"}],
}


def masked(event: dict[str, Any]) -> dict[str, Any]:
    """Random ids and measured times replaced, so that the rest can be compared."""
    shown = event | {"id": "<id>", "requestid": "<request id>", "subject": event["subject"][:2] + "<id>"}
    data = dict(event["data"])
    if "took_ms" in data:
        assert data["took_ms"] >= 0
        data["took_ms"] = "<ms>"
    if "not_checked" in data:
        assert data["not_checked"] > 0
        data["not_checked"] = "<n>"
    return shown | {"data": data}


async def test_every_event_is_as_its_golden_file(
    fresh_nats: NatsServer, searching: Visit, accounts: tuple[str, str]
) -> None:
    golden = {path.stem: json.loads(path.read_text()) for path in GOLDEN.glob("*.json")}
    async with await nats.connect(fresh_nats.url) as client:
        js = client.jetstream()
        await streams.declare(js)
        browser = await searching(
            clock=FixedClock(datetime(2026, 11, 5, 12, tzinfo=UTC)),
            AHEAD_NATS_URL=fresh_nats.url,
            AHEAD_SEARCH_ENGINE="tantivy",
            AHEAD_URL_ACCOUNTS=accounts[0],
        )
        asked = ("/codes/icd10cm/E11.9", "/codes/icd10cm/E11.9", "/codes/icd10cm/I10", SEARCH)
        assert [(await browser.get(address)).status_code for address in asked] == [200, 200, 403, 200]
        checked = await browser.post(
            "/api/lookup/v1/tools/claim-check",
            json=CLAIM,
            headers={"Authorization": f"Bearer {accounts[1]}", "Accept": "application/json"},
        )
        assert checked.status_code == 200, checked.text
        database = open_database(load(Settings))
        publisher = Publisher(fresh_nats.url, "test relay")
        assert await Relay("lookup", database, OUTBOX, publisher).relay_events() == 1
        await publisher.close()
        await database.close()

        async def arrived() -> bool:
            return (await js.stream_info(streams.STREAM)).state.messages >= len(golden)

        await eventually(arrived, within_s=20)
        stored = [await js.get_msg(streams.STREAM, seq) for seq in range(1, len(golden) + 1)]
    heard: dict[str, dict[str, Any]] = {}
    for message in stored:
        event = json.loads(message.data or b"")
        heard[event["type"].removeprefix("ahead.events.lookup.").removesuffix(".v1")] = event
    assert set(heard) == set(golden)
    for name, event in heard.items():
        assert masked(event) == golden[name], name
