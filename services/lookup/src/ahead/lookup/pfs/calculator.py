"""Prices lines: reads what is held for the date and place, and hands it to the sums (`pricing`)."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import Connection

from ahead.lookup.catalog.procedure_codes import code_of
from ahead.lookup.catalog.reading import SourceReader
from ahead.lookup.catalog.receipts import receipt_of
from ahead.lookup.catalog.schemas import Edition, Receipt, Release
from ahead.shared.errors import BadInput

from . import places, where
from . import repository as rows
from .kinds import ANESTHESIA, GPCI, OPPS_CAPS, RVU, RVU_QPP, SETTING_NAMES
from .pricing.anesthesia import is_anesthesia
from .pricing.claim import Held, price_claim
from .pricing.lines import AskedLine, PricedLine, Step
from .pricing.whole_tests import FOLLOWING, WHOLE_TEST, technical_rows
from .repository import AnesthesiaRow, CapRow, RvuRow
from .schemas import FeeAnswer, FeeLine, FeeLineAnswer, FeePlace, FeesAsked, FeeStep

MAX_LINES = 50
MAX_UNITS = 999
_MODIFIER = re.compile(r"[0-9A-Z]{2}")
NOTES = (
    "Allowed amounts of a participating physician, before deductible and coinsurance. A nonphysician practitioner, a "
    "nonparticipating one, bonuses, penalties and sequestration change what is paid.",
    "Medicare pays the lower of this and the charge.",
)
FIRST_QUALIFYING = date(2026, 1, 1)


def read_lines(asked: FeesAsked) -> list[AskedLine]:
    """Raises BadInput: too few or too many lines, or a code, modifier, number or place that can't be one."""
    if not 1 <= len(asked.lines) <= MAX_LINES:
        raise BadInput(f"Give 1 to {MAX_LINES} lines.", slug="bad-lines")
    return [_read(number, line) for number, line in enumerate(asked.lines, 1)]


def _read(number: int, line: FeeLine) -> AskedLine:
    modifiers = tuple(dict.fromkeys(text for one in line.modifiers if (text := one.strip().upper())))
    for modifier in modifiers:
        if not _MODIFIER.fullmatch(modifier):
            raise BadInput(f"Line {number}: {modifier[:10]!r} is not a modifier.", slug="bad-modifier")
    if len(modifiers) > 4:
        raise BadInput(f"Line {number}: a line takes four modifiers.", slug="bad-modifier")
    if not 1 <= line.units <= MAX_UNITS:
        raise BadInput(f"Line {number}: units are 1 to {MAX_UNITS}.", slug="bad-units")
    if line.minutes is not None and not 1 <= line.minutes <= 2_880:
        raise BadInput(f"Line {number}: minutes are 1 to 2,880.", slug="bad-minutes")
    base = line.base_units
    if base is not None and not (base.is_finite() and 0 < base <= 100):
        raise BadInput(f"Line {number}: base units are above 0 and at most 100.", slug="bad-base-units")
    if len(line.provider) > 40:
        raise BadInput(f"Line {number}: the provider's name is too long.", slug="bad-provider")
    return AskedLine(
        number,
        code_of(line.code),
        modifiers,
        line.units,
        places.setting_of(line.place_of_service),
        line.provider.strip(),
        line.minutes,
        base,
        line.present_at_induction,
    )


class Calculator:
    def __init__(self, sources: SourceReader) -> None:
        self._sources = sources

    async def fees(self, asked: FeesAsked, as_of: date | None) -> FeeAnswer:
        """Raises BadInput for what can't be asked."""
        lines = read_lines(asked)
        gpci = await self._sources.edition(GPCI, as_of)
        day = gpci.as_of
        system = RVU_QPP if asked.qualifying and day >= FIRST_QUALIFYING else RVU
        rvu = await self._sources.edition(system, day)
        found = await where.find(self._sources, asked.zip, asked.locality, gpci)
        releases = {edition.system: edition.release for edition in (gpci, rvu) if edition.release is not None}
        why = where.not_held(rvu) or found.why
        if why:
            told = tuple(_untold(line, why) for line in lines)
            return FeeAnswer(day, found.place, why, told, Decimal(0), False, ())
        assert rvu.release is not None
        assert found.place is not None
        held_rows, technical = await self._rows(rvu.release, lines)
        factor: AnesthesiaRow | None = None
        if any(is_anesthesia(line.code) for line in lines):
            anesthesia = await self._sources.edition(ANESTHESIA, day)
            place = found.place.contractor, found.place.locality
            factor = await self._factor(anesthesia, *place)
            if anesthesia.release is not None:
                releases[ANESTHESIA] = anesthesia.release
        caps = await self._caps(day, found.place, held_rows, releases)
        held = Held(held_rows, found.at, technical, factor, caps)
        priced = price_claim(lines, held, day)
        receipts = Receipts({RVU: rvu.release, **releases})
        answers = tuple(_answer(line, receipts) for line in priced)
        total = sum((line.amount for line in answers if line.amount is not None), Decimal(0))
        return FeeAnswer(
            day, found.place, "", answers, total, all(a.amount is not None for a in answers), NOTES
        )

    async def _rows(
        self, release: Release, lines: Sequence[AskedLine]
    ) -> tuple[dict[str, dict[str, RvuRow]], dict[str, tuple[RvuRow, ...]]]:
        """Rows of the lines' codes and of their base endoscopies; technical parts of codes for whole tests."""

        def query(c: Connection) -> tuple[dict[str, dict[str, RvuRow]], dict[str, tuple[RvuRow, ...]]]:
            held = _by_code(rows.rvu_rows(c, release.id, [line.code for line in lines]))
            own = [by[""] for by in held.values() if "" in by]
            bases = [row.endoscopic_base for row in own if row.endoscopic_base]
            held |= _by_code(rows.rvu_rows(c, release.id, bases))
            technical: dict[str, tuple[RvuRow, ...]] = {}
            for row in own:
                if row.pctc == WHOLE_TEST and row.multiple in ("6", "7"):
                    following = rows.rows_after(c, release.id, row.code, FOLLOWING)
                    technical[row.code] = technical_rows(row, following)
            return held, technical

        return await self._sources.read(release.id, query)

    async def _caps(
        self, day: date, place: FeePlace, held: dict[str, dict[str, RvuRow]], releases: dict[str, Release]
    ) -> dict[tuple[str, str], CapRow]:
        """Published prices of capped imaging at the place; notes the release that they are of."""
        capped = [(row.code, row.modifier) for by in held.values() for row in by.values() if row.has_cap]
        edition = await self._sources.edition(OPPS_CAPS, day) if capped else None
        release = edition.release if edition is not None and edition.status == "held" else None
        if release is None:
            return {}
        releases[OPPS_CAPS] = release

        def query(c: Connection) -> dict[tuple[str, str], CapRow]:
            found = {
                key: rows.cap_row(c, release.id, *key, place.contractor, place.locality) for key in capped
            }
            return {key: row for key, row in found.items() if row is not None}

        return await self._sources.read(release.id, query)

    async def _factor(self, edition: Edition, contractor: str, locality: str) -> AnesthesiaRow | None:
        release = edition.release
        if edition.status != "held" or release is None:
            return None
        return await self._sources.read(
            release.id, lambda c: rows.anesthesia(c, release.id, contractor, locality)
        )


class Receipts:
    """Receipts of rows, by the key of their source."""

    def __init__(self, releases: dict[str, Release]) -> None:
        self._releases = releases

    def of(self, step: Step) -> tuple[Receipt, ...]:
        return tuple(receipt_of(self._releases[ref.source], ref.row) for ref in step.refs)


def _by_code(found: Sequence[RvuRow]) -> dict[str, dict[str, RvuRow]]:
    grouped: dict[str, dict[str, RvuRow]] = {}
    for row in found:
        grouped.setdefault(row.code, {})[row.modifier] = row
    return grouped


def _answer(line: PricedLine, receipts: Receipts) -> FeeLineAnswer:
    asked = line.asked
    steps = tuple(
        FeeStep(step.text, step.formula, step.amount, step.rule, receipts.of(step)) for step in line.steps
    )
    return FeeLineAnswer(
        asked.number,
        asked.code,
        asked.modifiers,
        asked.units,
        SETTING_NAMES[asked.setting],
        line.outcome,
        line.amount,
        line.why,
        tuple(dict.fromkeys(line.conditions)),
        steps,
    )


def _untold(line: AskedLine, why: str) -> FeeLineAnswer:
    return FeeLineAnswer(
        line.number, line.code, line.modifiers, line.units, SETTING_NAMES[line.setting], "not_checked", None, why,
        (), (),
    )  # fmt: skip
