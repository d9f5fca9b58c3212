"""Tells the official files of ICD-10-CM apart by what is in them."""

import re
import zipfile
from pathlib import Path

_CODE = r"(?:[A-Z][0-9][0-9A-Z][0-9A-Z]{0,4}|[A-Z]{2}[0-9][0-9A-Z]{0,4})"
_ORDER = re.compile(rf"[0-9]{{5}} {_CODE} +[01] +\S")
_CODES = re.compile(rf"{_CODE} +\S")
_ADDENDA = re.compile(rf"(?:Add|Delete|Revise from|Revise to): +([01] )?{_CODE} +\S")
_SUMMARY = re.compile(r"(Codes|Headers)\s+[0-9]+ (?:codes|headers) in icd10cm_order_[0-9]{4}\.txt")
_POA = "POAexemptCode"
_CONVERSION = "conversion table"


def kind_of_text(text: str) -> str | None:
    """The kind of a file that begins so, or None when it is none of ICD-10-CM's text files."""
    lines = [line for line in text.lstrip("\ufeff").splitlines()[:200] if line.strip()]
    if not lines:
        return None
    first = lines[0]
    if _ORDER.match(first):
        return "icd10cm-order"
    if addenda := _ADDENDA.match(first):
        return "icd10cm-order-addenda" if addenda[1] else "icd10cm-addenda"
    if len(lines) > 1 and (summary := _SUMMARY.match("\n".join(lines[:2]))):
        return "icd10cm-order-addenda" if summary[1] == "Headers" else "icd10cm-addenda"
    if "\t" in first:
        names = first.split("\t")
        if _POA not in names:
            return None
        if "Action" in names:
            return "icd10cm-poa-revised"
        return "icd10cm-poa" if names[0] != _POA else "icd10cm-poa-deleted"
    # Equivalence maps have codes and figures in the same columns; a title has small letters.
    if all(_CODES.match(line) and line[7:8] == " " and re.search("[a-z]", line) for line in lines[:100]):
        return "icd10cm-codes"
    return None


def kind_of_workbook(archive: zipfile.ZipFile) -> str | None:
    """The kind of an Excel workbook: the name of its first sheet says it."""
    try:
        with archive.open("xl/workbook.xml") as stream:
            names = re.findall(
                r"<sheet [^>]*name=\"([^\"]*)\"", stream.read(65_536).decode("utf-8", "replace")
            )
    except KeyError:
        return None
    if names and _CONVERSION in names[0].replace("-", " ").lower():
        return "icd10cm-conversion"
    return None


def added_not_all(name: str) -> bool:
    """The list of codes added to the exempt list has the form of the whole list: only its name tells."""
    return "add" in Path(name).name.lower()
