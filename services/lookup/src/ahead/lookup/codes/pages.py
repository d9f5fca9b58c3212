"""Code pages as HTML."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol, cast
from urllib.parse import quote

from litestar import Controller, Request, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.response import Redirect
from markupsafe import Markup

from ahead.lookup.catalog.cache import LRU
from ahead.lookup.catalog.schemas import Found
from ahead.lookup.catalog.spelling import SYSTEMS
from ahead.lookup.codes.access import Refused, Views, may_see_sections
from ahead.lookup.codes.opening import open_view
from ahead.lookup.codes.owners import OWNERS
from ahead.lookup.codes.schemas import Access, Content
from ahead.lookup.codes.service import CODE_KINDS, CodePages, edition_info, place_of, view_of
from ahead.lookup.parameters import AsOf, read_as_of
from ahead.lookup.personal.pages import box
from ahead.lookup.personal.schemas import OwnOfCode
from ahead.shared.auth.middleware import principal_of
from ahead.shared.auth.principal import Principal
from ahead.shared.errors import NotFound
from ahead.shared.web.allowance import Allowance
from ahead.shared.web.templating import Page

AnyRequest = Request[Any, Any, Any]


def code_address(system: str, code: str, as_of: date | None = None) -> str:
    query = f"?as_of={as_of.isoformat()}" if as_of else ""
    return f"/codes/{system}/{quote(code)}{query}"


# Where the body leaves room for what is the visitor's own, which must not be kept with it.
OWN_PLACE = "<!-- own -->"


_CODE_LINKS = re.compile(r'(<a href="/(?:codes|browse)/[^"?#]+)"')


def dated(html: str, as_of: date | None) -> str:
    """Links to codes and places of the hierarchy keep the date of service that the page was asked for."""
    return html if as_of is None else _CODE_LINKS.sub(rf'\1?as_of={as_of.isoformat()}"', html)


class Bodies:
    """The part of a code page that is the same for everybody with the same access, rendered once.

    Releases never change after they are published, so what is rendered from one stays right until another one
    comes (`version`); the date is part of the key because the page says what holds on it.
    """

    def __init__(self, size: int, assistant_installed: bool) -> None:
        self._cache: LRU[tuple[Any, ...], tuple[Markup, Markup]] = LRU(size)
        self._assistant_installed = assistant_installed

    def body(
        self, request: AnyRequest, content: Content, access: Access, as_of: date | None
    ) -> tuple[Markup, Markup]:
        """What stands before and after what is the visitor's own."""
        node = content.node
        notes = content.facts.notes_from
        key = (
            content.version, node.release_id, notes and notes.id, node.code, access, content.edition.as_of,
            as_of is None,
        )  # fmt: skip
        found = self._cache.get(key)
        if found is None:
            engine = cast("JinjaTemplateEngine", request.app.template_engine)
            template = engine.get_template("codes/body.html")
            rendered = template.render(
                view=view_of(content, access, None),
                content=content,
                facts=content.facts,
                as_of=as_of,
                assistant_installed=self._assistant_installed,
                address=code_address,
                owners=OWNERS,
            )
            before, _, after = dated(rendered, as_of).partition(OWN_PLACE)
            found = Markup(before), Markup(after)  # noqa: S704 - Jinja has escaped it
            self._cache.put(key, found)
        return found


class Absent(Protocol):
    """What is said of a code that the edition of the date doesn't have."""

    async def page(
        self, views: Views, principal: Principal, system: str, code: str, as_of: date
    ) -> Page | None: ...


class Own(Protocol):
    """What accounts keep about codes."""

    async def of_code(self, account: str, system: str, code: str) -> OwnOfCode: ...


@dataclass(frozen=True)
class Desk:
    """What opens a code page. One dependency: several would each be resolved as a task of its own."""

    pages: CodePages
    views: Views
    bodies: Bodies
    absent: Absent | None = None
    own: Own | None = None


class CodePageController(Controller):
    include_in_schema = False

    @get("/codes/{system:str}/{code:str}")
    async def page(
        self,
        request: AnyRequest,
        desk: NamedDependency[Desk],
        system: FromPath[str],
        code: FromPath[str],
        as_of: AsOf = None,
    ) -> Page | Redirect:
        when = read_as_of(as_of)
        principal = principal_of(request)
        try:
            found = await desk.pages.find(system, code, when)
        except NotFound:
            if desk.absent is None:
                raise
            day = when or desk.pages.today()
            absent = await desk.absent.page(desk.views, principal, system, code, day)
            if absent is None:
                raise
            return absent
        if found.node is None:
            return _no_edition(found, system, code)
        if found.node.kind not in CODE_KINDS:
            return Redirect(f"/browse/{system}/{quote(found.node.dotted)}")
        if found.node.dotted != code:
            return Redirect(code_address(system, found.node.dotted, when), status_code=301)
        content = await desk.pages.content(found, full=may_see_sections(principal))
        own = None
        if desk.own is not None and principal.registered:
            own = await desk.own.of_code(principal.subject, system, code)

        def make(access: Access, allowance: Allowance | None) -> Page:
            if allowance is not None:
                request.state.allowance = allowance
            return _page(request, desk.bodies, content, access, when, own)

        try:
            return await open_view(
                request, desk.views, principal, content, make, lambda page: page.prepare(request)
            )
        except Refused as problem:
            request.state.allowance = problem.allowance
            return await refused_page(desk.views, principal, content, problem)


def _page(
    request: AnyRequest,
    bodies: Bodies,
    content: Content,
    access: Access,
    when: date | None,
    own: OwnOfCode | None,
) -> Page:
    before, after = bodies.body(request, content, access, when)
    return Page(
        "codes/page.html",
        {
            **(box(own, when) if own is not None and access == "full" else {"own": None}),
            "place": place_of(content),
            "edition": edition_info(content.edition),
            "access": access,
            "as_of": when,
            "before": before,
            "after": after,
        },
    )


async def refused_page(views: Views, principal: Principal, content: Content, problem: Refused) -> Page:
    """Says that no view is left, and what to do."""
    return Page(
        "codes/refused.html",
        {
            "place": place_of(content),
            "problem": problem,
            "opened": [
                (code, code_address(system, code))
                for system, _, code in (thing.partition("/") for thing in await views.opened(principal))
            ],
        },
        status_code=problem.status,
    )


def _no_edition(found: Found, system: str, code: str) -> Page:
    return Page(
        "codes/no_edition.html",
        {
            "system": system,
            "system_name": SYSTEMS[system],
            "code": code,
            "edition": edition_info(found.edition),
            "address": code_address(system, code),
        },
        status_code=404,
    )
