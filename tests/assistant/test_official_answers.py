"""The built-in answerer over a real Case2Code with official files, on questions of the frozen set's tuning part.

The files that load quickly are enough for what they answer; the whole set is measured by `ahead bench assistant`.
"""

import asyncio
import importlib.util
import json
import os
import sys
from collections.abc import AsyncGenerator
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from ahead.assistant.answers.builtin import Builtin
from ahead.assistant.answers.port import Earlier, Turn
from ahead.assistant.answers.schemas import Answer
from ahead.assistant.answers.stream import Answering
from ahead.assistant.lookups.service import Lookup
from ahead.assistant.settings import Settings
from ahead.lookup import db
from ahead.lookup.app import create_app
from ahead.lookup.catalog.loading.registry import CatalogLoader
from ahead.lookup.settings import Settings as LookupSettings
from ahead.shared.auth.accounts_port import NoAccounts
from ahead.shared.auth.identity import Identity
from ahead.shared.auth.principal import Principal
from ahead.shared.settings import load

from .conftest import OwnKeys

ROOT = Path(__file__).parents[2]
FILES = (
    "reference/hcpcs_level2_modifiers_2024.csv",
    "reference/place_of_service_codes_2024.csv",
    "ncci/mue_practitioner_2024-07-01.csv",
    "ncci/mue_outpatient_hospital_2024-07-01.csv",
    "ncci/mue_dme_supplier_2024-07-01.csv",
    "ncci/addon_code_edits_2024-06-03.csv",
    "hcpcs/hcpcs_level2_2024q3_from_ANWEB.csv",
    "pfs/PPRRVU2025_Oct.csv",
    "pfs/GPCI2025.csv",
    "clfs/clfs-2026q2-rates-derived.csv",
    "msdrg/ipps-fy2026-tables.zip",
    "icd9cm/CMS32_DESC_LONG_SHORT_DX.xlsx",
)
ANSWERED_BY = frozenset(
    {"mue", "addon", "global", "work", "fee", "lab", "hcpcs", "modifier", "place", "weight", "nothing"}
)
ASKER = Principal(kind="account", id="1", plan="pro")


@pytest.fixture(scope="session")
def official() -> Path:
    folder = ROOT / (os.environ.get("AHEAD_OFFICIAL_DATA") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        reason = "the official files are not on this machine (AHEAD_OFFICIAL_DATA)"
        (pytest.fail if os.environ.get("AHEAD_REQUIRE_DATA") == "1" else pytest.skip)(reason)
    return folder


@pytest.fixture(scope="session")
def held(tmp_path_factory: pytest.TempPathFactory, official: Path) -> Path:
    """A data folder with the official files that load quickly; don't write to it."""
    folder = tmp_path_factory.mktemp("official-answers")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AHEAD_DATA", str(folder))
        settings = load(LookupSettings)
        db.upgrade(settings)
        CatalogLoader(settings.database, settings.releases_dir).load([official / name for name in FILES])
    return folder


class Peers(httpx.AsyncBaseTransport):
    """Case2Code in this process; in the place of accounts a signer of real tokens."""

    def __init__(self, keys: OwnKeys, lookup: httpx.AsyncBaseTransport) -> None:
        self._keys, self._lookup = keys, lookup
        self.asked: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == "accounts":
            token = self._keys.token("s:assistant", scopes=["lookup:read-all"])
            return httpx.Response(200, json={"token": token, "expires_at": 4_000_000_000})
        self.asked.append(f"{request.method} {request.url.path}")
        return await self._lookup.handle_async_request(request)


@pytest.fixture
async def lookup(held: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Lookup]:
    for name, value in {
        "AHEAD_DATA": str(held),
        "AHEAD_GUEST_KEY": "g" * 40,
        "AHEAD_NATS_URL": "nats://127.0.0.1:1",
        "AHEAD_URL_ACCOUNTS": "http://accounts",
        "AHEAD_URL_LOOKUP": "http://lookup",
        "AHEAD_ASSISTANT_LOOKUP_SECONDS": "30",
    }.items():
        monkeypatch.setenv(name, value)
    keys = OwnKeys()
    settings = load(LookupSettings)
    identity = Identity(settings.shared, key_source=keys, accounts=NoAccounts())
    app = create_app(settings, identity=identity)
    started, stop = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        async with app.lifespan():
            started.set()
            await stop.wait()

    life = asyncio.create_task(live())
    await asyncio.wait_for(started.wait(), 60)
    transport = Peers(keys, httpx.ASGITransport(app=app, client=("10.0.0.1", 40000)))
    reached = Lookup(load(Settings), transport)
    yield reached
    await reached.aclose()
    stop.set()
    await asyncio.wait_for(life, 60)


async def answered(lookup: Lookup, turns: list[str], as_of: date) -> Answer:
    """The last of the turns of one conversation, through the gate."""
    history: list[Earlier] = []
    for question in turns:
        one = Answering("id", "conversation", Builtin(), Turn(ASKER, question, as_of, None, history, lookup))
        async for _ in one.events():
            pass
        history.append(Earlier(question, as_of, one.answer))
    return history[-1].answer


def text_of(answer: Answer) -> str:
    return " ".join(one.text for one in answer.sentences)


def module(name: str, path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    sys.modules[name] = made
    spec.loader.exec_module(made)
    return made


async def test_questions_of_the_tuning_part_are_answered_right(lookup: Lookup, official: Path) -> None:
    folder = ROOT / "tests" / "eval"
    half_of = module("halves", folder / "halves.py").half_of
    deriving = module("deriving", folder / "assistant" / "deriving.py")
    bench = module("bench_assistant", ROOT / "tests" / "bench" / "bench_assistant.py")
    rows = [
        json.loads(line)
        for line in (folder / "assistant" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    rows = [
        row
        for row in rows
        if half_of(row["id"]) == "tuning" and {one["derive"] for one in row["expect"]} <= ANSWERED_BY
    ][::3]
    assert len(rows) > 30
    sources = deriving.Sources(official)
    known = sources.known()
    wrong: list[str] = []
    for row in rows:
        as_of = date.fromisoformat(row["as_of"]) if row["as_of"] else date(2026, 11, 30)
        answer = await answered(lookup, row["turns"], as_of)
        scored = bench.score(row, json.loads(msgspec.json.encode(answer)), sources, known)
        assert not scored["invented"], (row["id"], scored["invented"])
        assert scored["resolving"] == scored["citations"]
        if not scored["right"]:
            wrong.append(f"{row['id']}: {text_of(answer)}")
    assert len(wrong) <= len(rows) * 0.05, wrong


@pytest.mark.parametrize(
    ("question", "day", "fact"),
    [
        ("established patient, moderate problems, limited data, moderate risk", "2026-01-05", "99214"),
        ("established patient, 41 minutes total time", "2026-01-05", "99215"),
        ("ED visit, 50 minutes with the patient, what level?", "2026-01-05", "Time is never used"),
        ("can modifier 50 be used with 20610", "2025-11-15", "BILAT SURG 1"),
        ("what is modifier 25", "2026-01-05", "our words"),
        ("MUE for 99213", "2024-08-01", "Practitioner MUE"),
        ("Medicare fee for 99213 in zip 35203", "2025-11-15", "No edition of ZIP codes"),
    ],
)
async def test_each_kind_of_question_is_answered_or_says_what_is_missing(
    lookup: Lookup, question: str, day: str, fact: str
) -> None:
    answer = await answered(lookup, [question], date.fromisoformat(day))
    assert fact.lower() in text_of(answer).lower(), text_of(answer)


async def test_no_edition_is_told_apart_from_none_and_cites_nothing(lookup: Lookup) -> None:
    before = await answered(lookup, ["MUE for 99213 on 2019-03-01"], date(2026, 11, 30))
    assert before.status == "not_in_sources"
    assert before.citations == ()
    assert "No edition held for this date" in text_of(before)
    unlisted = await answered(lookup, ["DME supplier MUE for 27447"], date(2024, 8, 1))
    assert unlisted.status == "answered"
    assert "no published limit" in text_of(unlisted)
    assert unlisted.citations[0].source.startswith("mue_dme_supplier")


async def test_a_quarter_that_is_not_held_is_told_by_the_same_years_schedule_and_says_so(
    lookup: Lookup,
) -> None:
    inside = await answered(lookup, ["global days of 27447"], date(2025, 11, 15))
    assert inside.status == "answered"
    same_year = await answered(lookup, ["global days of 27447"], date(2025, 6, 1))
    assert same_year.status == "partly"
    assert "Not checked for 2025-06-01" in text_of(same_year)
    assert "90 days" in text_of(same_year)
    another_year = await answered(lookup, ["global days of 27447"], date(2024, 6, 1))
    assert another_year.status == "not_in_sources"


async def test_a_code_that_no_edition_has_is_not_named_and_not_explained(lookup: Lookup) -> None:
    answer = await answered(lookup, ["what is J9998"], date(2024, 8, 1))
    assert answer.status == "not_in_sources"
    assert "J9998" not in text_of(answer)
    assert answer.codes == ()


async def test_what_is_refused_asks_case2code_nothing(lookup: Lookup) -> None:
    transport = lookup._client._client._transport  # pyright: ignore[reportPrivateUsage]
    assert isinstance(transport, Peers)
    answer = await answered(lookup, ["what does Aetna pay for 99213"], date(2025, 11, 15))
    assert answer.status == "not_in_sources"
    assert transport.asked == []


async def test_only_the_public_api_is_asked(lookup: Lookup) -> None:
    transport = lookup._client._client._transport  # pyright: ignore[reportPrivateUsage]
    assert isinstance(transport, Peers)
    await answered(lookup, ["what is J1885", "MUE?", "and which modifiers?"], date(2024, 8, 1))
    assert transport.asked
    assert all(one.split()[1].startswith("/api/lookup/v1/") for one in transport.asked)
