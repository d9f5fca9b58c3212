"""Labelled mail of machines and people, made from the outlines in tests/eval/mail. All of it is made up.

An outline is one way in which some product or somebody writes: `{a|b}` stands for one of several wordings,
`{name}` for something that differs from mail to mail. An outline belongs to a half as a whole, by the hash of its
name, so that a rule made for one mail of an outline isn't measured on another one of the same.
"""

import hashlib
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "eval" / "mail"
# How often each outline is written out.
COPIES = 7
US = "ask@codingahead.example"

FIRST = ("Jane", "Ravi", "Sue", "Luis", "Kim", "Ann", "Tom", "Maria", "Dwayne", "Olga", "Femi", "Grace")
LAST = (
    "Miller",
    "Patel",
    "Ortega",
    "Tran",
    "Berg",
    "Reed",
    "Silva",
    "Novak",
    "Okafor",
    "Lindqvist",
    "Haddad",
)
PLACES = ("Lakeside", "Summit", "Northgate", "Cedar Hill", "Riverbend", "Harbor", "Prairie", "Three Pines")
KINDS = (
    "Orthopedics",
    "Coding Partners",
    "Family Practice",
    "RCM",
    "Health Plan",
    "Clearinghouse",
    "Hospital",
)
DAYS = ("Monday, December 7", "December 1st", "the 4th", "11/30/2026", "next Tuesday", "January 4, 2027")
SUBJECTS = (
    "Re: Modifier 25 with 99213", "Re: knee injection", "Re: Is E11.40 right?", "Re: bundling of 11042 and 97597",
    "Re: laterality", "Re: your answer",
)  # fmt: skip
CODES = ("99213", "99214", "20610", "11042", "45385", "93000", "J1885", "G2211", "29881", "76942")
DIAGNOSES = ("E11.40", "M17.12", "S72.002A", "I10", "J44.1", "Z79.4", "M54.16", "K63.5", "N18.32", "R07.9")
CREDENTIALS = ("CPC", "CCS", "COC", "RHIT", "CRC", "CPMA")


@dataclass(frozen=True)
class Labelled:
    outline: str
    machine: bool
    unseen: bool  # written before the classifier was looked at
    raw: bytes

    @property
    def held_out(self) -> bool:
        return hashlib.sha256(self.outline.encode()).digest()[0] % 2 == 0


@lru_cache
def labelled_mail() -> tuple[Labelled, ...]:
    """Every mail of both labels, the same at each call."""
    made: list[Labelled] = []
    for path in sorted(FOLDER.glob("*.txt")):
        label, _, when = path.stem.partition("_")
        for name, outline in _outlines(path.read_text(encoding="utf-8")):
            for copy in range(COPIES):
                raw = _written(outline, random.Random(f"{name}/{copy}"))
                made.append(Labelled(name, label == "machine", when == "unseen", raw))
    return tuple(made)


def _outlines(text: str) -> Iterator[tuple[str, str]]:
    for block in re.split(r"^### ", text, flags=re.MULTILINE)[1:]:
        title, _, outline = block.partition("\n")
        yield title.partition("|")[0].strip(), outline.rstrip("\n") + "\n"


def _written(outline: str, chance: random.Random) -> bytes:
    first, first2, last, last2 = (*chance.sample(FIRST, 2), *chance.sample(LAST, 2))
    org = f"{chance.choice(PLACES)} {chance.choice(KINDS)}"
    domain = re.sub(r"\W", "", org.lower()) + ".example"
    number = chance.randrange(10_000, 999_999)
    values = {
        "first": first, "last": last, "first2": first2, "name": f"{first} {last}", "name2": f"{first2} {last2}",
        "addr": f"{first}.{last}@{domain}".lower(), "addr2": f"{first2}.{last2}@{domain}".lower(),
        "org": org, "domain": domain, "us": US, "usdomain": US.partition("@")[2],
        "mid": f"<{number}.consultant@codingahead.example>", "ref": str(number), "ref2": f"{chance.randrange(10, 59)}",
        "phone": f"(555) 01{chance.randrange(10)}-{chance.randrange(1000, 9999)}",
        "phone10": f"55501{chance.randrange(10_000, 99_999)}", "subject": chance.choice(SUBJECTS),
        "date": chance.choice(DAYS), "date2": chance.choice(DAYS), "rfcdate": "Mon, 30 Nov 2026 08:00:00 +0000",
        "dos": f"{chance.randrange(1, 12)}/{chance.randrange(1, 28)}/2026", "cred": chance.choice(CREDENTIALS),
        "b": f"=_{number}", "code": chance.choice(CODES), "code2": chance.choice(CODES),
        "dx": chance.choice(DIAGNOSES),
    }  # fmt: skip
    # From the inside out: a choice may hold values, a value holds no choice.
    text = re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], found[0]), outline)
    text = re.sub(r"\{([^{}]*)\}", lambda found: chance.choice(found[1].split("|")), text)
    head, _, body = text.partition("\n\n")
    have = {line.partition(":")[0].lower() for line in head.splitlines()}
    usual = {
        "From": f"{values['name']} <{values['addr']}>",
        "To": US,
        "Date": values["rfcdate"],
        "Message-ID": f"<{number}.{chance.randrange(10**9)}@{domain}>",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
    }
    lines = [f"{name}: {value}" for name, value in usual.items() if name.lower() not in have]
    return ("\n".join([*lines, head.strip("\n")]) + "\n\n" + body).encode()
