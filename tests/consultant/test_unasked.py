"""What nobody asked anything in: an expert sees it, and no mail goes out by itself."""

import re
import zipfile
from collections import Counter
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from careers_world import Person
from consultant_world import World, plain_of, question
from sqlalchemy import select
from sqlmodel import col

from ahead.consultant.desk import repository as rows
from ahead.consultant.models import RawMail

CHATTER = "We saw you at the fair and were glad to see so many old friends of ours there again."


async def test_what_asks_nothing_waits_for_an_expert_without_a_mail(world: World) -> None:
    await world.link("jane@clinic.example")
    assert await world.take(question(CHATTER)) == "taken"
    assert world.mails() == []
    assert [event["type"] for event in await world.events() if "escalated" in event["type"]]


async def test_a_stranger_who_asks_nothing_is_not_invited(world: World) -> None:
    assert await world.take(question(CHATTER)) == "held"
    assert await world.take(question("Can I bill 20610-LT with 99213-25?", number=2)) == "invited"
    assert len(world.mails()) == 1


async def test_a_coder_finds_a_stranger_who_is_no_machine_among_what_is_in_doubt(
    world: World, person: Callable[..., Person]
) -> None:
    prices = "How much is it for a team of twelve, and do you keep our mails?"
    assert await world.take(question(prices, subject="Prices")) == "held"
    desk = person("a:expert", roles=["expert"])
    assert "Nobody waits" in (await desk.get("/consultant/desk")).text
    page = (await desk.get("/consultant/desk?show=doubt")).text
    link = re.findall(r'href="(/consultant/desk/[0-9a-f-]{36})"', page)[0]
    sent = await desk.post(link, {"text": "See our page of prices.", "seen": "1", "action": "send"})
    assert sent.status_code == 303
    await world.work()
    assert [plain_of(mail) for mail in world.mails()] == ["See our page of prices.\n"]
    assert sent.headers["Location"].endswith("?show=doubt"), "there are more to look through"
    assert "Nothing is in doubt" in (await desk.get("/consultant/desk?show=doubt")).text
    known = str(world.mails()[0]["Message-ID"])
    head = f"In-Reply-To: {known}\r\nReferences: {known}\r\n"
    assert await world.take(question("Thanks. And 20610-LT with 99213-25?", number=2, head=head)) == "taken"
    assert "goes on after a coder" in (await desk.get("/consultant/desk")).text
    told = [event["subject"] for event in await world.events() if "escalated" in event["type"]]
    assert told == ["g:anonymous"], "an event names somebody, or it isn't counted"
    await desk.post(link, {"action": "close"})
    await world.take(question("Thanks so much!\n\nJane", number=3, head=head))
    assert "Nobody waits" in (await desk.get("/consultant/desk")).text
    assert len(world.mails()) == 1, "no invitation amid a talk with a coder"


async def test_what_was_in_doubt_stays_for_a_coder_until_one_has_looked(
    world: World, person: Callable[..., Person]
) -> None:
    assert await world.take(question(CHATTER)) == "held"
    head = "References: <1@clinic.example>\r\n"
    assert await world.take(question("So? Can I bill 20610-LT?", number=2, head=head)) == "invited"
    desk = person("a:expert", roles=["expert"])
    page = (await desk.get("/consultant/desk?show=doubt")).text
    assert "In doubt (1)" in page
    link = re.findall(r'href="(/consultant/desk/[0-9a-f-]{36})"', page)[0]
    await desk.post(link, {"action": "take"})
    assert link in (await desk.get("/consultant/desk?show=mine")).text
    assert await world.take(question("Or 20611-LT?", number=3, head=head)) == "held", "it is the coder's now"


async def test_all_that_is_in_doubt_is_reached_page_by_page(
    world: World, person: Callable[..., Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "LISTED", 2)
    for number in range(3):
        sender = f"Jane <jane{number}@clinic.example>"
        await world.take(
            question(f"{CHATTER} {number}", number=number, sender=sender, subject=f"no. {number}")
        )
    desk = person("a:expert", roles=["expert"])
    page = (await desk.get("/consultant/desk?show=doubt")).text
    assert re.findall(r"no\. \d", page) == ["no. 0", "no. 1"]
    further = re.findall(r'href="(/consultant/desk\?show=doubt&amp;before=[^"]+)"', page)[0]
    assert re.findall(r"no\. \d", (await desk.get(unescape(further))).text) == ["no. 2"]


async def test_a_coder_closes_what_was_in_doubt(world: World, person: Callable[..., Person]) -> None:
    await world.take(question(CHATTER))
    desk = person("a:expert", roles=["expert"])
    page = (await desk.get("/consultant/desk?show=doubt")).text
    link = re.findall(r'href="(/consultant/desk/[0-9a-f-]{36})"', page)[0]
    await desk.post(link, {"action": "close"})
    assert "Nothing is in doubt" in (await desk.get("/consultant/desk?show=doubt")).text


async def test_nobody_is_answered_at_the_address_of_bounces(world: World) -> None:
    await world.link("jane@clinic.example")
    assert await world.take(question(), to="bounces+b-1@ahead.example") == "machine"
    assert world.mails() == []


async def test_no_public_bounce_gets_a_mail(world: World, mail_folder: Path) -> None:
    """The one that a person wrote (groupwise_03) isn't known as a machine's, but nor is its sender verified."""
    with zipfile.ZipFile(mail_folder / "flufl_bounce.zip") as file:
        bounces = [file.read(name) for name in file.namelist() if name.endswith(".txt")]
    assert len(bounces) == 117
    for raw in bounces:
        await world.intake.accept(
            raw, envelope_from="x@elsewhere.example", recipient="ask@ahead.example", peer="203.0.113.5"
        )
    await world.work()
    assert world.mails() == []
    assert await fates(world) == {"machine": 116, "unverified": 1}


async def fates(world: World) -> Counter[str]:
    async with world.parts.database.read() as session:
        return Counter((await session.execute(select(col(RawMail.fate)))).scalars())
