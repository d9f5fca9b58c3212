"""Damaged, disguised and hostile files: refused with line and reason, and what was held stays as it was."""

import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ahead.lookup.catalog.loading.refusal import Refused

sys.path.insert(0, str(Path(__file__).parent))
import made_files as files

GPCI = files.GPCI.format(year=2025)
LOCALITIES = files.LOCALITIES.format(year=2025)
ZIP = files.zip_line() + files.zip_line("00002")
ZIP9 = files.zip9_line("0001") + files.zip9_line("0002", "99")
PLACE = "99102,ZZ,01,MADE UP CITY,1,1.1,0.5"
ROW = files.ROWS[0]


def swapped(text: str, header: str, one: int, other: int) -> str:
    """Columns exchanged below the line that begins so; without it in the header, too."""
    lines = text.split("\r\n")
    first = next(n for n, line in enumerate(lines) if line.startswith(header))
    for number in range(first, len(lines)):
        cells = lines[number].split(",")
        if len(cells) > max(one, other):
            cells[one], cells[other] = cells[other], cells[one]
            lines[number] = ",".join(cells)
    return "\r\n".join(lines)


BROKEN: dict[str, tuple[str, str | bytes, str]] = {
    "values cut off in a number": ("PPRRVU2025_Oct.csv", files.short()[:-3], "AMOUNT|units|cells"),
    "values cut off in a line": ("PPRRVU2025_Oct.csv", files.short()[:-40], "cells"),
    "values in UTF-16": ("PPRRVU2025_Oct.csv", files.short().encode("utf-16"), ""),
    "columns exchanged with their names": (
        "PPRRVU2025_Oct.csv",
        swapped(files.short(), "HCPCS", 5, 6),
        "headed",
    ),
    "columns exchanged under their names": (
        "PPRRVU2025_Oct.csv",
        swapped(files.short(), "A0001", 5, 11),
        "sum of its parts",
    ),
    "a formula": ("PPRRVU2025_Oct.csv", files.short(ROW.replace("1.00,2.00", "=1+0,2.00")), "units"),
    "a formula as code": ("PPRRVU2025_Oct.csv", files.short("=A1+1" + ROW[5:]), "code"),
    "a number in words": ("PPRRVU2025_Oct.csv", files.short(ROW.replace("2.00", "two")), "units"),
    "a code twice": ("PPRRVU2025_Oct.csv", files.short(ROW, ROW), "second time"),
    "two conversion factors": (
        "PPRRVU2025_Oct.csv",
        files.short(ROW, files.ROWS[1].replace("30.0000", "31.0000")),
        "second conversion factor",
    ),
    "an unknown status": ("PPRRVU2025_Oct.csv", files.short(ROW.replace(",A,", ",Z,")), "status"),
    "shares that don't add up": (
        "PPRRVU2025_Oct.csv",
        files.short(files.ROWS[1].replace("0.70", "0.90")),
        "add up",
    ),
    "values without a row": ("PPRRVU2025_Oct.csv", files.SHORT + "\r\n", "no code"),
    "a quotation mark that doesn't end": (
        "PPRRVU2025_Oct.csv",
        files.short(ROW.replace(",x,", ',"x,')),
        "read",
    ),
    "published, without the names' upper rows": (
        "PPRRVU2025_Jan.csv",
        files.published(2025, "January").replace("GLOB,PRE", "PRE,GLOB"),
        "headed",
    ),
    "indices cut off": ("GPCI2025.csv", GPCI[:-4], "cut off"),
    "indices exchanged": ("GPCI2025.csv", swapped(GPCI, "Medicare", 0, 2), ""),
    "an index that is none": ("GPCI2025.csv", GPCI.replace("1,1.1,0.5", "1,110,0.5"), "around 1"),
    "a formula among the indices": ("GPCI2025.csv", GPCI.replace("1.1", "=1.1"), "index"),
    "a formula as name": ("GPCI2025.csv", GPCI.replace("MADE UP CITY", "=HYPERLINK(1)"), "name"),
    "a locality twice": ("GPCI2025.csv", GPCI.replace(PLACE, f"{PLACE}\r\n{PLACE}"), "second time"),
    "indices not UTF-8": ("GPCI2025.csv", GPCI.replace("CITY", "CITÉ").encode("latin-1"), "UTF-8"),
    "localities without a state": ("25LOCCO.csv", LOCALITIES.replace("MADE UP ,", ",", 1), "state"),
    "localities cut off": ("25LOCCO.csv", LOCALITIES.rstrip(), "cut off"),
    "a contractor in words": ("25LOCCO.csv", LOCALITIES.replace("1102,0", "none,0"), "contractor"),
    "a formula as county": ("25LOCCO.csv", LOCALITIES.replace("ALL COUNTIES", "@SUM(A1)"), "counties"),
    "factors cut off": ("ANES2025.csv", files.ANESTHESIA.split("21.00")[0] + "21.0", "factor"),
    "factors exchanged": ("ANES2025.csv", swapped(files.ANESTHESIA, "99102", 0, 3), "contractor"),
    "a formula as factor": ("ANES2025.csv", files.ANESTHESIA.replace("21.00", "=21.00"), "factor"),
    "caps cut off": ("RVU25A_OPPSCAP_Jan.csv", files.CAPS.split("20.00")[0] + "20.0", "price"),
    "caps exchanged": ("RVU25A_OPPSCAP_Jan.csv", swapped(files.CAPS, "A0001", 3, 5), ""),
    "a formula as price": ("RVU25A_OPPSCAP_Jan.csv", files.CAPS.replace("10.00", "=10.0"), "price"),
    "ZIP codes cut off": ("ZIP5.txt", ZIP[:-30], "80 characters"),
    "a ZIP code twice": ("ZIP5.txt", files.zip_line() * 2, "second time"),
    "ZIP codes of two quarters": (
        "ZIP5.txt",
        files.zip_line() + files.zip_line("00002", quarter="20252"),
        "quarter",
    ),
    "ZIP+4 codes cut off": ("ZIP9.txt", ZIP9[:-30], "80 characters"),
    "a ZIP+4 code twice": ("ZIP9.txt", files.zip9_line("0001") * 2, "second time"),
    "ZIP+4 codes of two quarters": (
        "ZIP9.txt",
        ZIP9 + files.zip9_line("0009", quarter="20252"),
        "quarter",
    ),
    "ZIP+4 with columns exchanged": ("ZIP9.txt", ZIP9 + "00003ZZ" + ZIP9[7:82], "80 characters"),
    "ZIP+4 codes not UTF-8": ("ZIP9.txt", ZIP9.encode() + b"Z\xe9" + ZIP9[2:82].encode(), "UTF-8"),
    "a formula among ZIP+4 codes": ("ZIP9.txt", ZIP9 + "=1+1\r\n", "80 characters"),
    "a ZIP code in letters": ("ZIP5.txt", files.zip_line() + files.zip_line("A0002"), "80 characters"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_whole(made_here: Any, name: str) -> None:
    file_name, content, reason = BROKEN[name]
    path = made_here.file(file_name, content)
    with pytest.raises(Refused, match=f"(?i){reason}"):
        made_here.load(path)
    assert not list(made_here.releases.glob("*.db"))
    assert not list(made_here.releases.glob("*.part*"))


GOOD: dict[str, Callable[[], str]] = {
    "PPRRVU2025_Oct.csv": files.short,
    "PPRRVU2025_Jan.csv": lambda: files.published(2025, "January"),
    "GPCI2025.csv": lambda: GPCI,
    "25LOCCO.csv": lambda: LOCALITIES,
    "ANES2025.csv": lambda: files.ANESTHESIA,
    "RVU25A_OPPSCAP_Jan.csv": lambda: files.CAPS,
    "ZIP5.txt": lambda: ZIP,
    "ZIP9.txt": lambda: ZIP9,
}


@pytest.mark.parametrize("name", GOOD)
def test_bytes_changed_at_random_never_crash_a_loader(made_here: Any, name: str, long_run: bool) -> None:
    good = GOOD[name]().encode()
    draw = random.Random(20251001)
    held = 0
    for _ in range(200 if long_run else 25):
        content = bytearray(good)
        for _ in range(draw.choice((1, 2, 8))):
            kind, place = draw.randrange(4), draw.randrange(len(content))
            if kind == 0:
                content[place] = draw.randrange(256)
            elif kind == 1:
                del content[place : place + draw.randrange(1, 40)]
            elif kind == 2:
                content[place:place] = draw.choice(
                    (b"=1+1", b"\x00", b'"', b",,", b"\xff\xfe", b"\r\n", b"9" * 50)
                )
            else:
                content = content[:place]
            if not content:
                break
        try:
            made_here.load(made_here.file(name, bytes(content)))
        except Refused:
            continue
        held += 1
    assert len(list(made_here.releases.glob("*.part*"))) == 0
    assert held < (150 if long_run else 20)


def test_a_refused_file_leaves_what_was_held(made_here: Any) -> None:
    made_here.load(made_here.file("PPRRVU2025_Oct.csv", files.short()))
    before = sorted(path.name for path in made_here.releases.glob("*.db"))
    broken = made_here.file("PPRRVU2025_Oct.csv", files.short(ROW, ROW))
    with pytest.raises(Refused):
        made_here.load(broken)
    assert sorted(path.name for path in made_here.releases.glob("*.db")) == before
