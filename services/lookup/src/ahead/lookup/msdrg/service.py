"""The grouper tool: a stay's MS-DRG, what made it so, and what each code does."""

import asyncio
from collections.abc import Sequence
from datetime import date

import msgspec

from ahead.lookup.catalog.schemas import Edition, Receipt
from ahead.lookup.ipps.schemas import DrgWeight, Exclusion
from ahead.lookup.ipps.service import Ipps
from ahead.lookup.tools.schemas import Status, ToolResult

from .cases import DIED, printed, read_case
from .grouper import Case, Diagnosis, Grouper, Grouping, Version
from .mdc import MDC_NAMES, type_name
from .poa import PoaList
from .schemas import Asked, Grouped, GroupingAnswer, Payment
from .telling import REASONS, codes_of_case, made_by

RULE = "ms-drg"
UNGROUPABLE = frozenset({"998", "999"})


class MsDrgs:
    def __init__(self, grouper: Grouper, ipps: Ipps, poa: PoaList) -> None:
        self.grouper = grouper
        self._ipps = ipps
        self._poa = poa

    async def close(self) -> None:
        await asyncio.to_thread(self.grouper.close)

    def today(self) -> date:
        return self._ipps.today()

    async def group(self, asked: Asked, as_of: date) -> GroupingAnswer:
        """Groups a stay by the version for its discharge.

        Raises:
            BadInput: something asked can't be read.
        """
        case = read_case(asked)
        version = self.grouper.version_for(as_of)
        if version is None:
            why = "Not checked: the grouper held has no version for this date of discharge."
            return GroupingAnswer(as_of, (_result("not_checked", why),))
        case, missing, edition = await self._with_poa(case, as_of)
        grouping = None if missing else await asyncio.to_thread(self.grouper.group, version, case)
        if grouping is not None:
            missing = tuple(
                one.code
                for one, given in zip(
                    (grouping.principal, *grouping.secondary), (case.principal, *case.secondary), strict=True
                )
                if given.poa == "1" and one.hacs
            )
        if missing or grouping is None:
            return _asks_for_poa(as_of, missing, edition)
        without, receipt = await asyncio.to_thread(self._without_each, version, case, as_of)
        return await self._told(as_of, version, case, grouping, without, receipt)

    def _without_each(self, version: Version, case: Case, as_of: date) -> tuple[tuple[str, ...], Receipt]:
        """The MS-DRG without each secondary diagnosis, and the grouper's receipt; in a thread."""
        drgs = tuple(
            self.grouper.group(
                version,
                msgspec.structs.replace(case, secondary=case.secondary[:place] + case.secondary[place + 1 :]),
            ).drg
            for place in range(len(case.secondary))
        )
        return drgs, self.grouper.receipt(as_of)

    async def _with_poa(self, case: Case, as_of: date) -> tuple[Case, tuple[str, ...], Edition]:
        """The case with exempt codes marked so, and the codes whose indicator is missing.

        A code is exempt by the list held for the date; a 1 that was typed counts where no list is held.
        """
        listed = await self._poa.exempt([one.code for one in (case.principal, *case.secondary)], as_of)
        held = listed.edition.status == "held"

        def read(one: Diagnosis) -> Diagnosis:
            if held and one.poa in ("", "1"):
                return Diagnosis(one.code, "1" if one.code in listed.codes else "")
            return one

        read_case = msgspec.structs.replace(
            case, principal=read(case.principal), secondary=tuple(read(one) for one in case.secondary)
        )
        missing = dict.fromkeys(
            one.code for one in (read_case.principal, *read_case.secondary) if not one.poa
        )
        return read_case, tuple(missing), listed.edition

    async def _told(
        self,
        as_of: date,
        version: Version,
        case: Case,
        grouping: Grouping,
        without: tuple[str, ...],
        receipt: Receipt,
    ) -> GroupingAnswer:
        weights = await self._ipps.weights([grouping.drg], as_of)
        row = weights.found.get(grouping.drg)
        reasons: dict[str, Exclusion] = await self._ipps.exclusions(
            [one.code for one in case.secondary],
            case.principal.code,
            grouping.drg,
            as_of,
            died=case.discharge_status == DIED,
        )
        status: Status = "fail" if grouping.drg in UNGROUPABLE else "pass"
        title = row.title if row is not None and weights.edition.status == "held" else grouping.title.upper()
        why = f"MS-DRG {grouping.drg}: {title} ({version.name})."
        fix = ""
        if status == "fail":
            said = REASONS.get(grouping.reason, "")
            why = f"Not groupable: MS-DRG {grouping.drg}. {said}".strip()
            fix = "Check the principal diagnosis and the data of the stay."
        mdc = row.mdc if row is not None and weights.edition.status == "held" and row.mdc else grouping.mdc
        grouped = Grouped(
            drg=grouping.drg,
            title=title,
            mdc="" if mdc == "00" else mdc,
            mdc_title=MDC_NAMES.get(mdc, grouping.mdc_title),
            type=type_name(row.type) if row is not None and weights.edition.status == "held" else "",
            severity=grouping.level,
            version=version.name,
            before_hacs=grouping.initial if grouping.initial != grouping.drg else "",
            made_by=made_by(case, grouping),
            codes=codes_of_case(case, grouping, without, reasons),
            payment=_payment(row, weights.edition, grouping.drg),
        )
        return GroupingAnswer(as_of, (_result(status, why, fix, (receipt,)),), grouped)


def _payment(row: DrgWeight | None, edition: Edition, drg: str) -> Payment:
    """A weight is a price: only an edition that is held for the date may give it."""
    if edition.status != "held":
        return Payment("not_checked", f"Not checked: no Table 5 is held for this date. {edition.message}")
    if row is None:
        assert edition.release is not None, "an edition that is held has a release"
        return Payment("not_checked", f"Not checked: {drg} is not in Table 5 of {edition.release.edition}.")
    if row.weight is None:
        return Payment(
            "not_checked", f"Table 5 gives {drg} no weight: it isn't paid by one.", receipt=row.receipt
        )
    return Payment(
        "held",
        "",
        row.weight,
        row.weight_before_cap or "",
        row.gmlos or "",
        row.amlos or "",
        row.post_acute,
        row.special_pay,
        row.receipt,
    )


def _asks_for_poa(as_of: date, missing: Sequence[str], edition: Edition) -> GroupingAnswer:
    codes = tuple(printed(code) for code in missing)
    why = f"Not grouped: the present-on-admission indicator is missing for {', '.join(codes)}."
    fix = "Give Y, N, U or W for each."
    if edition.status != "held":
        fix += " For a code exempt from it give 1: no list of exempt codes is held for this date."
    return GroupingAnswer(as_of, (_result("not_checked", why, fix),), missing_poa=codes)


def _result(status: Status, why: str, fix: str = "", receipts: tuple[Receipt, ...] = ()) -> ToolResult:
    return ToolResult(RULE, status, (), why, fix, receipts)
