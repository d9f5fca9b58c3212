"""From a mail that came in to the answer that goes out, once."""

from consultant_world import World, page_of, plain_of, question


async def test_a_question_is_answered_in_its_thread_with_sources(world: World) -> None:
    await world.link("jane@clinic.example")
    assert await world.take(question()) == "taken"
    (mail,) = world.mails()
    assert mail["To"] == "jane@clinic.example"
    assert mail["Subject"] == "Re: knee"
    assert mail["In-Reply-To"] == "<1@clinic.example>"
    assert mail["Auto-Submitted"] == "auto-replied"
    assert mail["Return-Path"].startswith("<bounces+b")
    assert "Report 20610 with LT. [1]" in plain_of(mail)
    assert "[1] NCCI 2026Q4, effective 2026-10-01" in plain_of(mail)
    assert "Reply HUMAN to reach a coder" in page_of(mail)
    assert [event["type"].split(".", 3)[-1] for event in await world.events()] == [
        "inquiry.received.v1",
        "reply.sent.v1",
    ]
    assert world.assistant.asked[0]["for"] == "a:jane"


async def test_jobs_delivered_twice_answer_once(world: World) -> None:
    await world.link("jane@clinic.example")
    await world.intake.accept(question(), envelope_from="jane@clinic.example", recipient="ask@ahead.example")
    row = question()
    assert not await world.intake.accept(
        row, envelope_from="jane@clinic.example", recipient="ask@ahead.example"
    )


async def test_everything_run_twice_mails_once(world: World) -> None:
    await world.link("jane@clinic.example")
    await world.intake.accept(
        question(), envelope_from="j@clinic.example", recipient="ask@ahead.example", peer="127.0.0.1"
    )
    await world.work(twice=True)
    assert len(world.mails()) == 1


async def test_the_same_question_again_is_not_answered_again(world: World) -> None:
    await world.link("jane@clinic.example")
    await world.take(question(number=1))
    assert await world.take(question(number=1, head="Received: again\r\n")) == "duplicate"
    assert await world.take(question(number=2)) == "duplicate"
    assert len(world.mails()) == 1


async def test_an_assistant_that_is_away_or_unsure_leaves_it_to_the_experts(world: World) -> None:
    await world.link("jane@clinic.example")
    for number, result in enumerate(
        (None, {**world.assistant.result, "status": "partly", "withheld": 1}, {"sentences": []})
    ):  # type: ignore[dict-item]
        world.assistant.result = result
        await world.take(question(f"Question {number} on 20610?", number=number))
        world.advance(hours=2)
    assert len(world.mails()) == 3
    assert all("A coder will look at your question" in plain_of(mail) for mail in world.mails())
    names = [event["type"] for event in await world.events()]
    assert sum("inquiry.escalated" in name for name in names) == 3


async def test_asking_for_a_human_reaches_the_experts(world: World) -> None:
    await world.link("jane@clinic.example")
    await world.take(question("HUMAN please"))
    assert world.assistant.asked == []
    assert "A coder will look" in plain_of(world.mails()[0])


async def test_the_patient_is_masked_before_anything_sees_the_question(world: World) -> None:
    await world.link("jane@clinic.example")
    await world.take(question("Patient John Smith, DOB 03/04/1951: is 20610-LT right on 10/02/2026?"))
    asked = world.assistant.asked[0]["question"]
    assert "Smith" not in asked
    assert "20610-LT right on 10/02/2026" in asked
    text = plain_of(world.mails()[0])
    assert "We removed" in text
    assert "Smith" not in str(await world.events())


async def test_a_stranger_is_invited_once(world: World) -> None:
    assert await world.take(question()) == "invited"
    assert await world.take(question("Another one on 99213?", number=2)) == "held"
    assert len(world.mails()) == 1
    assert world.assistant.asked == []


async def test_inquiries_are_paid_for_once_a_thread(world: World) -> None:
    await world.link("jane@clinic.example", plan="free")
    await world.take(question("First on 20610?", number=1))
    answer_to = world.mails()[-1]
    thread = str(answer_to["Reply-To"])
    assert await world.take(question("And with RT?", number=2), to=thread) == "taken"
    world.advance(hours=2)
    assert await world.take(question("Second on 11042?", number=3)) == "taken"
    assert await world.take(question("Third on 97597?", number=4)) == "held"
    assert "used up" in plain_of(world.mails()[-1])
