"""The official files, compared with readers that share no code with the loader."""

import itertools
import json
import re
import zipfile
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from sqlalchemy import Connection, text

IN_FORCE = date(2026, 3, 1)
NOTHING = {"No Device", "No Qualifier", "None"}


def order_lines(folder: Path) -> list[tuple[str, str, str, str, int]]:
    """(code, flag, short title, title, line) by the columns of the format."""
    with zipfile.ZipFile(folder / "icd10pcs-2026.zip") as archive:
        lines = archive.read("icd10pcs_order_2026.txt").decode().split("\r\n")
    return [
        (line[6:13].strip(), line[14], line[16:76].strip(), line[77:].strip(), number)
        for number, line in enumerate(lines, 1)
        if line
    ]


def xml(folder: Path, name: str) -> ElementTree.Element:
    with zipfile.ZipFile(folder / "icd10pcs-xml-2021.zip") as archive:
        return ElementTree.fromstring(archive.read(name))


def printed_names(folder: Path) -> dict[str, tuple[str, ...]]:
    """Every code that the tables of 2021 make, with the names of its characters 4 to 7."""
    found: dict[str, tuple[str, ...]] = {}
    for table in xml(folder, "icd10pcs_tables_2021.xml").iter("pcsTable"):
        head = "".join(axis[1].attrib["code"] for axis in table.findall("axis"))
        for row in table.findall("pcsRow"):
            axes = [[(one.attrib["code"], one.text or "") for one in axis.findall("label")] for axis in row]
            for values in itertools.product(*axes):
                found[head + "".join(value for value, _ in values)] = tuple(name for _, name in values)
    return found


def words(title: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[A-Za-z0-9]+", title)}


def test_as_many_rows_are_held_as_the_publisher_counts(official: Any) -> None:
    assert {system: one.rows for system, one in official.loaded.items()} == {
        "icd10pcs": 80_029,
        "icd10pcs-tables": 890,
        "icd10pcs-definitions": 842,
        "icd10pcs-index": 2_828,
    }
    assert official.loaded["icd10pcs"].billable == 79_115
    windows = {system: (one.window_from, one.window_to) for system, one in official.loaded.items()}
    assert windows["icd10pcs"] == (date(2025, 10, 1), date(2026, 9, 30))
    assert windows["icd10pcs-index"] == (date(2020, 10, 1), date(2021, 9, 30))


async def test_every_line_of_the_order_file_is_held_as_printed(real: Any, pcs_folder: Path) -> None:
    edition = await real.pcs.edition(IN_FORCE)
    query = text(
        "SELECT code, billable, short_title, title, source_row FROM nodes WHERE release_id = :id AND length(code) > 2"
    )

    def read(connection: Connection) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in connection.execute(query, {"id": edition.release.id})]

    held = {
        (c, str(int(b)), short, title, row)
        for c, b, short, title, row in await real.reader.read(edition.release.id, read)
    }
    assert held == set(order_lines(pcs_folder))


@pytest.mark.parametrize(
    ("day", "status"),
    [
        ("2025-09-30", "before_first"),
        ("2025-10-01", "held"),
        ("2026-09-30", "held"),
        ("2026-10-01", "after_newest"),
    ],
)
async def test_codes_answer_inside_their_window(real: Any, day: str, status: str) -> None:
    found = await real.catalog.find("icd10pcs", "0dtj4zz", date.fromisoformat(day))
    assert found.edition.status == status
    validity = await real.catalog.validity(found)
    assert validity.status == ("billable" if status == "held" else "not_held")


async def test_rows_of_tables_make_just_the_codes_of_the_list(real: Any, pcs_folder: Path) -> None:
    """And every name is the tables' own, or stands in the titles."""
    lines = order_lines(pcs_folder)
    titles = {code: title for code, flag, _, title, _ in lines if flag == "1"}
    printed = printed_names(pcs_folder)
    release = (await real.pcs.edition(IN_FORCE)).release
    origins = {"official": 0, "derived": 0, "not_held": 0}
    for code in [code for code, flag, *_ in lines if flag == "0"]:
        table = await real.pcs.table(release, code)
        made = [
            code + "".join(v.value for v in one) for row in table.rows for one in itertools.product(*row.axes)
        ]
        assert len(made) == len(set(made))
        assert set(made) == {one for one in titles if one.startswith(code)}
        for one in made:
            for position in range(4, 8):
                value = table.value(one, position)
                origins[value.origin] += 1
                if value.origin == "derived":
                    assert words(value.name) <= words(titles[one]), (one, value)
                elif value.origin == "official" and one in printed:
                    assert value.name == printed[one][position - 4]
                elif value.origin == "official" and value.name not in NOTHING and one[0] == "X":
                    assert words(value.name) <= words(titles[one]), (one, value)
    assert origins["not_held"] <= 105
    assert origins["derived"] <= 1_600
    known = [one for one in titles if one in printed]
    assert len(known) == 79_115 - 1_261


async def test_body_systems_and_operations_are_named_as_in_the_tables(real: Any, pcs_folder: Path) -> None:
    release = (await real.pcs.edition(IN_FORCE)).release
    differ: list[str] = []
    for table in xml(pcs_folder, "icd10pcs_tables_2021.xml").iter("pcsTable"):
        labels = [axis[1] for axis in table.findall("axis")]
        code = "".join(label.attrib["code"] for label in labels)
        held = await real.pcs.places(release, [code[0], code[:2], code])
        if code not in held:
            continue
        assert held[code[0]][0] == labels[0].text
        if labels[1].text != "None" and held[code[:2]][0] != labels[1].text:
            differ.append(code[:2])
        assert held[code][0].endswith(labels[2].text or "?")
    assert not set(differ)


async def test_definitions_are_found_by_section_character_and_name(real: Any, pcs_folder: Path) -> None:
    release = (await real.pcs.edition(IN_FORCE)).release
    seen = 0
    for section in xml(pcs_folder, "icd10pcs_definitions_2021.xml").findall("section"):
        for axis in section.findall("axis"):
            terms = axis.findall("terms")
            names = [(int(axis.attrib["pos"]), term.findtext("title") or "") for term in terms]
            found = await real.pcs.meanings(release, section.attrib["code"], names)
            for key, term in zip(names, terms, strict=True):
                seen += 1
                assert found[key].definition == " ".join((term.findtext("definition") or "").split())
                assert found[key].includes == tuple(
                    " ".join((i.text or "").split()) for i in term.findall("includes")
                )
    assert seen == 842


async def test_the_index_leads_to_a_code_as_printed(real: Any, pcs_folder: Path) -> None:
    release = (await real.pcs.edition(IN_FORCE)).release
    for term in xml(pcs_folder, "icd10pcs_index_2021.xml").iter("mainTerm"):
        see = term.find("see")
        if (term.findtext("title") or "") != "Abdominohysterectomy" or see is None:
            continue
        entries, total = await real.pcs.index_entries(release, see.findtext("codes") or "")
        assert total > 0
        assert "Abdominohysterectomy" in [entry.path[0] for entry in entries]
    entries, _ = await real.pcs.index_entries(release, "0DTJ4ZZ")
    assert (entries[0].text, entries[0].targets) == ("Appendectomy", ("0DTJ",))


async def test_addenda_say_what_is_new(real: Any, pcs_folder: Path) -> None:
    release = (await real.pcs.edition(IN_FORCE)).release
    (change,) = await real.pcs.changes(release, "00H033J")
    assert (change.action, change.receipt.row, change.receipt.file_name) == (
        "add",
        1,
        "icd10pcs-2026.zip/order_addenda_2026.txt",
    )
    assert json.dumps([c.action for c in await real.pcs.changes(release, "0DTJ4ZZ")]) == "[]"
