"""Machines get no answer, people do."""

import json
from pathlib import Path

import pytest
from labelled_mail import held_out, machines, people

from ahead.consultant.classification import classify, failures_in
from ahead.consultant.reading import read_message


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


def test_of_the_half_held_out_machines_stay_unanswered_and_people_get_through() -> None:
    robots = [raw for raw in machines() if held_out(raw)]
    humans = [raw for raw in people() if held_out(raw)]
    assert len(robots) >= 600
    assert len(humans) >= 400
    answered = [raw for raw in robots if not is_machine(raw)]
    held = [raw for raw in humans if is_machine(raw)]
    assert len(answered) / len(robots) <= 0.005, answered[:3]
    assert len(held) / len(humans) <= 0.01, held[:3]


@pytest.mark.parametrize(
    ("envelope", "machine"),
    [("", True), ("mailer-daemon@example.net", True), ("jane@example.net", False), (None, False)],
)
def test_the_null_sender_decides(envelope: str | None, machine: bool) -> None:
    message = read_message(b"From: jane@example.net\nSubject: knee\n\nIs 20610 right?\n")
    assert classify(message, envelope_from=envelope).machine is machine


def test_a_complaint_names_who_complained() -> None:
    raw = (
        b"Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/feedback-report\n\n"
        b"Feedback-Type: abuse\nOriginal-Rcpt-To: Jane@example.net\n\n--b--\n"
    )
    assert failures_in(raw).complained == {"jane@example.net"}
