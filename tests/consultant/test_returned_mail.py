"""Bounces and complaints about our own mail stop mailing an address, here and in the other services."""

from consultant_world import World, question
from returned_mail import bounce, complaint

from ahead.shared.mail.returned import address_name


async def returned(world: World) -> list[tuple[str, str]]:
    return [
        (event["type"].split(".")[-2], event["data"]["address"])
        for event in await world.events()
        if ".mail." in event["type"]
    ]


def return_path(world: World) -> str:
    return str(world.mails()[0]["Return-Path"]).strip("<>")


async def test_a_return_path_is_short_enough_for_every_mail_server(world: World) -> None:
    await world.link("jane@clinic.example")
    await world.take(question())
    for header in ("Return-Path", "Reply-To"):
        local = str(world.mails()[0][header]).strip("<>").partition("@")[0]
        assert len(local) <= 64, local


async def test_a_bounce_is_told_to_the_other_services_by_a_name_only(world: World) -> None:
    await world.link("jane@clinic.example")
    await world.take(question())
    came = bounce(return_path(world), address="forwarded@elsewhere.example")
    await world.take(came, envelope="", to=return_path(world))
    assert await returned(world) == [("bounced", address_name("g" * 40, "jane@clinic.example"))]
    assert "jane@" not in str(await world.events())
    assert await world.take(question("And 11042?", number=2)) == "suppressed"


async def test_a_mail_that_is_only_delayed_stops_nothing(world: World) -> None:
    await world.link("jane@clinic.example")
    await world.take(question())
    await world.take(bounce(return_path(world), action="delayed"), envelope="", to=return_path(world))
    assert await returned(world) == []


async def test_a_complaint_without_an_address_is_known_by_the_return_path_of_our_mail(world: World) -> None:
    await world.link("jane@clinic.example")
    await world.take(question())
    report = complaint(return_path(world), world.mails()[0].as_bytes())
    assert await world.take(report, envelope="feedback@isp.example") == "machine"
    assert [why for why, _ in await returned(world)] == ["complained"]
    await world.take(report + b"\r\n", envelope="feedback@isp.example")
    assert len(await returned(world)) == 1, "once a mail"


async def test_a_complaint_about_nothing_of_ours_stops_nobody(world: World) -> None:
    await world.link("jane@clinic.example")
    await world.take(question())
    forged = return_path(world)[:-30] + "a" * 16 + "@ahead.example"
    await world.take(complaint(forged), envelope="feedback@isp.example")
    assert await returned(world) == []
    assert await world.take(question("And 11042?", number=2)) == "taken"
