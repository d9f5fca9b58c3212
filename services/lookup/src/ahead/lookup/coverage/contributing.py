"""What coverage documents say of a code on its page: which there are, and the codes that they list."""

from datetime import date
from urllib.parse import urlencode

from ahead.lookup.catalog.schemas import Edition
from ahead.lookup.codes.panels import (
    Cell,
    Contribution,
    Fact,
    Panel,
    PanelRow,
    PanelTable,
    SectionKey,
    Subject,
)

from .schemas import CodeCoverage, CoverageDocument, Listed, MergedCode, Pair, PairPage
from .service import ARTICLES, MERGED, REPORT, Coverage

SHOWN = 50
FILES = {
    ARTICLES: "Medicare Coverage Database export, current_article.zip (articles with their code tables)",
    MERGED: "Merged list of the diagnoses in billing articles",
    REPORT: "Medicare Coverage Database report",
}
LISTED: dict[Listed, str] = {"covered": "Listed as covered", "not_covered": "Listed as not covered"}
SOURCES = {MERGED: "merged list", ARTICLES: "articles"}
PROCEDURE_SYSTEMS = frozenset({"cpt", "hcpcs"})


class CoverageSection:
    """Documents, and how many codes they list."""

    section: SectionKey = "medicare-coverage"
    systems = frozenset({"cpt", "hcpcs", "icd10cm"})

    def __init__(self, coverage: Coverage) -> None:
        self._coverage = coverage

    async def contribute(self, subject: Subject) -> Contribution:
        if subject.system == "icd10cm":
            return await _pairs_of(self._coverage, subject)
        found = await self._coverage.of_code(subject.code, subject.as_of)
        articles, lcds, merged, report, ncds = found.editions
        if all(edition.release is None for edition in (articles, lcds, merged)):
            files = [f"{FILES[ARTICLES]}: {articles.message}", f"{FILES[MERGED]}: {merged.message}"]
            if report.release:
                files.append(f"{FILES[REPORT]}: held without lists of codes, {_held(report)}.")
            return Contribution(would_fill=tuple(files))
        panels = [_documents(found, articles, lcds)] if found.documents else []
        if found.merged is not None:
            panels.append(_merged(found.merged))
        if not panels:
            held = "; ".join(_held(edition) for edition in (articles, lcds, merged) if edition.release)
            panels.append(
                Panel(
                    "Coverage documents",
                    note=f"No document held lists {subject.dotted} ({held}). That doesn't say that it is covered, "
                    "nor that it isn't.",
                )
            )
        if ncds.release is None:
            panels.append(
                Panel("National determinations", note="No national coverage determination (NCD) is held.")
            )
        more = await _pairs_of(self._coverage, subject)
        return Contribution((*panels, *more.panels))


class CoverageCrosswalk:
    """The same pairs among the crosswalks: procedure to diagnosis and back."""

    section: SectionKey = "crosswalks"
    systems = CoverageSection.systems

    def __init__(self, coverage: Coverage) -> None:
        self._coverage = coverage

    async def contribute(self, subject: Subject) -> Contribution:
        return await _pairs_of(self._coverage, subject, only="covered")


def address(system: str, code: str, source: str, listed: str, as_of: date) -> str:
    """Where all pairs of a code are, with a filter."""
    query = urlencode({"source": source, "listed": listed, "as_of": as_of.isoformat()})
    return f"/codes/{system}/{code}/medicare-coverage?{query}"


async def page_of(
    coverage: Coverage, subject_system: str, code: str, source: str, listed: Listed, as_of: date | None,
    *, offset: int = 0, limit: int = SHOWN, starts: str = "",
) -> PairPage:  # fmt: skip
    """Pairs of a procedure or a diagnosis, whichever the code is."""
    ask = coverage.diagnoses if subject_system in PROCEDURE_SYSTEMS else coverage.procedures
    return await ask(code, listed, as_of, source=source, offset=offset, limit=limit, starts=starts)


async def _pairs_of(coverage: Coverage, subject: Subject, only: Listed | None = None) -> Contribution:
    panels: list[Panel] = []
    missing: list[str] = []
    for source in (ARTICLES, MERGED):
        for listed in (only,) if only else LISTED:
            page = await page_of(coverage, subject.system, subject.code, source, listed, subject.as_of)
            if page.edition.release is None:
                missing.append(f"{FILES[source]}: {page.edition.message}")
                break
            if page.total:
                panels.append(_pairs(subject, source, listed, page))
    procedure = subject.system in PROCEDURE_SYSTEMS
    # Of a procedure the section on coverage says it in words of its own.
    if not panels and (only or not procedure) and len(missing) < len(SOURCES):
        other = "with diagnoses" if procedure else "for a procedure"
        panels.append(
            Panel(
                "Coverage documents",
                note=f"No document held lists {subject.dotted} {other}. That doesn't say that it is covered, nor that "
                "it isn't.",
            )
        )
    return Contribution(tuple(panels), () if panels else tuple(dict.fromkeys(missing)))


def _pairs(subject: Subject, source: str, listed: Listed, page: PairPage) -> Panel:
    what = "Diagnoses" if subject.system in PROCEDURE_SYSTEMS else "Procedures"
    title = f"{what} {LISTED[listed].lower()} ({SOURCES[source]})"
    note = f"{page.total:,} {what.lower()}."
    if source == MERGED:
        note += " Some billing article of the LCDs named lists them: this list doesn't say which."
    more = address(subject.system, subject.dotted, source, listed, subject.as_of)
    table = PanelTable(
        title, columns(subject.system, source), tuple(pair_row(subject.system, pair) for pair in page.pairs),
        page.total, more if page.total > SHOWN else "",
    )  # fmt: skip
    return Panel(title, note=note, table=table, edition=marked(page.edition))


def columns(system: str, source: str) -> tuple[str, ...]:
    other = "Diagnosis" if system in PROCEDURE_SYSTEMS else "Procedure"
    return (other,) if source == MERGED else (other, "Document", "List")


def pair_row(system: str, pair: Pair) -> PanelRow:
    """The other code, and where it is listed."""
    if system in PROCEDURE_SYSTEMS:
        other = Cell(pair.diagnosis, f"/codes/icd10cm/{pair.diagnosis}", code=True)
    else:
        other = Cell(
            pair.code, f"/codes/{'hcpcs' if pair.code[0].isalpha() else 'cpt'}/{pair.code}", code=True
        )
    if not pair.document:
        return PanelRow((other,), pair.receipt)
    return PanelRow((other, Cell(pair.document), Cell(f"{pair.list_number}{pair.asterisk}")), pair.receipt)


def _documents(found: CodeCoverage, articles: Edition, lcds: Edition) -> Panel:
    rows = tuple(
        PanelRow(
            (
                Cell(one.document, one.url),
                Cell(one.title),
                Cell(_contractors(one)),
                Cell(_dates(one)),
                Cell(
                    "not held" if one.covered is None else f"{one.covered:,} covered, {one.not_covered:,} not"
                ),
            ),
            one.receipt,
        )
        for one in found.documents
    )
    note = f"{len(rows)} document{'s' * (len(rows) != 1)} in force list {found.code}."
    others = sorted({other for one in found.documents for other in one.related if other[0] in "Ln"})
    if others:
        note += f" They belong to {', '.join(_related(other) for other in others[:20])}."
    return Panel(
        "Documents that list the code",
        note=note,
        table=PanelTable(
            "Documents that list the code", ("Document", "Title", "Contractors", "In force", "Diagnoses listed"), rows,
            len(rows),
        ),
        edition=marked(articles if articles.marked else lcds),
    )  # fmt: skip


def _merged(found: MergedCode) -> Panel:
    named = {one.document: one for one in found.named}
    facts = [
        Fact(
            lcd,
            named[lcd].title if lcd in named else "Title and contractor are not held",
            _contractors(named[lcd]) if lcd in named else "",
            receipt=named[lcd].receipt if lcd in named else found.receipt,
        )
        for lcd in found.lcds
    ]
    facts.append(Fact("Diagnoses listed as covered", f"{found.covered:,}", receipt=found.receipt))
    facts.append(Fact("Diagnoses listed as not covered", f"{found.not_covered:,}", receipt=found.receipt))
    several = len(found.lcds) > 1
    note = (
        "Some of these LCDs' billing articles list the diagnoses below; this list doesn't say which."
        if several
        else "The billing articles of this LCD list the diagnoses below."
    )
    return Panel(
        "Local determinations named for the code",
        note=note,
        facts=tuple(facts),
        edition=marked(found.edition),
    )


def _contractors(one: CoverageDocument) -> str:
    said: list[str] = []
    for contractor in one.contractors:
        states = f": {', '.join(contractor.states)}" if contractor.states else ""
        kinds = f" ({contractor.kinds})" if contractor.kinds else ""
        said.append(f"{contractor.name}{kinds}{states}")
    return "; ".join(said) or "not held"


def _dates(one: CoverageDocument) -> str:
    since = f"since {one.effective.isoformat()}" if one.effective else "start not said"
    return f"{since}, to {one.ends.isoformat()}" if one.ends else since


def _related(other: str) -> str:
    return f"NCD (id {other.removeprefix('ncdid ')})" if other.startswith("ncdid ") else other


def _held(edition: Edition) -> str:
    release = edition.release
    return f"{release.edition}, {release.rows:,} rows" if release else ""


def marked(edition: Edition) -> str:
    return f"Shown from the newest edition, {edition.message}." if edition.marked else ""
