"""Reads the definitions of ICD-10-PCS (XML): what each section's values mean, and which devices are aggregated."""

from dataclasses import dataclass

from ahead.lookup.catalog.loading.files import InputFile
from ahead.lookup.catalog.loading.refusal import Refused

from .xml import Element, parse

ROOT = "ICD10PCS.definitions"


@dataclass(frozen=True, slots=True)
class Term:
    """What a value of one character means in a section. `names` are those of the tables; `includes` are inclusion
    terms."""

    section: str
    section_name: str
    position: int
    axis: str
    names: tuple[str, ...]
    definition: str
    explanation: str
    includes: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A device that other operations of these body systems call by its parent's value and name."""

    device: str
    operation: str
    body_systems: tuple[str, ...]
    parent_value: str
    parent: str
    line: int


def read(file: InputFile) -> tuple[str, list[Term], list[Aggregate]]:
    """The version ("2021"), the terms and the aggregated devices.

    Raises:
        Refused: a section, character or term is not what it should be.
    """
    root = parse(file, ROOT)
    terms = [term for section in root.all("section") for term in _terms(file, section)]
    if not terms:
        raise Refused(file.name, "has no definition")
    aggregates = [
        _aggregate(file, one) for part in root.all("deviceAggregation") for one in part.all("aggregate")
    ]
    return root.first("version"), terms, aggregates


def _terms(file: InputFile, section: Element) -> list[Term]:
    code = section.attributes.get("code", "")
    if len(code) != 1 or not section.first("title"):
        raise Refused(file.name, "has a section without code or title", line=section.line)
    found: list[Term] = []
    for axis in section.all("axis"):
        position = axis.attributes.get("pos", "")
        if position not in {"1", "2", "3", "4", "5", "6", "7"}:
            raise Refused(file.name, f"{position!r} is no character of a code", line=axis.line)
        for term in axis.all("terms"):
            names = tuple(one.text for one in term.all("title") if one.text)
            includes = tuple(one.text for one in term.all("includes") if one.text)
            definition = term.first("definition")
            if not names:
                raise Refused(file.name, "has a term without a name", line=term.line)
            found.append(
                Term(
                    code, section.first("title"), int(position), axis.first("title"), names, definition,
                    term.first("explanation"), includes, term.line,
                )
            )  # fmt: skip
    return found


def _aggregate(file: InputFile, element: Element) -> Aggregate:
    parents = list(element.all("parent"))
    systems = tuple(one.text for one in element.all("bodySys"))
    device = element.first("device")
    if len(parents) != 1 or not device or not systems or len(parents[0].attributes.get("value", "")) != 1:
        raise Refused(file.name, "has an aggregated device without its parent", line=element.line)
    return Aggregate(
        device,
        element.first("operation"),
        systems,
        parents[0].attributes["value"],
        parents[0].text,
        element.line,
    )
