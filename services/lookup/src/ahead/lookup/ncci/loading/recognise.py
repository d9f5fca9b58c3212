"""Which of the given files are of NCCI, and which of them make one release."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ahead.lookup.catalog.loading.files import InputFile
from ahead.lookup.catalog.loading.refusal import Refused
from ahead.lookup.catalog.loading.workbook import Sheet, with_sheets

from ..kinds import Setting, Table, system_of
from .ptp import PARTS, Layout, layout_of
from .small import ADD_ON_HEADER, MUE_HEADER, is_published_mue, mue_setting

_HOSPITAL = re.compile(r"ccioph|outpatient|hospital", re.IGNORECASE)
_PRACTITIONER = re.compile(r"ccipra|practitioner|physician", re.IGNORECASE)
_PART = re.compile(r"(?<![a-z0-9])f([0-9])(?![0-9])", re.IGNORECASE)


@dataclass(frozen=True)
class Given:
    """One file of NCCI."""

    file: InputFile
    table: Table
    layout: Layout | None = None


@dataclass(frozen=True)
class Edition:
    """The files of one release, in order."""

    system: str
    table: Table
    layout: Layout | None
    files: tuple[InputFile, ...]


def recognise(files: Sequence[InputFile]) -> list[Given]:
    """Which of the files are of NCCI, by what is in them.

    Raises:
        Refused: one can't be read.
    """
    endings = (".txt", ".csv", ".tsv", ".gz")
    text = (
        file for file in with_sheets(files) if isinstance(file, Sheet) or file.name.lower().endswith(endings)
    )
    return [given for file in text if (given := _given(file)) is not None]


def _given(file: InputFile) -> Given | None:
    if is_published_mue(file.head):
        return Given(file, "mue")
    if isinstance(file, Sheet):
        return None
    head = file.head.decode("utf-8-sig", errors="replace")
    if layout := layout_of(head):
        return Given(file, "ptp", layout)
    first = head.partition("\n")[0].rstrip("\r")
    if first.count(",") > 10 or '"' in first:
        return None
    cells = first.split(",")
    if cells == MUE_HEADER:
        return Given(file, "mue")
    if cells == ADD_ON_HEADER:
        return Given(file, "add-on")
    return None


def editions(given: Sequence[Given], system: str | None = None) -> list[Edition]:
    """The releases that the files make: the four parts of a published PTP edition are one.

    Args:
        system: what the operator says of PTP files whose name doesn't tell their setting.

    Raises:
        Refused: the setting is unknown, or a part is missing or there twice.
    """
    made: list[Edition] = []
    parts: dict[str, list[InputFile]] = {}
    for one in given:
        if one.table == "mue":
            of = system_of("mue", mue_setting(one.file))
            made.append(Edition(_same(one.file, of, system), "mue", None, (one.file,)))
        elif one.table == "add-on":
            made.append(Edition(_same(one.file, "add-on", system), "add-on", None, (one.file,)))
        else:
            of = _ptp_system(one.file, system)
            if one.layout == "derived":
                made.append(Edition(of, "ptp", "derived", (one.file,)))
            else:
                parts.setdefault(of, []).append(one.file)
    for of, files in parts.items():
        made.append(Edition(of, "ptp", "published", _in_order(files)))
    return made


def _same(file: InputFile, found: str, said: str | None) -> str:
    if said not in (None, found):
        raise Refused(file.name, f"is a file of {found}, not of {said}")
    return found


def _ptp_system(file: InputFile, said: str | None) -> str:
    """No PTP file says in itself which setting it is for."""
    hospital, practitioner = bool(_HOSPITAL.search(file.name)), bool(_PRACTITIONER.search(file.name))
    if said is not None:
        if said not in ("ptp-practitioner", "ptp-hospital"):
            raise Refused(file.name, f"is a file of PTP edits, not of {said}")
        return said
    if hospital == practitioner:
        reason = "its name doesn't tell the setting: say it with --system ptp-practitioner or --system ptp-hospital"
        raise Refused(file.name, reason)
    setting: Setting = "outpatient_hospital" if hospital else "practitioner"
    return system_of("ptp", setting)


def _in_order(files: list[InputFile]) -> tuple[InputFile, ...]:
    """All four parts: a pair that is missing would be taken for one without an edit."""
    numbered: dict[int, InputFile] = {}
    for file in files:
        match = _PART.search(file.path.name) or _PART.search(file.name)
        if match is None:
            raise Refused(file.name, "its name doesn't tell which part it is (f1 to f4)")
        part = int(match[1])
        if part in numbered:
            raise Refused(file.name, f"is a second part f{part}: load one edition of a setting at a time")
        numbered[part] = file
    missing = [f"f{part}" for part in range(1, PARTS + 1) if part not in numbered]
    if missing:
        raise Refused(
            files[0].name,
            f"the edition has {PARTS} parts and {', '.join(missing)} "
            f"{'is' if len(missing) == 1 else 'are'} not given: give all together",
        )
    if len(numbered) > PARTS:
        raise Refused(numbered[max(numbered)].name, f"an edition has {PARTS} parts only")
    return tuple(numbered[part] for part in sorted(numbered))
