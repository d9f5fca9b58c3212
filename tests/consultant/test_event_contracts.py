"""The events are as they were promised: a golden file each."""

import json
from pathlib import Path

from consultant_world import World, question
from returned_mail import bounce, complaint

GOLDEN = Path(__file__).parents[1] / "contracts" / "consultant"


async def test_events_are_as_their_golden_files_say(world: World) -> None:
    await world.link("jane@clinic.example")
    await world.take(question())
    await world.take(question("HUMAN please", number=2))
    for mail, report in zip(world.mails(), (bounce, complaint), strict=True):
        await world.take(report(str(mail["Return-Path"]).strip("<>")), envelope="", to="ask@ahead.example")
    seen = {}
    for event in await world.events():
        name = event["type"].removeprefix("ahead.events.consultant.").removesuffix(".v1")
        event["data"]["thing"], event["id"], event["requestid"] = "<inquiry>", "<id>", "<request id>"
        if "address" in event["data"]:
            event["data"]["address"] = "<keyed name>"
        seen[name] = event
    assert set(seen) == {path.stem for path in GOLDEN.glob("*.json")}
    for name, event in seen.items():
        assert event == json.loads((GOLDEN / f"{name}.json").read_text()), name
