"""The official files of HCPCS, compared with readers that share no code with the loader."""

import csv
import warnings
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from .conftest import Held, Official

JULY_2024, OCTOBER_2020 = date(2024, 8, 15), date(2020, 11, 15)
AFTER, BEFORE, BETWEEN = date(2026, 11, 23), date(2020, 9, 30), date(2022, 5, 5)


def table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def sheet(path: Path, title: str) -> list[tuple[int, dict[str, str]]]:
    """(row, cells by name) below the header in row 11, every cell as text."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(path, read_only=True)
        rows: list[Any] = list(book[title].iter_rows(values_only=True))
        book.close()
    header = [str(name) for name in rows[10] if name is not None]
    return [
        (number, {name: "" if cell is None else str(cell).strip() for name, cell in zip(header, row, strict=False)})
        for number, row in enumerate(rows[11:], start=12)
    ]  # fmt: skip


def iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def test_as_many_rows_are_held_as_the_publisher_counts(official: Official) -> None:
    assert {(one.system, one.edition): one.rows for one in official.loaded} == {
        ("hcpcs", "July 2024"): 8_033,
        ("hcpcs", "October 2020"): 7_197,
        ("hcpcs-changes", "October 2020"): 7_196,
        ("hcpcs-noc", "July 2024"): 161,
        ("hcpcs-modifiers", "2024"): 384,
        ("pos", "2024"): 99,
        ("rbcs", "2024"): 17_033,
    }
    windows = {one.edition: (one.window_from, one.window_to) for one in official.loaded}
    assert windows["July 2024"] == (date(2024, 7, 1), date(2024, 9, 30))
    assert windows["October 2020"] == (date(2020, 10, 1), date(2020, 12, 31))
    assert windows["2024"] == (date(2024, 1, 1), date(2024, 12, 31))


async def test_every_code_of_july_2024_is_held_as_its_row_says(real: Held, hcpcs_folder: Path) -> None:
    rows = table(hcpcs_folder, "hcpcs_level2_2024q3_from_ANWEB.csv")
    held = await real.hcpcs.codes([row["hcpcs_code"] for row in rows], JULY_2024)
    assert len(held) == len(rows) == 8_033
    for number, row in enumerate(rows, start=2):
        code = held[row["hcpcs_code"]]
        assert code.long_description == " ".join(row["long_description"].split())
        assert code.short_description == " ".join(row["short_description"].split())
        assert ":".join(m.value for m in code.pricing) == row["price"]
        assert code.multiple_pricing.value == row["multi"]
        assert code.coverage.value == row["cov"]
        assert code.betos.value == row["betos"]
        assert ":".join(m.value for m in code.types_of_service) == row["tos"]
        assert ", ".join(m.value for m in code.laboratory) == row["lab"]
        assert ", ".join(code.cross_references) == row["xref"]
        assert (code.coverage_issues_manual, code.carriers_manual) == (row["cim"], row["mcm"])
        assert (code.statute, code.processing_note) == (row["statute"], row["proc"])
        assert (code.surgical_center, iso(code.surgical_center_from)) == (
            row["asc_grp"] == "YY",
            row["date_asc"],
        )
        assert code.anesthesia_units == int(row["anes"])
        assert [iso(d) for d in (code.added, code.acted, code.ended)] == [
            row["date_added"], row["date_action"], row["date_term"],
        ]  # fmt: skip
        assert code.action.value == row["action"]
        assert code.receipt.row == number


async def test_every_row_of_the_october_2020_workbook_is_held(real: Held, hcpcs_folder: Path) -> None:
    rows = sheet(hcpcs_folder / "HCPC2020_OCT_anweb.xlsx", "A")
    assert len(rows) == 7_197
    whole: dict[str, tuple[int, dict[str, str]]] = {}
    for number, row in rows:
        if row["RECID"] in ("4", "8"):
            whole[row["HCPC"]][1]["LONG DESCRIPTION"] += " " + row["LONG DESCRIPTION"]
        else:
            whole[row["HCPC"]] = (number, row)
    codes = await real.hcpcs.codes([key for key in whole if len(key) == 5], OCTOBER_2020)
    listed = await real.hcpcs.modifiers(OCTOBER_2020)
    modifiers = {one.modifier: one for one in listed.modifiers}
    assert (len(codes), len(modifiers)) == (6_825, 371)
    for key, (number, row) in whole.items():
        text = " ".join(row["LONG DESCRIPTION"].split())
        days = [row[name] for name in ("ADD DT", "TERM DT")]
        if len(key) == 2:
            one = modifiers[key]
            assert (one.title, one.receipt.row) == (text, number)
            assert [iso(day).replace("-", "") for day in (one.added, one.ended)] == days
            continue
        code = codes[key]
        assert (code.long_description, code.receipt.row) == (text, number)
        assert [iso(day).replace("-", "") for day in (code.added, code.ended)] == days
        assert [m.value for m in code.pricing] == [c for n in range(1, 5) if (c := row[f"PRICE{n}"])]
        assert list(code.cross_references) == [c for n in range(1, 6) if (c := row[f"XREF{n}"])]
        assert (code.coverage.value, code.action.value) == (row["COV"], row["ACTION CD"])
    assert codes["G0503"].long_description.endswith(
        "other treatment goals and are prepared for discharge from active treatment"
    )


async def test_the_file_of_changes_is_answered_as_it_says(real: Held, hcpcs_folder: Path) -> None:
    path = hcpcs_folder / "HCPC2020_OCT_trans_alpha.xlsx"
    by_code = sheet(path, "Changes by HCPC")
    both = [sorted((r["HCPC"], r["ACTION CD"]) for _, r in sheet(path, "Changes by Action Code"))]
    both.append(sorted((row["HCPC"], row["ACTION CD"]) for _, row in by_code))
    assert both[0] == both[1]
    for number, row in by_code[::37]:
        found = await real.hcpcs.change(row["HCPC"], OCTOBER_2020)
        assert found.text == row["ACTION CD"]
        assert found.receipt is not None
        assert found.receipt.row == number


async def test_the_lists_are_answered_as_they_say(
    real: Held, hcpcs_folder: Path, reference_folder: Path
) -> None:
    noc = {row["hcpcs"] for row in table(hcpcs_folder, "noc_codes_2024q3.csv")}
    for code in (*sorted(noc), "A0021", "J1885"):
        assert ((await real.hcpcs.noc(code, JULY_2024)).receipt is not None) == (code in noc)

    listed = await real.hcpcs.modifiers(JULY_2024)
    rows = table(reference_folder, "hcpcs_level2_modifiers_2024.csv")
    assert {m.modifier: m.title for m in listed.modifiers} == {
        row["mod_code"]: " ".join(row["mod_description"].split()) for row in rows
    }
    assert len(listed.modifiers) == len(rows) - 1 == 383  # KX stands twice

    places = await real.hcpcs.places(JULY_2024)
    rates = {True: "Facility", False: "Non-Facility", None: "Unassigned"}
    assert [(p.code, rates[p.facility], p.name) for p in places.places] == [
        (row["pos_code"], row["pos_type"], row["pos_name"])
        for row in table(reference_folder, "place_of_service_codes_2024.csv")
    ]


async def test_the_rbcs_category_is_the_one_that_began_last(real: Held, reference_folder: Path) -> None:
    assigned: defaultdict[str, list[tuple[str, int, dict[str, str]]]] = defaultdict(list)
    rows = table(reference_folder, "rbcs_2024_hcpcs_categories.csv")
    for number, row in enumerate(rows, start=2):
        assigned[row["hcpcs_code"]].append((row["rbcs_date_effective"], number, row))
    assert len(assigned) == 15_522
    for code in sorted(assigned)[::61]:
        _, number, row = max(assigned[code], key=lambda one: one[:2])
        found = await real.hcpcs.rbcs(code, JULY_2024)
        assert found is not None
        assert found.receipt.row == number
        assert (found.category, found.subcategory) == (row["rbcs_category"], row["rbcs_subcategory"])
        assert found.family == row["rbcs_family"].replace("No RBCS Family", "")


async def test_a_code_is_valid_from_its_first_day_to_its_last(real: Held, hcpcs_folder: Path) -> None:
    """Every code of both editions on the first and last day of the edition."""
    rows = [
        (row["hcpcs_code"], row["date_added"], row["date_term"], date(2024, 7, 1), date(2024, 9, 30))
        for row in table(hcpcs_folder, "hcpcs_level2_2024q3_from_ANWEB.csv")
    ]
    valid = Counter[str]()
    for code, added, ended, *days in rows[::11]:
        for day in days:
            found = await real.catalog.find("hcpcs", code, day)
            answer = await real.catalog.validity(found)
            right = added <= day.isoformat() and (not ended or day.isoformat() <= ended)
            assert answer.status == ("billable" if right else "not_billable"), (code, day)
            assert (found.node is not None and found.node.billable) == right
            valid[answer.status] += 1
    assert min(valid.values()) > 100


@pytest.mark.parametrize(
    ("day", "status"), [(BEFORE, "before_first"), (BETWEEN, "gap"), (AFTER, "after_newest")]
)
async def test_outside_the_editions_nothing_is_judged(real: Held, day: date, status: str) -> None:
    found = await real.catalog.find("hcpcs", "J1885", day)
    assert found.edition.status == status
    answer = await real.catalog.validity(found)
    assert answer.status == "not_held"
    assert ("Not checked" in answer.text) == (status == "after_newest")
    assert ("No edition held for this date" in answer.text) == (status != "after_newest")
