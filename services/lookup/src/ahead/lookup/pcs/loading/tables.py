"""Reads the tables of ICD-10-PCS (XML): for each table rows of values that combine freely."""

from dataclasses import dataclass
from math import prod

from ahead.lookup.catalog.loading.files import InputFile
from ahead.lookup.catalog.loading.refusal import Refused

from .order import TABLE
from .xml import Element, parse

ROOT = "ICD10PCS.tabular"
_VALUE = frozenset("0123456789ABCDEFGHJKLMNPQRSTUVWXYZ")


@dataclass(frozen=True, slots=True)
class Named:
    """A value of a character with its name and line."""

    value: str
    name: str
    line: int


@dataclass(frozen=True, slots=True)
class Row:
    """`axes`: characters 4 to 7."""

    axes: tuple[tuple[Named, ...], ...]
    line: int


@dataclass(frozen=True, slots=True)
class PcsTable:
    """`names`: of section, body system and operation; `titles`: what each of the seven characters is."""

    code: str
    names: tuple[str, str, str]
    definition: str
    titles: tuple[str, ...]
    rows: tuple[Row, ...]
    line: int


def read(file: InputFile) -> tuple[str, list[PcsTable]]:
    """The version ("2021") and the tables.

    Raises:
        Refused: a table or row is not what it should be, or makes another number of codes than it says.
    """
    root = parse(file, ROOT)
    tables = [_table(file, element) for element in root.all("pcsTable")]
    if not tables:
        raise Refused(file.name, "has no table")
    seen: set[str] = set()
    for table in tables:
        if table.code in seen:
            raise Refused(file.name, f"has table {table.code} twice", line=table.line)
        seen.add(table.code)
    return root.first("version"), tables


def _table(file: InputFile, element: Element) -> PcsTable:
    axes = list(element.all("axis"))
    if [axis.attributes.get("pos") for axis in axes] != ["1", "2", "3"]:
        raise Refused(file.name, "has a table without its first three characters", line=element.line)
    heads = [_values(file, axis) for axis in axes]
    if any(len(values) != 1 for values in heads):
        raise Refused(
            file.name, "has a table with several values for one of its three characters", line=element.line
        )
    code = "".join(values[0].value for values in heads)
    if not TABLE.fullmatch(code):
        raise Refused(file.name, f"{code} is no table of ICD-10-PCS", line=element.line)
    elements = list(element.all("pcsRow"))
    if not elements:
        raise Refused(file.name, f"has no row in table {code}", line=element.line)
    first = [axis.first("title") for axis in (*axes, *elements[0].all("axis"))]
    return PcsTable(
        code,
        (heads[0][0].name, heads[1][0].name, heads[2][0].name),
        axes[2].first("definition"),
        tuple(first),
        tuple(_row(file, code, row) for row in elements),
        element.line,
    )


def _row(file: InputFile, table: str, element: Element) -> Row:
    axes = list(element.all("axis"))
    if [axis.attributes.get("pos") for axis in axes] != ["4", "5", "6", "7"]:
        raise Refused(file.name, f"has a row of table {table} without characters 4 to 7", line=element.line)
    values = tuple(_values(file, axis) for axis in axes)
    made = prod(len(one) for one in values)
    if element.attributes.get("codes") != str(made):
        said = element.attributes.get("codes", "?")
        raise Refused(
            file.name,
            f"has a row of table {table} that says {said} codes and makes {made}",
            line=element.line,
        )
    return Row(values, element.line)


def _values(file: InputFile, axis: Element) -> tuple[Named, ...]:
    found = tuple(
        Named(label.attributes.get("code", ""), label.text, label.line) for label in axis.all("label")
    )
    if axis.attributes.get("values") != str(len(found)) or not found:
        raise Refused(file.name, "has a character with another number of values than it says", line=axis.line)
    for one in found:
        if one.value not in _VALUE or not one.name:
            raise Refused(
                file.name, f"{one.value!r} is no value of a character, or has no name", line=one.line
            )
    if len({one.value for one in found}) != len(found):
        raise Refused(file.name, "has a character with a value twice", line=axis.line)
    return found
