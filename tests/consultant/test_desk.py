"""The experts' desk: the queue with its promises, one thread for one coder, answers into the same thread."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from careers_world import Person, as_program
from consultant_world import ANSWERED, World, plain_of, question

from ahead.consultant.inquiries.answering import Answerer
from ahead.consultant.models import Inquiry
from ahead.shared.ids import uuid7

People = Callable[..., Person]


def expert(person: People, name: str = "a:expert") -> Person:
    return person(name, roles=["expert"])


async def waiting(world: World, text: str = "Can I bill 20610-LT with 99213-25?", **more: object) -> None:
    """Somebody's question that the machine isn't sure of."""
    await world.link("jane@clinic.example")
    world.assistant.result = {**ANSWERED, "status": "partly", "withheld": 1}
    await world.take(question(text), **more)  # type: ignore[arg-type]


def thread_in(page: str) -> str:
    return re.findall(r'href="(/consultant/desk/[0-9a-f-]{36})"', page)[0]


def seen_in(page: str) -> str:
    return re.findall(r'name="seen" value="(\d+)"', page)[0]


async def test_only_experts_see_the_desk(person: People) -> None:
    assert (await person("a:jane").get("/consultant/desk")).status_code == 403
    assert (await person(None).get("/consultant/desk")).status_code == 303, "to the log-in"


async def test_an_expert_answers_into_the_mail_thread(world: World, person: People) -> None:
    await waiting(world)
    desk = expert(person)
    queue = (await desk.get("/consultant/desk")).text
    assert "1 sentence withheld by the gate" in queue
    link = thread_in(queue)
    seen = seen_in((await desk.get(link)).text)
    world.advance(minutes=5)
    sent = await desk.post(link, {"text": "Yes: 20610-LT with 99213-25.", "seen": seen, "action": "send"})
    assert sent.status_code == 303
    await world.work()
    mail = world.mails()[-1]
    assert mail["Auto-Submitted"] is None, "a person wrote it"
    assert mail["X-Auto-Response-Suppress"] is None
    assert mail["In-Reply-To"] == "<1@clinic.example>"
    assert plain_of(mail) == "Yes: 20610-LT with 99213-25.\n"
    assert "Nobody waits" in (await desk.get("/consultant/desk")).text
    again = await desk.post(link, {"text": "Another one", "seen": seen, "action": "send"})
    assert again.status_code == 409, "somebody else answered meanwhile"


async def test_a_thread_with_a_coder_stays_with_the_coder_when_more_is_written(
    world: World, person: People
) -> None:
    await waiting(world)
    world.assistant.result = ANSWERED
    thread = str(world.mails()[0]["Reply-To"])
    world.advance(minutes=1)
    assert await world.take(question("It was the left knee.", number=2), to=thread) == "taken"
    assert len(world.mails()) == 1, "the machine keeps out of it"
    desk = expert(person)
    page = (await desk.get(thread_in((await desk.get("/consultant/desk")).text))).text
    assert "It was the left knee." in page


async def test_the_machines_draft_stands_beside_with_its_sources_and_can_be_started_from(
    world: World, person: People
) -> None:
    await waiting(world)
    desk = expert(person)
    link = thread_in((await desk.get("/consultant/desk")).text)
    page = (await desk.get(link)).text
    assert "The machine’s draft" in page
    assert "NCCI 2026Q4, effective 2026-10-01" in page
    assert "Report 20610 with LT." not in "".join(plain_of(mail) for mail in world.mails()), (
        "a draft is not mailed"
    )
    filled = (await desk.post(link, {"text": "", "action": "draft"})).text
    text = filled.partition("<textarea")[2].partition("</textarea>")[0]
    assert "Report 20610 with LT. [1]" in text
    assert "automated answer" not in text


async def test_whoever_asks_for_a_person_gets_one_who_has_the_machines_draft(
    world: World, person: People
) -> None:
    await world.link("jane@clinic.example")
    await world.take(question())
    (first,) = world.mails()
    await world.take(question("HUMAN please", number=2, head=f"In-Reply-To: {first['Message-ID']}\r\n"))
    assert len(world.mails()) == 2
    assert "A coder will look at your question" in plain_of(world.mails()[-1])
    assert "20610-LT" in world.assistant.asked[-1]["question"], "what was asked before is drafted"
    desk = expert(person)
    page = (await desk.get(thread_in((await desk.get("/consultant/desk")).text))).text
    assert "The machine’s draft" in page
    assert "asked for a person" in page


async def test_no_draft_is_mailed_after_the_coders_answer(world: World, person: People) -> None:
    """The job that would draft comes late: the coder has answered."""
    await world.link("jane@clinic.example")
    late: list[dict[str, str]] = []

    async def later(**args: str) -> None:
        late.append(args)

    world.handle("answer", later)
    await world.take(question("HUMAN: can I bill 20610-LT with 99213-25?"))
    desk = expert(person)
    link = thread_in((await desk.get("/consultant/desk")).text)
    page = (await desk.get(link)).text
    await desk.post(link, {"text": "Yes.", "seen": seen_in(page), "action": "send"})
    answerer = Answerer(world.parts, world.client)
    await answerer.answer(**late[0])
    await world.work()
    assert [plain_of(mail).strip()[:12] for mail in world.mails()][-1] == "Yes."
    assert len(world.mails()) == 2, "the note that a coder looks at it, and the coder's answer"


async def test_a_text_used_often_is_put_behind_what_was_typed(world: World, person: People) -> None:
    await waiting(world)
    desk = expert(person)
    await desk.get("/consultant/desk/texts")
    await desk.post("/consultant/desk/texts", {"title": "Greeting", "text": "Kind regards, your coder"})
    link = thread_in((await desk.get("/consultant/desk")).text)
    page = (await desk.get(link)).text
    key = re.findall(r'<option value="([0-9a-f-]{36})">Greeting', page)[0]
    filled = (await desk.post(link, {"text": "Typed.", "canned": key, "action": "canned"})).text
    assert "Typed.\n\nKind regards, your coder</textarea>" in filled
    await desk.get("/consultant/desk/texts")
    await desk.post("/consultant/desk/texts", {"key": key, "action": "drop"})
    assert "Greeting" not in (await desk.get("/consultant/desk/texts")).text


async def test_a_second_coder_is_warned_and_what_is_taken_is_shown(world: World, person: People) -> None:
    await waiting(world)
    one, two = expert(person), expert(person, "a:second")
    link = thread_in((await one.get("/consultant/desk")).text)
    await one.get(link)
    await one.post(link, {"action": "take"})
    page = (await two.get(link)).text
    assert "Another coder has this open right now." in page
    assert "With coder pert." in page
    assert "this open" in (await one.get(f"{link}/presence?seen=2")).text
    world.advance(minutes=3)
    assert "this open" not in (await two.get(f"{link}/presence?seen=2")).text, "nobody has looked lately"
    assert "A message has come" in (await two.get(f"{link}/presence?seen=1")).text
    assert link in (await one.get("/consultant/desk?show=mine")).text
    assert link not in (await two.get("/consultant/desk?show=mine")).text


@pytest.mark.parametrize(("plan", "promise"), [("pro", "8 h 0 min left"), ("free", "24 h 0 min left")])
async def test_the_clock_of_a_promise_runs_from_the_hand_over(
    world: World, person: People, plan: str, promise: str
) -> None:
    await world.link("jane@clinic.example", plan=plan)
    await world.take(question("HUMAN please"))
    desk = expert(person)
    assert promise in (await desk.get("/consultant/desk")).text
    world.advance(hours=5)
    thread = str(world.mails()[0]["Reply-To"])
    await world.take(question("HUMAN, please hurry", number=2), to=thread)
    world.advance(hours=20)
    assert "overdue by" in (await desk.get("/consultant/desk")).text, "asking again starts no new clock"


async def test_notes_are_for_coders_only(world: World, person: People) -> None:
    await waiting(world)
    desk = expert(person)
    link = thread_in((await desk.get("/consultant/desk")).text)
    await desk.get(link)
    await desk.post(link, {"note": "Called the payer. Patient John Smith.", "action": "note"})
    page = (await desk.get(link)).text
    assert "Called the payer." in page
    assert "Smith" not in page
    await desk.post(link, {"text": "Yes.", "seen": seen_in(page), "action": "send"})
    await world.work()
    assert "payer" not in plain_of(world.mails()[-1])


async def test_all_threads_are_searched_by_their_words(world: World, person: People) -> None:
    await waiting(world, "Can I bill 20610-LT with 99213-25?")
    desk = expert(person)
    assert "knee" in (await desk.get("/consultant/desk?q=20610-lt+bill")).text
    assert "Nothing found" in (await desk.get("/consultant/desk?q=colonoscopy")).text


async def test_a_search_goes_on_to_the_oldest_thread_page_by_page(world: World, person: People) -> None:
    """More threads than are opened at a time, and more hits than a page holds."""
    seal, now = world.parts.seal, world.clock.now()
    async with world.parts.database.write() as session:
        for number in range(1_200):
            said = "elbow" if number == 0 else "wrist" if number % 12 == 0 else "shoulder"
            at = now - timedelta(days=1_200 - number)
            session.add(
                Inquiry(id=uuid7(), sender="s", address=b"", subject=seal(f"{said} {number}"), created_at=at)
            )
    desk = expert(person)
    page = (await desk.get("/consultant/desk?q=elbow")).text
    assert "elbow 0" in page
    assert "Search older" not in page

    page, seen = (await desk.get("/consultant/desk?q=wrist")).text, []
    while True:
        seen += re.findall(r"wrist (\d+)<", page)
        older = re.findall(r'href="(/consultant/desk\?[^"]*before=[^"]+)"', page)
        if not older:
            break
        page = (await desk.get(unescape(older[0]))).text
    assert seen == [str(number) for number in range(1_188, 0, -12)]


async def test_a_question_from_casepilot_comes_with_its_conversation_and_evidence(
    world: World, person: People
) -> None:
    casepilot = as_program(person("s:assistant", plan="service", scopes=["consultant:inquire"]))
    jane = as_program(person("a:jane", plan="pro"))
    asked = {
        "subject": "20610",
        "text": "Is that so for both knees?",
        "conversation": "c1",
        "evidence": ANSWERED,
        "as_of": "2026-10-02",
    }
    acting = {"Ahead-Principal": "a:jane"}
    taken = await casepilot.client.post("/api/consultant/v1/inquiries", json=asked, headers=acting)
    assert taken.status_code == 202, taken.text
    assert taken.json()["status"] == "with_expert"
    desk = expert(person)
    page = (await desk.get(thread_in((await desk.get("/consultant/desk")).text))).text
    assert "from CasePilot" in page
    assert "Report 20610 with LT." in page
    assert "For the date of service 2026-10-02." in page, "CasePilot's answer is the draft"
    own = taken.json()["url"].rpartition("/")[2]
    assert (await jane.client.get(f"/api/consultant/v1/inquiries/{own}")).json()["status"] == "with_expert"


async def test_what_anybody_else_sends_as_evidence_is_no_draft_of_the_machine(
    world: World, person: People
) -> None:
    jane = as_program(person("a:jane", plan="pro"))
    taken = await jane.client.post(
        "/api/consultant/v1/inquiries", json={"text": "And 20610?", "evidence": ANSWERED}
    )
    assert taken.status_code == 202
    desk = expert(person)
    page = (await desk.get(thread_in((await desk.get("/consultant/desk")).text))).text
    assert "The machine’s draft" not in page
    assert "sent along as evidence" in page


async def test_an_answer_becomes_knowledge_once_a_second_coder_approves(world: World, person: People) -> None:
    await waiting(world)
    one, two = expert(person), expert(person, "a:second")
    link = thread_in((await one.get("/consultant/desk")).text)
    page = (await one.get(link)).text
    await one.post(
        link, {"text": "Append LT to 20610 and 25 to 99213.", "seen": seen_in(page), "action": "send"}
    )
    form = link.replace("/desk/", "/desk/knowledge/propose/")
    assert "Append LT to 20610" in (await one.get(form)).text
    fields = {"question": "Can 20610 be billed with an office visit?", "as_of": "2026-10-02"}
    named = await one.post(form, {**fields, "answer": "Yes. Patient John Smith had both."})
    assert named.status_code == 400
    assert "This may say who somebody is (name)" in named.text
    links = {"links": "https://www.cms.gov/x\njavascript:alert(1)"}
    made = await one.post(form, {**fields, **links, "answer": "Yes, with LT on 20610 and 25 on 99213."})
    assert made.status_code == 303
    listed = (await one.get("/consultant/desk/knowledge")).text
    assert "Approve" not in listed, "nobody approves what they proposed"
    search = "/api/consultant/v1/knowledge?q=bill+20610+with+a+visit"
    nobody = person(None)
    assert (await nobody.client.get(search)).json()["hits"] == []
    key = re.findall(r'action="/consultant/desk/knowledge/([0-9a-f-]{36})"', listed)[0]
    assert (await one.post(f"/consultant/desk/knowledge/{key}", {"action": "publish"})).status_code == 409
    await two.get("/consultant/desk/knowledge")
    assert (await two.post(f"/consultant/desk/knowledge/{key}", {"action": "publish"})).status_code == 303
    (hit,) = (await nobody.client.get(search)).json()["hits"]
    assert hit["answer"] == "Yes, with LT on 20610 and 25 on 99213."
    assert hit["links"] == ["https://www.cms.gov/x"]
    assert hit["as_of"] == "2026-10-02"
    assert "with LT on 20610" in (await nobody.get(f"/consultant/knowledge/{key}")).text
    assert (await nobody.client.get("/api/consultant/v1/knowledge?q=colonoscopy+screening")).json()[
        "hits"
    ] == []
    await two.get("/consultant/desk/knowledge")
    await two.post(f"/consultant/desk/knowledge/{key}", {"action": "withdraw"})
    assert (await nobody.client.get(search)).json()["hits"] == []
