"""Machines get no answer, people do."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from labelled_mail import labelled_mail

from ahead.consultant.classification import classify, failures_in
from ahead.consultant.reading import read_message

EVALUATION = Path(__file__).parents[1] / "eval" / "assistant"


def is_machine(raw: bytes) -> bool:
    return classify(read_message(raw), raw=raw).machine


def test_no_public_bounce_is_answered_and_its_addresses_are_found(
    real_mail: dict[str, bytes], mail_folder: Path
) -> None:
    expected = json.loads((mail_folder / "flufl_bounce_expected.json").read_text())
    bounces = {
        name: raw
        for name, raw in real_mail.items()
        if name.startswith("flufl_bounce/") and name.endswith(".txt")
    }
    assert len(bounces) == 117
    # The one is a person's reply from Outlook, in the corpus because a detector once took it for a bounce.
    assert {name for name, raw in bounces.items() if not is_machine(raw)} <= {
        "flufl_bounce/data/groupwise_03.txt"
    }
    for name, want in expected.items():
        found = failures_in(bounces[name])
        assert found.permanent == {address.lower() for address in want["permanent"]}, name
        assert found.temporary == {address.lower() for address in want["temporary"]}, name


def test_machines_of_every_outline_stay_unanswered_and_people_get_through(
    record_property: Callable[[str, object], None],
) -> None:
    """What nobody asked anything in goes to an expert, and no mail goes out by itself: counted apart."""
    seen: Counter[tuple[bool, bool, str]] = Counter()
    for mail in labelled_mail():
        verdict = classify(read_message(mail.raw), raw=mail.raw)
        fate = "machine" if verdict.machine else "doubtful" if verdict.doubtful else "person"
        seen[mail.machine, mail.unseen, fate] += 1
    for key, number in seen.items():
        record_property(str(key), number)

    def count(machine: bool, *fates: str, unseen: tuple[bool, ...] = (True, False)) -> int:
        return sum(seen[machine, when, fate] for when in unseen for fate in fates)

    everything = ("machine", "doubtful", "person")
    for when in ((True,), (False,)):
        assert count(True, *everything, unseen=when) >= 700
        assert count(False, *everything, unseen=when) >= 500
        assert count(True, "person", unseen=when) == 0, seen
        assert count(False, "machine", unseen=when) == 0, seen
    assert count(True, "machine") >= 0.86 * count(True, *everything)
    assert count(False, "person") >= 0.945 * count(False, *everything)


@pytest.mark.parametrize(
    ("subject", "body", "machine", "doubtful"),
    [
        ("Automatic reply: knee", "Is 20610 right? I am away.", True, False),
        ("Failed vaginal delivery", "Then a cesarean, 59618 or 59622?", False, False),
        ("FW: Out of office", "All I got from the auditor was this. Does 20610 need LT?", False, False),
        ("Re: knee", "I was on vacation. Left knee.", False, False),
        ("Fuera de la oficina", "Hasta el lunes.", True, False),
        # Not about codes, so nothing that we could answer by ourselves.
        ("Pricing for a group of 12", "How much is it for twelve, and do you store our mail?", False, True),
        # Nobody's mail is lost for a single wording.
        ("Re: knee", "Got your message, will get back to you once I have the chart.", False, True),
        (
            "Hi",
            "We saw you at the fair and were glad to see so many old friends of ours there again.",
            False,
            True,
        ),
    ],
)
def test_words_are_weighed_against_a_question(subject: str, body: str, machine: bool, doubtful: bool) -> None:
    raw = f"From: jane@example.net\nSubject: {subject}\nIn-Reply-To: <1@x>\n\n{body}\n".encode()
    verdict = classify(read_message(raw))
    assert (verdict.machine, verdict.doubtful) == (machine, doubtful), verdict.why


@pytest.mark.parametrize(
    ("head", "body", "machine", "doubtful"),
    [
        ("From: fax@clinic.example", "Is 20610 payable with 99213 on the same day?", False, True),
        ("From: fax@clinic.example", "2 page(s) for you.", True, False),
        ("List-Id: <coders.clinic.example>", "Is 20610 payable with 99213 on the same day?", False, True),
        ("List-Id: <coders.clinic.example>", "The minutes are in the folder.", True, False),
        ("Auto-Submitted: auto-replied", "Is 20610 payable with 99213 on the same day?", True, False),
        ("From: no-reply@clinic.example", "Is 20610 payable with 99213 on the same day?", False, True),
        ("Subject: Re: Automatic reply: knee", "I got this from you. Is 20610 right?", False, False),
        ("Subject: Automatic reply: Re: knee", "I got this from you. Is 20610 right?", False, True),
        # Our own kind, its marks lost on the way: it repeats the question above its answer.
        (
            "Subject: Re: knee",
            "Can I bill 20610 with 99213?\n\nReport 20610.\n\n-- \nReply HUMAN to reach a coder.",
            False,
            True,
        ),
    ],
)
def test_a_sign_and_a_question_together_are_for_a_person_to_look_at(
    head: str, body: str, machine: bool, doubtful: bool
) -> None:
    raw = f"{head}\nFrom: jane@example.net\n\n{body}\n"
    raw = raw.replace("From: jane@example.net\n", "") if head.startswith("From:") else raw
    verdict = classify(read_message(raw.encode()))
    assert (verdict.machine, verdict.doubtful) == (machine, doubtful), verdict.why


@pytest.mark.parametrize(
    ("envelope", "machine"),
    [("", True), ("mailer-daemon@example.net", True), ("jane@example.net", False), (None, False)],
)
def test_the_null_sender_decides(envelope: str | None, machine: bool) -> None:
    message = read_message(b"From: jane@example.net\nSubject: knee\n\nIs 20610 right?\n")
    assert classify(message, envelope_from=envelope).machine is machine


ASKED = "Does 20610 need modifier LT with 99213 here?"


@pytest.mark.parametrize(
    ("headers", "body", "fate"),
    [
        # Words of a robot are matched whole.
        ("From: Dom Marchetti <dmarchetti@example.net>", ASKED, "person"),
        ("From: DMARC reports <dmarc-reports@example.net>", "One record.", "machine"),
        # Gateways and mail services put these on people's mail too.
        ("X-Auto-Response-Suppress: DR, OOF, AutoReply", ASKED, "person"),
        (
            "X-Auto-Response-Suppress: All\nX-MS-Exchange-Generated-Message-Source: Antispam Agent",
            ASKED,
            "person",
        ),
        ("X-Auto-Response-Suppress: All", "All done.", "doubtful"),
        ("X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent", "All done.", "machine"),
        ("Feedback-ID: 5702125:user:proton", ASKED, "person"),
        # What somebody asks through a list, whose programs are its Sender.
        ("Sender: coders+bncBAABB@clinic.example\nList-Id: <coders.clinic.example>", ASKED, "doubtful"),
        # A page of the sender's own, and one of somebody else's.
        ("X-Other: 1", f"{ASKED} See https://app.example.net/v/20610", "doubtful"),
        ("X-Other: 1", f"{ASKED} See https://app.example.com/v/20610", "person"),
        ("X-Other: 1", f"{ASKED}\n\nJane\nhttps://example.net/coding", "person"),
        ("From: Question of the Day <jane@example.net>", ASKED, "doubtful"),
        # One header is too little against who says anything of their own.
        ("List-Unsubscribe: <https://example.net/1>", "Thank you so much, that helped.", "doubtful"),
        ("X-Zendesk-Ticket: 4", "Op note attached, LT was on the claim.", "doubtful"),
        ("Feedback-ID: ::1.us-east-1.abc=:AmazonSES", ASKED, "person"),
        # No automatic answer goes to a list, but somebody reads the question.
        ("List-Id: <coders.example.net>", ASKED, "doubtful"),
        ("List-Id: <coders.example.net>", "Minutes are in the folder.", "machine"),
        # RFC 3834: whatever stands in it.
        ("Auto-Submitted: auto-generated", ASKED, "machine"),
        # A program's words before the subject, and a person's answer to such a mail.
        ("Subject: Automatic reply: knee", "Back next week.", "machine"),
        ("Subject: Re: Automatic reply: knee", "Is she back? My question was on 20610.", "person"),
    ],
)
def test_a_single_header_is_weighed_with_what_the_mail_says(headers: str, body: str, fate: str) -> None:
    usual = "" if headers.startswith("From:") else "From: jane@example.net\n"
    verdict = classify(read_message(f"{usual}{headers}\n\n{body}\n".encode()))
    assert ("machine" if verdict.machine else "doubtful" if verdict.doubtful else "person") == fate, (
        verdict.why
    )


QUOTE = "\n\nOn Mon, Mar 2, 2026 at 14:10 Coding Ahead <ask@example.org> wrote:\n> Report 20610 once.\n"


@pytest.mark.parametrize(
    ("subject", "body", "fate"),
    [
        # Too little to say what it is, above our own words.
        ("Re: knee", f"so... no?{QUOTE}", "person"),
        ("Re: knee", f"My specialty society says the contrary on its web site.{QUOTE}", "person"),
        ("RES: Re: knee", f"Foi internada, sim.{QUOTE}", "person"),
        ("Re: knee", "\N{THUMBS UP SIGN}", "person"),
        ("Re: knee", "Cigna", "person"),
        # Programs write so, and don't quote.
        ("Re: knee", "Working from another time zone.", "doubtful"),
        ("Delivery on hold", f"Fridays only.{QUOTE}", "doubtful"),
        # They speak of whose mail they answer.
        ("Re: knee", "Jane reads this in the evening.", "doubtful"),
        ("Re: knee", f"Your comment will show once the moderator has looked.{QUOTE}", "doubtful"),
        ("Re: knee", "Back in the office on Monday.", "doubtful"),
        ("Re: knee", "I'm out of the office until Monday. This is an automatic reply.", "machine"),
        ("OOO: knee", "I'm out until Monday.", "machine"),
        # Away, and asking us for something.
        ("Re: knee", "I'm off tomorrow, so if you can answer today that would be great.", "person"),
        ("Re: knee", "I'm off tomorrow. If you need an answer, call Kim.", "doubtful"),
    ],
)
def test_who_answers_us_is_a_person_unless_something_speaks_against_it(
    subject: str, body: str, fate: str
) -> None:
    raw = f"From: Jane Miller <jmiller@clinic.example>\nTo: ask@example.org\nSubject: {subject}\n"
    raw += f"References: <answer.1@example.org>\nContent-Type: text/plain; charset=utf-8\n\n{body}\n"
    verdict = classify(read_message(raw.encode()))
    assert ("machine" if verdict.machine else "doubtful" if verdict.doubtful else "person") == fate, (
        verdict.why
    )


@pytest.mark.parametrize(
    "said",
    [
        "The claim was held for review by the payer. The reviewer will decide.",
        "The message was held for review by our gateway. The moderator will release it.",
        "Ihr Team hat uns geholfen. Passt es Ihnen am Montag?",
        "Our clients love it. They save us time in minutes.",
        "I'm off tomorrow. I'll be out of the office until Monday. The contrast was oral only.",
    ],
)
def test_nobody_who_answers_us_is_held_for_what_else_machines_write_of(said: str) -> None:
    head = "From: Jane Miller <jmiller@clinic.example>\nTo: ask@example.org\nSubject: Re: knee\n"
    head += "References: <answer.1@example.org>\nContent-Type: text/plain; charset=utf-8\n"
    for text in (said, f"{said}{QUOTE}"):
        assert not classify(read_message(f"{head}\n{text}\n".encode())).machine


def test_an_agent_of_a_help_desk_who_answers_us_with_a_clear_question_is_a_person() -> None:
    head = "From: Yusuf A. <help@desk.example>\nTo: ask@example.org\nSubject: Re: hip\nX-Freshdesk-Ticket-Id: 4\n"
    body = "\n\nI asked the practice: POS 11, left hip. So 20611 it is?\n"
    answer = classify(read_message((head + "References: <answer.1@example.org>" + body).encode()))
    assert (answer.machine, answer.doubtful) == (False, False)
    assert classify(read_message((head + "X-Other: 1" + body).encode())).doubtful


def test_what_a_payer_wrote_is_no_sign_against_who_shows_it() -> None:
    body = "I chatted with the payer and this is what the bot told me:\n\nI'm an automated assistant.\n\n"
    body += "It's a commercial plan. Can they want G2212?"
    verdict = classify(read_message(f"From: inez@example.net\n\n{body}\n".encode()))
    assert (verdict.machine, verdict.doubtful) == (False, False), verdict.why


@pytest.mark.parametrize(
    "body",
    [
        "Is 36556 bundled into 99291, and should its time be subtracted?\n\nResponses are parsed automatically.",
        "Do you ever turn away coding work?\n\nWe lend out certified coders by the chart, no minimum.",
        'Miller, Jane would like to recall the message, "20610 vs 20611".',
        "Which code reports a bilateral knee injection, 20610 or 20611? See the answer tomorrow.",
    ],
)
def test_a_question_on_codes_does_not_hide_a_robot_or_a_seller(body: str) -> None:
    verdict = classify(read_message(f"From: Jane Miller <jmiller@example.net>\n\n{body}\n".encode()))
    assert verdict.machine or verdict.doubtful


@pytest.mark.parametrize(
    "body",
    [
        "Hello ask, somebody replied to a thread you are subscribed to: 76942 with 20610?",
        'A comment on "Is 20610 payable with 99213?" is waiting for your approval.',
        "Nous avons bien reçu votre demande. Ce message est envoyé automatiquement.",
        "Recebemos a sua mensagem e abrimos um chamado.",
        "Command not recognized. Valid commands: SEND, STATUS.",
    ],
)
def test_what_a_notice_names_is_no_question_to_us(body: str) -> None:
    verdict = classify(read_message(f"From: jane@example.net\nTo: ask@example.org\n\n{body}\n".encode()))
    assert verdict.machine or verdict.doubtful


def test_who_writes_as_into_a_search_box_is_answered() -> None:
    """The questions that CasePilot is measured with, of which a third asks nothing in so many words."""
    lines = (EVALUATION / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    asked = [case["turns"][0] for case in map(json.loads, lines) if case["kind"] == "answerable"]
    assert len(asked) > 300
    verdicts = [
        classify(read_message(f"From: Jane <jane@clinic.example>\n\n{question}\n\nJane\n".encode()))
        for question in asked
    ]
    assert not any(verdict.machine for verdict in verdicts)
    assert sum(not verdict.doubtful for verdict in verdicts) >= 0.95 * len(asked)


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Update", "Parcel A12345 delivered."),
        ("Code", "B7K2M9Q G4T5H8Z"),
        ("Posting report", "20610 - paid / 99213 - denied"),
        ("Read", "MRI knee, CT shoulder read. Dr. Lee"),
        ("New", "Webinar: E/M leveling 99213 99214. Thursday 1 pm ET."),
        ("Billing", "Denials, AR, credentialing, medical coding. 30 percent less."),
        ("Coder", "CPC with 10 years in ortho, denials and E/M. Resume below."),
    ],
)
def test_a_few_words_that_tell_something_are_no_query(subject: str, body: str) -> None:
    raw = f"From: Jane Miller <jmiller@example.net>\nSubject: {subject}\n\n{body}\n".encode()
    verdict = classify(read_message(raw))
    assert verdict.machine or verdict.doubtful


def test_a_complaint_names_who_complained() -> None:
    raw = (
        b"Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/feedback-report\n\n"
        b"Feedback-Type: abuse\nOriginal-Rcpt-To: Jane@example.net\n\n--b--\n"
    )
    assert failures_in(raw).complained == {"jane@example.net"}
