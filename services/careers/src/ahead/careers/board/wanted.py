"""What a candidate asks the board for: read from an address, and written into one. No state anywhere else."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, urlencode

from ahead.careers import vocabulary as words

# Parameter → (name of the facet for people, its values). The order is that of the page.
FACETS: dict[str, tuple[str, Mapping[str, str]]] = {
    "credential": ("Credential", {key: key for key in words.CREDENTIALS}),
    "workplace": ("Work place", words.WORKPLACES),
    "state": ("State", words.STATES),
    "setting": ("Setting", words.SETTINGS),
    "specialty": ("Specialty", words.SPECIALTIES),
    "experience": ("Experience", words.EXPERIENCE),
    "employment": ("Employment", words.EMPLOYMENT),
    "kind": ("Kind of work", words.KINDS),
    "code_set": ("Code set", words.CODE_SETS),
    "pay_unit": ("Paid by", words.PAID_BY),
}
POSTED = {"1": "Last 24 hours", "3": "Last 3 days", "7": "Last 7 days", "30": "Last 30 days"}
PAY = {str(amount): f"${amount:,} a year or more" for amount in (40_000, 50_000, 60_000, 75_000, 90_000)}
SORTS = {"newest": "Newest first", "pay": "Highest pay first"}
MILES = {"10": "10 miles", "25": "25 miles", "50": "50 miles", "100": "100 miles"}
MAX_PAGE = 50


@dataclass(frozen=True)
class Wanted:
    """Facets hold only values that exist: anything else in an address is left out, never an error."""

    q: str = ""
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    posted: str = ""
    pay: str = ""
    company: str = ""
    near: str = ""
    miles: str = ""
    sort: str = ""
    page: int = 1

    @property
    def filtered(self) -> bool:
        return bool(self.facets or self.posted or self.pay or self.company or self.near)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """In one order, so that equal searches have equal addresses."""
        pairs = [("q", self.q)] if self.q else []
        for name in FACETS:
            pairs += [(name, value) for value in sorted(self.facets.get(name, ()))]
        rest = {
            "posted": self.posted, "pay": self.pay, "near": self.near, "miles": self.miles,
            "company": self.company, "sort": self.sort,
        }  # fmt: skip
        return pairs + [(name, value) for name, value in rest.items() if value]

    @property
    def query(self) -> str:
        return urlencode(self.pairs)

    def path(self, base: str = "/careers") -> str:
        return f"{base}?{self.query}" if self.pairs else base

    def page_path(self) -> str:
        """With {page} where the number goes."""
        return f"/careers?{self.query}&page={{page}}" if self.pairs else "/careers?page={page}"

    def without(self, name: str, value: str = "") -> "Wanted":
        if name in FACETS:
            left = tuple(held for held in self.facets.get(name, ()) if held != value)
            facets = {key: values for key, values in self.facets.items() if key != name}
            return replace(self, facets=facets | ({name: left} if left else {}), page=1)
        gone = {"near": "", "miles": ""} if name == "near" else {name: ""}
        return replace(self, **gone, page=1)

    @property
    def chips(self) -> list[tuple[str, str]]:
        """(what is asked for, the address without it)."""
        made: list[tuple[str, str]] = []
        for name, (_, values) in FACETS.items():
            made += [(values[value], self.without(name, value).path()) for value in self.facets.get(name, ())]
        if self.posted:
            made.append((POSTED[self.posted], self.without("posted").path()))
        if self.pay:
            made.append((PAY[self.pay], self.without("pay").path()))
        if self.near:
            made.append((f"Within {MILES[self.miles]} of {self.near}", self.without("near").path()))
        if self.company:
            made.append(("One employer", self.without("company").path()))
        return made

    @property
    def title(self) -> str:
        """What is looked for, as a heading or a saved search says it."""
        said = [f'"{self.q}"'] if self.q else []
        said += [text for text, _ in self.chips]
        return ", ".join(said) or "All jobs"


def read(pairs: Iterable[tuple[str, str]]) -> Wanted:
    """From the pairs of a query string."""
    facets: dict[str, tuple[str, ...]] = {}
    single: dict[str, str] = {}
    for name, value in list(pairs)[:200]:
        if name in FACETS:
            if value in FACETS[name][1] and value not in facets.get(name, ()):
                facets[name] = (*facets.get(name, ()), value)
        else:
            single[name] = value
    page = single.get("page", "")
    near = single.get("near", "").strip()
    near = near if len(near) == 5 and near.isascii() and near.isdigit() else ""
    miles = single.get("miles", "")
    return Wanted(
        q=" ".join("".join(c if c.isprintable() else " " for c in single.get("q", "")).split())[:200],
        facets=facets,
        posted=single.get("posted", "") if single.get("posted") in POSTED else "",
        pay=single.get("pay", "") if single.get("pay") in PAY else "",
        company=single.get("company", "")[:36] if single.get("company", "").isascii() else "",
        near=near,
        miles=(miles if miles in MILES else "25") if near else "",
        sort=single.get("sort", "") if single.get("sort") in SORTS else "",
        page=min(max(int(page), 1), MAX_PAGE) if page.isascii() and page.isdigit() and len(page) < 6 else 1,
    )


def parse(query: str) -> Wanted:
    return read(parse_qsl(query, max_num_fields=200))
