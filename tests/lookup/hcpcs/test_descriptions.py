"""Descriptions of HCPCS and CPT codes: one for every code, in other words than the title, and never beyond it."""

import csv
import re
from datetime import date

import pytest

from ahead.lookup.catalog.schemas import CodeFacts, Node, Receipt, Release
from ahead.lookup.cpt.describing import describe as describe_cpt
from ahead.lookup.cpt.places import places_of
from ahead.lookup.descriptions.service import describe
from ahead.lookup.hcpcs.describing import MOST_SENTENCES, is_noc
from ahead.lookup.hcpcs.units import unit_of

from .conftest import official_folder

WAYS = {
    "by mouth": "oral",
    "breathed in": "inhal|nebul",
    "injected into the eye": "vitreal",
    "injected into a joint": "articular",
    "put on the skin": "topical",
    "through the nose": "nasal",
}
FIRST, LAST = date(2024, 7, 1), date(2024, 9, 30)


def release(system: str) -> Release:
    return Release(
        1, system, "made-up", "July 2024", "file", (), "0" * 64, FIRST, LAST, "calendar", 1, 1, 1, "", "made-up/1",
        None,  # pyright: ignore[reportArgumentType]
    )  # fmt: skip


def facts(system: str, code: str, title: str, last_day: date | None = None) -> CodeFacts:
    node = Node(
        1, system, code, code, "code", None, 0, 2, title, "official", "", last_day is None, 0, 0, 0, 2
    )
    receipt = Receipt("made-up", "July 2024", "file", "0" * 64, 2, FIRST, LAST, "calendar")
    return CodeFacts(
        release(system), node, receipt, (), (), (), (), (), None, (), None, date(2000, 1, 1), last_day
    )


def rows() -> list[dict[str, str]]:
    path = official_folder("hcpcs") / "hcpcs_level2_2024q3_from_ANWEB.csv"
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())


def test_every_code_has_a_description_that_does_not_repeat_its_title() -> None:
    for row in rows():
        ended = date.fromisoformat(row["date_term"]) if row["date_term"] else None
        found = describe(facts("hcpcs", row["hcpcs_code"], row["long_description"], ended))
        text = " ".join(found.paragraphs)
        assert found.origin == "composed"
        assert 40 < len(text) < 900, row["hcpcs_code"]
        assert len(re.findall(r"[.!?](?:\s|$)", text)) <= MOST_SENTENCES + 1
        title, said = words(row["long_description"]), " ".join(words(text))
        for start in range(len(title) - 6):
            assert " ".join(title[start : start + 7]) not in said, (row["hcpcs_code"], text)
        if ended:
            assert f"It ended on {ended.isoformat()}" in text
        else:
            assert "It ended" not in text
        if unit_of(row["long_description"]) is None:
            assert "stands for any amount" not in text


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("Injection, ketorolac tromethamine, per 15 mg", "15 mg"),
        ("Injection, acetazolamide sodium, up to 500 mg", "up to 500 mg"),
        ("Injection, epoetin alfa, (for non-esrd use), 1000 units", "1000 units"),
        ("Injection, interferon, alfa-2b, recombinant, 1 million units", "1000000 units"),
        ("Injection, streptokinase, per 250,000 iu", "250000 i.u."),
        ("Factor viii, per i.u.", "1 i.u."),
        ("Amnio wound, per square centimeter", "1 square centimeter"),
        ("High osmolar contrast material, 350-399 mg/ml iodine concentration, per ml", "1 ml"),
        ("Injection, atropine sulfate, 0.01 mg", "0.01 mg"),
        ("Injection, liposomal, 1 mg daunorubicin and 2.27 mg cytarabine", None),
        ("Injection, torsemide, 10 mg/ml", None),
        ("Buprenorphine, oral, greater than 3 mg, but less than or equal to 6 mg", None),
        ("Injection, thyrotropin alpha, 0.9 mg, provided in 1.1 mg vial", None),
        ("Wheelchair, 18 inches", None),
    ],
)
def test_the_unit_is_read_from_the_wording_or_not_at_all(text: str, unit: str | None) -> None:
    found = unit_of(text)
    assert (found.text if found else None) == unit


def test_a_unit_stands_in_the_wording_of_its_code() -> None:
    read = 0
    for row in rows():
        unit = unit_of(row["long_description"])
        if unit is None:
            continue
        read += 1
        assert unit.printed.lower() in " ".join(row["long_description"].lower().split())
        assert unit.amount > 0
    drugs = [row for row in rows() if row["price"] == "51"]
    with_unit = sum(unit_of(row["long_description"]) is not None for row in drugs)
    assert with_unit / len(drugs) > 0.9
    assert read >= with_unit


@pytest.mark.parametrize(
    ("code", "title", "says"),
    [
        ("J7613", "Albuterol, inhalation solution, administered through dme, unit dose, 1 mg", "breathed in"),
        ("J0178", "Injection, aflibercept, 1 mg", "by injection or infusion"),
        ("J3490", "Unclassified drugs", "what has no code of its own"),
        ("L1832", "Knee orthosis, prefabricated item", "made in advance"),
        ("S0109", "Methadone, oral, 5 mg", "Private insurers use it"),
        ("C9399", "Unclassified drugs or biologicals", "hospital outpatient departments"),
        ("A0425", "Ground mileage, per statute mile", "ambulance and other transport"),
    ],
)
def test_what_decides_the_use_is_said(code: str, title: str, says: str) -> None:
    assert says in " ".join(describe(facts("hcpcs", code, title)).paragraphs)


@pytest.mark.parametrize(
    ("code", "title", "drug"),
    [
        ("J1100", "Injection, dexamethasone sodium phosphate, 1 mg", "dexamethasone sodium phosphate"),
        ("J0642", "Injection, levoleucovorin (khapzory), 0.5 mg", "levoleucovorin"),
        ("Q5134", "Injection, natalizumab-sztn (tyruko), biosimilar, 1 mg", "natalizumab-sztn"),
        ("J9370", "Vincristine sulfate, 1 mg", "vincristine sulfate"),
        ("J3490", "Unclassified drugs", None),
        ("Q4136", "Ez-derm, per square centimeter", None),
        ("E0130", "Walker, rigid (pickup), adjustable or fixed height", None),
    ],
)
def test_a_drug_is_named_where_the_wording_begins_with_it(code: str, title: str, drug: str | None) -> None:
    text = " ".join(describe(facts("hcpcs", code, title)).paragraphs)
    found = re.search(r"The drug is (.+?)\.", text)
    assert (found[1] if found else None) == drug


def test_nearly_every_injected_drug_is_named_in_the_words_of_its_code() -> None:
    injected = [
        row
        for row in rows()
        if row["hcpcs_code"][0] == "J" and row["long_description"].startswith("Injection")
    ]
    named = 0
    for row in injected:
        text = " ".join(describe(facts("hcpcs", row["hcpcs_code"], row["long_description"])).paragraphs)
        if match := re.search(r"The drug is (.+?)\. ", text + " "):
            named += 1
            assert match[1].lower() in " ".join(row["long_description"].lower().split())
    assert named / len(injected) > 0.9


def test_a_way_that_the_wording_does_not_name_is_not_said() -> None:
    for row in rows():
        text = " ".join(describe(facts("hcpcs", row["hcpcs_code"], row["long_description"])).paragraphs)
        title = row["long_description"].lower()
        for said, named in WAYS.items():
            if f"It is {said}" in text or f"It is taken {said}" in text or f"It is given {said}" in text:
                assert re.search(named, title), row["hcpcs_code"]
        assert ("has no code of its own" in text) == is_noc(title)


def test_cpt_is_described_by_its_number_alone() -> None:
    for code in ("00100", "27447", "70450", "80053", "99213", "0075T", "0001F", "0001U"):
        text = " ".join(describe_cpt(facts("cpt", code, places_of(code)[-1].title)))
        assert places_of(code)[-1].about in text
        assert "American Medical Association, who own it" in text
