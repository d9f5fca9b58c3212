"""CPT: numbers without text from the fee schedule, text only from a holder of a licence."""

import csv
import zipfile
from datetime import date
from pathlib import Path

import pytest

from ahead.lookup.catalog.loading.icd10cm_release import Options
from ahead.lookup.catalog.loading.refusal import Refused
from ahead.lookup.cpt.places import places, places_of
from ahead.lookup.cpt.service import statements

from .conftest import CLINICIAN, CONSUMER, FILES, HOLDER, LONG, MEDIUM, NOTICE, SHORT, Made, fee_schedule

IN_2026 = date(2026, 3, 3)
WITH_LICENCE = Options(licence=HOLDER)


def distribution(made: Made) -> Path:
    path = made.folder / "CPT 2026 Data Files.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in FILES.items():
            archive.writestr(f"CPT 2026/{name}", text)
        archive.writestr("CPT 2026/README.txt", "made up; not read")
    return path


async def test_every_number_of_the_fee_schedule_is_held_once_and_without_text(small: Made) -> None:
    path = fee_schedule()
    loaded = {one.system: one for one in small.load(path)}
    with path.open(newline="", encoding="latin-1") as file:
        first: dict[str, int] = {}
        for number, row in enumerate(csv.reader(file), start=1):
            if number > 1 and row[0][0].isdigit():
                first.setdefault(row[0], number)
    assert loaded["cpt"].rows == len(first) == 10_881
    held = small.held()
    (release,) = await held.catalog.releases("cpt")
    assert (release.kind, release.edition) == ("cpt-numbers", "CY2025 October")
    titles = {place.title for place in places()}
    seen = 0
    for node in await held.catalog.stretch(release.id, 0, 20_000):
        assert node.title in titles
        if node.kind == "code":
            assert (node.title_origin, node.source_row) == ("not_held", first[node.code])
            seen += 1
    assert seen == len(first)
    assert await held.cpt.text("99213", date(2025, 11, 1)) is None


async def test_rows_of_parts_belong_to_the_same_code(small: Made) -> None:
    small.load(fee_schedule())
    held = small.held()
    found = await held.catalog.find("cpt", "70450", date(2025, 11, 1))
    assert found.node is not None
    assert found.node.billable
    assert (await held.catalog.validity(found)).status == "billable"
    later = await held.catalog.find("cpt", "70450", date(2026, 11, 1))
    assert (await held.catalog.validity(later)).status == "not_held"


def test_every_number_lies_in_a_group_with_words_of_our_own() -> None:
    with fee_schedule().open(newline="", encoding="latin-1") as file:
        codes = {row[0] for row in csv.reader(file) if row[0][0].isdigit()}
    assert {code for code in codes if places_of(code)[0].key == "other"} == set()
    assert places_of("99213")[-1].about.startswith("visits")
    assert [place.key for place in places_of("27447")] == ["10004-69990", "20005-29999"]
    assert places_of("0075T")[0].title.startswith("Emerging")


async def test_the_owners_files_make_one_edition(made: Made) -> None:
    (loaded,) = made.load(distribution(made), options=WITH_LICENCE)
    assert (loaded.system, loaded.kind, loaded.edition, loaded.rows) == ("cpt", "cpt-ama", "2026", 3)
    held = made.held()
    one = await held.cpt.text("99213", IN_2026)
    assert one is not None
    assert one.text == "Invented long description for a test, second code, zebrafish"
    assert one.consumer == "Invented words for patients, second code"
    assert one.receipt.file_name.endswith("LONGULT.txt")
    assert one.receipt.row == LONG.splitlines().index(f"99213\t{one.text}") + 1
    assert "American Medical Association" in one.copyright
    only_short = await held.cpt.text("0075T", IN_2026)
    assert only_short is not None
    assert (only_short.text, only_short.form) == ("INVENTED FOR A TEST C", "short")
    assert await held.cpt.text("99214", IN_2026) is None
    assert await held.cpt.text("99213", date(2025, 12, 31)) is None


async def test_the_text_is_in_nothing_that_lists_and_links_are_made_of(made: Made) -> None:
    (loaded,) = made.load(distribution(made), options=WITH_LICENCE)
    catalog = made.held().catalog
    for node in await catalog.stretch(loaded.release_id, 0, 100):
        assert "nvented" not in node.title + node.short_title
    async for document in catalog.documents(loaded.release_id):
        assert "nvented" not in repr(document)


async def test_a_licensed_list_answers_before_numbers_alone(small: Made) -> None:
    small.load(fee_schedule(), options=Options(window_from=date(2026, 3, 1), window_to=date(2026, 3, 31)))
    small.load(distribution(small), options=WITH_LICENCE)
    edition = await small.held().catalog.edition_for("cpt", IN_2026)
    assert edition.release is not None
    assert edition.release.kind == "cpt-ama"


@pytest.mark.parametrize("name", FILES)
def test_without_a_licence_no_text_is_taken(small: Made, name: str) -> None:
    with pytest.raises(Refused, match="--i-hold-a-cpt-licence"):
        small.load(small.file(f"CPT 2026/{name}", FILES[name]))


async def test_the_statement_is_kept_with_who_and_when(made: Made) -> None:
    made.load(distribution(made), options=WITH_LICENCE)
    (kept,) = await statements(made.held().database)
    assert (kept.subject, kept.holder, kept.stated_by) == ("cpt", "Made-up Clinic", "a tester")
    assert "LONGULT.txt" in kept.files
    assert kept.stated_at.tzinfo is not None


async def test_a_statement_that_no_text_needs_is_not_kept(small: Made) -> None:
    small.load(fee_schedule(), options=WITH_LICENCE)
    assert await statements(small.held().database) == []


async def test_a_table_in_its_place_is_taken(made: Made) -> None:
    header = "cpt_code,long_description,consumer_description"
    text = f'{header}\n99213,"Invented, with a comma",For patients\n0001U,Invented,\n'
    with pytest.raises(Refused, match="--i-hold-a-cpt-licence"):
        made.load(made.file("ours 2026.csv", text))
    (loaded,) = made.load(made.file("ours 2026.csv", text), options=WITH_LICENCE)
    assert loaded.rows == 2
    held = made.held()
    one = await held.cpt.text("99213", IN_2026)
    assert one is not None
    assert (one.text, one.consumer, one.receipt.row) == ("Invented, with a comma", "For patients", 2)


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("SHORTU.txt", SHORT + "99213 AGAIN\r\n", "stands twice"),
        ("SHORTU.txt", SHORT + "not a code\r\n", "is no code with its description"),
        ("SHORTU.txt", SHORT.replace("TEST A", "TEST A THAT IS FAR TOO LONG"), "short description of"),
        ("MEDU.txt", NOTICE * 40, "is text of an unknown kind"),
        ("LONGULT.txt", LONG.replace("00100\t", "00100\t\t"), "no code with its description|unknown kind"),
        ("LONGULT.txt", LONG + "9921\tcut off", "is no code with its description"),
        ("LONGULT.txt", LONG + "\0", "neither UTF-8 nor Windows"),
        ("ConsumerDescriptor.txt", CONSUMER + "3\t99214\r\n", "is no consumer descriptor"),
        ("ConsumerDescriptor.txt", CONSUMER.splitlines()[0], "no line below its header"),
        ("ClinicianDescriptor.txt", CLINICIAN + "1\tabcde\t1\tx\r\n", "is no clinician descriptor"),
        ("ours.csv", "code,long\n99213,a,b\n", "cells where 2 are meant"),
        ("ours.csv", "code,long\n99213,a\n99213,b\n", "stands twice"),
    ],
)
async def test_a_damaged_file_is_refused_whole(small: Made, name: str, text: str, reason: str) -> None:
    window = Options(window_from=date(2026, 1, 1), window_to=date(2026, 12, 31), licence=HOLDER)
    with pytest.raises(Refused, match=reason):
        small.load(small.file(name, text), options=window)
    assert await small.held().catalog.releases("cpt") == ()


def test_a_name_without_a_year_needs_the_window_from_the_operator(small: Made) -> None:
    with pytest.raises(Refused, match="doesn't tell its year"):
        small.load(small.file("MEDU.txt", MEDIUM), options=WITH_LICENCE)
