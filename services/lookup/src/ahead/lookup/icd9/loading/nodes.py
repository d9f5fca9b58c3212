"""The places of ICD-9-CM, made from its list of codes.

The list has no headings: a category that is divided gets a title from the titles below it, labelled derived. The
chapters of the printed books are not in it either; codes are browsed by hundreds.
"""

from collections.abc import Iterator, Sequence

from ahead.lookup.catalog import spelling
from ahead.lookup.catalog.loading.icd10cm_headings import derived_title
from ahead.lookup.catalog.loading.nodes import CodeRow

from .workbook import Listed


def rows(listed: Sequence[Listed]) -> Iterator[CodeRow]:
    """Depth first: a group of hundreds, its categories, their subcategories, codes."""
    codes = {one.code for one in listed}
    below: dict[str, list[Listed]] = {}
    for one in listed:
        for heading in _headings(one.code):
            if heading not in codes:
                below.setdefault(heading, []).append(one)
    seen: set[str] = set()
    for one in sorted(listed, key=lambda one: _order(one.code)):
        group = group_of(one.code)
        if group not in seen:
            seen.add(group)
            first, last = group.split("-")
            title = f"Codes {first} to {last}"
            yield CodeRow(group, group, "section", None, title, False, one.row, title_origin="derived")
        parent = group
        for heading in _headings(one.code):
            if heading in below and heading not in seen:
                seen.add(heading)
                kind = "category" if len(heading) == _category_length(heading) else "subcategory"
                title = derived_title([each.title for each in below[heading]])
                dotted = spelling.dotted("icd9cm", heading)
                yield CodeRow(heading, dotted, kind, parent, title, False, one.row, title_origin="derived")
            parent = heading
        dotted = spelling.dotted("icd9cm", one.code)
        yield CodeRow(one.code, dotted, "code", parent, one.title, True, one.row, one.short_title)


def group_of(code: str) -> str:
    """ "001-099" for 038.0, "V01-V99" for V10.11, "E800-E899" for E812.0."""
    if code[0] == "V":
        return "V01-V99"
    letter, hundred = ("E", code[1]) if code[0] == "E" else ("", code[0])
    first = "001" if hundred == "0" and not letter else f"{hundred}00"
    return f"{letter}{first}-{letter}{hundred}99"


def _order(code: str) -> tuple[int, str]:
    """Diseases, then V codes, then external causes, as in the tabular list."""
    return "VE".find(code[0]) + 1, code


def _category_length(code: str) -> int:
    return 4 if code[0] == "E" else 3


def _headings(code: str) -> list[str]:
    """What may stand above a code, the category first."""
    return [code[:length] for length in range(_category_length(code), len(code))]
