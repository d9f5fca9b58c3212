"""Damaged files of every form, by a seed: each is refused with a reason, or read whole; nothing is held in between."""

import random
import zlib
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from ahead.lookup.catalog.loading.files import InputFile
from ahead.lookup.catalog.loading.icd10cm_release import Options, Statement
from ahead.lookup.catalog.loading.refusal import Refused
from ahead.lookup.cpt.loading.source import CptSource
from ahead.lookup.hcpcs.loading import derived
from ahead.lookup.hcpcs.loading.source import HcpcsSource
from ahead.lookup.hcpcs.loading.workbook import ANWEB

from .conftest import Made
from .test_layouts import DERIVED, EDITION, workbook_row

ROUNDS = 10
LONG = "Made up for the American Medical Association's layout.\n\n00100\tInvented text one\n99213\tInvented text two\n"


def workbook(folder: Path) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(ANWEB))
    for number in range(5):
        sheet.append(workbook_row(f"A429{number}", "3"))
    book.save(folder / "whole.xlsx")
    return (folder / "whole.xlsx").read_bytes()


def truncated(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(1, len(data))]


def flipped(data: bytes, chance: random.Random) -> bytes:
    places = [chance.randrange(len(data)) for _ in range(chance.randrange(1, 6))]
    return bytes(chance.randrange(256) if n in places else byte for n, byte in enumerate(data))


def recoded(data: bytes, _: random.Random) -> bytes:
    return data.decode("latin-1").encode("utf-16")


def swapped(data: bytes, chance: random.Random) -> bytes:
    """Two stretches of a line change places, as when columns do."""
    one, two = sorted(chance.sample(range(len(data) - 12), 2))
    return data[:one] + data[two : two + 12] + data[one + 12 : two] + data[one : one + 12] + data[two + 12 :]


def doubled(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + data[at // 2 :]


DAMAGES: list[Callable[[bytes, random.Random], bytes]] = [truncated, flipped, recoded, swapped, doubled]
FORMS: dict[str, str] = {
    "HCPC2026_OCT_ANWEB.txt": EDITION,
    "hcpcs_2026q4.csv": DERIVED,
    "noc_2026q4.csv": ",".join(derived.NOC) + "\nA4299,Made up,2020-01-01,\n",
    "modifiers_2026.csv": ",".join(derived.MODIFIERS) + "\nA1,HCPCS,,Made up\nA2,HCPCS,,Made up too\n",
    "places_2026.csv": ",".join(derived.PLACES) + "\n11,Non-Facility,Made up,Made up\n",
    "rbcs_2026.csv": ",".join(derived.RBCS)
    + "\nA4299,Other,Made up,Made up,No RBCS Family,2020-01-01,9999-12-31,2020-01-01\n",
    "CPT 2026 LONGULT.txt": LONG,
    "CPT 2026 table.csv": "code,long,short\n99213,Invented,INVENTED\n00100,Invented,INVENTED\n",
    "HCPC2026_OCT_anweb.xlsx": "",
}


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
@pytest.mark.parametrize("name", FORMS)
async def test_a_damaged_file_is_refused_or_read_whole(
    small: Made, name: str, damage: Callable[[bytes, random.Random], bytes]
) -> None:
    chance = random.Random(zlib.crc32(f"{name} {damage.__name__}".encode()))
    whole = FORMS[name].encode() if FORMS[name] else workbook(small.folder)
    held = refused = 0
    for _ in range(3 if damage is recoded else ROUNDS):
        path = small.file(name, damage(whole, chance))
        options = Options(licence=Statement("Made-up Clinic", "a tester"))
        claimed = [work for source in (HcpcsSource(), CptSource()) for work in _claims(source, path, options)]
        if not claimed:
            continue
        try:
            held += sum(one.new for one in small.load(path, options=options))
        except Refused:
            refused += 1
    catalog = small.held().catalog
    catalog.forget_releases()
    releases = await catalog.releases()
    assert len(releases) == held
    assert held + refused <= ROUNDS
    for release in releases:
        if release.nodes:
            assert len(await catalog.stretch(release.id, 0, 100)) == release.nodes


def _claims(source: HcpcsSource | CptSource, path: Path, options: Options) -> list[object]:
    try:
        return list(source.claim([InputFile(path)], options))
    except Refused:
        return []
