"""A company's own jobs by file: on its page, and for programs with an account's API key."""

import io
from typing import Any

import msgspec
from litestar import Controller, Request, Response, delete, get, post, put
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from ahead.careers.employers import form
from ahead.careers.employers.service import Employers
from ahead.careers.handlers import AnyRequest, fields, see_other
from ahead.careers.importing.addresses import FeedAddresses, kind_of, told
from ahead.careers.importing.own import OwnImport
from ahead.careers.importing.service import Imported
from ahead.shared.auth.guards import requires_account
from ahead.shared.auth.principal import Principal
from ahead.shared.clock import Clock
from ahead.shared.errors import BadInput
from ahead.shared.web.rate_limit import RATE_LIMIT, RateLimit

MOST_BODY = 21 << 20
_LIMITED = {RATE_LIMIT: RateLimit("careers-import", per_minute=2, burst=10, by="principal")}
_ONE_BY_ONE = {RATE_LIMIT: RateLimit("careers-api-job", per_minute=120, burst=120, by="principal")}


class ImportPages(Controller):
    include_in_schema = False
    path = "/careers/employers/{company_id:uuid}/import"
    guards = (requires_account,)

    @post("/", request_max_body_size=MOST_BODY, opt=_LIMITED)
    async def upload(
        self,
        request: AnyRequest,
        company_id: FromPath[Any],
        own_import: NamedDependency[OwnImport],
        principal: NamedDependency[Principal],
    ) -> Response[Any]:
        upload = (await request.form()).get("feed")
        if not isinstance(upload, UploadFile) or not upload.filename:
            raise BadInput("Choose a file first.")
        body = await upload.read(MOST_BODY)
        done = await own_import.run(principal, str(company_id), io.BytesIO(body), kind_of(body))
        return see_other(f"/careers/employers/{company_id}?imported={_said(done)}")


class FeedAddressPages(Controller):
    """Where a company keeps its feed."""

    include_in_schema = False
    path = "/careers/employers/{company_id:uuid}/feed"
    guards = (requires_account,)

    @post("/", opt=_ONE_BY_ONE)
    async def keep(
        self,
        request: AnyRequest,
        company_id: FromPath[Any],
        feed_addresses: NamedDependency[FeedAddresses],
        principal: NamedDependency[Principal],
    ) -> Response[Any]:
        await feed_addresses.keep(principal, str(company_id), (await fields(request)).get("url", ""))
        return see_other(f"/careers/employers/{company_id}")


class Sent(msgspec.Struct):
    """A job as the form takes it: texts by the form's names, several values as a list."""

    title: str
    description: str
    city: str = ""
    state: str = ""
    zip: str = ""
    workplace: str = "on-site"
    states: list[str] = []
    employment: list[str] = []
    kind: str = ""
    setting: str = ""
    specialties: list[str] = []
    credentials: list[str] = []
    credentials_all: bool = False
    preferred: list[str] = []
    apprentice: bool = False
    code_sets: list[str] = []
    years: int = 0
    pay_low: str = ""
    pay_high: str = ""
    pay_unit: str = ""
    charts_an_hour: str = ""
    software: str = ""
    productivity: str = ""
    coding_test: str = ""
    equipment: bool = False
    apply_url: str = ""
    questions: list[str] = []

    def getall(self, name: str) -> list[str]:
        value = getattr(self, name)
        if name == "questions":
            return ["\n".join(value)]
        if isinstance(value, bool):
            return ["yes"] if value else []
        return value if isinstance(value, list) else [str(value)]


class Kept(msgspec.Struct):
    id: str
    reference: str
    status: str
    url: str


class CompanyController(Controller):
    """Jobs of one company, for its own programs; whoever holds the key has to be its member."""

    path = "/api/careers/v1/companies/{company_id:uuid}"
    guards = (requires_account,)
    tags = ("Employers",)

    @get("/jobs", summary="The company's jobs, drafts and closed ones too")
    async def listed(
        self,
        company_id: FromPath[Any],
        employers: NamedDependency[Employers],
        principal: NamedDependency[Principal],
    ) -> list[Kept]:
        _, jobs, _ = await employers.jobs_of(principal, str(company_id))
        return [Kept(job.id, job.row.external_id, job.row.status, job.path) for job in jobs]

    @post("/import", status_code=200, request_max_body_size=MOST_BODY, opt=_LIMITED,
          summary="A whole file, XML or CSV: new jobs posted, changed ones changed, missing ones closed")  # fmt: skip
    async def whole(
        self,
        request: Request[Any, Any, Any],
        company_id: FromPath[Any],
        own_import: NamedDependency[OwnImport],
        principal: NamedDependency[Principal],
    ) -> Imported:
        body = await request.body()
        return await own_import.run(principal, str(company_id), io.BytesIO(body), kind_of(body))

    @put("/jobs/{reference:str}", opt=_ONE_BY_ONE, summary="Post one job, or change it")
    async def one(
        self,
        data: JSONBody[Sent],
        company_id: FromPath[Any],
        reference: FromPath[str],
        own_import: NamedDependency[OwnImport],
        principal: NamedDependency[Principal],
    ) -> Kept:
        facts, wrong = form.read(data.getall)
        if wrong:
            raise BadInput("; ".join(f"{name}: {said}" for name, said in wrong.items()))
        row = await own_import.keep(principal, str(company_id), reference, facts)
        return Kept(row.id, row.external_id, row.status, f"/careers/jobs/{row.id}")

    @delete("/jobs/{reference:str}", status_code=200, opt=_ONE_BY_ONE, summary="Close one job")
    async def close(
        self,
        company_id: FromPath[Any],
        reference: FromPath[str],
        own_import: NamedDependency[OwnImport],
        principal: NamedDependency[Principal],
        clock: NamedDependency[Clock],
        reason: FromQuery[str] = "cancelled",
    ) -> Kept:
        row = await own_import.close(principal, str(company_id), reference, reason)
        return Kept(row.id, row.external_id, row.status, f"/careers/jobs/{row.id}")


def _said(done: Imported) -> str:
    return told(done)[:250].replace("%", "").replace("&", " ").replace("#", " ")
