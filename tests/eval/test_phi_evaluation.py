"""How much of what may say who a patient is goes, and how little else: on made-up messages, reported per kind."""

import random
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from ahead.shared.phi import mask

MESSAGES = Path(__file__).parent / "phi" / "messages.txt"
COPIES = 20
# Half of them common, half in no list of common names.
FIRST = (
    "James", "Mary", "Robert", "Linda", "Wei", "Fatima", "Dmitri", "Aaliyah", "Thuy", "Joaquin", "Siobhan",
    "Oluwaseun", "Priya", "Bjorn", "Keisha", "Nguyet",
)  # fmt: skip
LAST = (
    "Smith", "Nguyen", "Garcia", "Kowalczyk", "O'Brien", "Washington", "Li", "Papadopoulos", "Adeyemi", "Van-Dyke",
    "Schwarzkopf", "Ramos", "Tkachenko", "Hussein",
)  # fmt: skip
STREETS = (
    "Oak Street",
    "N Maple Ave",
    "Harbor View Drive",
    "Third Avenue",
    "Martin Luther King Blvd",
    "County Road",
)
CITIES = ("Columbus", "San Marino", "Round Rock", "Port Huron", "El Cajon", "Fairhope")
WORD = re.compile(r"[\w$§'’.%/-]*\w")


def identifier(kind: str, chance: random.Random) -> str:
    first, last = chance.choice(FIRST), chance.choice(LAST)
    digits = lambda n: "".join(chance.choice("0123456789") for _ in range(n))  # noqa: E731
    year, day = chance.randrange(1931, 2020), f"{chance.randrange(1, 12)}/{chance.randrange(1, 28)}"
    made: dict[str, Callable[[], str]] = {
        "name": lambda: f"{first} {last}",
        "first": lambda: first,
        "last": lambda: last,
        "upper": lambda: f"{first} {last}".upper(),
        "commaname": lambda: f"{last}, {first}",
        "lowername": lambda: f"{first} {last}".lower(),
        "initials": lambda: f"{first[0]}.{last[0]}.",
        "birth": lambda: chance.choice(
            (f"{day}/{year}", f"{year}-0{chance.randrange(1, 9)}-1{chance.randrange(9)}")
        ),
        "death": lambda: chance.choice((f"{day}/2026", f"October {chance.randrange(3, 28)}, 2026")),
        "age": lambda: str(chance.randrange(90, 106)),
        "mrn": lambda: chance.choice(("", "A", "00")) + digits(chance.randrange(6, 9)),
        "plan": lambda: chance.choice("WXHYZ") + digits(9),
        "mbi": lambda: (
            f"{chance.randrange(1, 9)}EG{chance.randrange(9)}-TE{chance.randrange(9)}-MK{digits(2)}"
        ),
        "claim": lambda: "2026" + digits(7),
        "ssn": lambda: f"{digits(3)}-{digits(2)}-{digits(4)}",
        "phone": lambda: chance.choice(("(614) 555-{}", "614-555-{}", "614.555.{}", "+1 614 555 {}")).format(
            digits(4)
        ),
        "fax": lambda: f"614-555-{digits(4)}",
        "email": lambda: f"{first}.{last}@mail.example".lower().replace("'", ""),
        "street": lambda: f"{chance.randrange(10, 9000)} {chance.choice(STREETS)}",
        "city": lambda: chance.choice(CITIES),
        "zip": lambda: digits(5),
        "device": lambda: f"PX{digits(6)}",
        "udi": lambda: f"(01)00{digits(12)}",
        "account": lambda: digits(10),
        "license": lambda: f"D{digits(7)}",
        "ip": lambda: f"10.{chance.randrange(255)}.{chance.randrange(255)}.{chance.randrange(100, 255)}",
        "photo": lambda: f"{last}_wound.jpg".lower(),
        "plate": lambda: f"{digits(1)}ABC{digits(3)}",
        "url": lambda: f"https://{first}.example.org/me".lower(),
        "bio": lambda: digits(6),
    }
    return made[kind]()


def _times(word: str, text: str) -> int:
    return len(re.findall(rf"(?<!\w){re.escape(word)}(?!\w)", text)) if len(word) > 1 else 0


def test_identifiers_go_and_everything_else_stays(record_property: Callable[[str, object], None]) -> None:
    lines = [
        one for one in MESSAGES.read_text(encoding="utf-8").splitlines() if one and not one.startswith("#")
    ]
    there: Counter[str] = Counter()
    left: Counter[str] = Counter()
    words, lost = 0, Counter[str]()
    for number, line in enumerate(lines):
        for copy in range(COPIES):
            chance = random.Random(f"{number}/{copy}")
            hidden: list[tuple[str, str]] = []

            def fill(found: re.Match[str], chance: random.Random = chance, hidden: list = hidden) -> str:  # type: ignore[type-arg]
                value = identifier(found[1], chance)
                hidden.append((found[1], value))
                return value

            text = re.sub(r"\{(\w+)\}", fill, line)
            masked = mask(text).text
            for kind, value in hidden:
                there[kind] += 1
                left[kind] += any(_times(word, masked) > _times(word, line) for word in value.split())
            kept = Counter(WORD.findall(masked))
            for word, times in Counter(WORD.findall(re.sub(r"\{\w+\}", " ", line))).items():
                words += times
                if kept[word] < times:
                    lost[word] += times - kept[word]
    recall = 1 - sum(left.values()) / sum(there.values())
    false = sum(lost.values()) / words
    record_property("recall", round(recall, 4))
    record_property("false masks", round(false, 5))
    report = {kind: f"{number - left[kind]}/{number}" for kind, number in sorted(there.items())}
    print(
        f"recall {recall:.4f} of {sum(there.values())}, false {false:.5f} of {words}",
        report,
        lost.most_common(20),
    )
    assert recall >= 0.95, report
    assert false <= 0.005, lost.most_common(20)
