"""The form of a job, read: facts that hold together, or what to correct where."""

from collections.abc import Callable, Sequence
from typing import Any

from ahead.careers import vocabulary as words
from ahead.careers.jobs.cleaning import as_written, clean_html, line, plain, web_address
from ahead.careers.jobs.schemas import JobFacts, Pay

All = Callable[[str], Sequence[str]]


def read(getall: All) -> tuple[JobFacts, dict[str, str]]:
    """(facts, what is wrong by field). ``getall`` gives all values sent under a name."""

    def one(name: str) -> str:
        values = getall(name)
        return values[0].strip() if values else ""

    def chosen(name: str, known: Any) -> tuple[str, ...]:
        return tuple(dict.fromkeys(value for value in getall(name) if value in known))

    def choice(name: str, known: Any, default: str) -> str:
        return one(name) if one(name) in known else default

    wrong: dict[str, str] = {}
    title = line(one("title"))
    description = clean_html(one("description"))
    if len(title) < 5:
        wrong["title"] = "Give the job a title, such as Outpatient Coder."
    if len(plain(description)) < 30:
        wrong["description"] = "Describe the job in a few sentences."
    workplace = choice("workplace", words.WORKPLACES, "on-site")
    state = choice("state", words.STATES, "")
    city = line(one("city"), 80)
    if workplace != "remote" and not (state and city):
        wrong["city"] = "Say in which city and state the work is done, or make the job remote."
    years = _whole(one("years") or "0", 0, 30)
    if years is None:
        wrong["years"] = "Years are a number from 0 to 30."
    pay = _pay(one, wrong)
    address = one("apply_url")
    if address and not web_address(address):
        wrong["apply_url"] = "The address for applications begins with https://."
    remote = workplace == "remote"
    code = one("zip")
    facts = JobFacts(
        title=title,
        description=description,
        city="" if remote else city,
        state="" if remote else state,
        zip=code if code.isascii() and code.isdigit() and len(code) == 5 and not remote else "",
        workplace=workplace,
        states=chosen("states", words.STATES) if remote else (),
        employment=chosen("employment", words.EMPLOYMENT) or ("full-time",),
        kind=choice("kind", words.KINDS, "production"),
        setting=choice("setting", words.SETTINGS, ""),
        specialties=chosen("specialties", words.SPECIALTIES)[:5],
        credentials=chosen("credentials", words.CREDENTIALS)[:10],
        credentials_all=one("credentials_all") == "yes",
        preferred=chosen("preferred", words.CREDENTIALS)[:10],
        apprentice=one("apprentice") == "yes",
        code_sets=chosen("code_sets", words.CODE_SETS),
        years=years or 0,
        pay=pay,
        software=line(one("software"), 120),
        productivity=line(one("productivity"), 120),
        coding_test=line(one("coding_test"), 120),
        equipment=one("equipment") == "yes",
        apply_url=web_address(address),
        questions=tuple(line(text, 200) for text in one("questions").splitlines() if text.strip())[:5],
    )
    return facts, wrong


def _whole(text: str, low: int, high: int) -> int | None:
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        return None
    return int(text) if low <= int(text) <= high else None


def cents(text: str) -> int | None:
    """ "$24.50", "52,000" → cents; None for what is no amount."""
    plain_text = text.strip().lstrip("$").replace(",", "").strip()
    whole, _, rest = plain_text.partition(".")
    if not (whole.isascii() and whole.isdigit() and len(whole) <= 7):
        return None
    if rest and not (rest.isascii() and rest.isdigit() and len(rest) <= 2):
        return None
    return int(whole) * 100 + int((rest or "0").ljust(2, "0"))


_SENSIBLE = {"hour": (700, 30_000), "year": (1_000_000, 60_000_000), "chart": (25, 30_000)}


def _pay(one: Callable[[str], str], wrong: dict[str, str]) -> Pay | None:
    low_text, high_text = one("pay_low"), one("pay_high")
    if not low_text and not high_text:
        return None
    low, high = cents(low_text or high_text), cents(high_text or low_text)
    unit = one("pay_unit")
    if low is None or high is None or unit not in words.PAY_UNITS:
        wrong["pay_low"] = "Pay is an amount such as 24.50, with its unit."
        return None
    least, most = _SENSIBLE[unit]
    if not least <= low <= high <= most:
        wrong["pay_low"] = f"Is that pay {words.PAY_UNITS[unit]}? The lower amount comes first."
        return None
    charts = _whole(one("charts_an_hour") or "0", 0, 500)
    return Pay(unit, low, high, (charts or 0) if unit == "chart" else 0)


def values_of(facts: JobFacts) -> dict[str, Any]:
    """A job as the form shows it again; the description as its employer wrote it, or would."""
    pay = facts.pay
    return {
        **{name: getattr(facts, name) for name in facts.__struct_fields__},
        "description": as_written(facts.description),
        "questions": "\n".join(facts.questions),
        "pay_low": f"{pay.low / 100:.2f}" if pay else "",
        "pay_high": f"{pay.high / 100:.2f}" if pay else "",
        "pay_unit": pay.unit if pay else "hour",
        "charts_an_hour": pay.charts_an_hour if pay and pay.charts_an_hour else "",
    }
