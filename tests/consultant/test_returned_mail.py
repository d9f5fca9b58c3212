"""Bounces and complaints about our own mail stop mailing an address, here and in the other services."""

from consultant_world import World, question

from ahead.shared.mail.returned import address_name

DSN = (
    b"From: mailer-daemon@clinic.example\r\nContent-Type: multipart/report; boundary=b\r\n\r\n--b\r\n"
    b"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\n"
    b"Final-Recipient: rfc822; %s\r\nAction: %s\r\nStatus: 5.1.1\r\n\r\n--b--\r\n"
)
# As a feedback loop sends it: the address taken out, our mail attached.
ARF = (
    b"From: feedback@isp.example\r\nTo: ask@ahead.example\r\nSubject: complaint\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: multipart/report; report-type=feedback-report; boundary=b\r\n\r\n--b\r\n"
    b"Content-Type: text/plain\r\n\r\nThis is an email abuse report.\r\n--b\r\n"
    b"Content-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nUser-Agent: isp/1\r\nVersion: 1\r\n"
    b"Original-Mail-From: <%s>\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n%s\r\n--b--\r\n"
)


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
    await world.take(DSN % (b"forwarded@elsewhere.example", b"failed"), envelope="", to=return_path(world))
    assert await returned(world) == [("bounced", address_name("g" * 40, "jane@clinic.example"))]
    assert "jane@" not in str(await world.events())
    assert await world.take(question("And 11042?", number=2)) == "suppressed"


async def test_a_mail_that_is_only_delayed_stops_nothing(world: World) -> None:
    await world.link("jane@clinic.example")
    await world.take(question())
    await world.take(DSN % (b"jane@clinic.example", b"delayed"), envelope="", to=return_path(world))
    assert await returned(world) == []


async def test_a_complaint_without_an_address_is_known_by_the_return_path_of_our_mail(world: World) -> None:
    await world.link("jane@clinic.example")
    await world.take(question())
    report = ARF % (return_path(world).encode(), world.mails()[0].as_bytes())
    assert await world.take(report, envelope="feedback@isp.example") == "machine"
    assert [why for why, _ in await returned(world)] == ["complained"]
    await world.take(report + b"\r\n", envelope="feedback@isp.example")
    assert len(await returned(world)) == 1, "once a mail"


async def test_a_complaint_about_nothing_of_ours_stops_nobody(world: World) -> None:
    await world.link("jane@clinic.example")
    await world.take(question())
    forged = return_path(world)[:-30].encode() + b"a" * 16 + b"@ahead.example"
    await world.take(ARF % (forged, b"Subject: x\r\n\r\nbuy"), envelope="feedback@isp.example")
    assert await returned(world) == []
    assert await world.take(question("And 11042?", number=2)) == "taken"
