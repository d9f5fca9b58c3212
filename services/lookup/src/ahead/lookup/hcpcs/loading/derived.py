"""Reads HCPCS Level II as comma-separated text with its columns renamed, and the lists beside it."""

import re
from collections.abc import Iterator
from typing import Any

from ahead.lookup.catalog.loading.files import InputFile
from ahead.lookup.catalog.loading.refusal import Refused

from .cells import CODE, MODIFIER, BadCell, csv_rows, day, one_of, printed, words
from .records import Record, checked

CODES = (
    "hcpcs_code", "price", "multi", "cov", "betos", "tos", "action", "cim", "mcm", "statute", "lab", "xref",
    "asc_grp", "proc", "anes", "date_term", "date_added", "date_asc", "date_action", "long_description",
    "short_description",
)  # fmt: skip
NOC = ("hcpcs", "long_description", "add_date", "term_date")
MODIFIERS = ("mod_code", "mod_type", "mod_category", "mod_description")
PLACES = ("pos_code", "pos_type", "pos_name", "pos_description")
RBCS = (
    "hcpcs_code", "rbcs_procedure", "rbcs_category", "rbcs_subcategory", "rbcs_family", "hcpcs_date_added",
    "hcpcs_date_ended", "rbcs_date_effective",
)  # fmt: skip
NO_FAMILY = "No RBCS Family"


def read(file: InputFile) -> Iterator[Record]:
    """Codes; this form has no modifiers.

    Raises:
        Refused: with the line and what is wrong with it.
    """
    seen: set[str] = set()
    for number, cells in csv_rows(file, CODES):
        try:
            row = dict(zip(CODES, map(printed, cells), strict=True))
            units = one_of(row["anes"], r"[0-9]{0,3}", "a number of anesthesia base units")
            record = Record(
                row["hcpcs_code"], words(row["long_description"]), words(row["short_description"]), number, 1,
                _several(row["price"]), row["multi"], words(row["cim"]), words(row["mcm"]), row["statute"],
                _several(row["lab"]), _several(row["xref"]), row["cov"], row["asc_grp"], day(row["date_asc"]),
                "", "", None, row["proc"], row["betos"], _several(row["tos"]), int(units) if units else None,
                day(row["date_added"]), day(row["date_action"]), day(row["date_term"]), row["action"],
            )  # fmt: skip
            if record.is_modifier or record.key in seen:
                raise BadCell(f"{record.key} stands twice or is no code")
            seen.add(record.key)
            yield checked(record)
        except BadCell as error:
            raise Refused(file.name, str(error), line=number) from None


def _several(cell: str) -> str:
    """ "99406, 99407" and "1:P" alike by a blank."""
    return " ".join(re.split(r"[,:\s]+", cell)) if cell else ""


def noc_rows(file: InputFile) -> Iterator[tuple[Any, ...]]:
    """(row, code, long description, added, ended)."""
    for number, (code, text, added, ended) in csv_rows(file, NOC):
        try:
            if not CODE.fullmatch(code) or not text.strip():
                raise BadCell(f"{code[:20]!r} is not a code of HCPCS Level II, or has no description")
            yield number, code, words(text), day(added), day(ended)
        except BadCell as error:
            raise Refused(file.name, str(error), line=number) from None


def modifier_rows(file: InputFile) -> Iterator[tuple[Any, ...]]:
    """(row, modifier, title, category). KX stands twice, with one meaning."""
    for number, (modifier, kind, category, text) in csv_rows(file, MODIFIERS):
        if not MODIFIER.fullmatch(modifier) or kind != "HCPCS" or not text.strip():
            raise Refused(file.name, f"{modifier[:20]!r} is no modifier of HCPCS Level II", line=number)
        yield number, modifier, words(text), words(category)


def place_rows(file: InputFile) -> Iterator[tuple[Any, ...]]:
    """(code, rate, name, description, row)."""
    seen: set[str] = set()
    for number, (code, rate, name, text) in csv_rows(file, PLACES):
        if not re.fullmatch(r"[0-9]{2}", code) or code in seen:
            raise Refused(file.name, f"{code[:20]!r} is no place of service, or stands twice", line=number)
        if rate not in ("Facility", "Non-Facility", "Unassigned") or not name.strip():
            raise Refused(
                file.name, f"{rate[:20]!r} is not Facility, Non-Facility or Unassigned", line=number
            )
        seen.add(code)
        yield code, rate, words(name), words(text), number


def rbcs_rows(file: InputFile) -> Iterator[tuple[Any, ...]]:
    """(code, effective, row, procedure, category, subcategory, family, added, ended)."""
    for number, cells in csv_rows(file, RBCS):
        try:
            code, procedure, category, subcategory, family, added, ended, effective = map(printed, cells)
            one_of(code, r"[0-9A-Z]{4}[0-9A-Z]", "a code of CPT or HCPCS")
            one_of(procedure, r"Major|Other|Non-Procedure", "a kind of procedure")
            begun = day(effective)
            if begun is None or not category or not subcategory:
                raise BadCell(f"{code} has no category, or no date on which it takes effect")
            family = "" if family == NO_FAMILY else family
            yield code, begun, number, procedure, category, subcategory, family, day(added), day(ended)
        except BadCell as error:
            raise Refused(file.name, str(error), line=number) from None
