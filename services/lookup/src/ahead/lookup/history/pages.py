"""A code's page on two dates, compared; and the page of a code that the edition of the date doesn't have."""

from datetime import date
from typing import Annotated, Any
from urllib.parse import quote

from litestar import Controller, Request, get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect

from ahead.lookup.codes.access import Refused, may_see_sections
from ahead.lookup.codes.opening import open_view
from ahead.lookup.codes.pages import Desk, code_address, refused_page
from ahead.lookup.codes.schemas import Access, Content
from ahead.lookup.codes.service import CODE_KINDS, CodePages, view_of
from ahead.lookup.history.comparing import compared
from ahead.lookup.history.schemas import PageDiff, Side
from ahead.lookup.parameters import read_as_of
from ahead.shared.auth.middleware import principal_of
from ahead.shared.auth.principal import Principal
from ahead.shared.errors import BadInput, NotFound
from ahead.shared.web.allowance import Allowance
from ahead.shared.web.templating import Page

From = Annotated[
    str | None, QueryParameter(name="from", description="The earlier date of service, YYYY-MM-DD.")
]
To = Annotated[str | None, QueryParameter(name="to", description="The later date of service; default today.")]
AnyRequest = Request[Any, Any, Any]


class DiffPages(Controller):
    include_in_schema = False

    @get("/codes/{system:str}/{code:str}/diff")
    async def page(
        self,
        request: AnyRequest,
        desk: NamedDependency[Desk],
        system: FromPath[str],
        code: FromPath[str],
        since: From = None,
        until: To = None,
    ) -> Page | Redirect:
        principal = principal_of(request)
        before, after = days(desk.pages, since, until)
        old, new, said = await both(desk.pages, principal, system, code, before, after)
        content = new or old
        if content is None:
            raise NotFound(said[1] or said[0], slug="no-edition-held", title="There is nothing to compare")
        if content.node.kind not in CODE_KINDS:
            return Redirect(f"/browse/{system}/{quote(content.node.dotted)}")

        def make(access: Access, allowance: Allowance | None) -> Page:
            if allowance is not None:
                request.state.allowance = allowance
            diff = difference(content, old, new, (before, after), said, access)
            return Page("history/diff.html", {"diff": diff, "access": access, "address": code_address})

        try:
            return await open_view(request, desk.views, principal, content, make)
        except Refused as problem:
            request.state.allowance = problem.allowance
            return await refused_page(desk.views, principal, content, problem)


class DiffController(Controller):
    path = "/api/lookup/v1/codes"
    tags = ("codes",)

    @get("/{system:str}/{code:str}/diff", summary="A code's page on two dates, compared")
    async def diff(
        self,
        request: AnyRequest,
        desk: NamedDependency[Desk],
        principal: NamedDependency[Principal],
        system: FromPath[str],
        code: FromPath[str],
        since: From = None,
        until: To = None,
    ) -> PageDiff:
        before, after = days(desk.pages, since, until)
        old, new, said = await both(desk.pages, principal, system, code, before, after)
        content = new or old
        if content is None:
            raise NotFound(said[1] or said[0], slug="no-edition-held", title="There is nothing to compare")
        if content.node.kind not in CODE_KINDS:
            raise NotFound(f"{content.node.dotted} is a {content.node.kind}, not a code.", slug="not-a-code")
        return await open_view(
            request,
            desk.views,
            principal,
            content,
            lambda access, _: difference(content, old, new, (before, after), said, access),
        )


def days(pages: CodePages, since: str | None, until: str | None) -> tuple[date, date]:
    """
    Raises:
        BadInput: a date can't be read, the earlier one is missing, or it isn't earlier.
    """
    before, after = read_as_of(since), read_as_of(until) or pages.today()
    if before is None:
        raise BadInput(
            "Give the date to compare from.", slug="bad-date", hint="Such as ?from=2026-09-30&to=2026-10-01."
        )
    if before >= after:
        raise BadInput(
            f"{before.isoformat()} is not before {after.isoformat()}.",
            slug="bad-date",
            hint="Swap the two dates.",
        )
    return before, after


async def both(
    pages: CodePages, principal: Principal, system: str, code: str, before: date, after: date
) -> tuple[Content | None, Content | None, tuple[str, str]]:
    """The page's content on each date; None where the edition of that date hasn't the code, or none is held: the
    third says which.

    Raises:
        NotFound: neither edition has it.
    """
    full = may_see_sections(principal)
    found: list[Content | None] = []
    said: list[str] = []
    missing: NotFound | None = None
    for day in (before, after):
        try:
            one = await pages.find(system, code, day)
        except NotFound as problem:
            missing = problem
            found.append(None)
            said.append(problem.detail)
            continue
        found.append(None if one.node is None else await pages.content(one, full=full))
        said.append(one.edition.message)
    if missing is not None and found == [None, None]:
        raise missing
    return found[0], found[1], (said[0], said[1])


def difference(
    content: Content,
    old: Content | None,
    new: Content | None,
    days: tuple[date, date],
    said: tuple[str, str],
    access: Access,
) -> PageDiff:
    node = content.node
    sections = ()
    if access == "full":
        sections = compared(
            view_of(old, access, None).sections if old else (),
            view_of(new, access, None).sections if new else (),
            (_own(old), _own(new)),
        )
    return PageDiff(
        node.system,
        node.dotted,
        _side(old, days[0], said[0]),
        _side(new, days[1], said[1]),
        sections,
        access != "full",
    )


def _side(content: Content | None, day: date, note: str) -> Side:
    if content is None:
        return Side(day, "", note, "", None)
    release = content.edition.release
    node = content.node
    return Side(day, release.edition if release else "", note, node.title, node.billable)


def _own(content: Content | None) -> tuple[str, ...]:
    """What a page says of itself: its date and its edition."""
    if content is None or content.edition.release is None:
        return ()
    return content.edition.as_of.isoformat(), content.edition.release.edition
