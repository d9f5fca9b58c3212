"""Editions that come later: by their changes alone, and while a web process is running; on both databases."""

import json
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import pytest
from icd10cm_books import TABULAR, Doors, Held, Open, load_into, official_file

from ahead.lookup.catalog.loading.refusal import Refused
from ahead.lookup.catalog.schemas import Node
from ahead.lookup.catalog.service import Catalog
from ahead.shared.testing.waiting import eventually

# Made up, in the official columns.
ORDER = "".join(
    f"{number:05} {code:<7} {billable} {title:<60} {title}\r\n"
    for number, (code, billable, title) in enumerate(
        (
            ("A00", 0, "First disease"),
            ("A000", 1, "First disease, plain"),
            ("A001", 1, "First disease, leaving"),
        ),
        1,
    )
)
ADDENDA = (
    "Delete:      A001    First disease, leaving\r\n"
    "Revise from: A000    First disease, plain\r\n"
    "Revise to:   A000    First disease, simple\r\n"
    "Add:         A002    First disease, new\r\n"
)


def write(folder: Path, **files: str) -> list[Path]:
    paths: list[Path] = []
    for name, content in files.items():
        path = folder / name.replace("__", ".")
        path.write_text(content, newline="")
        paths.append(path)
    return paths


async def billable(catalog: Catalog, day: date) -> dict[str, Node]:
    edition = await catalog.edition_for("icd10cm", day)
    assert edition.status == "held"
    assert edition.release is not None
    found: dict[str, Node] = {}
    start = 0
    while part := await catalog.stretch(edition.release.id, start, 20_000):
        start += len(part)
        found |= {node.code: node for node in part if node.billable}
    return found


@pytest.fixture
def with_2026(database_url: str, tmp_path: Path) -> Held:
    tabular = TABULAR.format(year=2026, word="plain", more="<diag><name>A00.1</name><desc>L</desc></diag>")
    paths = write(tmp_path, icd10cm_tabular_2026__xml=tabular, icd10cm_order_2026__txt=ORDER)
    return load_into(database_url, tmp_path, paths)


async def test_an_edition_is_made_from_its_changes_alone(
    with_2026: Held, tmp_path: Path, opened: Open
) -> None:
    load_into(with_2026.url, tmp_path, write(tmp_path, icd10cm_codes_addenda_2027__txt=ADDENDA))
    catalog = opened(with_2026).catalog
    codes = await billable(catalog, date(2026, 10, 1))
    assert {code: node.title for code, node in codes.items()} == {
        "A000": "First disease, simple",
        "A002": "First disease, new",
    }
    before = await billable(catalog, date(2026, 9, 30))
    assert {code: node.title for code, node in before.items()} == {
        "A000": "First disease, plain",
        "A001": "First disease, leaving",
    }
    # A heading that carried over has its receipt in the edition that printed it.
    facts = await catalog.facts(codes["A000"].release_id, "A00")
    assert (facts.receipt.file_name, facts.receipt.release) == ("icd10cm_order_2026.txt", "FY2026")
    added = await catalog.facts(codes["A002"].release_id, "A002")
    assert (added.receipt.file_name, added.receipt.row) == ("icd10cm_codes_addenda_2027.txt", 4)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("Delete:      A001 ", "Delete:      A007 ", "deletes A007, which FY2026 hasn't"),
        ("Add:         A002 ", "Add:         A001 ", "A001"),
        ("Revise to:   A000 ", "Revise to:   A003 ", "without its other half"),
    ],
)
async def test_changes_that_do_not_follow_are_refused(
    with_2026: Held, tmp_path: Path, opened: Open, old: str, new: str, reason: str
) -> None:
    assert old in ADDENDA
    swapped = ADDENDA.replace(old, new)
    if "Add:" in old:
        swapped = swapped.replace("Delete:      A001    First disease, leaving\r\n", "")
    with pytest.raises(Refused, match=reason):
        load_into(with_2026.url, tmp_path, write(tmp_path, icd10cm_codes_addenda_2027__txt=swapped))
    edition = await opened(with_2026).catalog.edition_for("icd10cm", date(2026, 10, 1))
    assert edition.status == "after_newest"


async def test_the_official_changes_alone_make_the_official_list(tmp_path: Path, opened: Open) -> None:
    """FY2027 from its addenda over FY2026: the very codes and titles of the list that is published beside them."""
    with zipfile.ZipFile(official_file("icd10cm-2027.zip")) as archive:
        changes = archive.read("icd10cm_codes_addenda_2027.txt").decode()
        listed = archive.read("icd10cm_codes_2027.txt").decode()
    expected = dict(line.split(None, 1) for line in listed.split("\r\n") if line.strip())
    assert len(expected) == 74_879
    url = f"sqlite+aiosqlite:///{tmp_path}/lookup.db"
    held = load_into(url, tmp_path, [official_file("icd10cm-2026.zip")])
    load_into(url, tmp_path, write(tmp_path, icd10cm_codes_addenda_2027__txt=changes))
    catalog = opened(held).catalog
    found = await billable(catalog, date(2026, 10, 1))
    assert {code: node.title for code, node in found.items()} == expected


LOAD = """
import sys
from pathlib import Path
from ahead.lookup.catalog.loading.registry import CatalogLoader
CatalogLoader(sys.argv[1], Path(sys.argv[2])).load([Path(sys.argv[3])])
"""


async def test_a_running_process_notices_what_another_one_loads(
    doors: Doors, door_data: Path, tmp_path: Path
) -> None:
    """A later edition is loaded by another process; within seconds its codes have pages here, and the page that was
    open says what it changed."""
    releases = tmp_path / "data" / "lookup" / "releases"
    releases.unlink()
    releases.mkdir()
    for file in (door_data / "lookup" / "releases").glob("*.db"):
        (releases / file.name).symlink_to(file)
    client = await doors(AHEAD_LOOKUP_VIEWS_FREE="9")
    address, day = "/api/lookup/v1/codes/icd10cm/A00.0", "2027-11-15"
    before = (await client.get(f"{address}?as_of={day}")).json()
    assert (before["edition"]["edition"], before["edition"]["status"]) == ("FY2027", "after_newest")
    later = tmp_path / "icd10cm_tabular_2028.xml"
    later.write_text(TABULAR.format(year=2028, word="once more", more=""))
    url = f"sqlite+aiosqlite:///{tmp_path}/data/lookup/lookup.db"
    subprocess.run([sys.executable, "-c", LOAD, url, str(releases), str(later)], check=True)  # noqa: ASYNC221

    async def noticed() -> bool:
        answer = (await client.get(f"{address}?as_of={day}")).json()
        return answer["edition"]["edition"] == "FY2028"

    await eventually(noticed, within_s=15)
    after = (await client.get(f"{address}?as_of={day}")).json()
    assert after["place"]["title"] == "First disease, once more"
    history = next(section for section in after["sections"] if section["key"] == "history")
    assert "First disease, simple" in json.dumps(history)
