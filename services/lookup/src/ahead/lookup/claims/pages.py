"""The claim check as a page: typed, pasted or uploaded; the answer on the same address."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import msgspec
from litestar import Controller, Request, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency

from ahead.lookup.claims.comma_separated import SETTINGS
from ahead.lookup.claims.events import ClaimLog
from ahead.lookup.claims.importing import MAX_CHARACTERS, read_any
from ahead.lookup.claims.schemas import Claim, ClaimAnswer
from ahead.lookup.claims.service import ClaimCheck
from ahead.lookup.tools.schemas import STATUSES, ToolResult
from ahead.shared.auth.guards import requires_account
from ahead.shared.auth.principal import Principal
from ahead.shared.errors import BadInput
from ahead.shared.web.templating import Page

AnyRequest = Request[Any, Any, Any]

SETTING_NAMES = {
    "practitioner": "Practitioner (837P)",
    "outpatient_hospital": "Outpatient hospital (837I)",
    "inpatient": "Inpatient hospital (837I)",
    "dme_supplier": "DME supplier",
}
RULES = {
    "valid-code": "Valid on the date",
    "excludes1": "Excludes1",
    "code-first": "Code first",
    "use-additional": "Use additional code",
    "sequence": "Sequence",
    "laterality": "Sides",
    "poa": "Present on admission",
    "ncci-ptp": "NCCI procedure-to-procedure edits",
    "mue": "NCCI unit limits (MUE)",
    "add-on": "Add-on codes",
    "modifier": "Modifiers",
    "global-days": "Global surgical package",
    "coverage-diagnoses": "Medicare coverage",
    "mce": "Medicare Code Editor",
}
VERDICTS = {
    "clean": ("Clean", "success", "Every rule held for these dates was checked, and every one passes."),
    "conflicts": ("Conflicts", "danger", "Something on the claim breaks a rule: see what would fix it."),
    "not_fully_checked": (
        "Not fully checked",
        "warning",
        "Nothing fails, but something rests on the record or could not be checked: it is listed below.",
    ),
}
TYPED = (
    "setting",
    "state",
    "contractor",
    "age",
    "sex",
    "discharged",
    "diagnoses",
    "procedures",
    "lines",
    "earlier",
)


class ClaimPages(Controller):
    include_in_schema = False
    guards = (requires_account,)

    @get("/tools/claim-check")
    async def form(self) -> Page:
        return _page(dict.fromkeys(TYPED, ""), [], "")

    @post("/tools/claim-check", status_code=200)
    async def check(
        self,
        request: AnyRequest,
        claims: NamedDependency[ClaimCheck],
        claim_log: NamedDependency[ClaimLog],
        principal: NamedDependency[Principal],
    ) -> Page:
        form = await request.form()
        typed = {name: str(form.get(name, "")) for name in TYPED}
        answers: list[tuple[Claim, ClaimAnswer]] = []
        try:
            upload = form.get("file")
            pasted = str(form.get("pasted", ""))
            if isinstance(upload, UploadFile) and upload.filename:
                pasted = await _text_of(upload)
            for claim in read_any(pasted if pasted.strip() else _as_csv(typed)):
                answer = await claims.check(claim)
                claim_log.checked(principal, claim, answer)
                answers.append((claim, answer))
        except BadInput as problem:
            return _page(
                typed, answers, f"{problem.detail} {problem.hint}".strip(), str(form.get("pasted", ""))
            )
        return _page(typed, answers, "", pasted)


async def _text_of(upload: UploadFile) -> str:
    data = await upload.read(MAX_CHARACTERS + 1)
    if len(data) > MAX_CHARACTERS:
        raise BadInput(f"The file is larger than {MAX_CHARACTERS:,} bytes.", slug="bad-claim")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput(
            "The file is not text.", slug="bad-claim", hint="Give an 837 interchange or a CSV file."
        ) from None


def _as_csv(typed: dict[str, str]) -> str:
    """What the fields of the form say, in the form that is pasted: one reader for both."""
    rows = [f"setting,{typed['setting'] or 'practitioner'}"]
    if typed["state"] or typed["contractor"]:
        rows.append(f"filed,{_cell(typed['state'])},{_cell(typed['contractor'])}")
    if typed["age"] or typed["sex"]:
        rows.append(f"patient,{typed['age']},{typed['sex']}")
    if typed["discharged"]:
        rows.append(f"discharged,{typed['discharged']}")
    for name, kind in (
        ("diagnoses", "diagnosis"),
        ("procedures", "procedure"),
        ("lines", "line"),
        ("earlier", "earlier"),
    ):
        for row in typed[name].splitlines():
            if row.strip():
                separated = row if "," in row or kind in ("line", "earlier") else ",".join(row.split())
                rows.append(f"{kind},{separated}")
    return "\n".join(rows)


def _cell(text: str) -> str:
    """A name such as "CGS Administrators, LLC" as one cell."""
    return '"' + " ".join(text.split()).replace('"', '""') + '"'


def _page(
    typed: dict[str, str], answers: list[tuple[Claim, ClaimAnswer]], error: str, pasted: str = ""
) -> Page:
    return Page(
        "claims/check.html",
        {
            "typed": typed,
            "pasted": pasted,
            "answers": [(claim, answer, _by_rule(answer)) for claim, answer in answers],
            "error": error,
            "settings": [(one, SETTING_NAMES[one]) for one in SETTINGS],
            "statuses": STATUSES,
            "rules": RULES,
            "verdicts": VERDICTS,
        },
    )


def _by_rule(answer: ClaimAnswer) -> list[tuple[str, list[ToolResult]]]:
    """Results by rule, what fails first."""
    order = {"fail": 0, "bypassed": 1, "not_checked": 2, "pass": 3}
    grouped: dict[str, list[ToolResult]] = defaultdict(list)
    for one in sorted(_said_once(answer.results), key=lambda one: order[one.status]):
        grouped["mce" if one.rule.startswith("mce-") else one.rule].append(one)
    return list(grouped.items())


def _said_once(results: Iterable[ToolResult]) -> list[ToolResult]:
    """What is said of several lines in the same words stands once, with all the lines."""
    found: dict[tuple[Any, ...], ToolResult] = {}
    for one in results:
        key = (one.rule, one.status, one.why, one.fix, one.receipts, one.diagnoses)
        before = found.get(key)
        lines = one.lines if before is None else tuple(sorted({*before.lines, *one.lines}))
        found[key] = msgspec.structs.replace(one, lines=lines)
    return list(found.values())
