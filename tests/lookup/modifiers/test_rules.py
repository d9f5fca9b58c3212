"""The modifier rules are complete, sane, in the project's own words, and agree with the official files."""

import csv
import os
import re
from collections import defaultdict
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from ahead.lookup.modifiers.rules import ModifierRule, RulesError, in_force, load_meta, load_rules, parse

RULES = load_rules()
COMPILED = load_meta().compiled

EYELIDS = {"E1", "E2", "E3", "E4"}
FINGERS = {"FA", *(f"F{n}" for n in range(1, 10))}
TOES = {"TA", *(f"T{n}" for n in range(1, 10))}
ARTERIES = {"LC", "LD", "LM", "RC", "RI"}
ANATOMICAL = EYELIDS | FINGERS | TOES | ARTERIES
NCCI_ASSOCIATED = ANATOMICAL | {
    "LT", "RT", "24", "25", "57", "58", "78", "79", "27", "59", "91", "XE", "XP", "XS", "XU",
}  # fmt: skip
CPT = {
    "22", "24", "25", "26", "27", "33", "50", "51", "52", "53", "54", "55", "56", "57", "58", "59", "62",
    "66", "76", "77", "78", "79", "80", "81", "82", "90", "91", "95",
}  # fmt: skip
HCPCS = ANATOMICAL | {
    "XE", "XP", "XS", "XU", "JW", "JZ", "LT", "RT", "TC", "AS", "GA", "GX", "GY", "GZ", "KX", "PT", "QW",
}  # fmt: skip

# What the published payment rules say, apart from the file under test.
PAYMENT_PERCENTS: dict[str, set[str]] = {
    "50": {"100", "150"},
    "51": {"100", "50"},
    "52": {"50"},
    "53": {"50"},
    "62": {"62.5"},
    "78": {"50"},
    "80": {"16"},
    "81": {"16"},
    "82": {"16"},
    "AS": {"85", "16", "13.6"},
    "PT": {"15", "10", "0"},
}
PFS_PERCENTS: dict[tuple[str, str], set[str]] = {
    ("BILAT SURG", "0"): {"100"},
    ("BILAT SURG", "1"): {"150"},
    ("BILAT SURG", "2"): {"100"},
    ("BILAT SURG", "3"): {"100"},
    ("MULT PROC", "2"): {"100", "50"},
    ("MULT PROC", "4"): {"50", "5"},
    ("MULT PROC", "5"): {"50"},
    ("MULT PROC", "6"): {"25"},
    ("MULT PROC", "7"): {"20"},
}
# LT and RT speak of one side, which is never paid at 150 %.
ONE_SIDE_PERCENTS = PFS_PERCENTS | {("BILAT SURG", "1"): {"100"}}
FIELDS = {
    "22": "GLOB DAYS", "24": "GLOB DAYS", "25": "GLOB DAYS", "54": "GLOB DAYS", "55": "GLOB DAYS",
    "56": "GLOB DAYS", "57": "GLOB DAYS", "58": "GLOB DAYS", "78": "GLOB DAYS", "79": "GLOB DAYS",
    "26": "PCTC IND", "TC": "PCTC IND", "50": "BILAT SURG", "LT": "BILAT SURG", "RT": "BILAT SURG",
    "51": "MULT PROC", "62": "CO-SURG", "66": "TEAM SURG", "80": "ASST SURG", "81": "ASST SURG",
    "82": "ASST SURG", "AS": "ASST SURG",
}  # fmt: skip
# The published header has one word per column: the last of the name, and which one of that word.
COLUMNS = {
    "PCTC IND": ("IND", 0),
    "GLOB DAYS": ("DAYS", 0),
    "MULT PROC": ("PROC", 0),
    "BILAT SURG": ("SURG", 0),
    "ASST SURG": ("SURG", 1),
    "CO-SURG": ("SURG", 2),
    "TEAM SURG": ("SURG", 3),
}
SOURCES = re.compile(
    r"Medicare Claims Processing Manual, Pub\. 100-04, chapter \d+(, section [0-9.]+|, Addendum \(.+\))?"
    r"|NCCI Policy Manual for Medicare Services, chapter [IVX]+"
    r"|\d+ CFR (part \d+|[0-9.]+(\([a-z0-9]+\))*)"
    r"|Social Security Act, section .+"
    r"|MLN (booklet|fact sheet|Matters) .*M[LM][N0-9]\d+"
    r"|CMS Change Request \d+"
    r"|(Calendar year \d{4}|Interim final rule).+, \d+ FR \d+"
)
# Turns of phrase that are the mark of licensed descriptors and of their explanations.
NOT_OURS = re.compile(
    r"under certain circumstances|it may be necessary to|may be identified by|the usual procedure"
    r"|other qualified health ?care professional|procedural service|separately identifiable|surgical care only"
    r"|management only|professional component|decision for surgery|during the postoperative period",
    re.IGNORECASE,
)
STATED = re.compile(r"(\d+(?:\.\d+)?) ?(?:%|percent)")


def official(pattern: str) -> Path:
    root = Path(__file__).resolve().parents[3]
    folder = Path(os.environ.get("AHEAD_OFFICIAL_DATA") or root.parent / "shared" / "data")
    if found := sorted(folder.glob(pattern)):
        return found[-1]
    why = f"{pattern} is not in {folder} (AHEAD_OFFICIAL_DATA)"
    if os.environ.get("AHEAD_REQUIRE_DATA") == "1":
        pytest.fail(why)
    pytest.skip(why)


@cache
def fee_schedule() -> list[list[str]]:
    with official("pfs/PPRRVU2025_Oct.csv").open(newline="", encoding="latin-1") as file:
        return [[cell.strip() for cell in row] for row in csv.reader(file)]


def column(field: str) -> int:
    word, nth = COLUMNS[field]
    places = [place for place, name in enumerate(fee_schedule()[0]) if name == word]
    assert len(places) > nth, f"no column {field} in the header"
    return places[nth]


def texts(rule: ModifierRule) -> list[str]:
    changes = [change.what for change in rule.changes]
    return [
        rule.name, rule.meaning, *rule.use_when, *rule.do_not_use_when,
        rule.payment, *rule.pfs_values.values(), *changes,
    ]  # fmt: skip


@pytest.mark.parametrize("modifier", sorted(CPT | HCPCS))
def test_a_rule_is_complete(modifier: str) -> None:
    rule = RULES[modifier]
    assert len(rule.name) <= 60
    assert len(rule.meaning) <= 240
    assert len(re.findall(r"[.!?](?:\s|$)", rule.meaning)) <= 2
    assert 1 <= len(rule.use_when) <= 6
    assert 1 <= len(rule.do_not_use_when) <= 6
    for line in (*rule.use_when, *rule.do_not_use_when, *rule.pfs_values.values()):
        assert len(line) <= 180, line
        assert line.endswith("."), line
    for line in (rule.meaning, rule.payment):
        assert line.endswith("."), line
    assert not rule.name.endswith(".")
    assert len(rule.payment) <= 260
    for text in texts(rule):
        assert not NOT_OURS.search(text), text
        assert "  " not in text

    for day in (rule.in_force_from, rule.in_force_to, rule.required_from):
        assert day is None or date(1966, 7, 1) <= day <= COMPILED
    # Coinsurance steps that the law has already set may lie ahead.
    assert all(date(1966, 7, 1) <= change.on <= date(2030, 1, 1) for change in rule.changes)
    assert rule.in_force_from or not rule.is_hcpcs, "CMS publishes an add date for each of its modifiers"
    assert in_force(rule, COMPILED)

    for source in rule.sources:
        assert SOURCES.fullmatch(source), source
    assert len(set(rule.sources)) == len(rule.sources)

    stated = {Decimal(figure) for figure in STATED.findall(rule.payment)}
    assert stated == {Decimal(figure) for figure in PAYMENT_PERCENTS.get(modifier, set())}
    assert stated == set(rule.percents)
    table = ONE_SIDE_PERCENTS if modifier in ("LT", "RT") else PFS_PERCENTS
    for value, text in rule.pfs_values.items():
        assert set(STATED.findall(text)) == table.get((rule.pfs_field, value), set()), text

    assert rule.pfs_field == FIELDS.get(modifier, "")
    assert (rule.kind == "anatomical") == (modifier in ANATOMICAL)
    assert rule.is_hcpcs == (modifier in HCPCS)


def test_there_is_a_rule_for_each_modifier_and_no_other() -> None:
    assert set(RULES) == CPT | HCPCS


def test_the_ncci_modifiers_are_exactly_the_published_ones() -> None:
    assert {modifier for modifier, rule in RULES.items() if rule.ncci_associated} == NCCI_ASSOCIATED


def test_no_two_modifiers_share_a_name_or_a_meaning() -> None:
    assert len({rule.name for rule in RULES.values()}) == len(RULES)
    assert len({rule.meaning for rule in RULES.values()}) == len(RULES)


def test_assistants_are_paid_85_of_16_percent() -> None:
    share, physician, assistant = RULES["AS"].percents
    assert share * physician / 100 == assistant


@pytest.mark.parametrize(
    ("left", "right"),
    [("LT", "RT"), ("FA", "F5"), ("F1", "F6"), ("F4", "F9"), ("TA", "T5"), ("T4", "T9"), ("E1", "E3")],
)
def test_left_and_right_differ_in_nothing_but_the_side(left: str, right: str) -> None:
    one, other = RULES[left], RULES[right]
    assert one.name.startswith("Left")
    assert one.name.replace("Left", "Right") == other.name
    assert one.meaning.replace("left", "right") == other.meaning
    assert (one.use_when, one.do_not_use_when, one.payment, one.pfs_values, one.in_force_from) == (
        other.use_when, other.do_not_use_when, other.payment, other.pfs_values, other.in_force_from,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("modifier", "first_day"),
    [
        *((name, date(2015, 1, 1)) for name in ("XE", "XP", "XS", "XU")),
        ("95", date(2017, 1, 1)),
        ("JZ", date(2023, 1, 1)),
        ("GX", date(2010, 4, 1)),
        ("PT", date(2011, 1, 1)),
        ("LM", date(2013, 1, 1)),
    ],
)
def test_a_modifier_is_in_force_from_its_first_day(modifier: str, first_day: date) -> None:
    rule = RULES[modifier]
    assert in_force(rule, first_day)
    assert not in_force(rule, date.fromordinal(first_day.toordinal() - 1))


def test_dates_that_claims_turn_on() -> None:
    assert RULES["JW"].required_from == date(2017, 1, 1)
    assert RULES["JZ"].required_from == date(2023, 7, 1)
    for modifier in ("59", "XE", "XP", "XS", "XU"):
        assert date(2019, 7, 1) in {change.on for change in RULES[modifier].changes}
    assert date(2025, 1, 1) in {change.on for change in RULES["54"].changes}


@pytest.mark.parametrize("modifier", sorted(HCPCS))
def test_a_hcpcs_modifier_is_in_the_published_list(modifier: str) -> None:
    with official("reference/hcpcs_level2_modifiers_*.csv").open(newline="", encoding="utf-8") as file:
        titles: defaultdict[str, set[str]] = defaultdict(set)
        for row in csv.DictReader(file):
            titles[row["mod_code"]].add(row["mod_description"].lower())
    assert modifier in titles
    if modifier in EYELIDS | FINGERS | TOES | {"LT", "RT"}:
        side = "left" if "left" in RULES[modifier].name.lower() else "right"
        assert any(side in title for title in titles[modifier])


@pytest.mark.parametrize("modifier", sorted(FIELDS))
def test_every_value_of_the_fee_schedule_column_is_explained(modifier: str) -> None:
    rule = RULES[modifier]
    place = column(rule.pfs_field)
    assert {row[place] for row in fee_schedule()[1:]} == set(rule.pfs_values)


def test_the_fee_schedule_prices_53_at_half() -> None:
    header, *rows = fee_schedule()
    work = header.index("WORK RVU")
    full = {row[0]: Decimal(row[work]) for row in rows if row[1] == ""}
    broken_off = {row[0]: Decimal(row[work]) for row in rows if row[1] == "53"}
    assert set(broken_off) == set(re.findall(r"\b[0-9G][0-9]{4}\b", RULES["53"].payment))
    assert all(abs(full[code] / 2 - value) <= Decimal("0.005") for code, value in broken_off.items())


MINIMAL = """
[meta]
schema = 1
compiled = 2026-11-23
note = "n"
[[rule]]
modifier = "22"
name = "n"
kind = "repeat"
meaning = "m"
use_when = ["u"]
do_not_use_when = ["d"]
payment = "p"
pfs_field = ""
ncci_associated = false
sources = ["s"]
"""


def test_the_smallest_file_is_read() -> None:
    assert list(parse(MINIMAL)[1]) == ["22"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("schema = 1", "schema = 2", "schema 2"),
        ("[meta]", "[meta", "modifier rules"),
        ('modifier = "22"', 'modifier = "2x"', "rule 1 (2x): a modifier is two digits"),
        ('modifier = "22"\n', "", "rule 1 (without modifier)"),
        ('kind = "repeat"', 'kind = "other"', "kind"),
        ('meaning = "m"', 'meaning = " "', "meaning"),
        ('use_when = ["u"]', "use_when = []", "use_when"),
        ('sources = ["s"]', "", "sources"),
        ('sources = ["s"]', 'sources = ["s"]\nsurplus = 1', "surplus"),
        ("ncci_associated = false", 'ncci_associated = "no"', "ncci_associated"),
        ('pfs_field = ""', 'pfs_field = "GLOBAL"', "pfs_field"),
        ('pfs_field = ""', 'pfs_field = "CO-SURG"', "go together"),
        ('pfs_field = ""', 'pfs_field = ""\nin_force_from = "2015"', "in_force_from"),
        ('pfs_field = ""', 'pfs_field = ""\nin_force_from = 2015-01-02\nin_force_to = 2015-01-01', "before"),
        ('pfs_field = ""', 'pfs_field = ""\nin_force_from = 2015-01-02\nrequired_from = 2015-01-01', "lies outside"),
    ],
)  # fmt: skip
def test_a_broken_file_is_refused_and_says_why(old: str, new: str, says: str) -> None:
    with pytest.raises(RulesError) as refused:
        parse(MINIMAL.replace(old, new))
    assert says in str(refused.value)


def test_a_modifier_that_stands_twice_is_refused() -> None:
    rule = MINIMAL[MINIMAL.index("[[rule]]") :]
    with pytest.raises(RulesError, match=r"rule 2 \(22\): stands twice"):
        parse(MINIMAL + rule)


def test_a_side_without_a_date_does_not_limit() -> None:
    text = MINIMAL.replace('pfs_field = ""', 'pfs_field = ""\nin_force_to = 2020-12-31')
    rule = parse(text)[1]["22"]
    assert in_force(rule, date(1990, 1, 1))
    assert in_force(rule, date(2020, 12, 31))
    assert not in_force(rule, date(2021, 1, 1))
