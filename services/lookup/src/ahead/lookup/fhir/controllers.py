"""FHIR R4 operations by GET with parameters in the address and by POST with a Parameters resource."""

from datetime import date
from typing import Annotated, Any

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, QueryParameter

from ahead.lookup.codes.access import Views
from ahead.lookup.fhir.resources import MEDIA_TYPE, Resource, outcome
from ahead.lookup.fhir.service import MOST, Terminology
from ahead.lookup.fhir.systems import system_of, system_of_value_set
from ahead.lookup.fhir.translating import translation
from ahead.lookup.gems.service import Crosswalks
from ahead.lookup.gems.walking import walk
from ahead.lookup.parameters import read_as_of
from ahead.shared.auth.guards import requires_account
from ahead.shared.auth.principal import Principal
from ahead.shared.errors import BadInput
from ahead.shared.web.problem_details import as_problem

AnyRequest = Request[Any, Any, Any]
Text = Annotated[str, QueryParameter(max_length=500)]
Address = Annotated[str, QueryParameter(max_length=500)]
Day = Annotated[str | None, QueryParameter(name="date", description="Date of service, YYYY-MM-DD.")]
Count = Annotated[int, QueryParameter(ge=0, le=MOST)]
Offset = Annotated[int, QueryParameter(ge=0, le=1_000_000)]


def _answer(resource: Resource) -> Response[Resource]:
    return Response(resource, media_type=MEDIA_TYPE, headers={"Vary": "Accept"})


def _failed(request: AnyRequest, error: Exception) -> Response[Resource]:
    """Errors as OperationOutcome, whatever they are."""
    problem = as_problem(error)
    return Response(
        outcome(problem),
        status_code=problem.status,
        media_type=MEDIA_TYPE,
        headers=dict(problem.headers or {}),
    )


class FhirController(Controller):
    """Public facts of codes take no view; $translate takes that of its code. Errors are OperationOutcome."""

    path = "/fhir"
    tags = ("fhir",)
    exception_handlers = {Exception: _failed}  # noqa: RUF012 - Litestar's own declaration

    @get("/metadata", summary="What this server can")
    async def metadata(
        self, request: AnyRequest, terminology: NamedDependency[Terminology]
    ) -> Response[Resource]:
        return _answer(await terminology.metadata(str(request.base_url).rstrip("/") + "/fhir"))

    @get("/CodeSystem/$lookup", summary="Public facts of a code")
    async def lookup(
        self,
        terminology: NamedDependency[Terminology],
        system: Address = "",
        code: Text = "",
        day: Day = None,
    ) -> Response[Resource]:
        return _answer(await terminology.lookup(system_of(system), code, _date(day)))

    @post("/CodeSystem/$lookup", status_code=200, summary="Public facts of a code")
    async def lookup_posted(
        self, terminology: NamedDependency[Terminology], data: JSONBody[dict[str, Any]]
    ) -> Response[Resource]:
        asked = _asked(data)
        return _answer(
            await terminology.lookup(system_of(asked["system"]), asked["code"], _date(asked["date"]))
        )

    @get("/CodeSystem/$validate-code", summary="Whether a code is valid on a date")
    async def validate(
        self,
        terminology: NamedDependency[Terminology],
        url: Address = "",
        code: Text = "",
        display: Text = "",
        day: Day = None,
    ) -> Response[Resource]:
        return _answer(await terminology.validate(system_of(url), code, display, _date(day)))

    @post("/CodeSystem/$validate-code", status_code=200, summary="Whether a code is valid on a date")
    async def validate_posted(
        self, terminology: NamedDependency[Terminology], data: JSONBody[dict[str, Any]]
    ) -> Response[Resource]:
        asked = _asked(data)
        system = system_of(asked["url"] or asked["system"])
        return _answer(
            await terminology.validate(system, asked["code"], asked["display"], _date(asked["date"]))
        )

    @get("/CodeSystem/$subsumes", summary="How two codes stand to each other")
    async def subsumes(
        self,
        terminology: NamedDependency[Terminology],
        system: Address = "",
        one: Annotated[str, QueryParameter(name="codeA", max_length=64)] = "",
        two: Annotated[str, QueryParameter(name="codeB", max_length=64)] = "",
        day: Day = None,
    ) -> Response[Resource]:
        return _answer(await terminology.subsumes(system_of(system), one, two, _date(day)))

    @post("/CodeSystem/$subsumes", status_code=200, summary="How two codes stand to each other")
    async def subsumes_posted(
        self, terminology: NamedDependency[Terminology], data: JSONBody[dict[str, Any]]
    ) -> Response[Resource]:
        asked = _asked(data)
        system = system_of(asked["system"])
        return _answer(
            await terminology.subsumes(system, asked["codeA"], asked["codeB"], _date(asked["date"]))
        )

    @get("/ValueSet/$expand", summary="Codes of a system, filtered and paged")
    async def expand(
        self,
        terminology: NamedDependency[Terminology],
        url: Address = "",
        text: Annotated[str, QueryParameter(name="filter", max_length=500)] = "",
        offset: Offset = 0,
        count: Count = 100,
        day: Day = None,
    ) -> Response[Resource]:
        return _answer(await terminology.expand(system_of_value_set(url), text, offset, count, _date(day)))

    @post("/ValueSet/$expand", status_code=200, summary="Codes of a system, filtered and paged")
    async def expand_posted(
        self, terminology: NamedDependency[Terminology], data: JSONBody[dict[str, Any]]
    ) -> Response[Resource]:
        asked = _asked(data)
        offset, count = _number(asked["offset"], 0, 1_000_000), _number(asked["count"] or "100", 0, MOST)
        system = system_of_value_set(asked["url"])
        return _answer(await terminology.expand(system, asked["filter"], offset, count, _date(asked["date"])))

    @get("/ConceptMap/$translate", guards=(requires_account,), summary="A code in another code system")
    async def translate(
        self,
        request: AnyRequest,
        crosswalks: NamedDependency[Crosswalks],
        views: NamedDependency[Views],
        principal: NamedDependency[Principal],
        system: Address = "",
        code: Text = "",
        target: Annotated[str, QueryParameter(name="targetsystem", max_length=500)] = "",
        day: Day = None,
    ) -> Response[Resource]:
        source = system_of(system)
        if target and system_of(target) == source:
            raise BadInput("A code is translated into another system than its own.", slug="unknown-system")
        answer = await walk(crosswalks, views, principal, request, source, (code,), _date(day))
        return _answer(translation(answer))

    @post(
        "/ConceptMap/$translate",
        status_code=200,
        guards=(requires_account,),
        summary="A code in another code system",
    )
    async def translate_posted(
        self,
        request: AnyRequest,
        crosswalks: NamedDependency[Crosswalks],
        views: NamedDependency[Views],
        principal: NamedDependency[Principal],
        data: JSONBody[dict[str, Any]],
    ) -> Response[Resource]:
        asked = _asked(data)
        source = system_of(asked["system"])
        answer = await walk(
            crosswalks, views, principal, request, source, (asked["code"],), _date(asked["date"])
        )
        return _answer(translation(answer))


def _date(text: str | None) -> date | None:
    """FHIR's dateTime: of what is more exact than a day, the day counts."""
    return read_as_of(text[:10] if text and "T" in text else text)


class _Asked(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return ""


def _asked(resource: dict[str, Any]) -> _Asked:
    """The parameters of a Parameters resource by name; of a coding its system and code.

    Raises:
        BadInput: it is no Parameters resource.
    """
    listed = resource.get("parameter")
    if resource.get("resourceType") != "Parameters" or not isinstance(listed, list):
        raise BadInput("The body is no Parameters resource.", slug="bad-resource")
    found = _Asked()
    for one in listed:
        if not isinstance(one, dict) or not isinstance(one.get("name"), str):
            raise BadInput("A parameter has no name.", slug="bad-resource")
        name = one["name"]
        for key, value in one.items():
            if key in ("valueCoding", "valueCodeableConcept"):
                coding = value if key == "valueCoding" else (value.get("coding") or [{}])[0]
                side = name.removeprefix("coding") if name.startswith("coding") else ""
                found["system"] = found["url"] = str(coding.get("system", ""))
                found[f"code{side}"] = str(coding.get("code", ""))
                found["display"] = str(coding.get("display", ""))
            elif key.startswith("value"):
                found[name] = str(value)
    return found


def _number(text: str, least: int, most: int) -> int:
    if not text:
        return least
    if not text.isdecimal() or not least <= int(text) <= most:
        raise BadInput(f"{text[:20]!r} is no number from {least} to {most:,}.", slug="validation")
    return int(text)
