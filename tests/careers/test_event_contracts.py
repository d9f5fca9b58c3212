"""The events of CareerCenter are what the golden files say: other services are built on them."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from careers_world import Person, World

from ahead.careers.alerts.service import Alerts

People = Callable[..., Person]
GOLDEN = Path(__file__).parents[1] / "contracts" / "careers"
NAMES = ("job.viewed", "job.posted", "application.submitted", "alert.sent")


def masked(event: dict[str, Any]) -> dict[str, Any]:
    """Random ids replaced, so that the rest can be compared."""
    data = dict(event["data"])
    if data["thing"] != "alert":
        data["thing"] = "<job>"
    return event | {"id": "<id>", "requestid": "<request id>", "data": data}


async def test_every_event_is_as_its_golden_file(world: World, person: People) -> None:
    assert {path.stem for path in GOLDEN.glob("*.json")} == set(NAMES)
    job = await world.job(await world.company())
    ann = person("a:ann")
    await ann.get(f"/careers/jobs/{job}")
    await ann.post(
        f"/careers/jobs/{job}/apply",
        {
            "name": "Ann",
            "email": "ann@example.org",
            "letter": "I have coded outpatient visits for six years.",
        },
    )
    alerts = Alerts(world.database, world.settings, world.board, world.clock)
    await alerts.confirm(await alerts.create("a:ann", "ann@example.org", "", "instant", "America/Chicago"))
    world.clock.advance(timedelta(minutes=11))
    await alerts.run_due()
    for name in NAMES:
        events = await world.events(name)
        assert len(events) == 1, name
        assert masked(events[0]) == json.loads((GOLDEN / f"{name}.json").read_text()), name
