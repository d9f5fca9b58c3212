"""Nobody but a verified person gets mail, nobody enters another one's thread, and no conversation of machines lasts."""

import re

from consultant_world import World, question

from ahead.consultant.classification import classify
from ahead.consultant.reading import read_message


async def test_mail_that_is_not_verified_gets_nothing(world: World) -> None:
    await world.link("jane@clinic.example")
    await world.intake.accept(
        question(), envelope_from="x@evil.example", recipient="ask@ahead.example", peer="203.0.113.5"
    )
    await world.work()
    assert world.mails() == []


async def test_a_stranger_with_the_address_of_a_thread_does_not_enter_it(world: World) -> None:
    await world.link("jane@clinic.example")
    await world.link("eve@evil.example", account="a:eve")
    await world.take(question())
    thread = str(world.mails()[0]["Reply-To"])
    known = str(world.mails()[0]["Message-ID"])
    eve = question(
        "What did she ask, code 1?",
        sender="eve@evil.example",
        number=9,
        head=f"In-Reply-To: {known}\r\nReferences: {known}\r\n",
    )
    await world.take(eve, envelope="eve@evil.example", to=thread)
    received = [event for event in await world.events() if "received" in event["type"]]
    assert len({event["data"]["thing"] for event in received}) == 2, "a thread of her own"
    assert {event["subject"] for event in received} == {"a:jane", "a:eve"}


async def test_a_machine_without_any_mark_ends_after_three_turns(world: World) -> None:
    """It answers every mail with other words, as a robot that knows nothing of headers would."""
    await world.link("robot@clinic.example")
    to = "ask@ahead.example"
    for turn in range(40):
        before = len(world.mails())
        robot = question(
            f"Noted {turn}, what about 2061{turn % 10}?", sender="robot@clinic.example", number=turn
        )
        await world.take(robot, envelope="robot@clinic.example", to=to)
        if len(world.mails()) == before:
            break
        to = str(world.mails()[-1]["Reply-To"])
        world.advance(minutes=20)
    assert len(world.mails()) == 3


async def test_a_robot_that_opens_a_new_thread_each_time_is_held_by_the_hour(world: World) -> None:
    await world.link("robot@clinic.example")
    fates = [
        await world.take(question(f"Question {turn} on 20610?", sender="robot@clinic.example", number=turn))
        for turn in range(20)
    ]
    assert len(world.mails()) == world.parts.settings.answers_per_sender_per_hour
    assert fates[-1] == "held"


async def test_our_own_mail_is_known_as_a_machines(world: World) -> None:
    await world.link("jane@clinic.example")
    await world.take(question())
    mail = world.mails()[0].as_bytes()
    assert classify(read_message(mail)).machine
    assert await world.take(mail, envelope="ask@ahead.example") == "machine"
    assert len(world.mails()) == 1


async def test_only_a_bounce_of_our_own_mail_stops_mailing_an_address(world: World) -> None:
    await world.link("jane@clinic.example")
    await world.take(question())
    bounce = (
        b"From: mailer-daemon@clinic.example\r\nContent-Type: multipart/report; boundary=b\r\n\r\n--b\r\n"
        b"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\n"
        b"Final-Recipient: rfc822; jane@clinic.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b--\r\n"
    )
    returned = str(world.mails()[0]["Return-Path"]).strip("<>")
    forged = re.sub(r"[a-z2-7]{16}@", "2" * 16 + "@", returned)
    assert forged != returned
    await world.take(bounce, envelope="", to=forged)
    assert await world.take(question("A second on 11042?", number=2)) == "taken"
    world.advance(hours=2)
    await world.take(bounce + b"\r\n", envelope="", to=returned)
    assert await world.take(question("A third on 97597?", number=3)) == "suppressed"
    assert len(world.mails()) == 2


async def test_headers_can_not_be_injected_through_a_subject(world: World) -> None:
    await world.link("jane@clinic.example")
    await world.take(question(subject="=?utf-8?q?knee=0D=0ABcc:_all@evil.example?="))
    (mail,) = world.mails()
    assert mail["Bcc"] is None
    assert "Bcc" in str(mail["Subject"])
