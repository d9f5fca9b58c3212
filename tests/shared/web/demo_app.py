"""A small product made with the factory: what the tests of ahead.shared.web ask and look at."""

import asyncio
import os
from pathlib import Path
from typing import Any

import msgspec
from litestar import Litestar, Request, Response, get, post
from litestar.params import FromPath, FromQuery, JSONBody, URLEncodedBody
from litestar.types import ASGIApp, Receive, Scope, Send

from ahead.shared.auth.principal import Principal
from ahead.shared.errors import Forbidden, Unauthenticated
from ahead.shared.testing.browser import assets_folder
from ahead.shared.web import CSRF, RATE_LIMIT, Allowance, Page, RateLimit, WebService, create_web_app
from ahead.shared.web.rate_limit import Limits

FOLDER = Path(__file__).parent
ALLOWANCES = {
    "guest": Allowance("guest", 1, 1),
    "free": Allowance("free", 5, 2),
    "pro": Allowance("pro", None, 9),
}
PARTS = ("home", "code", "results", "form", "kitchen_sink")
ROWS = [
    {
        "code": code,
        "title": title,
        "href": f"/codes/icd10cm/{code}",
        "badge": badge,
        "badge_kind": "success" if badge == "Billable" else "",
        "more": more,
    }
    for code, title, badge, more in (
        ("E11.9", "Type 2 diabetes mellitus without complications", "Billable", ""),
        ("E11", "Type 2 diabetes mellitus", "Category", "Includes: diabetes due to insulin secretory defect"),
        ("E10.9", "Type 1 diabetes mellitus without complications", "Billable", ""),
        (
            "O24.419",
            "Gestational diabetes mellitus in pregnancy, unspecified control",
            "Billable",
            "Index: Diabetes, gestational",
        ),
        ("Z83.3", "Family history of diabetes mellitus", "Billable", "Matched: family history of diabetes"),
        ("E23.2", "Diabetes insipidus", "Billable", "Excludes1: nephrogenic diabetes insipidus (N25.1)"),
    )
]


class Item(msgspec.Struct):
    name: str
    count: int


class PlanFromHeader:
    """Stands for the principal middleware: a test says who it is with ``x-test-plan``."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        plan = headers.get(b"x-test-plan", b"").decode()
        roles = frozenset(filter(None, headers.get(b"x-test-roles", b"").decode().split(",")))
        if plan == "guest" or not plan:
            who = Principal(kind="guest", id=headers.get(b"x-test-id", b"1").decode(), plan="guest")
        elif plan == "service":
            who = Principal(kind="service", id="lookup", plan=plan)
        else:
            who = Principal(kind="account", id="2", plan=plan, roles=roles)
        scope["state"]["principal"] = who
        await self._app(scope, receive, send)


async def allowance(request: Request[Any, Any, Any]) -> Allowance:
    return ALLOWANCES[request.scope["state"]["principal"].plan]


@get("/", include_in_schema=False)
async def home() -> Page:
    return Page("home.html")


@get("/page/{part:str}", include_in_schema=False)
async def part(request: Request[Any, Any, Any], part: FromPath[str]) -> Page:
    registered = request.scope["state"]["principal"].registered
    return Page(f"{part}.html", {"rows": ROWS, "registered": registered})


@get("/after-grant", include_in_schema=False)
async def after_grant(request: Request[Any, Any, Any]) -> Page:
    request.state["allowance"] = Allowance("free", 5, 5)
    return Page("home.html")


@get("/boom", include_in_schema=False)
async def boom() -> None:
    raise RuntimeError("the password is hunter2")


@get("/members", include_in_schema=False)
async def members() -> None:
    raise Unauthenticated()


@get("/spent", include_in_schema=False)
async def spent() -> None:
    raise Forbidden("None of your page views is left.", slug="allowance-exhausted", hint="Register.")


@post("/form", include_in_schema=False, status_code=200)
async def form(data: URLEncodedBody[dict[str, str]]) -> str:
    return f"got {data.get('name', '')}"


@post("/hook", include_in_schema=False, status_code=200, opt={CSRF: False})
async def hook() -> str:
    return "thanks"


@get("/slow-lane", include_in_schema=False, opt={RATE_LIMIT: RateLimit("slow", per_minute=60, burst=2)})
async def slow_lane() -> str:
    return "through"


@get("/other-lane", include_in_schema=False, opt={RATE_LIMIT: RateLimit("other", per_minute=60, burst=2)})
async def other_lane() -> str:
    return "through"


@get("/api/demo/v1/items/{number:int}")
async def item(number: FromPath[int], q: FromQuery[str] = "", limit: FromQuery[int] = 10) -> Item:
    return Item(name=q, count=number + limit)


@post("/api/demo/v1/items", status_code=200)
async def make_item(data: JSONBody[Item]) -> Item:
    return data


@get("/api/lookup/v1/suggest")
async def suggest(q: FromQuery[str]) -> Response[dict[str, Any]]:
    # The shorter the text, the later the answer: a page that shows stale answers is caught.
    await asyncio.sleep(0.6 if len(q) == 1 else 0.0)
    words = q.lower()
    hits = [
        {"system": "icd10cm", "code": row["code"], "title": row["title"]}
        for row in ROWS
        if words in f"{row['code']} {row['title']}".lower()
    ]
    return Response({"hits": hits, "q": q})


async def always_ready() -> None:
    return None


def create(**changes: Any) -> Litestar:
    ready = changes.pop("ready", {"database": always_ready})
    principal_middleware = changes.pop("principal_middleware", PlanFromHeader)
    handlers = changes.pop("route_handlers", ())
    given: dict[str, Any] = {
        "name": "lookup",
        "title": "Case2Code",
        "public_url": os.environ.get("AHEAD_PUBLIC_URL", "http://127.0.0.1:8080"),
        "peers": {"accounts": "http://127.0.0.1:1", "assistant": "http://127.0.0.1:2"},
        "secret": "s" * 40,
        "browser_assets": assets_folder(),
        "limits": Limits(address_per_minute=0, principal_per_minute=0),
    }
    return create_web_app(
        WebService(**(given | changes)),
        route_handlers=[
            home,
            part,
            after_grant,
            boom,
            members,
            spent,
            form,
            hook,
            slow_lane,
            other_lane,
            item,
            make_item,
            suggest,
            *handlers,
        ],
        principal_middleware=principal_middleware,
        allowance=allowance,
        ready=ready,
        template_dirs=[FOLDER / "templates"],
    )
