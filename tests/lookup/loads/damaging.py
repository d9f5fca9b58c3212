"""Official files taken apart, made small, damaged as it happens and as somebody may try, and packed again."""

import gzip
import io
import random
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

LINES = 400
"""Lines that are left of a table: enough to be read, few enough to be read often."""
WHOLE = (
    "icd10cm-2025-april.zip",
    "icd10cm-2026.zip",
    "ipps-fy2026-tables.zip",
    "msdrg-v40-appendix-a.txt",
)
"""Whose reader sees that lines are missing at the end: made small they would be refused for that."""
BOMB = 24 << 20
TABLES = (".csv", ".txt", ".tsv")
FORMULA = '=HYPERLINK("http://127.0.0.1/")'


@dataclass(frozen=True)
class Packed:
    """A file by its members; a file that is not an archive has one, of its own name."""

    name: str
    members: tuple[tuple[str, bytes], ...]

    @property
    def archive(self) -> bool:
        return self.name.endswith((".zip", ".xlsx"))

    def write(self, folder: Path) -> Path:
        path = folder / self.name
        path.write_bytes(self.bytes())
        return path

    def bytes(self) -> bytes:
        if self.archive:
            out = io.BytesIO()
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
                for name, content in self.members:
                    archive.writestr(name, content)
            return out.getvalue()
        content = self.members[0][1]
        return gzip.compress(content, 1) if self.name.endswith(".gz") else content


def opened(path: Path) -> Packed:
    if path.suffix in (".zip", ".xlsx"):
        with zipfile.ZipFile(path) as archive:
            members = tuple(
                (one.filename, archive.read(one)) for one in archive.infolist() if not one.is_dir()
            )
        return Packed(path.name, members)
    if path.suffix == ".gz":
        with gzip.open(path, "rb") as file:
            head = b"".join(file.readline() for _ in range(LINES))
        return Packed(path.name, ((path.name, head),))
    return Packed(path.name, ((path.name, path.read_bytes()),))


def small(packed: Packed) -> Packed:
    """With the first lines of each table only; books and workbooks stay whole."""
    if packed.name in WHOLE:
        return packed
    return replace(
        packed,
        members=tuple(
            (name, _head(content) if _is_table(name, packed) else content) for name, content in packed.members
        ),
    )


def _head(content: bytes) -> bytes:
    lines = content.split(b"\n", LINES)
    return content if len(lines) <= LINES else b"\n".join(lines[:LINES]) + b"\n"


def _is_table(name: str, packed: Packed) -> bool:
    return name.lower().removesuffix(".gz").endswith(TABLES) and not packed.name.endswith(".xlsx")


Damage = Callable[[Packed, random.Random], Packed | bytes]


def _one(packed: Packed, dice: random.Random, change: Callable[[bytes], bytes]) -> Packed:
    """One member is changed: of a workbook a sheet."""
    names = [n for n, _ in packed.members]
    if packed.name.endswith(".xlsx"):
        names = [n for n in names if "worksheets/sheet" in n] or names
    chosen = dice.choice(names)
    return replace(packed, members=tuple((n, change(c) if n == chosen else c) for n, c in packed.members))


def cut_off(packed: Packed, dice: random.Random) -> bytes:
    """The file as a download that ended early."""
    content = packed.bytes()
    return content[: dice.randrange(1, max(2, len(content) - 1))]


def cut_inside(packed: Packed, dice: random.Random) -> Packed:
    """A whole archive whose member was cut off before it was packed."""
    return _one(packed, dice, lambda content: content[: dice.randrange(max(1, len(content)))])


def other_encoding(packed: Packed, dice: random.Random) -> Packed:
    encoding = dice.choice(("utf-16", "utf-32", "cp037"))
    return _one(packed, dice, lambda content: content.decode("latin-1").encode(encoding, "replace"))


def stray_bytes(packed: Packed, dice: random.Random) -> Packed:
    def change(content: bytes) -> bytes:
        made = bytearray(content)
        for _ in range(dice.randint(1, 6)):
            at = dice.randrange(len(made)) if made else 0
            made[at : at + dice.randint(0, 8)] = dice.randbytes(dice.randint(0, 8))
        return bytes(made)

    return _one(packed, dice, change)


def swapped_columns(packed: Packed, dice: random.Random) -> Packed:
    """Two columns exchanged in all lines, or below the heading only: the first two, or any two of them."""

    def change(content: bytes) -> bytes:
        if b"<worksheet" in content[:2_000]:
            return _swapped_cells(content, *dice.sample((b"A", b"B", b"C", b"D"), 2))
        lines = content.split(b"\n")
        mark = _mark(content)
        width = len(lines[len(lines) // 2].split(mark))
        first, other = dice.sample(range(width), 2) if width > 1 else (0, 0)
        for number in range(dice.choice((0, 1)), len(lines)):
            cells = lines[number].rstrip(b"\r").split(mark)
            if len(cells) > max(first, other):
                cells[first], cells[other] = cells[other], cells[first]
                lines[number] = mark.join(cells)
        return b"\n".join(lines)

    return _one(packed, dice, change)


def _swapped_cells(sheet: bytes, one: bytes, other: bytes) -> bytes:
    exchanged = {one: other, other: one}

    def renamed(match: re.Match[bytes]) -> bytes:
        return b'<c r="' + exchanged.get(match[1], match[1]) + match[2] + b'"'

    return re.sub(rb'<c r="([A-Z]+)([0-9]+)"', renamed, sheet)


def _mark(content: bytes) -> bytes:
    """What stands between the columns."""
    return max((b"\t", b",", b" "), key=lambda one: content[:20_000].count(one))


def formula(packed: Packed, dice: random.Random) -> Packed:
    """A cell that a spreadsheet would run: in a workbook a formula, in a text what looks like one."""

    def change(content: bytes) -> bytes:
        values = list(re.finditer(rb"<v>[^<]*</v>", content))
        if values:
            at = dice.choice(values)
            return content[: at.start()] + b"<f>1+1</f><v>2</v>" + content[at.end() :]
        lines = content.split(b"\n")
        number = dice.randrange(len(lines))
        mark = _mark(content)
        cells = lines[number].split(mark)
        cells[dice.randrange(len(cells))] = FORMULA.encode()
        lines[number] = mark.join(cells)
        return b"\n".join(lines)

    return _one(packed, dice, change)


def bomb(packed: Packed, dice: random.Random) -> Packed:
    """A member that unpacks to far more than a loader takes (the test lowers what it takes)."""
    return _one(packed, dice, lambda content: content[:2_000] + b"0" * BOMB)


def way_out(packed: Packed, dice: random.Random) -> Packed:
    """A member whose name leads out of the archive; what isn't an archive becomes one."""
    (name, content), *rest = packed.members
    outside = dice.choice(("../../{}", "/{}", "a/../../{}", "C:\\{}")).format(name)
    named = packed.name if packed.archive else f"{packed.name}.zip"
    return Packed(named, ((outside, content), *rest))


DAMAGES: dict[str, Damage] = {
    "cut off": cut_off,
    "cut off inside": cut_inside,
    "another encoding": other_encoding,
    "stray bytes": stray_bytes,
    "columns exchanged": swapped_columns,
    "a formula": formula,
    "a bomb": bomb,
    "a way out": way_out,
}
