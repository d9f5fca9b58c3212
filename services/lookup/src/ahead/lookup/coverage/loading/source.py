"""Medicare coverage as a source of the catalogue: the database's export, its report, and the merged list."""

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from ahead.lookup.catalog.loading.files import InputFile
from ahead.lookup.catalog.loading.icd10cm_release import Options
from ahead.lookup.catalog.loading.refusal import Refused
from ahead.lookup.catalog.loading.sources import Work

from . import export, merged, report
from .export import SYSTEMS, Tables
from .tables import MAIN, Export, NestedFile, table_of, unpacked

_SHARED = ("contractor", "contractor_jurisdiction", "contractor_type_lookup", "state_lookup")


class CoverageSource:
    names: Mapping[str, str] = {
        SYSTEMS["lcd"]: "Medicare local coverage determinations",
        SYSTEMS["article"]: "Medicare coverage articles",
        SYSTEMS["ncd"]: "Medicare national coverage determinations",
        report.SYSTEM: "Medicare coverage documents (report)",
        merged.SYSTEM: "Diagnoses in billing articles (merged list)",
    }
    counted: Mapping[str, str] = {
        **dict.fromkeys((*SYSTEMS.values(), report.SYSTEM), "documents"),
        merged.SYSTEM: "pairs",
    }

    def claim(self, files: Sequence[InputFile], options: Options) -> list[Work]:
        works: list[Work] = []
        folders: dict[str, dict[str, InputFile]] = {}
        zips: dict[str, InputFile] = {}
        for file in files:
            if inner := unpacked(file):
                zips[_folder(inner[0])] = file
                for one in inner:
                    _put(folders, one)
            elif report.is_report(file.head):
                works.append(report.work(file))
            elif merged.is_merged(file.head):
                works.append(merged.work(file))
            else:
                _put(folders, file)
        for folder, tables in folders.items():
            claimed = (zips[folder],) if folder in zips else ()
            works += [export.work(Tables(kind, own, claimed)) for kind, own in _exports(tables)]
        return works


def _put(folders: dict[str, dict[str, InputFile]], file: InputFile) -> None:
    name = table_of(file.head)
    if name is None:
        return
    tables = folders.setdefault(_folder(file), {})
    if name in tables:
        raise Refused(file.name, f"is a second {name} table: give one export at a time")
    tables[name] = file


def _folder(file: InputFile) -> str:
    """The tables of one export stand together."""
    if isinstance(file, NestedFile):
        return f"{file.path}/{file.member}"
    if file.member is None:
        return str(file.path.parent)
    return f"{file.path}/{PurePosixPath(file.member).parent}"


def _exports(tables: dict[str, InputFile]) -> list[tuple[Export, dict[str, InputFile]]]:
    """Tables of contractors and states belong to each export that stands with them."""
    found: list[tuple[Export, dict[str, InputFile]]] = []
    for kind, main in MAIN.items():
        own = {
            name: file
            for name, file in tables.items()
            if name == main or name.startswith((f"{kind}_x_", f"{kind}_related_"))
        }
        if own:
            shared = {} if kind == "ncd" else {name: tables[name] for name in _SHARED if name in tables}
            found.append((kind, own | shared))
    return found
