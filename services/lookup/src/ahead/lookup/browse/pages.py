"""The hierarchy as pages, from the chapters down to the 7th character."""

from datetime import date

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from ahead.lookup.browse.schemas import BrowseNode, BrowsePage
from ahead.lookup.browse.service import browse, browse_address
from ahead.lookup.catalog.service import Catalog
from ahead.lookup.parameters import AsOf, PageNumber, read_as_of
from ahead.shared.web.templating import Page

NAMES = {
    "chapter": "Chapter",
    "section": "Section",
    "category": "Category",
    "subcategory": "Subcategory",
    "code": "Code",
    "extension": "Code with 7th character",
}


class BrowsePages(Controller):
    include_in_schema = False

    @get("/browse/{system:str}")
    async def top(
        self,
        catalog: NamedDependency[Catalog],
        system: FromPath[str],
        as_of: AsOf = None,
        page: PageNumber = 1,
    ) -> Page:
        when = read_as_of(as_of)
        return _page(await browse(catalog, system, None, when, page), when)

    @get("/browse/{system:str}/{code:str}")
    async def place(
        self,
        catalog: NamedDependency[Catalog],
        system: FromPath[str],
        code: FromPath[str],
        as_of: AsOf = None,
        page: PageNumber = 1,
    ) -> Page | Redirect:
        when = read_as_of(as_of)
        found = await browse(catalog, system, code, when, page)
        if found.place is not None and found.place.code != code:
            return Redirect(found.place.address, status_code=301)
        return _page(found, when)


def _page(found: BrowsePage, as_of: date | None) -> Page:
    place = found.place
    trail = [(found.system_name, browse_address(found.system, as_of=as_of))]
    trail += [(label(node), node.address) for node in found.ancestors]
    if place is not None:
        trail.append((label(place), ""))
    here = browse_address(found.system, place.code if place else "", as_of)
    return Page(
        "browse/place.html",
        {
            "found": found,
            "place": place,
            "as_of": as_of,
            "trail": trail,
            "kind_name": NAMES[place.kind] if place else "",
            "rows": [_row(node) for node in found.children],
            "around": [_row(node) for node in found.siblings],
            "page_address": f"{here}{'&' if as_of else '?'}page={{page}}",
            "date_address": browse_address(found.system, place.code if place else ""),
        },
    )


def label(node: BrowseNode) -> str:
    """A place in a trail: "Chapter 4", "E08-E13", "E11"."""
    return f"Chapter {node.code}" if node.kind == "chapter" else node.code


def _row(node: BrowseNode) -> dict[str, object]:
    """A header leads on to what is below it, a billable code to its page."""
    count = f"{node.billable_codes:,} code{'' if node.billable_codes == 1 else 's'}"
    return {
        "code": label(node),
        "title": node.title.removesuffix(f" ({node.code})"),
        "href": node.page if node.billable else node.address,
        "badge": "Billable" if node.billable else count,
        "badge_kind": "success" if node.billable else "",
    }
