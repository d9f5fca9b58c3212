"""The two halves of the evaluation set."""

import hashlib
from typing import Literal


def half_of(query: str) -> Literal["tuning", "held-out"]:
    """Say which half a query belongs to: `tuning` may be looked at, `held-out` only measured.

    The half follows from the query alone, so nobody chooses it and no file keeps it: `tuning` when the
    first hex digit of the SHA-256 of the lower-cased query is 0–7. Blanks count, as in the file. Every
    report on the set shows the two halves apart; a gain in `tuning` only is fitting, not searching better.
    """
    return "tuning" if hashlib.sha256(query.lower().encode()).hexdigest()[0] < "8" else "held-out"
