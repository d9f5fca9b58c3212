"""Damaged and hostile index books are refused with line and reason, and nothing of them is held."""

import random
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from icd10cm_books import DRUGS, INDEX
from sqlalchemy import create_engine, text

from ahead.lookup.catalog.loading.refusal import Refused
from ahead.lookup.catalog.loading.registry import CatalogLoader
from ahead.lookup.db import MIGRATIONS
from ahead.shared.db import migrations

Load = Callable[..., int]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Loads content as a file of that name; returns how many releases are held afterwards."""
    url = f"sqlite+aiosqlite:///{tmp_path}/lookup.db"
    migrations.upgrade(url, MIGRATIONS)

    def one(content: bytes, name: str = "icd10cm_index_2026.xml") -> int:
        path = tmp_path / name
        path.write_bytes(content)
        try:
            CatalogLoader(url, tmp_path / "releases").load([path])
        finally:
            engine = create_engine(url.replace("+aiosqlite", ""))
            with engine.connect() as connection:
                held = connection.execute(text("SELECT count(*) FROM releases")).scalar_one()
            engine.dispose()
            files = [file for file in (tmp_path / "releases").glob("*") if file.suffix in (".db", ".part")]
            assert len(files) == held, files
        return held

    return one


@pytest.mark.parametrize(
    ("old", "new", "reason", "line"),
    [
        ("</ICD10CM.index>", "", "cut off", None),
        ('level="2"', 'level="5"', "a term of level '5' where 2 is", 8),
        ("<code>A00.0</code>", "<code>A00.0</code><code>A00.1</code>", "a second <code>", 7),
        ("<code>A00.0</code>", "<codes>A00.0</codes>", "a <codes>, which this loader doesn't know", 7),
        ("<title>second</title>", "", "a term without a title", 13),
        ("<title>second</title>", "<diff><old>second</old></diff>", "is an addendum", 13),
        ("<mainTerm>", "<term level='1'>", "a <term> in a place where it can't stand", 6),
        ("made up", "x" * 5_000, "a text of more than 4000 characters", 6),
        ("<version>2026</version>", "", "doesn't say its year", None),
        ("INDEX TO DISEASES", "LIST OF WORDS", "doesn't say which index", None),
    ],
)
def test_what_is_not_understood_is_refused_with_its_line(
    load: Load, old: str, new: str, reason: str, line: int | None
) -> None:
    assert old in INDEX
    damaged = INDEX.replace(old, new, 1)
    if old == "<mainTerm>":
        damaged = damaged.replace("</mainTerm>", "</term>", 1)
    with pytest.raises(Refused) as refused:
        load(damaged.encode())
    assert reason in str(refused.value)
    if line is not None:
        assert refused.value.line == line


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('<cell col="3">', '<cell col="2">', "has column 2 twice"),
        ('<cell col="3">', '<cell col="8">', "without a column from 1 to 7"),
        ('<cell col="3">A00.0', '<cell col="3">=1+1', "where a code stands"),
        ('<head col="7">Underdosing</head>', "", "not the seven columns"),
        ("Substance", "Sausage", "a table of 'Sausage'"),
    ],
)
def test_a_table_with_other_columns_is_refused(load: Load, old: str, new: str, reason: str) -> None:
    assert old in DRUGS
    with pytest.raises(Refused, match=reason):
        load(DRUGS.replace(old, new, 1).encode())


def test_entities_are_refused_before_they_blow_up(load: Load) -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    bomb = INDEX.replace(
        "<ICD10CM.index>", f'<!DOCTYPE ICD10CM.index [<!ENTITY l0 "ha">{laughs}]>\n<ICD10CM.index>'
    ).replace("made up", "&l11;")
    with pytest.raises(Refused, match="document type or entities"):
        load(bomb.encode())
    outside = INDEX.replace(
        "<ICD10CM.index>", '<!DOCTYPE ICD10CM.index SYSTEM "file:///etc/passwd">\n<ICD10CM.index>'
    )
    with pytest.raises(Refused, match="document type or entities"):
        load(outside.encode())


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-16", "utf-8-sig"])
def test_another_encoding_is_read_as_declared_or_refused(load: Load, encoding: str) -> None:
    text = INDEX.replace("made up", "Sézary")
    if encoding in ("utf-16", "utf-8-sig"):
        declared = text.replace("utf-8", "utf-16" if encoding == "utf-16" else "utf-8")
        assert load(declared.encode(encoding)) == 1
        return
    with pytest.raises(Refused):
        load(text.encode(encoding))


def test_cut_anywhere_nothing_is_held(load: Load) -> None:
    content = INDEX.encode()
    for length in range(60, len(content) - 2, 97):
        with pytest.raises(Refused):
            load(content[:length])


def test_damage_anywhere_is_refused_or_whole(load: Load) -> None:
    """Random bytes in random places: a refusal, or a release that is held whole; never another error."""
    seeded = random.Random(20_261)
    for _ in range(120):
        content = bytearray(INDEX.encode())
        for _ in range(seeded.randint(1, 6)):
            content[seeded.randrange(len(content))] = seeded.randrange(256)
        with suppress(Refused):
            load(bytes(content))


def test_a_zip_bomb_and_a_way_out_of_a_zip_are_refused(load: Load, tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.zip"
    with (
        zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("icd10cm_index_2026.xml", "w") as member,
    ):
        member.write(INDEX.encode().replace(b"</ICD10CM.index>", b""))
        for _ in range(80):
            member.write(b" " * (1 << 20))
        member.write(b"</ICD10CM.index>")
    with pytest.raises(Refused, match="unpacks to"):
        load(bomb.read_bytes(), "icd10cm-index.zip")
    out = tmp_path / "out.zip"
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("../../icd10cm_index_2026.xml", INDEX)
    with pytest.raises(Refused, match="path to elsewhere"):
        load(out.read_bytes(), "icd10cm-index.zip")


def test_a_load_that_fails_leaves_what_was_held(load: Load) -> None:
    assert load(INDEX.encode()) == 1
    with pytest.raises(Refused):
        load(INDEX.replace("</ICD10CM.index>", "").replace("gone", "gone too").encode())
    assert load(INDEX.encode()) == 1, "the same again changes nothing"
    assert load(INDEX.replace("gone", "gone too").encode()) == 2, "another file is another release"
