"""Codes that the fee schedule calls add-ons (global days ZZZ) and NCCI's add-on file doesn't list."""

from ahead.lookup.ncci.service import Ncci
from ahead.lookup.pfs.service import Pfs
from ahead.lookup.tools.schemas import ToolResult

from ..schemas import Claim
from .edits import ADD_ON
from .held import Coded, by_date, result

_SETTINGS = ("practitioner", "outpatient_hospital")
_ADD_ON_DAYS = "ZZZ"


class UnlistedAddOns:
    """Whether the primary of such a code is billed can't be told from what is held: that is said, not passed over."""

    def __init__(self, pfs: Pfs, ncci: Ncci) -> None:
        self._pfs = pfs
        self._ncci = ncci

    async def __call__(self, claim: Claim, _coded: tuple[Coded, ...]) -> list[ToolResult]:
        if claim.setting not in _SETTINGS:
            return []
        results: list[ToolResult] = []
        for day, lines in by_date(claim).items():
            edition, held = await self._pfs.global_days({line.code for _, line in lines}, day)
            named = {code: receipt for code, (days, receipt) in held.items() if days == _ADD_ON_DAYS}
            if edition.status != "held" or not named:
                continue
            relations = await self._ncci.add_ons(set(named), day)
            for number, line in lines:
                # What the add-on file can't say on this date at all, the rule of add-ons has told.
                found = relations.get(line.code)
                if found is not None and found.status != "not_checked" and not found.edits:
                    why = (
                        f"{line.code} has global days ZZZ, as add-on codes have, and no add-on edit is held for it: "
                        "whether its primary procedure is billed was not checked."
                    )
                    fix = "Make sure that the primary procedure is on the claim."
                    results.append(
                        result(
                            ADD_ON,
                            "not_checked",
                            why,
                            fix,
                            lines=(number,),
                            receipts=(named[line.code],),
                        )
                    )
        return results
