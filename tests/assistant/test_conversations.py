"""Questions and what becomes of them: streamed, stopped, left and found again, tried again, kept for their owner."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from ahead.assistant.answers import keeping
from ahead.assistant.answers.showing import linked
from ahead.assistant.consumer import forget
from ahead.assistant.models import CONVERSATIONS, TURNS
from ahead.assistant.scheduler import forget_old
from ahead.shared.testing.waiting import eventually

from .conftest import Pilot

API = "/api/assistant/v1"
ASK = {"question": "Is E11.9 billable?"}
STREAM = {"Accept": "text/event-stream"}
GUEST = "0190b0b0-0000-7000-8000-000000000001"


def events_of(text: str) -> list[tuple[str, Any]]:
    blocks = [block.splitlines() for block in text.replace("\r", "").strip().split("\n\n")]
    return [
        (lines[0].removeprefix("event: "), json.loads(lines[1].removeprefix("data: "))) for lines in blocks
    ]


async def asked(client: httpx.AsyncClient, **more: Any) -> dict[str, Any]:
    response = await client.post(f"{API}/answers", json=ASK | more)
    assert response.status_code == 200, response.text
    return response.json()


async def begun(pilot: Pilot, client: httpx.AsyncClient) -> tuple["asyncio.Task[httpx.Response]", str]:
    """A question that waits before its second sentence, and the answer's id."""
    pilot.answerer.hold()
    task = asyncio.create_task(client.post(f"{API}/answers", json=ASK))

    async def there() -> str:
        return next((row.id for row in await pilot.rows(TURNS) if row.state == "working"), "")

    return task, await eventually(there)


async def opened(client: httpx.AsyncClient) -> str:
    """The page, whose form token goes with what is sent after."""
    page = (await client.get("/casepilot", headers={"Accept": "text/html"})).text
    client.headers["X-CSRF-Token"] = page.partition('name="_csrf_token" value="')[2].partition('"')[0]
    return page


async def left(client: httpx.AsyncClient) -> str:
    page = await client.get("/casepilot", headers={"Accept": "text/html"})
    return page.text.partition('id="allowance">')[2].partition("</p>")[0]


async def test_an_answer_streams_steps_citations_and_sentences_and_ends_with_the_whole(pilot: Pilot) -> None:
    client = pilot.client("a:1", plan="free")
    response = await client.post(f"{API}/answers", json=ASK, headers=STREAM)
    events = events_of(response.text)
    assert [name for name, _ in events] == ["step", "citation", "sentence", "citation", "sentence", "done"]
    assert events[0][1] == {"tool": "code", "label": "Reading E11.9"}
    whole = events[-1][1]
    assert [data for name, data in events if name == "sentence"] == whole["sentences"]
    assert [data for name, data in events if name == "citation"] == whole["citations"]
    assert whole["status"] == "answered"
    assert whole["id"] == response.headers["Ahead-Answer"]
    assert (await client.get(f"{API}/answers/{whole['id']}")).json() == whole


async def test_an_answer_goes_on_where_its_reader_leaves(pilot: Pilot) -> None:
    client = pilot.client("a:1", plan="free")
    reading, answer = await begun(pilot, client)
    reading.cancel()
    waiting = await client.get(f"{API}/answers/{answer}")
    assert (waiting.status_code, waiting.json()["state"]) == (202, "working")
    page = await client.get(f"/casepilot/c/{(await pilot.rows(CONVERSATIONS))[0].id}")
    assert f'data-working="{answer}"' in page.text
    again = asyncio.create_task(client.get(f"{API}/answers/{answer}", headers=STREAM))
    pilot.answerer.go.set()
    names = [name for name, _ in events_of((await again).text)]
    assert names == ["step", "citation", "sentence", "citation", "sentence", "done"], "from its start"
    kept = (await client.get(f"{API}/answers/{answer}")).json()
    assert [one["text"] for one in kept["sentences"]] == ["E11.9 is billable.", "E11.9 is in force."]


async def test_a_stopped_answer_keeps_what_was_said(pilot: Pilot) -> None:
    client = pilot.client("a:1", plan="free")
    reading, answer = await begun(pilot, client)
    run = f"{API}/answers/{answer}"
    stopped = await client.post(f"{run}/stop")
    assert stopped.status_code == 204
    said = (await reading).json()
    assert [one["text"] for one in said["sentences"]] == [
        "E11.9 is billable.",
        "You stopped the answer here.",
    ]
    assert said["status"] == "partly"
    assert "9 questions remaining" in await left(client)


async def test_an_answer_that_is_stopped_fails_or_breaks_before_anything_was_found_costs_nothing(
    pilot: Pilot,
) -> None:
    client = pilot.client("a:1", plan="free")
    pilot.answerer.silent = True
    reading, answer = await begun(pilot, client)
    await client.post(f"{API}/answers/{answer}/stop")
    assert (await reading).json()["status"] == "unavailable"
    pilot.answerer.broken = True
    pilot.answerer.go.set()
    assert (await asked(client))["status"] == "unavailable"
    pilot.answerer.broken, pilot.answerer.away = False, True
    away = await asked(client)
    assert away["status"] == "unavailable"
    assert away["sentences"][0]["text"] == "E11.9 is billable.", "what was found is shown"
    assert "10 questions remaining" in await left(client)
    assert await pilot.events("question.asked") == []


async def test_an_answer_ends_at_its_time(pilot: Pilot, monkeypatch: pytest.MonkeyPatch) -> None:
    client = pilot.client("a:1", plan="free")
    monkeypatch.setitem(pilot.settings.__dict__, "answer_seconds", 0.05)
    pilot.answerer.hold()
    said = await asked(client)
    assert said["sentences"][-1]["text"] == "The time for one answer ran out here."
    assert said["status"] == "partly"


async def test_a_guest_asks_once_registers_and_follows_up_in_the_same_conversation(pilot: Pilot) -> None:
    guest = pilot.client()
    assert "<strong>1 question remaining.</strong>" in await opened(guest)
    first = await asked(guest)
    assert first["status"] == "answered"
    refused = await guest.post(f"{API}/answers", json=ASK)
    assert refused.status_code == 403
    assert refused.json()["type"].endswith("allowance-exhausted")
    assert "Register" in refused.json()["hint"]
    guest_id = (await pilot.rows(CONVERSATIONS))[0].subject.removeprefix("g:")

    account = pilot.client("a:1", plan="free", guest=guest_id)
    assert "10 questions remaining" in await left(account)
    followed = await asked(account, question="And is it valid?", conversation=first["conversation"])
    assert followed["conversation"] == first["conversation"]
    assert [one.question for one in pilot.answerer.turns[-1].history] == [ASK["question"]]
    kept = (await account.get(f"{API}/conversations/{first['conversation']}")).json()
    assert [turn["answer"]["id"] for turn in kept["turns"]] == [first["id"], followed["id"]]
    assert "9 questions remaining" in await left(account)


async def test_ten_at_once_of_an_account_with_three_left_are_three(pilot: Pilot) -> None:
    client = pilot.client("a:1", plan="free")
    for _ in range(7):
        await asked(client)
    every = await asyncio.gather(*(client.post(f"{API}/answers", json=ASK) for _ in range(5)))
    assert sorted(one.status_code for one in every) == [200, 200, 200, 403, 403]
    assert len(await pilot.events("question.asked")) == 10


async def test_asking_again_costs_nothing_and_a_failure_leaves_the_answer_before(pilot: Pilot) -> None:
    client = pilot.client("a:1", plan="free")
    first = await asked(client)
    again = (await client.post(f"{API}/answers/{first['id']}/retry")).json()
    assert again["id"] == first["id"]
    assert "9 questions remaining" in await left(client)
    assert len(await pilot.events("question.asked")) == 1
    assert [event["data"]["attempt"] for event in await pilot.events("answer.given")] == [1, 2]
    pilot.answerer.away = True
    failed = (await client.post(f"{API}/answers/{first['id']}/retry")).json()
    assert failed["status"] == "unavailable"
    assert (await client.get(f"{API}/answers/{first['id']}")).json()["status"] == "answered"


async def test_a_question_that_failed_is_charged_when_it_is_tried_again_and_answered(pilot: Pilot) -> None:
    client = pilot.client("a:1", plan="free")
    pilot.answerer.away = True
    failed = await asked(client)
    pilot.answerer.away = False
    again = (await client.post(f"{API}/answers/{failed['id']}/retry")).json()
    assert again["status"] == "answered"
    assert "9 questions remaining" in await left(client)


async def test_what_says_who_the_patient_is_is_masked_before_it_is_kept_or_answered(pilot: Pilot) -> None:
    client = pilot.client("a:1", plan="free")
    question = "Is E11.9 billable for John Miller, SSN 123-45-6789, born 02/03/1961?"
    answer = await asked(client, question=question)
    note = {"rating": "down", "reason": "wrong", "note": "SSN 123-45-6789 again"}
    assert (await client.put(f"{API}/answers/{answer['id']}/rating", json=note)).status_code == 204
    title = await client.patch(
        f"{API}/conversations/{answer['conversation']}", json={"title": "SSN 123-45-6789"}
    )
    kept = repr(
        [*await pilot.rows(TURNS), *await pilot.rows(CONVERSATIONS), pilot.answerer.turns[-1].question]
    )
    for identifier in ("123-45-6789", "02/03/1961", "Miller"):
        assert identifier not in kept
    assert "E11.9" in kept
    assert "123-45-6789" not in title.text


async def test_nobody_reaches_another_ones_conversation(pilot: Pilot) -> None:
    mine = await asked(pilot.client("a:1", plan="free"))
    conversation, answer = mine["conversation"], mine["id"]
    for other in (
        pilot.client("a:2", plan="free"),
        pilot.client("a:3", plan="pro", guest=GUEST),
        pilot.client(),
    ):
        await opened(other)
        found = [
            await other.get(f"{API}/conversations/{conversation}"),
            await other.get(f"{API}/conversations/{conversation}/export"),
            await other.patch(f"{API}/conversations/{conversation}", json={"title": "mine"}),
            await other.delete(f"{API}/conversations/{conversation}"),
            await other.get(f"{API}/answers/{answer}"),
            await other.post(f"{API}/answers/{answer}/stop"),
            await other.post(f"{API}/answers/{answer}/retry"),
            await other.put(f"{API}/answers/{answer}/rating", json={"rating": "up"}),
            await other.post(f"{API}/answers", json=ASK | {"conversation": conversation}),
            await other.get(f"/casepilot/c/{conversation}"),
            await other.get(f"/casepilot/c/{conversation}/export.json"),
        ]
        assert [one.status_code for one in found] == [404] * len(found)
        assert (await other.get(f"{API}/conversations")).json() == {"conversations": []}
    assert len(await pilot.events("question.asked")) == 1, "nobody paid for what isn't there"


async def test_conversations_are_found_renamed_exported_and_deleted(pilot: Pilot) -> None:
    client = pilot.client("a:1", plan="free")
    one = await asked(client)
    two = await asked(client, question="What about 100% of a_b?")
    found = (await client.get(f"{API}/conversations", params={"q": "e11 billable"})).json()["conversations"]
    assert [row["id"] for row in found] == [one["conversation"]]
    found = (await client.get(f"{API}/conversations", params={"q": "100% a_b"})).json()["conversations"]
    assert [row["id"] for row in found] == [two["conversation"]], "signs of a pattern are words like others"
    path = f"{API}/conversations/{one['conversation']}"
    assert (await client.patch(path, json={"title": " Diabetes "})).json() == {"title": "Diabetes"}
    assert (await client.patch(path, json={"title": " "})).status_code == 400
    export = await client.get(f"{path}/export")
    assert export.headers["content-type"].startswith("text/markdown")
    assert "# Diabetes" in export.text
    assert "[1] made-up.txt, made up, row 18" in export.text
    assert "doesn't make them" in export.text
    assert (await client.get(f"/casepilot/c/{one['conversation']}/export.json")).json()["title"] == "Diabetes"
    assert (await client.delete(path)).status_code == 204
    assert (await client.get(path)).status_code == 404
    assert [row.conversation for row in await pilot.rows(TURNS)] == [two["conversation"]]
    assert "8 questions remaining" in await left(client), "deleting gives nothing back"


async def test_a_conversation_is_not_deleted_under_an_answer(pilot: Pilot) -> None:
    client = pilot.client("a:1", plan="free")
    reading, _ = await begun(pilot, client)
    conversation = (await pilot.rows(CONVERSATIONS))[0].id
    assert (await client.delete(f"{API}/conversations/{conversation}")).status_code == 409
    pilot.answerer.go.set()
    await reading
    assert (await client.delete(f"{API}/conversations/{conversation}")).status_code == 204


async def test_what_a_process_that_died_left_behind_is_ended_and_given_back(pilot: Pilot) -> None:
    client = pilot.client("a:1", plan="free")
    answer = await asked(client)
    async with pilot.database.write() as session:  # as a killed process leaves it
        await session.execute(update(TURNS).values(state="working", answer="", status=""))
    assert await keeping.end_left_behind(pilot.database, pilot.clock.now(), 60) == 0, "it may be running"
    later = pilot.clock.now() + timedelta(minutes=11)
    assert await keeping.end_left_behind(pilot.database, later, 60) == 1
    assert await keeping.end_left_behind(pilot.database, later, 60) == 0
    ended = (await client.get(f"{API}/answers/{answer['id']}")).json()
    assert ended["status"] == "unavailable"
    assert "cost nothing" in ended["sentences"][0]["text"]
    assert "10 questions remaining" in await left(client)


async def test_conversations_are_forgotten_after_their_retention_and_with_their_account(pilot: Pilot) -> None:
    old = await asked(pilot.client("a:1", plan="free"))
    pilot.clock.advance(timedelta(days=80))
    young = await asked(pilot.client("a:2", plan="free"))
    pilot.clock.advance(timedelta(days=11))
    await forget_old(pilot.database, pilot.settings, pilot.clock)
    assert [row.id for row in await pilot.rows(CONVERSATIONS)] == [young["conversation"]]
    assert old["id"] not in [row.id for row in await pilot.rows(TURNS)]
    async with pilot.database.write() as session:
        await forget(session, ["a:2"])
    assert await pilot.rows(CONVERSATIONS) == await pilot.rows(TURNS) == []


def test_codes_of_an_answer_are_linked_wherever_they_stand_and_nothing_else_is() -> None:
    addresses = {"E11.65": "/a", "E11": "/b", "466.0": "/c"}
    text = "E11 has E11.65, e11.65; E11.650, XE11, 466.0. <b>"
    assert str(linked(text, addresses)) == (
        '<a class="code" href="/b">E11</a> has <a class="code" href="/a">E11.65</a>, '
        '<a class="code" href="/a">e11.65</a>; E11.650, XE11, <a class="code" href="/c">466.0</a>. &lt;b&gt;'
    )


async def test_the_form_works_without_scripts(pilot: Pilot) -> None:
    guest = pilot.client()
    page = await guest.get("/casepilot?q=Is+it%3F&system=icd10cm&code=E11.9", headers={"Accept": "text/html"})
    assert "ICD-10-CM E11.9" in page.text
    token = page.text.partition('name="_csrf_token" value="')[2].partition('"')[0]
    form = {"_csrf_token": token, "question": "Is it billable?", "system": "icd10cm", "code": "E11.9"}
    sent = await guest.post("/casepilot", data=form)
    assert sent.status_code == 303
    assert pilot.answerer.turns[-1].context is not None
    shown = (await guest.get(sent.headers["location"])).text
    assert '<a class="code" href="/codes/icd10cm/E11.9?as_of=2026-11-23">E11.9</a> is billable.' in shown
    assert "About ICD-10-CM E11.9" in shown
    assert "made-up.txt" in shown
    refused = await guest.post("/casepilot", data=form)
    assert refused.status_code == 403
    assert "No question left this month" in refused.text
    assert ">Is it billable?</textarea>" in refused.text, "the question isn't lost"
    assert (await guest.post("/casepilot", data=form | {"as_of": "soon"})).status_code == 400
