"""Looks things up in the small lists beside the codes."""

import hashlib
from datetime import date
from functools import lru_cache
from importlib import resources

from ahead.lookup.catalog.procedure_codes import code_of
from ahead.lookup.catalog.schemas import Receipt
from ahead.lookup.clfs.service import LabFee, Laboratory
from ahead.lookup.coverage.service import Coverage
from ahead.lookup.hcpcs.schemas import PlaceOfService
from ahead.lookup.hcpcs.service import Hcpcs
from ahead.lookup.modifiers.rules import MODIFIER, ModifierRule, load_meta, load_rules
from ahead.lookup.ncci.service import Ncci
from ahead.lookup.pfs.service import Pfs
from ahead.shared.errors import BadInput

from .schemas import (
    AddOnAnswer,
    CoverageAnswer,
    LocalitiesAnswer,
    ModifierAnswer,
    OwnRule,
    PlaceAnswer,
    RelativeValuesAnswer,
    Status,
)

MOST_DOCUMENTS = 20
RULES_FILE = "rules.toml"


class Reference:
    """After the newest edition its rows are shown, marked; before the first one there is "no edition held"."""

    def __init__(
        self, hcpcs: Hcpcs, pfs: Pfs, coverage: Coverage, ncci: Ncci, laboratory: Laboratory
    ) -> None:
        self._hcpcs, self._pfs, self._coverage, self._ncci = hcpcs, pfs, coverage, ncci
        self._laboratory = laboratory

    async def laboratory_rate(self, code: str, as_of: date | None) -> LabFee:
        """Raises BadInput for what can't be a code."""
        return await self._laboratory.fee(code_of(code), as_of)

    async def add_on(self, code: str, as_of: date | None) -> AddOnAnswer:
        """Add-on edits of a code, either way. Raises BadInput for what can't be a code."""
        found = await self._ncci.add_on(code, as_of)
        status: Status = "found" if found.edits or found.as_primary else "none"
        if found.edition.release is None:
            status = "no_edition"
        return AddOnAnswer(found.as_of, status, found.why, found)

    async def relative_values(self, code: str, as_of: date | None) -> RelativeValuesAnswer:
        """Values and payment indicators of a code. Raises BadInput for what can't be a code."""
        found = await self._pfs.indicators(code, as_of)
        if found.edition.release is None:
            after = await self._pfs.first_held_after(found.as_of)
            return RelativeValuesAnswer(found.as_of, "no_edition", found.why, found, after)
        return RelativeValuesAnswer(found.as_of, "found" if found.rows else "none", found.why, found)

    async def modifier(self, modifier: str, as_of: date | None) -> ModifierAnswer:
        """Raises BadInput for what can't be a modifier."""
        key = modifier.strip().upper()
        if not MODIFIER.fullmatch(key):
            raise BadInput(
                "A modifier is two digits, or a letter with a letter or digit.", slug="bad-modifier"
            )
        listed = await self._hcpcs.modifiers(as_of)
        found = listed.get(key)
        rule = load_rules().get(key)
        own = _own(rule, _row_of(key)) if rule is not None else None
        edition = listed.edition
        if found is not None or own is not None:
            why = "" if found is not None else _unlisted(key, edition.message)
            return ModifierAnswer(edition.as_of, key, "found", why, found, edition.message, own)
        if edition.release is None:
            return ModifierAnswer(edition.as_of, key, "no_edition", edition.message, None, "", None)
        why = (
            f"Modifier {key} is CPT's, whose list is the American Medical Association's, and no rule of it is held."
            if key.isdigit()
            else f"Modifier {key} is not in the official list of {edition.release.edition}."
        )
        return ModifierAnswer(edition.as_of, key, "none", why, None, edition.message, None)

    async def place(self, asked: str, as_of: date | None) -> PlaceAnswer:
        """Raises BadInput: nothing was asked."""
        words = asked.strip()
        if not words:
            raise BadInput("Say a number, or words of the name of a place.", slug="no-place")
        held = await self._hcpcs.places(as_of)
        edition = held.edition
        if edition.release is None:
            return PlaceAnswer(edition.as_of, "no_edition", edition.message, (), "")
        if words.isdecimal():
            one = held.get(words.zfill(2))
            found: tuple[PlaceOfService, ...] = (one,) if one is not None else ()
        else:
            wanted = words.lower().split()
            found = tuple(one for one in held.places if all(word in one.name.lower() for word in wanted))
            found = found or tuple(
                one for one in held.places if all(word in one.description.lower() for word in wanted)
            )
        why = "" if found else f"No place of service is listed so in {edition.release.edition}."
        return PlaceAnswer(edition.as_of, "found" if found else "none", why, found, edition.message)

    async def localities(self, words: str, as_of: date | None) -> LocalitiesAnswer:
        """Of the fee schedule, by a state's two letters or by words of the name."""
        edition, held = await self._pfs.places(as_of)
        if edition.release is None:
            return LocalitiesAnswer(edition.as_of, "no_edition", edition.message, ())
        wanted = words.strip().lower()
        found = tuple(
            one
            for one in held
            if not wanted
            or one.state.lower() == wanted
            or (len(wanted) > 2 and all(word in one.name.lower() for word in wanted.split()))
        )
        why = "" if found else "No locality of the fee schedule is called so."
        return LocalitiesAnswer(edition.as_of, "found" if found else "none", why, found)

    async def coverage(
        self, words: str, document: str, contractor: str, as_of: date | None
    ) -> CoverageAnswer:
        """Raises BadInput: nothing was asked."""
        if not words.strip() and not document.strip():
            raise BadInput("Say words of the title, or a document's number.", slug="no-document")
        edition, found, total = await self._coverage.titled(
            words, document, contractor, as_of, limit=MOST_DOCUMENTS
        )
        if edition.release is None:
            return CoverageAnswer(edition.as_of, "no_edition", edition.message, (), 0, "")
        why = "" if found else "No coverage document in the list held is titled so."
        status = "found" if found else "none"
        return CoverageAnswer(edition.as_of, status, why, found, total, edition.message)


def _unlisted(key: str, message: str) -> str:
    if key.isdigit():
        return (
            "Modifiers of two digits are CPT's: their official wording is the American Medical Association's."
        )
    return message or f"The official list held doesn't have {key}."


def _own(rule: ModifierRule, row: int) -> OwnRule:
    compiled = load_meta().compiled
    receipt = Receipt(
        RULES_FILE,
        f"compiled {compiled.isoformat()}",
        "Case2Code's own words for public rules",
        _rows()[1],
        row,
        rule.in_force_from or compiled.replace(month=1, day=1),
        rule.in_force_to,
        "file",
    )
    return OwnRule(
        rule.name,
        rule.kind,
        rule.meaning,
        rule.use_when,
        rule.do_not_use_when,
        rule.payment,
        rule.ncci_associated,
        rule.sources,
        receipt,
    )


def _row_of(modifier: str) -> int:
    return _rows()[0].get(modifier, 1)


@lru_cache(maxsize=1)
def _rows() -> tuple[dict[str, int], str]:
    """The line of each modifier in the file of rules, and the file's hash."""
    content = (resources.files("ahead.lookup.modifiers") / "data" / RULES_FILE).read_bytes()
    found = {
        line.split('"')[1]: number
        for number, line in enumerate(content.decode().splitlines(), 1)
        if line.startswith("modifier = ")
    }
    return found, hashlib.sha256(content).hexdigest()
