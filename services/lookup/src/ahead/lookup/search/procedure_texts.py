"""The texts that lead to ICD-10-PCS: its index, and what its definitions count to a part of the body.

Both lead to beginnings of codes. A beginning of four to six characters is no code, but what stands between a table and
its codes: the wording holds it as a place of its own, whose title is what the titles below it have in common.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy import Connection, select

from ahead.lookup.pcs.models import PCS_DEFINITIONS, PCS_INDEX, PCS_TABLES, PCS_VALUES
from ahead.lookup.search.texts import PROCEDURE_INDEX, PROCEDURE_TERM, Text
from ahead.shared.search.analysis import raw_words

SYSTEM = "icd10pcs"
INDEX, DEFINITIONS, TABLES = "icd10pcs-index", "icd10pcs-definitions", "icd10pcs-tables"
SOURCES = (INDEX, DEFINITIONS, TABLES)
TABLE, WHOLE = 3, 7
_BODY_PART = 4
_SURGERY = "0"
_LEADING = frozenset(("code", "codes", "see", "tab"))


def index_texts(connection: Connection, release: int) -> Iterator[Text]:
    """Every term of the index with the terms above it, and the beginnings of codes that it names."""
    query = (
        select(PCS_INDEX.c.path, PCS_INDEX.c.leads)
        .where(PCS_INDEX.c.release_id == release)
        .order_by(PCS_INDEX.c.ordinal)
    )
    for path, leads in connection.execute(query):
        targets = tuple(
            dict.fromkeys(target for kind, _, target in json.loads(leads) if kind in _LEADING and target)
        )
        if targets:
            yield Text(PROCEDURE_INDEX, ", ".join(json.loads(path)), targets)


def counted_parts(connection: Connection, release: int) -> dict[str, tuple[str, ...]]:
    """What the definitions count to each part of the body, by its name in the tables."""
    query = select(PCS_DEFINITIONS.c.name, PCS_DEFINITIONS.c.includes).where(
        PCS_DEFINITIONS.c.release_id == release,
        PCS_DEFINITIONS.c.section == _SURGERY,
        PCS_DEFINITIONS.c.position == _BODY_PART,
    )
    parts: dict[str, list[str]] = defaultdict(list)
    for name, includes in connection.execute(query):
        parts[name] += json.loads(includes)
    return {name: tuple(dict.fromkeys(terms)) for name, terms in parts.items() if terms}


def part_texts(connection: Connection, release: int, parts: Mapping[str, Sequence[str]]) -> Iterator[Text]:
    """What is done to what a part of the body counts: "Fusion, interphalangeal (IP) joint".

    release: of the tables.
    """
    named = select(PCS_TABLES.c.code, PCS_TABLES.c.operation).where(PCS_TABLES.c.release_id == release)
    operations = {row.code: row.operation for row in connection.execute(named)}
    query = (
        select(PCS_VALUES.c.code, PCS_VALUES.c.value, PCS_VALUES.c.name)
        .where(PCS_VALUES.c.release_id == release, PCS_VALUES.c.position == _BODY_PART)
        .distinct()
    )
    led: dict[str, list[str]] = defaultdict(list)
    for table, value, name in connection.execute(query):
        for term in parts.get(name, ()):
            led[f"{operations[table]}, {term}"].append(table + value)
    for text, codes in led.items():
        yield Text(PROCEDURE_TERM, text, tuple(sorted(codes)))


def places_between(texts: Iterable[Text]) -> frozenset[str]:
    """The beginnings that lie between a table and its codes."""
    return frozenset(code for text in texts for code in text.codes if TABLE < len(code) < WHOLE)


def in_common(titles: Mapping[str, str], between: Iterable[str]) -> dict[str, str]:
    """For each beginning the words that all titles below it hold, in their order; none for one without codes.

    titles: of the codes, by code.
    """
    wanted = frozenset(between)
    common: dict[str, list[str]] = {}
    for code, title in titles.items():
        words = raw_words(title)
        for end in range(TABLE + 1, WHOLE):
            if (start := code[:end]) in wanted:
                held = common.get(start)
                common[start] = words if held is None else [word for word in held if word in words]
    return {start: " ".join(words) for start, words in common.items()}
