"""The one door to crosswalks between ICD-9-CM and ICD-10-CM, and to ICD-10-CM's own conversions: `Crosswalks`."""

from collections.abc import Iterable, Sequence
from datetime import date

from ahead.lookup.catalog import editions, spelling
from ahead.lookup.catalog.reading import SourceReader
from ahead.lookup.catalog.receipts import receipt_of
from ahead.lookup.catalog.schemas import Edition, Release

from . import repository as rows
from . import telling
from .models import FROM_ICD9, FROM_ICD10
from .repository import GemRow
from .schemas import Conversion, Crosswalk, Status, System, Target

CONVERSION_TABLE = "icd10cm-conversion"
_STARTS_FROM: dict[System, str] = {"icd9cm": FROM_ICD9, "icd10cm": FROM_ICD10}
OTHER: dict[System, System] = {"icd9cm": "icd10cm", "icd10cm": "icd9cm"}


class Crosswalks:
    """Mappings for any date. They explain and judge nothing: after their last year they are shown, marked."""

    def __init__(self, sources: SourceReader) -> None:
        self._sources = sources

    async def edition(self, system: System, as_of: date | None = None) -> Edition:
        """Which mapping from a system answers for the date."""
        return await self._sources.edition(_STARTS_FROM[system], as_of)

    async def of(self, system: System, key: str, as_of: date | None = None) -> Crosswalk:
        """A code, by its key, in the other system."""
        to = OTHER[system]
        code = spelling.dotted(system, key)
        edition = await self.edition(system, as_of)
        back = await self.edition(to, as_of)
        forward = await self._rows(edition.release, key, forward=True)
        backward = await self._rows(back.release, key, forward=False)
        keys = {row.target for row in forward if row.target} | {row.source for row in backward}
        names = await self._titles(to, keys, edition.as_of)
        own = await self._titles(system, [key], edition.as_of)
        targets = _targets(edition.release, to, forward, names, forward=True)
        named_by = _targets(back.release, to, backward, names, forward=False)
        found = telling.alternatives([target for target in targets if not target.no_map])
        status: Status
        if edition.release is None:
            status, said = "not_checked", (edition.message,)
        elif not targets:
            name = f"the mapping of {edition.release.edition}"
            status, said = (
                "not_listed",
                (f"{code} is not in {name}: it may be newer, a heading, or no code.",),
            )
        elif not found:
            status, said = "no_map", (telling.no_map(code, to),)
        else:
            status, said = "mapped", telling.words(code, system, to, found)
        note = f"Mapping {edition.message}." if edition.marked else ""
        return Crosswalk(
            system,
            code,
            own.get(key, ""),
            to,
            edition.as_of,
            status,
            said,
            found,
            tuple(named_by),
            edition,
            note,
        )

    async def _rows(self, release: Release | None, key: str, *, forward: bool) -> list[GemRow]:
        if release is None:
            return []
        rid, query = release.id, rows.rows_of if forward else rows.rows_to
        return await self._sources.read(rid, lambda connection: query(connection, rid, key))

    async def _titles(self, system: System, keys: Iterable[str], as_of: date) -> dict[str, str]:
        wanted = list(keys)
        release = (await self._sources.edition(system, as_of)).release
        if release is None:
            # Titles only name the codes: those of the nearest edition held do.
            held = editions.answering(system, await self._sources.releases(system))
            release = held[0] if held else None
        if release is None or not wanted:
            return {}
        rid = release.id
        return await self._sources.read(rid, lambda connection: rows.titles(connection, rid, wanted))

    async def conversions(
        self, key: str, as_of: date | None = None
    ) -> tuple[Edition, tuple[Conversion, ...], tuple[Conversion, ...]]:
        """The conversion table for the date, and its rows that make a code new, and that name it as a previous one."""
        day = as_of or self._sources.today()
        edition = editions.choose_list(CONVERSION_TABLE, await self._sources.releases("icd10cm"), day)
        release = edition.release
        if release is None:
            return edition, (), ()
        rid = release.id
        own, later = await self._sources.read(rid, lambda connection: rows.conversions(connection, rid, key))
        return edition, _conversions(release, own), _conversions(release, later)


def _targets(
    release: Release | None, to: System, found: Sequence[GemRow], names: dict[str, str], *, forward: bool
) -> list[Target]:
    if release is None:
        return []
    return [
        Target(
            to, spelling.dotted(to, key) if key else "", names.get(key, ""), row.approximate, row.no_map,
            row.combination, row.scenario, row.choice_list, receipt_of(release, row.row),
        )
        for row in found
        for key in [(row.target or "") if forward else row.source]
    ]  # fmt: skip


def _conversions(release: Release, found: Sequence[rows.ConversionRow]) -> tuple[Conversion, ...]:
    return tuple(
        Conversion(
            spelling.dotted("icd10cm", one.code), one.effective, one.printed, receipt_of(release, one.row)
        )
        for one in found
    )


def system_named(text: str) -> System | None:
    return next((system for system in OTHER if system == text), None)
