"""Made-up books of ICD-10-CM in the publishers' forms, where the official ones are, and catalogues that hold them.

Nothing in the made-up ones is real.
"""

import os
import shutil
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

from ahead.lookup.app import create_app
from ahead.lookup.catalog.loading.icd10cm_release import Options
from ahead.lookup.catalog.loading.registry import CatalogLoader, source_names
from ahead.lookup.catalog.loading.sources import Loaded
from ahead.lookup.catalog.reading import SourceReader
from ahead.lookup.catalog.repository import CatalogRepository
from ahead.lookup.catalog.service import Catalog
from ahead.lookup.db import MIGRATIONS
from ahead.lookup.guidelines.service import Guidelines
from ahead.lookup.indexes.service import Indexes
from ahead.lookup.settings import Settings
from ahead.shared.db import migrations
from ahead.shared.db.engine import Database
from ahead.shared.settings import load as load_settings

GUIDELINES_PDF = "icd10cm-guidelines-2026.pdf"
INDEX_2017 = "icd10cm-index-2017.zip"
INDEX_2025 = "icd10cm-index-2025-rebuilt.zip"
TABLES_2026 = "icd10cm-tables-april-2026.zip"

TABULAR = """<?xml version="1.0" encoding="utf-8"?>
<ICD10CM.tabular>
  <version>{year}</version>
  <chapter>
    <name>1</name><desc>Made-up diseases (A00-B99)</desc>
    <section id="A00-A09"><desc>Made-up section (A00-A09)</desc>
      <diag><name>A00</name><desc>First disease</desc>
        <diag><name>A00.0</name><desc>First disease, {word}</desc></diag>
        {more}
      </diag>
    </section>
  </chapter>
  <chapter>
    <name>19</name><desc>Made-up injuries (S00-T88)</desc>
    <section id="S00-S09"><desc>Made-up injuries of the head (S00-S09)</desc>
      <diag><name>S00</name><desc>Injury of head</desc>
        <sevenChrNote><note>The appropriate 7th character is to be added to each code</note></sevenChrNote>
        <sevenChrDef><extension char="A">initial encounter</extension>
          <extension char="D">subsequent encounter</extension><extension char="S">sequela</extension></sevenChrDef>
        <diag><name>S00.0</name><desc>Injury of scalp</desc></diag>
      </diag>
    </section>
  </chapter>
</ICD10CM.tabular>
"""

LEAVING = "<diag><name>A00.1</name><desc>First disease, leaving</desc></diag>"
LATER = (
    "<diag><name>A00.2</name><desc>First disease, new</desc>"
    "<diag><name>A00.20</name><desc>First disease, new, plain</desc></diag></diag>"
)

INDEX = """<?xml version="1.0" encoding="utf-8"?>
<ICD10CM.index>
  <version>2026</version>
  <title>ICD-10-CM INDEX TO DISEASES and INJURIES</title>
  <letter><title>D</title>
    <mainTerm><title>Disease, diseased<nemod>(made up)</nemod></title><seeAlso>Injury</seeAlso>
      <term level="1"><title>first<nemod>(only)</nemod> NEC</title><code>A00.0</code>
        <term level="2"><title>with</title>
          <term level="3"><title>fever</title><code>A00.-</code><manif>S00.0-</manif></term>
        </term>
        <term level="2"><title>gone</title><code>A00.9</code></term>
      </term>
      <term level="1"><title>second</title><see>Disease, first, with fever</see></term>
      <term level="1"><title>growth</title><see>Neoplasm, skin, malignant</see></term>
    </mainTerm>
  </letter>
  <letter><title>I</title>
    <mainTerm><title>Injury, head</title><subcat>S00.0</subcat></mainTerm>
    <mainTerm><title>Injury, by drug</title><see>Table of Drugs and Chemicals, by drug</see></mainTerm>
  </letter>
</ICD10CM.index>
"""

DRUGS = """<?xml version="1.0" encoding="utf-8"?>
<ICD10CM.index>
  <version>2026</version>
  <indexHeading>
    <head col="1">Substance</head><head col="2">Poisoning Accidental (unintentional)</head>
    <head col="3">Poisoning Intentional self-harm</head><head col="4">Poisoning Assault</head>
    <head col="5">Poisoning Undetermined</head><head col="6">Adverse effect</head><head col="7">Underdosing</head>
  </indexHeading>
  <letter><title>M</title>
    <mainTerm><title>Madeupine<nemod>(acid)</nemod></title>
      <cell col="2">S00.0</cell><cell col="3">A00.0</cell><cell col="4">A00.9</cell>
      <cell col="5">A00.-</cell><cell col="6">--</cell><cell col="7">--</cell>
      <term level="1"><title>sulfate</title><see>Madeupine</see></term>
    </mainTerm>
  </letter>
</ICD10CM.index>
"""

# What a line of the made-up guidelines is: (bold, size, x, text).
Set = tuple[bool, float, float, str]


def pdf_of(pages: list[list[Set]]) -> bytes:
    """A PDF with lines set from the top of each page down."""
    objects: list[bytes] = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>"
        % (b" ".join(b"%d 0 R" % (5 + 2 * n) for n in range(len(pages))), len(pages)),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Bold >>",
    ]
    for number, page in enumerate(pages):
        content, y = b"", 740.0
        for bold, size, x, text in page:
            shown = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)").encode("latin-1")
            content += b"BT /F%d %.1f Tf %.1f %.1f Td (%s) Tj ET\n" % (1 + bold, size, x, y, shown)
            y -= 16.0
        content += b"BT /F1 10 Tf 300 30 Td (Page %d of %d) Tj ET\n" % (number + 1, len(pages))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>" % (6 + 2 * number)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    data += b"".join(b"%010d 00000 n \n" % place for place in places)
    return data + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)


TITLE: list[Set] = [
    (False, 14, 72, "ICD-10-CM Official Guidelines for Coding and Reporting"),
    (False, 14, 72, "FY 2026 -- UPDATED October 1, 2025"),
    (False, 14, 72, "(October 1, 2025 - September 30, 2026)"),
    (False, 12, 72, "Made up for tests: nothing here is official."),
]
NUMBERED: list[Set] = [
    (True, 16, 66, "Section I. Made-up conventions and rules"),
    (True, 14, 102, "A. Made-up conventions"),
    (True, 13, 121, "1. Made-up notes"),
    (True, 14, 102, "B. Made-up general rules"),
    (True, 13, 121, "1. For every code from A00.0 through T88.9"),
    (True, 14, 102, "C. Chapter-specific made-up rules"),
    (True, 13, 121, "1. Chapter 1: Made-up diseases (A00-B99)"),
    (True, 14, 170, "a. First disease"),
    (True, 14, 170, "b. Rules without codes"),
    (True, 16, 66, "Section II. Made-up principal diagnosis"),
    (True, 16, 66, "Section III. Made-up additional diagnoses"),
    (True, 16, 66, "Section IV. Made-up outpatient services"),
    (True, 16, 267, "Appendix I"),
]
"""What the made-up table of contents names."""


def contents_of(lines: list[Set]) -> list[Set]:
    return [(False, 12, 72, f"{text} {'.' * 40} 3") for _, _, _, text in lines]


def guidelines_pdf(body: list[Set] | None = None, contents: list[Set] | None = None) -> bytes:
    text = "Made-up text that says what to do with it, in a line of some length as in the book."
    made: list[Set] = []
    for line in NUMBERED:
        made.append(line)
        if line[3].startswith("a. First"):
            made.append((False, 12, 192, "Assign a code from category A00, First disease, or A00.0."))
            made.append((True, 13, 199, "1) With fever"))
            made.append((False, 12, 228, "Code A00.0 is sequenced before S00.0-."))
        elif line[3] == "Appendix I":
            made.append((True, 16, 165, "Made-up present on admission"))
        else:
            made.append((False, 12, 156, text))
    return pdf_of(
        [TITLE, contents_of(NUMBERED) if contents is None else contents, made if body is None else body]
    )


def official_file(name: str) -> Path:
    """A file of ICD-10-CM as published; skips where they are not."""
    here = Path(__file__).parents[3] / "shared" / "data"
    path = Path(os.environ.get("AHEAD_OFFICIAL_DATA") or here) / "icd10cm" / name
    if not path.is_file():
        if os.environ.get("AHEAD_REQUIRE_DATA") == "1":
            pytest.fail(f"the official files are not there (AHEAD_OFFICIAL_DATA): {path}")
        pytest.skip("the official files are not on this machine (AHEAD_OFFICIAL_DATA)")
    return path


class Held(NamedTuple):
    """A database with what was loaded into it; don't write to a session's."""

    url: str
    releases: Path
    loaded: tuple[Loaded, ...]


@dataclass(frozen=True)
class Opened:
    """What an application opens on a database."""

    catalog: Catalog
    reader: SourceReader
    guidelines: Guidelines
    indexes: Indexes


Open = Callable[[Held], Opened]


def load_into(url: str, folder: Path, paths: list[Path], options: Options | None = None) -> Held:
    migrations.upgrade(url, MIGRATIONS)
    outcome = CatalogLoader(url, folder / "releases").load(paths, options)
    return Held(url, folder / "releases", outcome.loaded)


@pytest.fixture
async def opened() -> AsyncGenerator[Open]:
    async with AsyncExitStack() as stack:

        def open_one(held: Held) -> Opened:
            database = Database(held.url)
            catalog = Catalog(database, held.releases)
            reader = SourceReader(catalog, CatalogRepository(database, held.releases), source_names())
            for closing in (database.close, catalog.close, reader.close):
                stack.push_async_callback(closing)
            return Opened(catalog, reader, Guidelines(reader), Indexes(reader))

        yield open_one


@pytest.fixture(scope="session")
def official_guidelines(tmp_path_factory: pytest.TempPathFactory) -> Held:
    folder = tmp_path_factory.mktemp("guidelines")
    path = official_file(GUIDELINES_PDF)
    return load_into(f"sqlite+aiosqlite:///{folder}/lookup.db", folder, [path])


@pytest.fixture(scope="session")
def official_indexes(tmp_path_factory: pytest.TempPathFactory) -> Held:
    folder = tmp_path_factory.mktemp("indexes")
    paths = [official_file(name) for name in (INDEX_2017, INDEX_2025, TABLES_2026)]
    return load_into(f"sqlite+aiosqlite:///{folder}/lookup.db", folder, paths)


def write_books(folder: Path) -> list[Path]:
    """A made-up tabular list of FY2026, with its index, its table of drugs, and guidelines."""
    files = {
        "icd10cm_tabular_2026.xml": TABULAR.format(year=2026, word="plain", more="").encode(),
        "icd10cm_index_2026.xml": INDEX.encode(),
        "icd10cm_drug_2026.xml": DRUGS.encode(),
        "icd10cm-guidelines-2026.pdf": guidelines_pdf(),
    }
    paths: list[Path] = []
    for name, content in files.items():
        paths.append(folder / name)
        paths[-1].write_bytes(content)
    return paths


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def each_database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], str]:
    """Gives an empty database, on each engine in turn; for what a whole session reads."""

    def make() -> str:
        if request.param == "sqlite":
            return f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('database')}/lookup.db"
        return str(request.getfixturevalue("postgres_server").new_database())

    return make


@pytest.fixture(scope="session")
def made_books(each_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Held:
    """Small made-up books, on each database in turn; don't write to it."""
    folder = tmp_path_factory.mktemp("made-books")
    return load_into(each_database(), folder, write_books(folder))


EDITIONS = ("icd10cm-2025-april.zip", "icd10cm-2026.zip", "icd10cm-2027.zip")
CONVERSIONS = "icd10cm-conversion-table-2026.xlsx"


@pytest.fixture(scope="session")
def official_editions(tmp_path_factory: pytest.TempPathFactory) -> Held:
    """The three official editions, the conversion table and the index of 2025: half a minute, so for one file only."""
    folder = tmp_path_factory.mktemp("editions")
    paths = [official_file(name) for name in (*EDITIONS, CONVERSIONS, INDEX_2025)]
    return load_into(f"sqlite+aiosqlite:///{folder}/lookup.db", folder, paths)


@pytest.fixture(scope="session")
def made_editions(each_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Held:
    """Two made-up editions on each database in turn: FY2026 begins with A00.1, which FY2027 doesn't have."""
    database_url, tmp_path = each_database(), tmp_path_factory.mktemp("made-editions")
    paths: list[Path] = []
    for year, word, more in ((2026, "plain", LEAVING), (2027, "simple", LATER)):
        paths.append(tmp_path / f"icd10cm_tabular_{year}.xml")
        paths[-1].write_text(TABULAR.format(year=year, word=word, more=more))
    held = load_into(database_url, tmp_path, paths[:1])
    return load_into(database_url, tmp_path, paths[1:])._replace(loaded=held.loaded)


Doors = Callable[..., Any]
ORIGIN = "http://127.0.0.1:8080"
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"


@pytest.fixture(scope="session")
def door_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the made-up books and two editions; copy it, don't write to it."""
    folder = tmp_path_factory.mktemp("door-data")
    (folder / "lookup").mkdir()
    paths = write_books(folder)
    paths[0].write_text(TABULAR.format(year=2026, word="plain", more=LEAVING))
    later = folder / "icd10cm_tabular_2027.xml"
    later.write_text(TABULAR.format(year=2027, word="simple", more=LATER))
    url = f"sqlite+aiosqlite:///{folder}/lookup/lookup.db"
    load_into(url, folder / "lookup", paths)
    load_into(url, folder / "lookup", [later])
    return folder


@pytest.fixture
async def doors(
    door_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, accounts: tuple[str, str]
) -> AsyncGenerator[Doors]:
    """`await doors(registered=...)` gives a browser on the application with the made-up books and two editions."""
    data = tmp_path / "data"
    (data / "lookup").mkdir(parents=True)
    for file in (door_data / "lookup").glob("lookup.db*"):
        shutil.copy(file, data / "lookup" / file.name)
    (data / "lookup" / "releases").symlink_to(door_data / "lookup" / "releases")
    monkeypatch.setenv("AHEAD_DATA", str(data))
    monkeypatch.setenv("AHEAD_GUEST_KEY", "a key for tests, at least 32 characters long")
    monkeypatch.setenv("AHEAD_URL_ACCOUNTS", accounts[0])
    monkeypatch.setenv("AHEAD_NATS_URL", "nats://127.0.0.1:1")
    async with AsyncExitStack() as stack:

        async def start(*, registered: bool = True, **values: str) -> AsyncTestClient[Litestar]:
            for name, value in values.items():
                monkeypatch.setenv(name, value)
            client = AsyncTestClient(create_app(load_settings(Settings)), base_url=ORIGIN)
            client.headers.update({"User-Agent": BROWSER, "Origin": ORIGIN})
            if registered:
                client.headers["Authorization"] = f"Bearer {accounts[1]}"
            return await stack.enter_async_context(client)

        yield start
