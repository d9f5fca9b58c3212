"""The products in the header: links to what is installed, names of what is not."""

from dataclasses import dataclass

from ahead.shared.web.service import WebService


@dataclass(frozen=True)
class Product:
    service: str
    title: str
    path: str
    line: str


PRODUCTS = (
    Product("lookup", "Case2Code", "/", "Search and look up medical codes"),
    Product("assistant", "CasePilot", "/casepilot", "Ask the medical coding assistant"),
    Product("consultant", "CaseConsultant", "/consultant", "Ask a coding question by e-mail"),
    Product("careers", "CareerCenter", "/careers", "Find and post medical coding jobs"),
)


@dataclass(frozen=True)
class NavItem:
    """One product as the header shows it; ``current`` when the page belongs to it."""

    title: str
    path: str
    line: str
    installed: bool
    current: bool


@dataclass(frozen=True)
class Nav:
    """What is the same on every page of a service.

    Attributes:
        accounts: whether accounts can be registered and logged in to here.
        lookup: whether codes can be looked up here, with the tools and the pages of one's own that go with it.
    """

    items: tuple[NavItem, ...]
    accounts: bool
    lookup: bool = False


def make_nav(service: WebService) -> Nav:
    return Nav(
        items=tuple(
            NavItem(
                title=product.title,
                path=product.path,
                line=product.line,
                installed=service.installed(product.service),
                current=product.service == service.name,
            )
            for product in PRODUCTS
        ),
        accounts=service.installed("accounts"),
        lookup=service.installed("lookup"),
    )
