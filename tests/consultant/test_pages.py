"""Asking on the page, linking an address, and the experts' desk."""

import re
from collections.abc import Callable

import httpx
from careers_world import Person
from consultant_world import World, question
from sqlalchemy import select

from ahead.consultant.consumer import forget
from ahead.consultant.linking.service import LINK, LinkMailer
from ahead.consultant.models import Entry, Inquiry, LinkedAddress, Sent


async def test_a_question_on_the_page_is_answered_on_the_page(
    world: World, person: Callable[..., Person]
) -> None:
    jane = person(plan="pro")
    assert "Ask" in (await jane.get("/consultant")).text
    taken = await jane.post(
        "/consultant", {"subject": "knee", "text": "Can I bill 20610-LT? Patient John Smith."}
    )
    assert taken.status_code == 303
    await world.work()
    page = (await jane.get(taken.headers["location"])).text
    assert "Report 20610 with LT." in page
    assert "Smith" not in page
    assert world.mails() == [], "asked on the page, answered on the page"
    eve = person("a:eve")
    assert (await eve.get(taken.headers["location"])).status_code == 404


async def test_a_stranger_sees_what_it_is_and_can_not_ask(person: Callable[..., Person]) -> None:
    nobody = person(None)
    assert "Register for free" in (await nobody.get("/consultant")).text
    assert (await nobody.client.post("/api/consultant/v1/inquiries", json={"text": "x"})).status_code in (
        401,
        403,
    )


async def test_the_free_plans_inquiries_are_counted(person: Callable[..., Person]) -> None:
    jane = person()
    await jane.get("/consultant")
    answers = [await jane.post("/consultant", {"text": f"Is 2061{n} right?"}) for n in range(3)]
    assert [one.status_code for one in answers] == [303, 303, 403]


async def test_an_address_is_linked_only_by_the_account_that_reads_its_mail(
    world: World, person: Callable[..., Person]
) -> None:
    jane = person(plan="pro")
    await jane.get("/consultant")
    await jane.post("/consultant/addresses", {"address": "jane@clinic.example"})
    world.handle(LINK, LinkMailer(world.parts, world.port).send)
    await world.work()
    text = world.mails()[0].get_payload(decode=True)
    assert isinstance(text, bytes)
    path = re.findall(r"(/consultant/addresses/confirm\?\S+)", text.decode())[0]
    eve = person("a:0190b0b0-0000-7000-8000-000000000002")
    fields = dict(httpx.QueryParams(path.partition("?")[2]).items())
    await eve.get(path)
    assert (await eve.post("/consultant/addresses/confirm", fields)).status_code == 400
    assert await world.take(question()) == "invited"
    await jane.get(path)
    assert (await jane.post("/consultant/addresses/confirm", fields)).status_code == 303
    assert await world.take(question("And 11042?", number=2)) == "taken"


async def test_an_erased_account_is_forgotten(world: World) -> None:
    await world.link("jane@clinic.example")
    await world.take(question())
    async with world.parts.database.write() as session:
        await forget(session, ["a:jane"])
    async with world.parts.database.read() as session:
        for model in (Inquiry, Entry, Sent, LinkedAddress):
            assert (await session.execute(select(model))).first() is None
