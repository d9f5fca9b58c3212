"""The official ICD-10-PCS loaded once for the run, and a made-up edition of it."""

import os
import zipfile
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import NamedTuple

import pytest

from ahead.lookup.catalog.loading.icd10cm_release import Options
from ahead.lookup.catalog.loading.registry import CatalogLoader, source_names
from ahead.lookup.catalog.loading.sources import Loaded
from ahead.lookup.catalog.reading import SourceReader
from ahead.lookup.catalog.repository import CatalogRepository
from ahead.lookup.catalog.service import Catalog
from ahead.lookup.db import MIGRATIONS
from ahead.lookup.pcs.service import Pcs
from ahead.shared.db import migrations
from ahead.shared.db.engine import Database


class Official(NamedTuple):
    url: str
    releases: Path
    loaded: dict[str, Loaded]


class Open(NamedTuple):
    pcs: Pcs
    catalog: Catalog
    reader: SourceReader


@pytest.fixture(scope="session")
def pcs_folder() -> Path:
    """The folder of the official files; skips where they are not."""
    here = Path(__file__).parents[4] / "shared" / "data"
    folder = Path(os.environ.get("AHEAD_OFFICIAL_DATA") or here) / "icd10pcs"
    if not folder.is_dir():
        if os.environ.get("AHEAD_REQUIRE_DATA") == "1":
            pytest.fail(f"the official ICD-10-PCS files are not there (AHEAD_OFFICIAL_DATA): {folder}")
        pytest.skip("the official ICD-10-PCS files are not on this machine (AHEAD_OFFICIAL_DATA)")
    return folder


@pytest.fixture(scope="session")
def official(tmp_path_factory: pytest.TempPathFactory, pcs_folder: Path) -> Official:
    """A database with the official codes, tables, definitions and index; don't write to it."""
    folder = tmp_path_factory.mktemp("pcs")
    url = f"sqlite+aiosqlite:///{folder}/lookup.db"
    migrations.upgrade(url, MIGRATIONS)
    loaded = CatalogLoader(url, folder / "releases").load(sorted(pcs_folder.glob("*.zip"))).loaded
    return Official(url, folder / "releases", {one.system: one for one in loaded})


Opened = Callable[[str, Path], Open]


@pytest.fixture
async def opened() -> AsyncGenerator[Opened]:
    async with AsyncExitStack() as stack:

        def open_one(url: str, releases: Path) -> Open:
            database = Database(url)
            catalog = Catalog(database, releases)
            reader = SourceReader(catalog, CatalogRepository(database, releases), source_names())
            for closing in (database.close, catalog.close, reader.close):
                stack.push_async_callback(closing)
            return Open(Pcs(reader), catalog, reader)

        yield open_one


@pytest.fixture
def real(official: Official, opened: Opened) -> Open:
    return opened(official.url, official.releases)


# Made up: codes, names and words of no edition.
TITLES = {
    "0WQ": "Anatomical Regions, Repair",
    "0WQ00ZZ": "Repair Head, Open Approach",
    "0WQ04ZZ": "Repair Head, Percutaneous Endoscopic Approach",
    "0WQ10ZZ": "Repair Left Ear Lobe, Open Approach",
    "0WU": "Anatomical Regions, Supplement",
    "0WU007Z": "Supplement Head with Made-up Fabric, Open Approach",
    "0WU00JZ": "Supplement Head with Synthetic Substitute, Open Approach",
}


def order_file(titles: dict[str, str]) -> str:
    return "".join(
        f"{number:05} {code:<7} {int(len(code) == 7)} {title[:60]:<60} {title}\r\n"
        for number, (code, title) in enumerate(titles.items(), 1)
    )


def axis(position: int, title: str, values: dict[str, str]) -> str:
    labels = "".join(f'<label code="{value}">{name}</label>' for value, name in values.items())
    return f'<axis pos="{position}" values="{len(values)}"><title>{title}</title>{labels}</axis>'


def tables_file(body_parts: dict[str, str], codes: int) -> str:
    heads = axis(1, "Section", {"0": "Medical and Surgical"}) + axis(
        2, "Body System", {"W": "Anatomical Regions"}
    )
    row = (
        axis(4, "Body Part", body_parts)
        + axis(5, "Approach", {"0": "Open", "4": "Percutaneous Endoscopic"})
        + axis(6, "Device", {"Z": "No Device"})
        + axis(7, "Qualifier", {"Z": "No Qualifier"})
    )
    repair = axis(3, "Operation", {"Q": "Repair"})
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<ICD10PCS.tabular>\n<version>2030</version>\n<title>Made up</title>\n'
        f'<pcsTable>{heads}{repair}\n<pcsRow codes="{codes}">{row}</pcsRow></pcsTable>\n</ICD10PCS.tabular>\n'
    )


DEFINITIONS = """<?xml version="1.0" encoding="utf-8"?>
<ICD10PCS.definitions><version>2030</version><title>Made up</title>
<section code="0"><title>Medical and Surgical</title>
<axis pos="3"><title>Operation</title><terms><title>Repair</title><definition>Making it whole, in this made-up text
</definition><explanation>Nothing official</explanation><includes>Mending</includes></terms></axis>
</section></ICD10PCS.definitions>
"""
INDEX = """<?xml version="1.0" encoding="utf-8"?>
<ICD10PCS.index><version>2030</version><title>Made up</title>
<letter><title>M</title><mainTerm><title>Mending</title>
<term level="1"><title>Head</title><codes>0WQ0</codes></term>
<term level="1"><title>Gone</title><codes>0WQ9</codes></term></mainTerm></letter>
</ICD10PCS.index>
"""
ADDENDA = (
    f"Add:         {'0WQ10ZZ':<7} {'Repair Left Ear Lobe, Open Approach':<60} Repair Left Ear Lobe, Open Approach\r\n"
    f"Delete:      {'0WQ90ZZ':<7} {'Repair Tail, Open Approach':<60} Repair Tail, Open Approach\r\n"
    "\r\nHeaders\r\n      0 additions\r\n      0 deletions\r\n      0 revisions\r\n"
    "\r\nCodes\r\n      1 additions\r\n      1 deletions\r\n      0 revisions\r\n"
)


class Made:
    """Loads made-up files and asks about them."""

    def __init__(self, url: str, folder: Path, opened: Opened) -> None:
        self.url, self.folder, self.releases, self._opened = url, folder, folder / "releases", opened

    def file(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def edition(self, titles: dict[str, str] | None = None, addenda: str = ADDENDA) -> Path:
        path = self.folder / "icd10pcs-2031.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("icd10pcs_order_2031.txt", order_file(titles or TITLES))
            archive.writestr("order_addenda_2031.txt", addenda)
        return path

    def books(self) -> list[Path]:
        return [
            self.file("icd10pcs_tables_2030.xml", tables_file({"0": "Head"}, 2)),
            self.file("icd10pcs_definitions_2030.xml", DEFINITIONS),
            self.file("icd10pcs_index_2030.xml", INDEX),
        ]

    def load(self, *paths: Path, options: Options | None = None) -> list[Loaded]:
        return list(CatalogLoader(self.url, self.releases).load(paths, options).loaded)

    def open(self) -> Open:
        return self._opened(self.url, self.releases)


@pytest.fixture
def made(database_url: str, tmp_path: Path, opened: Opened) -> Made:
    migrations.upgrade(database_url, MIGRATIONS)
    return Made(database_url, tmp_path, opened)


@pytest.fixture
def made_files(tmp_path: Path) -> list[Path]:
    """The made-up edition's files, not loaded."""
    folder = tmp_path / "made"
    folder.mkdir()
    making = Made("", folder, lambda *_: pytest.fail("nothing is loaded"))
    return [making.edition(), *making.books()]
