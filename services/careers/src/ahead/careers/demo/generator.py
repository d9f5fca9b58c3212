"""Plausible, varied example jobs of the field, from a seed: the same seed makes the same jobs.

Some are the same job posted again in other words, by the same or by another employer (`same_as` says which), some
are near misses of another job (the same text for another site or shift), some are scams. Nothing here knows how
duplicates or scams are found.
"""

import random
from collections.abc import Iterator, Sequence
from html import escape

import msgspec

from ahead.careers import vocabulary as words
from ahead.careers.demo import phrases
from ahead.careers.jobs.schemas import JobFacts, Pay

SETTING_OF = {
    "Health Plan": "payer", "Physician Group": "physician", "Clinics": "physician", "Coding Partners": "vendor",
    "Coding Solutions": "vendor", "Revenue Services": "vendor", "Surgery Centers": "asc",
    "Orthopedic Associates": "physician", "Cardiology Group": "physician", "Medical Audit Group": "consulting",
}  # fmt: skip
BY_SETTING = {
    "inpatient": ("CIC", "CCS", "RHIA", "RHIT"), "outpatient": ("COC", "CCS", "CPC"),
    "physician": ("CPC", "CCS-P", "CPB"), "payer": ("CRC", "CPC", "CPMA"), "vendor": ("CPC", "CCS", "COC"),
    "asc": ("CASCC", "CPC", "COC"), "consulting": ("CPMA", "CPC", "CCS"),
    "emergency": ("CEDC", "CPC", "COC"), "post-acute": ("CPC", "RHIT", "CCS"),
}  # fmt: skip
HOURLY = {
    "production": 27,
    "audit": 36,
    "denials": 29,
    "cdi": 40,
    "billing": 23,
    "education": 38,
    "management": 44,
}


class Example(msgspec.Struct, frozen=True):
    """`number` counts from 0. `same_as`: of the job that this one repeats, else None."""

    number: int
    employer: str
    facts: JobFacts
    age_days: int
    same_as: int | None = None
    near: int | None = None
    scam: bool = False
    shift: str = ""


def employers(seed: int, count: int) -> list[str]:
    rng = random.Random(f"{seed} employers")  # noqa: S311  examples, no secrets
    names: dict[str, None] = {}
    while len(names) < count:
        name = f"{rng.choice(phrases.FIRST)} {rng.choice(phrases.LAST)}"
        if name in names:
            name = f"{name} of {rng.choice(phrases.PLACES)[0]}"
        names[name] = None
        if len(names) >= len(phrases.FIRST) * len(phrases.LAST) * 10:
            break
    return list(names)


def examples(count: int, seed: int = 8) -> Iterator[Example]:
    """Some 6 % are duplicates, 6 % near misses and 1 % scams."""
    rng = random.Random(seed)  # noqa: S311
    names = employers(seed, max(5, min(1500, count // 12)))
    originals: list[Example] = []
    nearby: dict[tuple[int | None, str, str], int] = {}
    for number in range(count):
        draw = rng.random()
        if originals and draw < 0.06:
            yield _again(rng, number, rng.choice(originals[-400:]), names)
        elif originals and draw < 0.12:
            near = _near(rng, number, rng.choice(originals[-400:]))
            # A second near miss of the same job for the same site and shift is the first one again.
            known = nearby.setdefault((near.near, near.facts.city, near.shift), number)
            yield near if known == number else msgspec.structs.replace(near, same_as=known)
        else:
            made = _fresh(rng, number, names, scam=draw > 0.99)
            if not made.scam:
                originals.append(made)
                del originals[:-400]
            yield made


def _fresh(rng: random.Random, number: int, names: list[str], *, scam: bool) -> Example:
    employer = rng.choice(names)
    kind = rng.choices(list(phrases.WORK), (56, 12, 8, 7, 9, 3, 5))[0]
    setting = next((value for end, value in SETTING_OF.items() if end in employer), "") or rng.choice(
        ("inpatient", "outpatient", "outpatient", "emergency", "post-acute", "physician")
    )
    specialty = "risk-adjustment" if setting == "payer" else rng.choice(list(words.SPECIALTIES))
    credentials = BY_SETTING[setting]
    years = (
        rng.choice((0, 1, 1, 2, 2, 3, 3, 5))
        if kind in ("production", "billing")
        else rng.choice((2, 3, 5, 7))
    )
    workplace = rng.choices(("remote", "hybrid", "on-site"), (55, 15, 30))[0]
    city, state, code = rng.choice(phrases.PLACES)
    shift = rng.choice(phrases.SHIFTS)
    title = rng.choice(phrases.WORK[kind][0]).format(
        specialty=words.SPECIALTIES[specialty], setting=words.SETTINGS[setting]
    )
    remote = workplace == "remote"
    facts = JobFacts(
        title=f"{title} (Remote)" if remote and rng.random() < 0.4 else title,
        description=_description(rng, employer, kind, setting, shift, years, scam=scam),
        city="" if remote else city,
        state="" if remote else state,
        zip="" if remote else code,
        workplace=workplace,
        states=rng.choice(phrases.STATE_GROUPS) if remote else (),
        employment=(rng.choices(list(words.EMPLOYMENT), (76, 8, 9, 2, 4, 1))[0],),
        kind=kind,
        setting=setting,
        specialties=(specialty,),
        credentials=tuple(rng.sample(credentials, rng.randint(1, len(credentials)))),
        preferred=("CPMA",) if kind == "audit" and rng.random() < 0.4 else (),
        apprentice=years == 0 or (years == 1 and rng.random() < 0.3),
        code_sets=("icd10cm", "icd10pcs", "msdrg") if setting == "inpatient" else ("icd10cm", "cpt", "hcpcs"),
        years=years,
        pay=None if rng.random() < 0.15 else _pay(rng, kind, years),
        software=rng.choice(phrases.SOFTWARE),
        productivity=rng.choice(("", f"{rng.randint(4, 25)} charts an hour at 95 % accuracy")),
        coding_test=rng.choice(("", "", "Unpaid, 30 minutes", "Paid, 1 hour")),
        equipment=remote and rng.random() < 0.6,
        apply_url=rng.choice(("", "", f"https://jobs.example.com/apply/{number}")),
    )
    return Example(number, employer, facts, rng.randint(0, 13), scam=scam, shift=shift)


def _pay(rng: random.Random, kind: str, years: int) -> Pay:
    middle = HOURLY[kind] + min(years, 6) * 1.4 + rng.uniform(-4, 4)
    low, high = round(middle * 0.88 * 4) * 25, round(middle * 1.14 * 4) * 25
    unit = rng.choices(("hour", "year", "chart"), (66, 30, 4))[0]
    if unit == "year":
        return Pay("year", low * 2080 // 100_000 * 100_000, high * 2080 // 100_000 * 100_000)
    if unit == "chart":
        return Pay("chart", 250, rng.choice((300, 400, 500)), rng.choice((0, 8)))
    return Pay("hour", low, high)


def _description(
    rng: random.Random, employer: str, kind: str, setting: str, shift: str, years: int, *, scam: bool
) -> str:
    opening = rng.choice(phrases.OPENINGS).format(company=employer, setting=words.SETTINGS[setting].lower())
    duties = rng.sample(phrases.WORK[kind][1], 3)
    bring = [
        f"{years} years of experience" if years > 1 else "Some experience or an externship",
        "A coding credential in good standing",
    ]
    gets = rng.sample(phrases.BENEFITS, 3)

    def block(title: str, lines: Sequence[str]) -> str:
        return f"<h3>{title}</h3><ul>{''.join(f'<li>{escape(one, quote=False)}</li>' for one in lines)}</ul>"

    parts = [f"<p>{escape(opening, quote=False)} The work is {shift}.</p>", block("What you do", duties)]
    parts += [block("What you bring", bring), block("What you get", gets)]
    if scam:
        parts.append(f"<p>{escape(rng.choice(phrases.SCAM_LINES), quote=False)}</p>")
    return "".join(parts)


def _reworded(rng: random.Random, text: str) -> str:
    for old, new in phrases.OTHER_WORDS:
        if rng.random() < 0.7:
            text = text.replace(old, new)
    return text


def _again(rng: random.Random, number: int, first: Example, names: list[str]) -> Example:
    """The same job in other words: by its employer again, or by a recruiter who keeps the facts."""
    facts = first.facts
    employer = first.employer if rng.random() < 0.5 else rng.choice(names)
    title = facts.title.removesuffix(" (Remote)")
    parts = title.split(", ", 1)
    title = rng.choice((title, title.replace("Specialist", "Professional"), f"{title} - {rng.randint(100, 999)}",
                        f"{parts[1]} {parts[0]}" if len(parts) == 2 else f"Experienced {title}"))  # fmt: skip
    changed = msgspec.structs.replace(
        facts,
        title=title,
        description=_reworded(rng, facts.description).replace(first.employer, employer),
        apply_url=f"https://boards.example.org/{number}",
    )
    return Example(number, employer, changed, rng.randint(0, 13), same_as=first.number, shift=first.shift)


def _near(rng: random.Random, number: int, first: Example) -> Example:
    """By the same employer in the same words, and yet another job: another site, or another shift."""
    facts = first.facts
    if facts.workplace != "remote" and rng.random() < 0.5:
        city, state, code = rng.choice([place for place in phrases.PLACES if place[0] != facts.city])
        return Example(
            number, first.employer, msgspec.structs.replace(facts, city=city, state=state, zip=code),
            rng.randint(0, 13), near=first.number, shift=first.shift,
        )  # fmt: skip
    shift = rng.choice([one for one in phrases.SHIFTS if one != first.shift])
    text = facts.description.replace(first.shift, shift)
    title = f"{facts.title}, {shift.split(',')[-1].strip()}" if rng.random() < 0.5 else facts.title
    return Example(
        number, first.employer, msgspec.structs.replace(facts, title=title, description=text),
        rng.randint(0, 13), near=first.number, shift=shift,
    )  # fmt: skip
