"""The Common Language Descriptions follow the house rules and agree with the official code set."""

import re
import warnings
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path

import pytest

import ahead.lookup

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # the package reads its tables in an older way
    import simple_icd_10_cm as cm

DATA = Path(ahead.lookup.__file__).parent / "descriptions" / "data" / "icd10cm.tsv"

CODE = re.compile(
    r"\b[A-Z][0-9][0-9AB](?![0-9A-Za-z])(?:\.[0-9A-Z]{1,4}(?![0-9A-Za-z]))?(?:\.?-(?![A-Za-z0-9]))?"
)
DOTTED = re.compile(r"[A-Z][0-9][0-9AB](\.[0-9A-Z]{1,4})?")
WORD = re.compile(r"[a-z]+(?:'[a-z]+)?|[0-9]+")
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9\"])")

SIDES = {
    "right": re.compile(r"\bright\b|\bright-", re.IGNORECASE),
    "left": re.compile(r"\bleft\b|\bleft-", re.IGNORECASE),
    "bilateral": re.compile(
        r"\bbilateral(?:ly)?\b|\bboth (?:sides|knees|hips|eyes|ears|legs|breasts)\b", re.IGNORECASE
    ),
}
TRIMESTERS = {
    name: re.compile(rf"\b{name} trimester\b", re.IGNORECASE) for name in ("first", "second", "third")
}
ENCOUNTERS = {
    "initial encounter": re.compile(r"(?<!after )\bactive(?:ly)?\b", re.IGNORECASE),
    "subsequent encounter": re.compile(r"\b(?:heal|mend|recover|follow-up)", re.IGNORECASE),
    "sequela": re.compile(r"late effect|after-effect|lasting effect|long after|remain", re.IGNORECASE),
}
SEVERITIES = ("mild", "moderate", "severe")
ADVICE = re.compile(
    r"\byou should\b|\bshould (?:take|see|avoid|rest|drink|call|start|stop)\b|\brecommend|\bwe advise\b|"
    r"\btreated with\b|\btreatment of choice\b|\bprescrib|\bdosage\b|\bmg\b|\bask your\b|\btalk to your\b",
    re.IGNORECASE,
)
VENDOR_SETS = re.compile(r"\b(?:CPT|HCPCS|AMA)\b")
LOWEST_COUNT = 380
NEARBY = 50
LOWEST_HEADERS = 25


def _lines() -> list[str]:
    return DATA.read_text(encoding="utf-8").split("\n")


@cache
def _entries() -> tuple[tuple[str, str], ...]:
    rows = [line for line in _lines()[1:] if line and not line.startswith("#")]
    return tuple((row.split("\t")[0], row.split("\t", 1)[1] if "\t" in row else "") for row in rows)


def _named(text: str) -> list[str]:
    """Codes as written in the text; a family keeps its trailing dash (E11.2-, N18.-)."""
    return [found.replace(".-", "-") for found in CODE.findall(text)]


def _known(code: str) -> bool:
    return bool(DOTTED.fullmatch(code)) and cm.is_valid_item(code)


def _words(text: str) -> list[str]:
    return WORD.findall(text.lower())


def _sentences(text: str) -> list[str]:
    return SENTENCE.split(text)


@cache
def _titles_below(named: str) -> list[str]:
    """The title of a named code, or all titles of a family written with a trailing dash."""
    bare = named.rstrip("-")
    if not _known(bare):
        return []
    codes = [bare, *cm.get_descendants(bare)] if named.endswith("-") else [bare]
    return [cm.get_description(code).lower() for code in codes]


def _format(code: str, text: str) -> list[str]:
    problems: list[str] = []
    if not 200 <= len(text) <= 600:
        problems.append(f"{len(text)} characters")
    if not 2 <= len(_sentences(text)) <= 4:
        problems.append(f"{len(_sentences(text))} sentences")
    if text != text.strip() or "  " in text or "\t" in text:
        problems.append("stray white space")
    if not re.fullmatch(r"[\x20-\x7e–]*", text):
        problems.append("characters beyond ASCII and the en dash")
    if not text.endswith((".", "?")):
        problems.append("does not end as a sentence")
    problems += [f"a sentence of {count} words" for s in _sentences(text) if (count := len(s.split())) > 48]
    return problems


def _exists(code: str, text: str) -> list[str]:
    return [] if _known(code) else ["not in the code set"]


def _alternatives(code: str, text: str) -> list[str]:
    problems: list[str] = []
    named = _named(text)
    if not [n for n in named if n.rstrip("-") != code]:
        problems.append("names no other code")
    for n in named:
        bare = n.rstrip("-")
        if not _known(bare):
            problems.append(f"{n} does not exist")
        elif n.endswith("-") and cm.is_leaf(bare):
            problems.append(f"{n} is billable and has no codes below it")
        elif not n.endswith("-") and not cm.is_leaf(bare):
            problems.append(f"{n} is a family and needs a trailing dash")
    return problems


def _own_words(code: str, text: str) -> list[str]:
    if not _known(code):
        return []
    problems: list[str] = []
    title = cm.get_description(code)
    title_words = set(_words(title))
    words = set(_words(CODE.sub(" ", text)))
    shared = len(words & title_words) / max(len(words), 1)
    if shared > 0.7:
        problems.append(f"shares {shared:.0%} of its words with the title")
    if len(title_words) >= 5 and " ".join(_words(title)) in " ".join(_words(text)):
        problems.append("repeats the title word for word")
    return problems


def _laterality(code: str, text: str) -> list[str]:
    if not _known(code):
        return []
    problems: list[str] = []
    title = cm.get_description(code).lower()
    for side, pattern in SIDES.items():
        if pattern.search(title):
            if not pattern.search(text) and not (
                side == "bilateral" and re.search(r"\bboth\b", text, re.IGNORECASE)
            ):
                problems.append(f"does not say {side}")
            continue
        for sentence in _sentences(text):
            named = [
                found
                for found in CODE.finditer(sentence)
                if any(pattern.search(t) for t in _titles_below(found[0].replace(".-", "-")))
            ]
            problems += [
                f"says {side} without a code for it close by: {sentence}"
                for word in pattern.finditer(sentence)
                if not any(
                    0 <= found.start() - word.end() <= NEARBY or 0 <= word.start() - found.end() <= NEARBY
                    for found in named
                )
            ]
    return problems


def _trimester(code: str, text: str) -> list[str]:
    if not _known(code):
        return []
    problems: list[str] = []
    title = cm.get_description(code).lower()
    for name, pattern in TRIMESTERS.items():
        if pattern.search(title):
            if not pattern.search(text):
                problems.append(f"does not say {name} trimester")
            continue
        problems += [
            f"says {name} trimester without naming a code for it: {sentence}"
            for sentence in _sentences(text)
            if pattern.search(sentence)
            and not any(pattern.search(t) for n in _named(sentence) for t in _titles_below(n))
        ]
    return problems


def _encounter(code: str, text: str) -> list[str]:
    """The stage of care belongs to the code itself, so the first sentence has to give it."""
    if not _known(code):
        return []
    title = cm.get_description(code).lower()
    problems = [
        f"does not explain '{encounter}'"
        for encounter, pattern in ENCOUNTERS.items()
        if title.endswith(encounter) or f", {encounter} for" in title
        if not pattern.search(_sentences(text)[0])
    ]
    if "closed fracture" in title and not re.search(r"\bclosed\b|skin|\bopen\b", text, re.IGNORECASE):
        problems.append("does not explain 'closed'")
    return problems


def _severity(code: str, text: str) -> list[str]:
    if not _known(code):
        return []
    title_words = _words(cm.get_description(code))
    text_words = _words(text)
    return [
        f"does not say {grade}" for grade in SEVERITIES if grade in title_words and grade not in text_words
    ]


def _numbers(code: str, text: str) -> list[str]:
    """Weeks of pregnancy and stages of a disease are the point of the codes that state them."""
    if not _known(code):
        return []
    title = cm.get_description(code).lower()
    problems: list[str] = []
    stage = re.search(r"\bstage (\d[ab]?)\b", title)
    if stage and not re.search(rf"\bstage {stage[1]}\b", text, re.IGNORECASE):
        problems.append(f"does not say stage {stage[1]}")
    weeks = re.match(r"(\d+) weeks gestation", title)
    if weeks and not re.search(rf"\b{weeks[1]}\b", text):
        problems.append(f"does not say {weeks[1]} weeks")
    return problems


def _no_advice(code: str, text: str) -> list[str]:
    problems = [f"reads as advice: {found[0]}"] if (found := ADVICE.search(text)) else []
    if VENDOR_SETS.search(text):
        problems.append("names a licensed code set")
    return problems


RULES = (
    _exists,
    _format,
    _alternatives,
    _own_words,
    _laterality,
    _trimester,
    _encounter,
    _severity,
    _numbers,
    _no_advice,
)


def test_file_is_a_plain_table() -> None:
    raw = DATA.read_bytes()
    assert raw.decode("utf-8")
    assert b"\r" not in raw
    assert raw.endswith(b"\n")
    assert not raw.endswith(b"\n\n")
    lines = _lines()
    assert lines[0] == "code\ttext"
    offenders = [
        f"line {number}: {line[:60]}"
        for number, line in enumerate(lines[1:-1], start=2)
        if not line.startswith("#") and (line.count("\t") != 1 or not line.split("\t")[1])
    ]
    assert not offenders, "\n".join(offenders)


def test_codes_are_unique() -> None:
    counted = Counter(code for code, _ in _entries())
    assert not [code for code, count in counted.items() if count > 1]


def test_spread_is_wide_enough() -> None:
    codes = [code for code, _ in _entries()]
    assert len(codes) >= LOWEST_COUNT
    headers = [code for code in codes if not cm.is_leaf(code)]
    assert len(headers) >= LOWEST_HEADERS
    missing = set("ABCDEFGHIJKLMNOPRSTUVWYZ") - {code[0] for code in codes}
    assert not missing, f"no code from chapter letter {sorted(missing)}"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__.lstrip("_"))
def test_every_text_keeps_the_rule(rule) -> None:
    offenders = [f"{code}: {problem}" for code, text in _entries() for problem in rule(code, text)]
    assert not offenders, "\n" + "\n".join(offenders)


def test_headers_say_that_they_cannot_be_billed() -> None:
    wording = re.compile(
        r"heading|header|family|claim|to (?:bill|report)|needs? (?:one|a|more|another)|"
        r"too (?:short|general|broad)|incomplete",
        re.IGNORECASE,
    )
    offenders = [code for code, text in _entries() if not cm.is_leaf(code) and not wording.search(text)]
    assert not offenders


def test_no_sentence_is_used_twice() -> None:
    seen: dict[str, list[str]] = defaultdict(list)
    for code, text in _entries():
        for sentence in _sentences(text):
            seen[" ".join(_words(CODE.sub("CODE", sentence)))].append(code)
    offenders = {sentence: codes for sentence, codes in seen.items() if len(codes) > 1}
    assert not offenders


def test_texts_do_not_follow_one_pattern() -> None:
    openings = Counter(" ".join(_words(text)[:4]) for _, text in _entries())
    assert not {opening: count for opening, count in openings.items() if count > 4}

    grams: dict[str, set[tuple[str, ...]]] = {}
    holders: dict[tuple[str, ...], list[str]] = defaultdict(list)
    shared: Counter[tuple[str, str]] = Counter()
    for code, text in _entries():
        words = _words(CODE.sub(" ", text))
        grams[code] = set(zip(words, words[1:], words[2:], strict=False))
        for gram in grams[code]:
            shared.update((other, code) for other in holders[gram])
            holders[gram].append(code)
    offenders = [
        f"{one} and {other} share {count} of their three-word runs"
        for (one, other), count in shared.items()
        if count / min(len(grams[one]), len(grams[other])) > 0.4
    ]
    assert not offenders, "\n" + "\n".join(offenders)
