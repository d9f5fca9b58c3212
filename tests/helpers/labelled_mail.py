"""A generator of labelled mail: machines as real products write, and people who ask about coding.

Made up. Half of it, chosen by the hash of each message, is the half that rules are measured on and never fitted to.
"""

# ruff: noqa: E501, SIM113 - texts read best as they are

import hashlib
import itertools
from collections.abc import Iterator

NAMES = (
    "Jane Miller",
    "Ravi Patel",
    "Sue O'Hara",
    "Luis Ortega",
    "Kim Tran",
    "Ann Berg",
    "Tom Reed",
    "Maria Silva",
)
DAYS = ("Monday, December 7", "December 1st", "the 4th", "11/30/2026", "next Tuesday")
CLINICS = ("Lakeside Coding", "St. Mary's Billing", "Ortho Partners", "Summit RCM")

ABSENT = (
    "Hello,\n\nI am out of the office until {day} and have limited access to email. For urgent matters call the desk.\n\n{name}",
    "Thank you for your email. I'm currently on vacation, returning {day}. I will respond when I am back.\n{name}",
    "I will be away from my desk until {day}. Please contact {name} in my absence.",
    "Ich bin bis {day} nicht im Büro. Ihre E-Mail wird nicht weitergeleitet.\n{name}",
    "Je suis absente jusqu'au {day}. Pour toute urgence, contactez {name}.",
    "Estoy fuera de la oficina hasta {day}.\nSaludos, {name}",
    "{name} is no longer with {clinic}. Please update your records.",
    "I am on maternity leave until {day}. {name} covers my work queue.",
)
ACKNOWLEDGED = (
    "Thank you for contacting {clinic}. A member of our team will get back to you within 2 business days.",
    "We have received your request. Your ticket number is {n}. Please do not reply to this email.",
    "Your message was received and case {n} has been opened. This is an automated message.",
    "This mailbox is not monitored. Please use the portal.",
    "*** This is an automatically generated email, please do not reply ***\nClaim batch {n} was accepted.",
)
NOT_DELIVERED = (
    "Your message to coder{n}@example.net could not be delivered. Mailbox is full.",
    "Delivery to the following recipient failed permanently: coder{n}@example.net. User unknown.",
    "The following address had permanent fatal errors: <coder{n}@example.net>",
)
MARKS = (
    "Auto-Submitted: auto-replied\n", "X-Autoreply: yes\n", "Precedence: bulk\n", "X-Auto-Response-Suppress: All\n",
    "Return-Path: <>\n", "List-Id: <coders.example.org>\n", "X-Autorespond: away\n",
)  # fmt: skip
MACHINE_SUBJECTS = (
    "Automatic reply: {s}", "Out of Office: {s}", "Re: {s}", "Auto: {s}", "[Ticket #{n}] {s}", "{s}",
)  # fmt: skip
QUESTIONS = (
    "Can we bill 99213 with modifier 25 and 20610-LT on the same day for a knee injection?",
    "What is the right ICD-10-CM code for type 2 diabetes with neuropathy? I have E11.40 but the payer wants more.",
    "Our claim for 11042 and 97597 was denied as bundled. Is modifier 59 or XS correct?",
    "Patient is 67 with a left hip fracture, initial encounter. S72.002A or S72.012A?",
    "How many units of J1885 do I report for 30 mg?",
    "Hi team, which DRG would we get for 0SRD0JZ with M17.12 as principal?",
    "Does Medicare cover G0121 every 10 years? The patient had one in 2019.",
    "We got your answer from last week, thank you! One more: does it change if the surgeon is assistant (80)?",
    "Need help coding a colonoscopy with snare and biopsy of different lesions, 45385 and 45380",
    "The doctor was on vacation until Monday and a locum saw the patient. Who bills 99214, and is Q6 right?",
    "Patient left the office before the nurse visit was over. Can 99211 be reported?",
    "Is Z02.89 right for a return to work exam? My supervisor will be back on Friday and wants it.",
)
HUMAN_SUBJECTS = ("knee injection", "Re: your answer", "question", "", "Denied claim - bundling", "coding help please", "FW: claim", "out of network?", "Delivery of twins 59400", "Emergency office visit")  # fmt: skip
SIGNATURES = ("\n\nThanks,\n{name}, CPC", "\n--\n{name}\n{clinic}", "\n\nSent from my iPhone", "")


def _mail(head: str, subject: str, body: str, name: str, number: int) -> bytes:
    local = name.lower().replace(" ", ".").replace("'", "")
    return (
        f"{head}From: {name} <{local}@clinic{number % 37}.example>\nTo: ask@example.org\n"
        f"Subject: {subject}\nMessage-ID: <{number}.{local}@clinic.example>\n"
        f"Content-Type: text/plain; charset=utf-8\n\n{body}\n"
    ).encode()


def machines() -> Iterator[bytes]:
    """Half of them with a mark in the header, half told by their words alone."""
    bodies = [*ABSENT, *ACKNOWLEDGED, *NOT_DELIVERED]
    number = 0
    for body, subject, name, marked in itertools.product(bodies, MACHINE_SUBJECTS, NAMES, (True, False)):
        number += 1
        filled = {"day": DAYS[number % 5], "name": name, "clinic": CLINICS[number % 4], "n": 10_000 + number}
        asked = f"{HUMAN_SUBJECTS[number % len(HUMAN_SUBJECTS)]}"
        head = MARKS[number % len(MARKS)] if marked else ""
        yield _mail(head, subject.format(s=asked, **filled), body.format(**filled), name, number)


def people() -> Iterator[bytes]:
    number = 100_000
    for question, subject, name, signature in itertools.product(QUESTIONS, HUMAN_SUBJECTS, NAMES, SIGNATURES):
        number += 1
        yield _mail(
            "", subject, question + signature.format(name=name, clinic=CLINICS[number % 4]), name, number
        )


def held_out(raw: bytes) -> bool:
    return hashlib.sha256(raw).digest()[0] % 2 == 0
