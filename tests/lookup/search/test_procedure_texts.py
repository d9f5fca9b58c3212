"""The index and the definitions of ICD-10-PCS lead to its codes. Rows are made up in the form of the official ones."""

import json
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, create_engine

from ahead.lookup.pcs.models import PCS_DEFINITIONS, PCS_INDEX, PCS_TABLES, PCS_VALUES
from ahead.lookup.search.finding import Finder
from ahead.lookup.search.procedure_texts import (
    counted_parts,
    in_common,
    index_texts,
    part_texts,
    places_between,
)
from ahead.lookup.search.texts import PROCEDURE_INDEX, PROCEDURE_TERM, TITLE, Text
from ahead.lookup.search.wording import WordingBuilder

RELEASE = 7
TITLES = {
    "0DTJ0ZZ": "Resection of Appendix, Open Approach",
    "0DTJ4ZZ": "Resection of Appendix, Percutaneous Endoscopic Approach",
    "0DTF0ZZ": "Resection of Right Large Intestine, Open Approach",
    "0RGX0JZ": "Fusion of Left Finger Phalangeal Joint, Open Approach",
}


@pytest.fixture
def held() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        for table in (PCS_INDEX, PCS_DEFINITIONS, PCS_TABLES, PCS_VALUES):
            table.create(connection)
        _fill(connection)
        yield connection
    engine.dispose()


def _fill(connection: Connection) -> None:
    entry = {"release_id": RELEASE, "level": 0, "source_row": 1}
    entries = (
        (["Appendectomy"], [["see", "Resection, Appendix", "0DTJ"]]),
        (["Colectomy", "Right"], [["codes", "", "0DTF"]]),
        (["Vermiform process"], [["use", "Appendix", ""]]),
    )
    for ordinal, (path, leads) in enumerate(entries):
        connection.execute(
            PCS_INDEX.insert().values(
                **entry,
                ordinal=ordinal,
                main_term=path[0].lower(),
                path=json.dumps(path),
                leads=json.dumps(leads),
            )
        )
    connection.execute(
        PCS_DEFINITIONS.insert().values(
            release_id=RELEASE, section="0", position=4, name="Finger Phalangeal Joint, Left", source_row=1,
            definition="", explanation="", includes=json.dumps(["Interphalangeal (IP) joint"]),
        )
    )  # fmt: skip
    connection.execute(
        PCS_TABLES.insert().values(
            release_id=RELEASE, code="0RG", section="Medical and Surgical", body_system="Upper Joints",
            operation="Fusion", definition="", axes="[]", source_row=1,
        )
    )  # fmt: skip
    connection.execute(
        PCS_VALUES.insert().values(
            release_id=RELEASE, code="0RG", row_number=1, position=4, value="X",
            name="Finger Phalangeal Joint, Left", source_row=1,
        )
    )  # fmt: skip


def texts_of(connection: Connection) -> list[Text]:
    parts = counted_parts(connection, RELEASE)
    return [*index_texts(connection, RELEASE), *part_texts(connection, RELEASE, parts)]


def test_a_term_of_the_index_leads_to_the_beginnings_that_it_names(held: Connection) -> None:
    assert list(index_texts(held, RELEASE)) == [
        Text(PROCEDURE_INDEX, "Appendectomy", ("0DTJ",)),
        Text(PROCEDURE_INDEX, "Colectomy, Right", ("0DTF",)),
    ]


def test_what_a_part_of_the_body_counts_stands_with_what_is_done_to_it(held: Connection) -> None:
    parts = counted_parts(held, RELEASE)
    assert list(part_texts(held, RELEASE, parts)) == [
        Text(PROCEDURE_TERM, "Fusion, Interphalangeal (IP) joint", ("0RGX",))
    ]


def test_a_beginning_is_called_what_its_titles_have_in_common() -> None:
    assert in_common(TITLES, {"0DTJ"}) == {"0DTJ": "resection of appendix approach"}
    assert in_common(TITLES, {"0ZZZ"}) == {}


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("appendectomy", {"0DTJ0ZZ", "0DTJ4ZZ"}),
        ("open appendectomy", {"0DTJ0ZZ"}),
        ("appendectomy percutaneous endoscopic", {"0DTJ4ZZ"}),
        ("right colectomy", {"0DTF0ZZ"}),
        ("fusion interphalangeal joint", {"0RGX0JZ"}),
    ],
)
def test_words_of_surgeons_find_codes_and_never_a_beginning(
    held: Connection, query: str, first: set[str]
) -> None:
    texts = texts_of(held)
    common = in_common(TITLES, places_between(texts))
    builder = WordingBuilder()
    builder.release(RELEASE)
    for code, title in TITLES.items():
        if builder.number("icd10pcs", code[:3]) is None:
            builder.code("icd10pcs", code[:3], None, "", billable=False)
        if builder.number("icd10pcs", code[:4]) is None:
            builder.code("icd10pcs", code[:4], code[:3], common.get(code[:4], ""), billable=False)
        builder.text(TITLE, title, [builder.code("icd10pcs", code, code[:4], title)])
    for text in texts:
        numbers = [builder.number("icd10pcs", code) for code in text.codes]
        builder.text(text.kind, text.text, [number for number in numbers if number is not None])
    wording = builder.build()
    found = [wording.codes[number] for number in Finder(wording).find(query, (RELEASE,)).codes.tolist()]
    assert found[0] in first
    assert all(len(code) == 7 for code in found)
