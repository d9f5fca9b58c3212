"""The home page and the page of results. Everything on them can be read and used without a script."""

from datetime import date
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from litestar import Controller, Request, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from markupsafe import Markup, escape

from ahead.lookup.catalog.service import Catalog
from ahead.lookup.catalog.spelling import SYSTEMS
from ahead.lookup.parameters import AsOf, read_as_of
from ahead.lookup.search import explaining
from ahead.lookup.search.asking import AsTyped, Billable, Chapter, QueryText, SearchLog, System, read_query
from ahead.lookup.search.documents import chapter_key
from ahead.lookup.search.doors import SearchDoors
from ahead.lookup.search.highlighting import marked
from ahead.lookup.search.own_keywords import OwnKeywords
from ahead.lookup.search.schemas import SearchAnswer, SearchHit
from ahead.lookup.search.service import PAGEABLE, CodeSearch, Narrowed, Scope
from ahead.lookup.settings import Settings
from ahead.lookup.tools.catalogue import TOOLS
from ahead.shared.auth.principal import Principal
from ahead.shared.errors import BadInput
from ahead.shared.web.templating import Page, format_day

AnyRequest = Request[Any, Any, Any]

PER_PAGE = 20
CHAPTERS_SHOWN = 8
EXAMPLES = ("E11.9", "type 2 diabetes with neuropathy", "htn", "broken wrist", "chest pain")

PageNumber = Annotated[int, QueryParameter(name="page", ge=1, le=PAGEABLE // PER_PAGE)]


class SearchPages(Controller):
    include_in_schema = False

    @get("/")
    async def home(self, catalog: NamedDependency[Catalog], settings: NamedDependency[Settings]) -> Page:
        return Page(
            "search/home.html",
            {
                "systems": await catalog.systems(),
                "tools": TOOLS[:8],
                "all_tools": len(TOOLS),
                "examples": EXAMPLES,
                "views": {plan: settings.views_allowed(plan) for plan in ("guest", "free")},
            },
        )

    @get("/search")
    async def results(
        self,
        request: AnyRequest,
        code_search: NamedDependency[CodeSearch],
        search_doors: NamedDependency[SearchDoors],
        catalog: NamedDependency[Catalog],
        principal: NamedDependency[Principal],
        search_log: NamedDependency[SearchLog],
        own_keywords: NamedDependency[OwnKeywords],
        q: QueryText = "",
        system: System = None,
        as_of: AsOf = None,
        chapter: Chapter = None,
        billable: Billable = None,
        as_typed: AsTyped = False,
        page: PageNumber = 1,
    ) -> Page:
        typed = read_query(q)
        when = read_as_of(as_of)
        scope = await code_search.scope(system or None, when)
        wanted = Wanted(typed, system or "", when, chapter or "", billable, page, as_typed)
        answer, problem = None, None
        if typed and scope.releases:
            try:
                answer = await search_doors.search(
                    typed,
                    scope,
                    limit=PER_PAGE,
                    offset=(page - 1) * PER_PAGE,
                    narrowed=Narrowed(chapter or None, billable),
                    as_typed=as_typed,
                )
            except BadInput as error:
                problem = error
            if answer and page == 1:
                answer = await own_keywords.first(
                    answer,
                    principal,
                    typed,
                    scope,
                    limit=PER_PAGE,
                    chapter=chapter or None,
                    billable=billable,
                )
                search_log.record(request, principal, answer)
        context = {
            "wanted": wanted,
            "partly": bool(answer) and any(explaining.partly(hit) for hit in answer.hits[:1]),
            "scope": scope,
            "answer": answer,
            "problem": problem,
            "rows": [_row(hit, wanted, answer, scope) for hit in answer.hits] if answer else [],
            "pages": min(-(-answer.total // PER_PAGE), PAGEABLE // PER_PAGE) if answer else 0,
            "chapters": await _chapters(catalog, scope, answer, wanted) if answer else [],
            "found_in": _systems(answer, wanted) if answer else [],
            "near": await code_search.near_words(typed) if answer and not answer.hits else (),
            "examples": EXAMPLES,
            "systems": SYSTEMS,
        }
        fragment = request.headers.get("hx-request") == "true" and "results" in request.headers.get(
            "hx-target", ""
        )
        template = "search/answer.html" if fragment else "search/results.html"
        return Page(template, context, headers={"Vary": "HX-Request, HX-Target"})


class Wanted:
    """What a page of results was asked for, and the addresses of its neighbours."""

    def __init__(
        self,
        q: str,
        system: str,
        as_of: date | None,
        chapter: str,
        billable: bool | None,
        page: int,
        as_typed: bool,
    ) -> None:
        self.q, self.system, self.as_of = q, system, as_of
        self.chapter, self.billable, self.page = chapter, billable, page
        self.as_typed = as_typed

    @property
    def filtered(self) -> bool:
        return bool(self.chapter) or bool(self.system) or self.billable is not None

    def address(self, **changes: object) -> str:
        """The address of these results with something changed; a filter changed begins at its first page."""
        asked: dict[str, object] = {
            "q": self.q,
            "system": self.system,
            "as_of": self.as_of.isoformat() if self.as_of else "",
            "chapter": self.chapter,
            "billable": "" if self.billable is None else str(self.billable).lower(),
            "as_typed": "true" if self.as_typed else "",
        }
        asked |= changes
        given = {name: value for name, value in asked.items() if value not in ("", None)}
        return "/search?" + urlencode(given).replace("%7Bpage%7D", "{page}")


def code_address(hit: SearchHit, as_of: date | None) -> str:
    query = f"?as_of={as_of.isoformat()}" if as_of else ""
    return f"/codes/{hit.system}/{quote(hit.code)}{query}"


def _row(hit: SearchHit, wanted: Wanted, answer: SearchAnswer, scope: Scope) -> dict[str, Any]:
    # As typed too: what is read as something else may stand there in its own words.
    is_code = answer.interpreted.startswith(("code ", "codes "))
    words = "" if is_code else f"{answer.interpreted} {answer.query}"
    ended = scope.ended(hit.system)
    return {
        "code": hit.code,
        "title": marked(hit.title, words),
        "href": code_address(hit, wanted.as_of),
        "badge": _badge(hit, ended),
        "badge_kind": "success" if hit.billable and ended is None else "",
        "more": _why(hit, words),
    }


def _badge(hit: SearchHit, ended: date | None) -> str:
    """ended: the last day of the edition shown, where that is before the date asked for: no verdict on that date."""
    if not hit.billable:
        return "Heading"
    return f"Billable to {format_day(ended)}" if ended else "Billable"


def _why(hit: SearchHit, words: str) -> Markup:
    """Which wording matched. A title needs no second line, and how the query was read stands above all hits."""
    lines: list[Markup] = []
    for one in hit.matched:
        if one.field == "inclusion term":
            lines.append(Markup("Also called: {}").format(marked(one.text, words)))
        elif one.field == "keyword":
            lines.append(Markup("Your keyword"))
        elif one.field == "heading":
            lines.append(Markup("Under: {}").format(marked(one.text, words)))
        elif one.field == "code" and one.why != explaining.THIS_CODE:
            lines.append(escape(one.why[:1].upper() + one.why[1:]))
    return Markup(" · ").join(lines)


def _systems(answer: SearchAnswer, wanted: Wanted) -> list[dict[str, Any]]:
    """Code systems with hits, the fullest first, each with the address that keeps to it."""
    return [
        {
            "title": SYSTEMS.get(system, system),
            "count": count,
            "href": wanted.address(chapter="", system="" if system == wanted.system else system),
            "current": system == wanted.system,
        }
        for system, count in answer.facets.get("system", {}).items()
    ]


async def _chapters(
    catalog: Catalog, scope: Scope, answer: SearchAnswer, wanted: Wanted
) -> list[dict[str, Any]]:
    """Chapters with hits, the fullest first, each with the address that keeps to it."""
    titles: dict[str, str] = {}
    for release in scope.releases:
        chapters = await catalog.chapters(release)
        titles |= {chapter_key(node.system, node.code): node.title for node in chapters}
    counted = answer.facets.get("chapter", {})
    return [
        {
            "code": code,
            "title": titles.get(code, ""),
            "system": SYSTEMS.get(code.partition(":")[0], ""),
            "count": count,
            "href": wanted.address(chapter="" if code == wanted.chapter else code),
            "current": code == wanted.chapter,
        }
        for code, count in [(code, count) for code, count in counted.items() if code in titles][
            :CHAPTERS_SHOWN
        ]
    ]
