"""Codes for a whole test (PCTC 4), whose technical and professional parts are codes of their own.

No column names those codes. They stand right behind the whole test in the order of codes; they are taken only when
their relative values add up to its own.
"""

from collections.abc import Sequence
from decimal import Decimal

from ..repository import RvuRow

WHOLE_TEST, PROFESSIONAL, TECHNICAL = "4", "2", "3"
FOLLOWING = 8
"""How many rows behind it are looked at."""
_CENT = Decimal("0.01")


def technical_rows(whole: RvuRow, following: Sequence[RvuRow]) -> tuple[RvuRow, ...]:
    """The rows of its technical part; none where they can't be told."""
    parts: list[RvuRow] = []
    for row in following:
        if row.modifier or row.pctc not in (PROFESSIONAL, TECHNICAL) or row.status != whole.status:
            break
        parts.append(row)
        if _add_up(whole, parts):
            return tuple(part for part in parts if part.pctc == TECHNICAL)
    return ()


def _add_up(whole: RvuRow, parts: Sequence[RvuRow]) -> bool:
    def close(name: str) -> bool:
        total = sum((getattr(part, name) for part in parts), Decimal(0))
        return abs(total - getattr(whole, name)) <= _CENT

    kinds = {part.pctc for part in parts}
    return kinds == {PROFESSIONAL, TECHNICAL} and all(
        close(name) for name in ("work", "pe_nonfacility", "mp")
    )
