"""What an answer looks like: each question apart, its date of service, what was left open, what was masked."""

from copy import deepcopy
from datetime import date
from typing import Any

from consultant_world import ANSWERED, World, page_of, plain_of, question

from ahead.consultant.inquiries.questions import only_thanks, questions_in

TODAY = date(2026, 11, 24)


def answered(**changes: Any) -> dict[str, Any]:
    """An answer whose edition is old enough that no date has to be asked for."""
    result = deepcopy(ANSWERED) | changes
    for one in result["citations"]:
        one["from"] = "2020-01-01"
    return result


def test_each_question_of_a_mail_is_found_with_what_was_said_before_it() -> None:
    found = questions_in(
        "Hi team,\n\nDOS 10/02/2026, left knee. Can I bill 20610-LT with 99213-25? And is J1030 covered?\n\n"
        "Could you please help me?\n\nThanks\nJane",
        today=TODAY,
    )
    assert [one.shown for one in found] == ["Can I bill 20610-LT with 99213-25?", "And is J1030 covered?"]
    assert all("left knee" in one.text for one in found), "what is told first holds for all"
    assert {one.as_of for one in found} == {date(2026, 10, 2)}


def test_a_numbered_list_is_as_many_questions() -> None:
    found = questions_in(
        "Two things:\n1. Is M17.12 valid?\n2) What is the MUE of J3301 on 2025-03-04?\n", today=TODAY
    )
    assert [one.shown for one in found] == ["Is M17.12 valid?", "What is the MUE of J3301 on 2025-03-04?"]
    assert [one.as_of for one in found] == [date(2025, 3, 4), date(2025, 3, 4)]


def test_what_is_no_question_stays_one() -> None:
    for text in (
        "E11.9",
        "Please look at M17.12 and tell us whether it is valid.",
        "Is M17.12 valid? Thanks!",
    ):
        assert len(questions_in(text, today=TODAY)) == 1, text
    (one,) = questions_in("Patient is 64. DOB 2030-01-01. Is M17.12 valid?", today=TODAY)
    assert one.as_of is None, "no service lies in the future"


def test_thanks_are_told_from_an_answer_to_a_question_back() -> None:
    assert only_thanks("Thank you so much!\nJane Doe")
    assert not only_thanks("Thanks, left knee")
    assert not only_thanks("Thanks. And 11042?")
    assert not only_thanks("Left knee")


async def test_several_questions_are_answered_one_by_one_in_one_mail(world: World) -> None:
    await world.link("jane@clinic.example")
    world.assistant.result = answered()
    await world.take(
        question("DOS 10/02/2026, left knee, in the office. Is 20610-LT payable? Is J1030 covered?")
    )
    (mail,) = world.mails()
    text = plain_of(mail)
    assert "1. You asked: Is 20610-LT payable?" in text
    assert "2. You asked: Is J1030 covered?" in text
    assert text.count("For the date of service 2026-10-02.") == 2
    assert "[1] NCCI" in text
    assert "[2] NCCI" in text, "sources are numbered through"
    assert {one["as_of"] for one in world.assistant.asked} == {"2026-10-02"}


async def test_the_page_is_html_that_an_old_mail_program_shows(world: World) -> None:
    await world.link("jane@clinic.example")
    world.assistant.result = answered(
        sentences=[{"text": "Report <20610> & LT.", "citations": [1]}],
        citations=[
            {
                "n": 1,
                "source": "NCCI",
                "release": "2026Q4",
                "row": 7,
                "url": "/codes/cpt/20610?as_of=2026-10-02",
            }
        ],
    )
    await world.take(question())
    page = page_of(world.mails()[0])
    site = world.parts.settings.shared.public_url.rstrip("/")
    assert f'href="{site}/codes/cpt/20610?as_of=2026-10-02"' in page
    assert "Report &lt;20610&gt; &amp; LT." in page
    for word in ("<script", "<style", "<img", "class=", "<div", "flex", "grid"):
        assert word not in page, word
    assert all(len(line) <= 76 or "://" in line for line in plain_of(world.mails()[0]).splitlines())


async def test_an_edition_just_begun_is_asked_about_when_no_date_was_given(world: World) -> None:
    await world.link("jane@clinic.example")
    await world.take(question("Is 20610-LT payable in the office?", number=1))
    assert "Was the service before 2026-10-01?" in plain_of(world.mails()[0])
    assert "For services on 2026-11-24, because you gave no date of service." in plain_of(world.mails()[0])
    await world.take(question("DOS 11/20/2026: is 20610-LT payable in the office?", number=2))
    assert "Please tell us" not in plain_of(world.mails()[1])


async def test_a_code_that_leaves_the_side_open_is_asked_about(world: World) -> None:
    await world.link("jane@clinic.example")
    world.assistant.result = answered(
        codes=[
            {
                "system": "icd10cm",
                "code": "M17.10",
                "title": "Unilateral primary osteoarthritis, unspecified knee",
            }
        ]
    )
    await world.take(question("What is the code for osteoarthritis of the knee?", number=1))
    assert "Which side: left, right or both? M17.10 leaves it open." in plain_of(world.mails()[0])
    await world.take(question("What is the code for osteoarthritis of the left knee?", number=2))
    assert "Which side" not in plain_of(world.mails()[1])


async def test_the_setting_is_asked_about_where_a_source_holds_for_one_only(world: World) -> None:
    await world.link("jane@clinic.example")
    world.assistant.result = answered()
    world.assistant.result["citations"][0]["source"] = "NCCI PTP practitioner"  # type: ignore[index]
    await world.take(question("May 20610 and 99213 be billed together?", number=1))
    assert "the practitioner, or the facility?" in plain_of(world.mails()[0])


async def test_an_answer_to_a_question_back_is_read_with_the_question(world: World) -> None:
    await world.link("jane@clinic.example")
    await world.take(question("Is 20610-LT payable in the office?", number=1))
    thread = str(world.mails()[0]["Reply-To"])
    world.advance(minutes=5)
    assert await world.take(question("It was on 09/12/2026.", number=2), to=thread) == "taken"
    asked = world.assistant.asked[-1]
    assert "20610-LT" in asked["question"]
    assert asked["as_of"] == "2026-09-12"
    assert len(world.mails()) == 2


async def test_thanks_get_no_answer(world: World) -> None:
    await world.link("jane@clinic.example")
    await world.take(question(number=1))
    thread = str(world.mails()[0]["Reply-To"])
    assert await world.take(question("Thank you so much!\n\nJane", number=2), to=thread) == "taken"
    assert len(world.mails()) == 1


async def test_what_the_sources_do_not_say_is_said(world: World) -> None:
    await world.link("jane@clinic.example")
    told = ANSWERED["sentences"][0]
    world.assistant.result = answered(
        status="partly",
        sentences=[told, told, told, {"text": "What you ask about 99213 is not in the sources loaded."}],
    )
    await world.take(question())
    text = plain_of(world.mails()[0])
    assert "What we can't say:\n- What you ask about 99213 is not in the sources" in text


async def test_of_several_questions_the_unsure_one_goes_to_a_coder_and_the_others_are_answered(
    world: World,
) -> None:
    await world.link("jane@clinic.example")
    world.assistant.results = {"J1030": {"status": "not_in_sources", "sentences": []}}
    await world.take(question("In the office, 10/02/2026. Is 20610-LT payable? Is J1030 covered?"))
    (mail,) = world.mails()
    text = plain_of(mail)
    assert "Report 20610 with LT. [1]" in text
    assert "2. You asked: Is J1030 covered?\n\nWe are not sure enough of this one. A coder will" in text
    assert [event["type"].split(".", 3)[-1] for event in await world.events()] == [
        "inquiry.received.v1",
        "reply.sent.v1",
        "inquiry.escalated.v1",
    ]


async def test_each_kind_that_was_masked_is_told_with_its_number(world: World) -> None:
    await world.link("jane@clinic.example")
    await world.take(
        question("Patient John Smith, DOB 03/04/1951, MRN 4471882: is 20610-LT right on 10/02/2026?")
    )
    text = " ".join(plain_of(world.mails()[0]).split())
    assert "We removed what may identify a patient before reading your mail: date of birth" in text
    assert "medical record number" in text
    assert "Smith" not in text


async def test_a_second_mail_before_the_first_is_answered_is_answered_too(world: World) -> None:
    await world.link("jane@clinic.example")
    await world.intake.accept(
        question(number=1), envelope_from="j@c.example", recipient="ask@ahead.example", peer="127.0.0.1"
    )
    second = question("And is 11042 payable?", number=2, head="In-Reply-To: <1@clinic.example>\r\n")
    await world.intake.accept(
        second, envelope_from="j@c.example", recipient="ask@ahead.example", peer="127.0.0.1"
    )
    await world.work()
    assert len(world.mails()) == 2


async def test_words_that_a_policy_names_go_to_a_coder(world: World) -> None:
    await world.link("jane@clinic.example")
    await world.take(question("How do I appeal the denial of 20610?"))
    assert world.assistant.asked == []
    assert "A coder will look at your question" in plain_of(world.mails()[0])
