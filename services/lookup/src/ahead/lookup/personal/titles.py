"""Titles of many codes at once, from the newest edition held of each system."""

from collections.abc import Iterable

from sqlalchemy import Connection, select

from ahead.lookup.catalog import spelling
from ahead.lookup.catalog.models import NODES
from ahead.lookup.catalog.reading import SourceReader

_CHUNK = 500


async def titles_of(sources: SourceReader, codes: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Empty for a title that isn't held; a code that the edition doesn't have is left out."""
    wanted: dict[str, dict[str, str]] = {}
    for system, code in codes:
        wanted.setdefault(system, {})[spelling.read(system, code).key] = code
    found: dict[tuple[str, str], str] = {}
    for system, keys in wanted.items():
        release = (await sources.edition(system)).release
        if release is not None:
            rows = await sources.read(
                release.id, lambda c, id=release.id, keys=list(keys): _rows(c, id, keys)
            )
            found |= {(system, keys[key]): title for key, title in rows.items()}
    return found


def _rows(connection: Connection, release_id: int, keys: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for start in range(0, len(keys), _CHUNK):
        part = keys[start : start + _CHUNK]
        query = select(NODES.c.code, NODES.c.title, NODES.c.title_origin).where(
            NODES.c.release_id == release_id, NODES.c.code.in_(part)
        )
        for code, title, origin in connection.execute(query):
            found[code] = "" if origin == "not_held" else title
    return found
