"""The official HCPCS files loaded once for the run, made-up editions in each layout, and the application over them."""

import os
import textwrap
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import NamedTuple

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

from ahead.lookup import db
from ahead.lookup.app import create_app
from ahead.lookup.catalog.loading.icd10cm_release import Options, Statement
from ahead.lookup.catalog.loading.registry import CatalogLoader, source_names
from ahead.lookup.catalog.loading.sources import Loaded
from ahead.lookup.catalog.reading import SourceReader
from ahead.lookup.catalog.repository import CatalogRepository
from ahead.lookup.catalog.service import Catalog
from ahead.lookup.db import MIGRATIONS
from ahead.lookup.hcpcs.service import Hcpcs
from ahead.lookup.search.building import build_index
from ahead.lookup.settings import Settings
from ahead.shared.db import migrations
from ahead.shared.db.engine import Database
from ahead.shared.settings import load

Client = AsyncTestClient[Litestar]
Start = Callable[..., Awaitable[Client]]
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"
ON = "2026-11-15"


def official_folder(part: str) -> Path:
    """A folder of the official files; skips where they are not."""
    here = Path(__file__).parents[4] / "shared" / "data"
    folder = Path(os.environ.get("AHEAD_OFFICIAL_DATA") or here) / part
    if not folder.is_dir():
        if os.environ.get("AHEAD_REQUIRE_DATA") == "1":
            pytest.fail(f"the official files are not there (AHEAD_OFFICIAL_DATA): {folder}")
        pytest.skip("the official files are not on this machine (AHEAD_OFFICIAL_DATA)")
    return folder


class Official(NamedTuple):
    url: str
    releases: Path
    loaded: tuple[Loaded, ...]


@pytest.fixture(scope="session")
def hcpcs_folder() -> Path:
    return official_folder("hcpcs")


@pytest.fixture(scope="session")
def reference_folder() -> Path:
    return official_folder("reference")


@pytest.fixture(scope="session")
def official(
    tmp_path_factory: pytest.TempPathFactory, hcpcs_folder: Path, reference_folder: Path
) -> Official:
    """A database with every official file of HCPCS and the lists beside it; don't write to it."""
    folder = tmp_path_factory.mktemp("hcpcs")
    url = f"sqlite+aiosqlite:///{folder}/lookup.db"
    migrations.upgrade(url, MIGRATIONS)
    files = [*sorted(hcpcs_folder.iterdir()), *sorted(reference_folder.iterdir())]
    outcome = CatalogLoader(url, folder / "releases").load(files)
    assert not outcome.left_out
    return Official(url, folder / "releases", outcome.loaded)


class Held(NamedTuple):
    catalog: Catalog
    hcpcs: Hcpcs


Opened = Callable[[str, Path], Held]


@pytest.fixture
async def opened() -> AsyncGenerator[Opened]:
    async with AsyncExitStack() as stack:

        def open_one(url: str, releases: Path) -> Held:
            database = Database(url)
            catalog = Catalog(database, releases)
            repository = CatalogRepository(database, releases)
            for closing in (database.close, catalog.close, repository.close):
                stack.push_async_callback(closing)
            return Held(catalog, Hcpcs(SourceReader(catalog, repository, source_names())))

        yield open_one


@pytest.fixture
def real(official: Official, opened: Opened) -> Held:
    return opened(official.url, official.releases)


class Made:
    """Loads made-up files and asks about them."""

    def __init__(self, url: str, folder: Path, opened: Opened) -> None:
        self.url, self.folder, self.releases, self._opened = url, folder, folder / "releases", opened

    def file(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def load(self, *paths: Path, options: Options | None = None) -> tuple[Loaded, ...]:
        return CatalogLoader(self.url, self.releases).load(paths, options).loaded

    def held(self) -> Held:
        return self._opened(self.url, self.releases)


@pytest.fixture
def made(database_url: str, tmp_path: Path, opened: Opened) -> Made:
    migrations.upgrade(database_url, MIGRATIONS)
    return Made(database_url, tmp_path, opened)


@pytest.fixture
def small(tmp_path: Path, opened: Opened) -> Made:
    """As `made`, on SQLite only: for what doesn't depend on the database."""
    url = f"sqlite+aiosqlite:///{tmp_path}/lookup.db"
    migrations.upgrade(url, MIGRATIONS)
    return Made(url, tmp_path, opened)


def record(key: str, text: str, short: str = "Made up", **at: str) -> str:
    """Lines of the ANWEB text for one code or modifier, by the published places; its text goes on where it must."""
    kinds = "78" if len(key) == 2 else "34"
    places = {"pricing": 120, "multiple": 128, "coverage": 230, "betos": 257, "tos": 261, "units": 266,
              "added": 269, "acted": 277, "ended": 285, "action": 293, "xref": 205, "lab": 181}  # fmt: skip
    values = {"coverage": "C", "added": "20200101", "acted": "20200101", "action": "N", "units": "  0"} | at
    pieces = textwrap.wrap(text, 80) or [""]
    lines: list[str] = []
    for number, piece in enumerate(pieces):
        line = list(f"{key:>5}{(number + 1) * 100:05d}{kinds[min(number, 1)]}{piece}".ljust(320))
        if number == 0:
            line[91:119] = short.ljust(28)
            for name, value in values.items():
                start = places[name] - 1
                line[start : start + len(value)] = value
        lines.append("".join(line))
    return "".join(f"{line}\r\n" for line in lines)


CODES = (
    record("AA", "Made-up anesthesia modifier")
    + record(
        "A4299",
        "Made-up gadget, custom fabricated, each",
        "Made-up gadget",
        pricing="32",
        betos="D1E",
        tos="P",
    )
    + record("J3999", "Injection, madeupin, 10 mg", "Madeupin inj", pricing="51", betos="O1E", tos="1")
    + record("J3998", "Injection, madeupin and otherin, 10 mg and 5 mg", pricing="51")
    + record("J3997", "Made-up drugs, not otherwise classified", pricing="51")
    + record("K0999", "Made-up item that ended", ended="20261031", action="D", xref="A4299")
)
LONG = (
    "Made-up notice: the American Medical Association stands here.\n\n"
    "11042\tInvented description for a test, zebrafish surgery\n"
    "99213\tInvented description for a test, zebrafish visit\n"
)
SECRET = "zebrafish"
GROUPS = (
    "hcpcs_code,rbcs_procedure,rbcs_category,rbcs_subcategory,rbcs_family,hcpcs_date_added,hcpcs_date_ended,"
    "rbcs_date_effective\n"
    "11042,Major,Procedure,Made-up repairs,Older group,2000-01-01,9999-12-31,2017-01-01\n"
    "11042,Major,Procedure,Made-up repairs,Quokka grooming,2000-01-01,9999-12-31,2020-01-01\n"
    "99213,Non-Procedure,E & M,Made-up visits,No RBCS Family,2000-01-01,9999-12-31,2017-01-01\n"
)
PTP = (
    "column_1\tcolumn_2\tdeletion_date\tmodifier_indicator\trationale\n"
    "11042\t97597\t*\t1\tMade-up rationale\n11042\t97598\t*\t0\tMade-up rationale\n"
)


def prepare(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Loads the made-up editions into the data folder of the settings, and makes the search index."""
    files = {
        "HCPC2026_OCT_ANWEB.txt": CODES, "CPT 2026 LONGULT.txt": LONG, "ptp_practitioner_2026q4.tsv": PTP,
        "rbcs_2026.csv": GROUPS,
        "noc_codes_2026q4.csv": "hcpcs,long_description,add_date,term_date\nJ3997,Made-up,2020-01-01,\n",
    }  # fmt: skip
    for name, text in files.items():
        (folder / name).write_text(text)
    patch.setenv("AHEAD_DATA", str(folder / "data"))
    settings = load(Settings)
    db.upgrade(settings)
    options = Options(licence=Statement("Made-up Clinic", "a tester"))
    paths = [folder / name for name in files]
    CatalogLoader(settings.database, settings.releases_dir).load(paths, options)
    build_index(settings)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("procedures")
    with pytest.MonkeyPatch.context() as patch:
        prepare(folder, patch)
    return folder / "data"


@pytest.fixture(scope="session")
def prepared_for_everybody(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As an operator has it whose licence lets everybody see the text."""
    folder = tmp_path_factory.mktemp("public-procedures")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AHEAD_LOOKUP_CPT_TITLES", "public")
        prepare(folder, patch)
    return folder / "data"


@pytest.fixture
async def start(
    prepared: Path, monkeypatch: pytest.MonkeyPatch, accounts: tuple[str, str]
) -> AsyncGenerator[Start]:
    """`await start()` serves the made-up editions; with `account=True` to somebody who is logged in."""
    for name, value in {
        "DATA": str(prepared), "GUEST_KEY": "a key for tests, at least 32 characters long", "URL_ACCOUNTS": accounts[0],
        "NATS_URL": "nats://127.0.0.1:1", "LOOKUP_VIEWS_GUEST": "50", "LOOKUP_VIEWS_FREE": "500",
    }.items():  # fmt: skip
        monkeypatch.setenv(f"AHEAD_{name}", value)
    async with AsyncExitStack() as stack:

        async def serve(*, account: bool = False, **values: str) -> Client:
            for name, value in values.items():
                monkeypatch.setenv(name, value)
            client = AsyncTestClient(create_app(load(Settings)), base_url="http://127.0.0.1:8080")
            client.headers["User-Agent"] = BROWSER
            if account:
                client.headers["Authorization"] = f"Bearer {accounts[1]}"
            return await stack.enter_async_context(client)

        yield serve
