"""Headings of an edition that was published without an order file.

They carry over from the edition before. A new one has a title in no file held: it is derived from the titles
of the codes below it and labelled so.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from .icd10cm_lists import ListedCode
from .icd10cm_tree import Row

_SIDE = re.compile(r"(?:Right|Left|Bilateral|Unspecified|Other|Other specified) (?=\w)")
_PHRASE_ENDS = re.compile(r"$|,| with\b| without\b| \(| due to\b")
_LONGEST = 240


def rows_with_headings(
    codes: Sequence[ListedCode],
    source_file: int,
    before: Mapping[str, Row],
    added: Mapping[str, Row],
) -> list[Row]:
    """Codes in their order, each heading before the first code below it.

    Args:
        source_file: which of the release's files the codes are of.
        before: every heading and code of the edition before (a code that was divided is a heading now).
        added: headings that the addenda of an order file adds or renames.
    """
    listed = {code.code for code in codes}
    below: dict[str, list[ListedCode]] = {}
    for code in codes:
        for part in _headings(code.code, before, added):
            below.setdefault(part, []).append(code)
    rows: list[Row] = []
    seen: set[str] = set()
    for code in codes:
        for part in _headings(code.code, before, added):
            if part in seen or part in listed:
                continue
            seen.add(part)
            known = added.get(part) or before.get(part)
            if known is not None:
                rows.append(
                    Row(part, False, known.short_title, known.title, known.origin, known.file, known.line)
                )
            else:
                title = derived_title([one.title for one in below[part]])
                rows.append(Row(part, False, "", title, "derived", source_file, below[part][0].line))
        rows.append(Row(code.code, True, code.short_title, code.title, "official", source_file, code.line))
    return rows


def _headings(code: str, before: Mapping[str, Row], added: Mapping[str, Row]) -> list[str]:
    """What stands above a code. An X at the end is a placeholder and makes no heading of its own, unless it
    was one before (T37.0X)."""
    parts = (code[:length] for length in range(3, len(code)))
    return [part for part in parts if part in before or part in added or not part.endswith("X")]


def derived_title(titles: Iterable[str]) -> str:
    """What the titles below have in common, where that is a whole phrase in each; else the titles themselves."""
    distinct = list(dict.fromkeys(titles))
    if len(distinct) == 1:
        return distinct[0]
    bare = list(dict.fromkeys(_capital(_SIDE.sub("", title, count=1)) for title in distinct))
    for candidates in (distinct, bare):
        if common := _common_phrase(candidates):
            return common
    shown: list[str] = []
    for title in distinct:
        if shown and len("; ".join([*shown, title])) > _LONGEST:
            return f"{'; '.join(shown)}; and {len(distinct) - len(shown)} more"
        shown.append(title)
    return "; ".join(shown)


def _capital(title: str) -> str:
    return title[:1].upper() + title[1:]


def _common_phrase(titles: Sequence[str]) -> str:
    if len(titles) == 1:
        return titles[0]
    first = titles[0]
    length = next(
        (n for n, letters in enumerate(zip(*titles, strict=False)) if len(set(letters)) > 1),
        min(len(title) for title in titles),
    )
    ends = (match.start() for match in _PHRASE_ENDS.finditer(first))
    for end in sorted({*ends, length}, reverse=True):
        phrase = first[:end].rstrip(" ,")
        whole = all(t.startswith(phrase) and _PHRASE_ENDS.match(t, len(phrase)) for t in titles)
        if end <= length and phrase and whole:
            return phrase
    return ""
