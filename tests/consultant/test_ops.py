"""What operators see and decide."""

from collections.abc import Callable

import pytest
from careers_world import Person, as_program
from consultant_world import ANSWERED, World, question
from returned_mail import bounce
from sqlalchemy import update

from ahead.consultant.models import JOBS, Sent
from ahead.shared.mail import MailDelayed, MailRefused
from ahead.shared.tasks.jobs import TryLater

OPS = "/api/consultant/v1/ops"
People = Callable[..., Person]


def operator(person: People) -> Person:
    return as_program(person("a:ops", roles=["ops"]))


async def act(who: Person, path: str, **json: object) -> int:
    return (await who.client.post(f"{OPS}/{path}", json=json)).status_code


async def test_only_operators_ask(person: People) -> None:
    assert (await person("a:jane").client.get(f"{OPS}/figures")).status_code == 403


async def test_figures_say_what_became_of_mail_and_questions(world: World, person: People) -> None:
    await world.link("jane@clinic.example")
    await world.take(question(number=1))
    await world.take(question("Patient John Smith: is 11042 right?", number=2))
    world.assistant.result = {**ANSWERED, "withheld": 1}
    await world.take(question("What of 97597?", number=3))
    await world.take(question("out", number=4, head="Auto-Submitted: auto-replied\r\n"))
    told = (await operator(person).client.get(f"{OPS}/figures?days=7")).json()
    assert told["fates"] == {"taken": 3, "machine": 1}
    assert told["replies"] == {"automatic": 2, "expert": 0}
    assert told["automatic_share"] == 1.0
    assert (told["queue"], told["overdue"]) == (1, 0)
    assert told["masked"] == {"name": 1}
    assert told["mails"]["handed over"] == 3
    assert told["days"] == [{"day": "2026-11-24", "received": 3, "automatic": 2, "escalated": 1}]
    assert told["answer_s"]["median"] == 0.0


async def test_a_job_that_was_given_up_is_shown_and_tried_again(world: World, person: People) -> None:
    await world.link("jane@clinic.example")
    await world.take(question())
    async with world.parts.database.write() as session:
        await session.execute(
            update(JOBS).where(JOBS.c.actor == "send").values(status="failed", error="no relay", attempts=3)
        )
    ops = operator(person)
    assert (await ops.client.get(f"{OPS}/health")).json()["dead_letters"] == 1
    (row,) = (await ops.client.get(f"{OPS}/dead-letters")).json()["rows"]
    assert row["reason"] == "no relay"
    assert "jane@" not in str(row)
    assert await act(ops, f"dead-letters/{row['id']}/retry") == 200
    assert (await ops.client.get(f"{OPS}/dead-letters")).json()["rows"] == []
    assert await act(ops, "dead-letters/nothing/retry") == 404


async def test_mail_to_an_address_can_be_allowed_again(world: World, person: People) -> None:
    await world.link("jane@clinic.example")
    await world.take(question())
    returned = str(world.mails()[0]["Return-Path"]).strip("<>")
    await world.take(bounce(returned), envelope="", to=returned)
    assert await world.take(question("And 11042?", number=2)) == "suppressed"
    ops = operator(person)
    assert (await ops.client.get(f"{OPS}/figures")).json()["suppressed"] == {"bounced": 1}
    assert await act(ops, "suppressed/lift", address="Jane@Clinic.example") == 200
    assert await world.take(question("And 97597?", number=3)) == "taken"


class _Port:
    """A mail server that refuses, or takes its time."""

    def __init__(self, error: Exception) -> None:
        self.error = error
        self.asked = 0

    async def send(self, message: object, *, envelope_from: str | None = None) -> None:
        self.asked += 1
        raise self.error


async def test_a_refused_mail_is_given_up_once(world: World) -> None:
    await world.link("jane@clinic.example")
    world.port = _Port(MailRefused("refused (550)"))
    await world.intake.accept(
        question(), envelope_from="j@c.example", recipient="ask@ahead.example", peer="127.0.0.1"
    )
    await world.work(twice=True)
    assert world.port.asked == 1  # type: ignore[attr-defined]
    async with world.parts.database.read() as session:
        sent = (await session.execute(Sent.__table__.select())).one()  # type: ignore[attr-defined]
    assert (sent.sent_at, sent.failed) == (None, "refused (550)")


async def test_a_deferred_mail_is_tried_for_two_days(world: World) -> None:
    await world.link("jane@clinic.example")
    world.port = _Port(MailDelayed("deferred (451)"))
    with pytest.raises(TryLater):
        await world.take(question())
    world.advance(hours=47)
    with pytest.raises(TryLater):
        await world.work()
    world.advance(hours=2)
    await world.work()
    async with world.parts.database.read() as session:
        sent = (await session.execute(Sent.__table__.select())).one()  # type: ignore[attr-defined]
    assert sent.failed == "not taken within 48 hours: deferred (451)"
