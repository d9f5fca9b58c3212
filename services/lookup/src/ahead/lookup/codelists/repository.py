"""Many codes of one release at once."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from ahead.lookup.catalog.models import CODE_DATES, DATED_SYSTEMS, NODES

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class CodeRow:
    """Days as numbers (20240930), None where the list says none."""

    code: str
    dotted: str
    kind: str
    title: str
    title_origin: str
    billable: bool
    codes_below: int
    source_file: int
    source_row: int
    first_day: int | None = None
    last_day: int | None = None


_COLUMNS = [
    NODES.c[name]
    for name in (
        "code",
        "dotted",
        "kind",
        "title",
        "title_origin",
        "billable",
        "codes_below",
        "source_file",
        "source_row",
    )
]


def code_rows(connection: Connection, release_id: int, system: str, codes: list[str]) -> dict[str, CodeRow]:
    found: dict[str, CodeRow] = {}
    for start in range(0, len(codes), _CHUNK):
        part = codes[start : start + _CHUNK]
        query = select(*_COLUMNS).where(NODES.c.release_id == release_id, NODES.c.code.in_(part))
        if system in DATED_SYSTEMS:
            dates = CODE_DATES.c
            query = (
                query.add_columns(dates.first_day, dates.last_day)
                .select_from(NODES)
                .outerjoin(
                    CODE_DATES, (dates.release_id == NODES.c.release_id) & (dates.code == NODES.c.code)
                )
            )
        found |= {row[0]: CodeRow(*row) for row in connection.execute(query)}
    return found
