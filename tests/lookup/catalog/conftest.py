"""The catalogue alone: the real package data once for the run, and small made-up tabular lists."""

import os
from collections.abc import AsyncGenerator, Callable, Generator
from pathlib import Path

import pytest

from ahead.lookup.catalog.loading.default import package_files
from ahead.lookup.catalog.loading.icd10cm_tabular import Tree, build, read_code_list
from ahead.lookup.catalog.loading.load import Loader
from ahead.lookup.catalog.loading.tabular_xml import parse
from ahead.lookup.catalog.service import Catalog
from ahead.lookup.db import MIGRATIONS
from ahead.shared.db import migrations
from ahead.shared.db.engine import Database

SMALL = """<?xml version="1.0" encoding="utf-8"?>
<ICD10CM.tabular>
  <version>{year}</version>
  <introduction><introSection type="title"><title>made up</title></introSection></introduction>
  <chapter>
    <name>1</name>
    <desc>Made-up diseases (A00-B99)</desc>
    <excludes2><note>made-up injuries (S00-S09)</note></excludes2>
    <sectionIndex><sectionRef first="A00" last="A09" id="A00-A09">Made-up section</sectionRef></sectionIndex>
    <section id="A00-A09">
      <desc>Made-up section (A00-A09)</desc>
      <diag>
        <name>A00</name>
        <desc>First disease</desc>
        <includes><note>first  disease
          of a made-up kind</note></includes>
        <useAdditionalCode><note>code to identify agent (B95-B97)</note></useAdditionalCode>
        <diag><name>A00.0</name><desc>First disease, plain</desc>
          <inclusionTerm><note>First disease NOS</note></inclusionTerm></diag>
        <diag><name>A00.1</name><desc>First disease, other {word}</desc></diag>
      </diag>
    </section>
    <section id="B99">
      <desc>One category (B99)</desc>
      <diag><name>B99</name><desc>Lone disease</desc></diag>
    </section>
  </chapter>
  <chapter>
    <name>2</name>
    <desc>Made-up injuries (S00-S09)</desc>
    <section id="S00-S09">
      <desc>Made-up injuries of the head (S00-S09)</desc>
      <diag>
        <name>S00</name>
        <desc>Injury</desc>
        <sevenChrNote><note>The appropriate 7th character is to be added to each code</note></sevenChrNote>
        <sevenChrDef>
          <extension char="A">initial encounter</extension>
          <note>first look</note>
          <extension char="D">subsequent encounter</extension>
          <extension char="S">sequela</extension>
        </sevenChrDef>
        <diag><name>S00.0</name><desc>Injury of scalp</desc>
          <inclusionTerm><note>Bump on the head</note></inclusionTerm></diag>
      </diag>
    </section>
  </chapter>
</ICD10CM.tabular>
"""
SMALL_LIST = "1\nA00-A09\nA00\nA000\nA001\nB99\nB99\n2\nS00-S09\nS00\nS000\nS00.0XXA\nS000XXD\nS000XXS\n"


@pytest.fixture
def small(tmp_path: Path) -> Callable[..., list[Path]]:
    """Writes a small edition: its tabular list and its list of codes."""

    def write(year: int = 2026, word: str = "kind", *, name: str = "small") -> list[Path]:
        tabular, listed = tmp_path / f"{name}-tabular-{year}.xml", tmp_path / f"{name}-codes-{year}.txt"
        tabular.write_text(SMALL.format(year=year, word=word), encoding="utf-8")
        listed.write_text(SMALL_LIST, encoding="utf-8")
        return [tabular, listed]

    return write


@pytest.fixture
def migrated(database_url: str) -> str:
    migrations.upgrade(database_url, MIGRATIONS)
    return database_url


@pytest.fixture
def loader(migrated: str, tmp_path: Path) -> Generator[Loader]:
    with Loader(migrated, tmp_path / "releases") as loader:
        yield loader


@pytest.fixture
async def catalog(migrated: str, tmp_path: Path) -> AsyncGenerator[Catalog]:
    database = Database(migrated)
    catalog = Catalog(database, tmp_path / "releases")
    yield catalog
    await catalog.close()
    await database.close()


@pytest.fixture(scope="session")
def package_tree() -> Tree:
    """The April 2026 tabular list, numbered."""
    tabular, listed = package_files()
    with tabular.open("rb") as stream, listed.open() as lines:
        return build(
            parse(stream, tabular.name), read_code_list(lines, listed.name), tabular.name, listed.name
        )


@pytest.fixture(scope="session")
def official_data() -> Path:
    """Official files: AHEAD_OFFICIAL_DATA, else beside the project."""
    here = Path(__file__).parents[4] / "shared" / "data"
    folder = Path(os.environ.get("AHEAD_OFFICIAL_DATA", here))
    if not folder.is_dir():
        if os.environ.get("AHEAD_REQUIRE_DATA") == "1":
            pytest.fail("the official files are not there")
        pytest.skip("the official files are not on this machine")
    return folder
