"""Alerts: asked for by mail, one a period, stopped with one POST."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from careers_world import Person, World

from ahead.careers.alerts.service import Alerts
from ahead.careers.alerts.timing import next_due

People = Callable[..., Person]
TO = "ann@example.org"


def alerts_of(world: World) -> Alerts:
    return Alerts(world.database, world.settings, world.board, world.clock)


async def subscribed(world: World, person: People, frequency: str = "daily") -> Person:
    """Asks for an alert, reads the mail, and confirms."""
    ann = person()
    await ann.get("/careers/alerts/new?credential=CPC")
    fields = {"email": TO, "query": "credential=CPC", "frequency": frequency, "zone": "America/New_York"}
    assert (await ann.post("/careers/alerts/new", fields)).status_code in (200, 201)
    link = link_in((await world.mails(TO))[0], "confirm")
    assert "Yes, mail me" in (await ann.get(link)).text
    path, token = link.split("?token=")
    assert (await ann.post(path, {"token": token})).status_code == 200
    return ann


def link_in(mail: object, what: str) -> str:
    text = mail.get_payload(decode=True).decode()  # type: ignore[attr-defined]
    found = re.search(rf"http://127.0.0.1:8080(/careers/alerts/\S+/{what}\?token=\S+)", text)
    assert found
    return found[1]


async def test_nothing_is_sent_before_the_address_is_confirmed(world: World, person: People) -> None:
    await world.job(await world.company())
    ann = person()
    await ann.get("/careers/alerts/new")
    fields = {"email": TO, "query": "", "frequency": "instant", "zone": "America/New_York"}
    await ann.post("/careers/alerts/new", fields)
    world.clock.advance(timedelta(days=2))
    assert await alerts_of(world).run_due() == 0


async def test_one_mail_a_morning_with_at_most_three_of_one_employer(world: World, person: People) -> None:
    await subscribed(world, person)
    company = await world.company()
    for number in range(5):
        await world.job(company, title=f"Coder {number}", index=False)
    await world.indexer.catch_up()
    assert await alerts_of(world).run_due() == 0, "it is not morning yet"
    world.clock.advance(timedelta(days=1))
    assert await alerts_of(world).run_due() == 1
    assert await alerts_of(world).run_due() == 0
    mail = (await world.mails(TO))[1]
    assert "3 new jobs" in str(mail["Subject"])
    world.clock.advance(timedelta(days=1))
    assert await alerts_of(world).run_due() == 1
    assert "2 new jobs" in str((await world.mails(TO))[2]["Subject"])
    world.clock.advance(timedelta(days=1))
    assert await alerts_of(world).run_due() == 0
    events = await world.events("alert.sent")
    assert [event["data"]["quantity"] for event in events] == [3, 2]


async def test_a_post_without_cookie_stops_an_alert_and_a_get_never_does(
    world: World, person: People
) -> None:
    await subscribed(world, person, "instant")
    await world.job(await world.company())
    world.clock.advance(timedelta(minutes=11))
    assert await alerts_of(world).run_due() == 1
    mail = (await world.mails(TO))[1]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = str(mail["List-Unsubscribe"]).strip("<>")
    path = link.removeprefix("http://127.0.0.1:8080")
    program = person()
    assert "Stop this alert?" in (await program.client.get(path)).text
    await world.job(await world.company("Other"))
    world.clock.advance(timedelta(minutes=11))
    assert await alerts_of(world).run_due() == 1, "looking at the link stopped nothing"
    answer = await program.client.post(path, content="List-Unsubscribe=One-Click",
                                       headers={"content-type": "application/x-www-form-urlencoded"})  # fmt: skip
    assert answer.status_code == 200
    await world.job(await world.company("Third"))
    world.clock.advance(timedelta(minutes=11))
    assert await alerts_of(world).run_due() == 0
    wrong = re.sub("token=.", "token=x", path)
    assert (await program.client.post(wrong)).status_code == 404


async def test_two_runs_at_once_send_one_mail(world: World, person: People) -> None:
    import asyncio

    await subscribed(world, person, "instant")
    await world.job(await world.company())
    world.clock.advance(timedelta(minutes=11))
    sent = await asyncio.wait_for(asyncio.gather(*(alerts_of(world).run_due() for _ in range(4))), 60)
    assert sum(sent) == 1
    assert len(await world.mails(TO)) == 2


@pytest.mark.parametrize(
    ("frequency", "zone", "after", "due"),
    [
        ("daily", "America/New_York", "2026-11-23T11:00Z", "2026-11-23T12:00Z"),
        ("daily", "America/New_York", "2026-11-23T12:00Z", "2026-11-24T12:00Z"),
        # The clocks go forward in the night before.
        ("daily", "America/New_York", "2027-03-13T12:00Z", "2027-03-14T11:00Z"),
        ("weekly", "America/Los_Angeles", "2026-11-23T14:30Z", "2026-11-23T15:00Z"),
        ("weekly", "Pacific/Honolulu", "2026-11-23T18:00Z", "2026-11-30T17:00Z"),
    ],
)
def test_mails_go_out_at_seven_where_the_candidate_lives(
    frequency: str, zone: str, after: str, due: str
) -> None:
    assert next_due(frequency, zone, datetime.fromisoformat(after)) == datetime.fromisoformat(due)


async def test_an_address_that_mail_came_back_from_gets_none_any_more(world: World, person: People) -> None:
    from ahead.careers.models import RETURNED
    from ahead.shared.events.consumer import Message
    from ahead.shared.events.envelope import encode, make_event
    from ahead.shared.mail.returned import ReturnedFollower, address_name

    await subscribed(world, person, "instant")
    name = address_name(world.settings.shared.guest_key, TO)
    event = make_event(
        "consultant", "mail.bounced", subject="g:anonymous", plan="free", period="2026-11", thing="m",
        at=world.clock.now(), address=name,
    )  # fmt: skip
    follower = ReturnedFollower(world.database, RETURNED, clock=world.clock)
    await follower.handle([Message("ahead.events.consultant.mail.bounced.v1", encode(event), 1, 1)])
    await world.job(await world.company())
    world.clock.advance(timedelta(minutes=11))
    assert await alerts_of(world).run_due() == 1
    assert len(await world.mails(TO)) == 1, "the mail that asked for the confirmation"
