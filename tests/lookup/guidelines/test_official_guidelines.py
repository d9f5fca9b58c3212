"""The official guidelines are cut whole: two readers that share no code with the loader find the same sections.

One reads the table of contents from the plain text of the pages, the other the PDF's own bookmarks.
"""

import re
from datetime import date
from typing import Any

import pypdf
import pytest
from icd10cm_books import GUIDELINES_PDF, Held, Open, official_file

from ahead.lookup.guidelines.repository import book

DAY = date(2026, 1, 15)
ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5}


@pytest.fixture(scope="module")
def pdf() -> pypdf.PdfReader:
    return pypdf.PdfReader(official_file(GUIDELINES_PDF))


def squeezed(text: str) -> str:
    return re.sub(r"\W", "", text).lower()


def bookmarks(outline: list[Any], above: str = "") -> list[tuple[str, str]]:
    """(number, title) of every bookmark that begins with a number, by how they are nested."""
    found: list[tuple[str, str]] = []
    number = above
    for one in outline:
        if isinstance(one, list):
            found += bookmarks(one, number)  # pyright: ignore[reportUnknownArgumentType]
            continue
        title = str(one.title).strip()
        match = re.match(r"(?:Section ([IVX]+)\.|\(?([A-Za-z0-9]{1,3})[.)])\s*(.*)", title)
        if match is None or title.startswith(("ICD-10", "Appendix", "Present")):
            continue
        label = match[1] or match[2]
        number = label if match[1] else f"{above}.{label}"
        found.append((number, match[3]))
    return found


async def held_sections(official_guidelines: Held, opened: Open) -> dict[str, Any]:
    one = opened(official_guidelines)
    (release,) = await one.reader.releases("icd10cm-guidelines")
    assert release.rows == 492
    held = await one.reader.read(release.id, lambda c: book(c, release.id))
    return {section.number: section for section in held.sections}


async def test_every_section_of_the_contents_is_held(
    official_guidelines: Held, opened: Open, pdf: pypdf.PdfReader
) -> None:
    held = await held_sections(official_guidelines, opened)
    printed = "\n".join(pdf.pages[n].extract_text() for n in range(1, 6))
    stack: list[str] = []
    seen = 0
    for line in printed.split("\n"):
        match = re.match(r"(?:Section ([IVX]+)\.|([A-Z])\.|([0-9]{1,2})\.|([a-z])\.) \S", line)
        if match is None:
            continue
        depth = next(n for n in range(4) if match[n + 1])
        stack[depth:] = [match[depth + 1]]
        seen += 1
        assert ".".join(stack) in held, line
    # I.B.20 and I.C.5.d are in the text only, as the release says.
    assert seen == sum(1 for s in held.values() if s.depth <= 3 and not s.number.startswith("App")) - 2
    assert "Appendix I" in held


async def test_every_bookmark_is_a_section_on_its_page(
    official_guidelines: Held, opened: Open, pdf: pypdf.PdfReader
) -> None:
    held = await held_sections(official_guidelines, opened)
    marked = dict(bookmarks(pdf.outline))
    assert len(marked) == 489
    # One bookmark of FY2026 hangs below its neighbour; two headings have none; the appendix is not numbered.
    assert marked.pop("I.C.5.c.d") == held["I.C.5.d"].heading
    assert set(marked) - set(held) == set()
    assert set(held) - set(marked) == {"I.C.4.a.1.a", "I.C.4.a.1.b", "I.C.5.d", "Appendix I"}
    assert {n for n, title in marked.items() if squeezed(title) != squeezed(held[n].heading)} == set()

    def pages(outline: list[Any]) -> None:
        for one in outline:
            if isinstance(one, list):
                pages(one)  # pyright: ignore[reportUnknownArgumentType]
                continue
            page = (pdf.get_destination_page_number(one) or 0) + 1
            title = squeezed(str(one.title))
            on_page = [s for s in held.values() if s.page == page and squeezed(s.heading) in title]
            assert on_page or title.startswith(("icd10cmofficial", "appendix", "presenton")), one.title

    pages(pdf.outline)


async def test_no_line_of_text_is_lost(official_guidelines: Held, opened: Open, pdf: pypdf.PdfReader) -> None:
    """Every word of the pages behind the contents is in a heading or a text, in order; footers are not."""
    held = await held_sections(official_guidelines, opened)
    whole = squeezed("".join(f"{s.number.rpartition('.')[2]}{s.heading}{s.text}" for s in held.values()))
    footer = re.compile(r"ICD-10-CM Official Guidelines for Coding and Reporting\s*FY 2026\s*Page \d+ of \d+")
    printed = squeezed("".join(footer.sub("", pdf.pages[n].extract_text()) for n in range(6, len(pdf.pages))))
    printed = (
        printed.replace("sectioniconventions", "iconventions")
        .replace("sectionii", "ii")
        .replace("sectioniv", "iv")
    )
    whole = (
        whole.replace("sectionii", "ii")
        .replace("sectioniv", "iv")
        .replace("sectioniconventions", "iconventions")
    )
    assert abs(len(printed) - len(whole)) < 0.001 * len(printed), (len(printed), len(whole))
    assert "Page 12 of 121" not in "".join(s.text for s in held.values())


async def test_window_and_remark_are_the_files_own(official_guidelines: Held, opened: Open) -> None:
    (release,) = await opened(official_guidelines).reader.releases("icd10cm-guidelines")
    assert (release.window_from, release.window_to) == (date(2025, 10, 1), date(2026, 9, 30))
    assert (release.window_origin, release.edition) == ("file", "FY2026")
    assert release.remark == "In the text and not in its table of contents: I.B.20, I.C.5.d."


@pytest.mark.parametrize(
    ("number", "heading", "page", "begins", "names"),
    [
        ("I.C.4.a.3", "Diabetes mellitus and the use of insulin, oral hypoglycemics, "
         "and injectable non-insulin drugs", 40, "If the documentation in a medical record does not", "Z79.84"),
        ("Section I.A.12.a", "Excludes1", 9, "A type 1 Excludes note is a pure excludes note.", "F45.8"),
        ("I.C.1.d.1.(a)(iii)", "Sepsis with organ dysfunction", 23, "If a patient has sepsis and associated", None),
        ("i.c.19.e.5.c", "Underdosing", 84, "Underdosing refers to taking less of a medication", "Z91.14-"),
        ("IV.H", "Uncertain diagnosis", 114, "Do not code diagnoses documented as", None),
        ("I.C.2.s", "Breast Implant Associated Anaplastic Large Cell Lymphoma", 39, "Breast implant", "C84.7B"),
        ("appendix i", "Present on Admission Reporting Guidelines", 116, "Introduction", None),
    ],
)  # fmt: skip
async def test_a_section_is_read_by_its_number(
    official_guidelines: Held,
    opened: Open,
    number: str,
    heading: str,
    page: int,
    begins: str,
    names: str | None,
) -> None:
    section = (await opened(official_guidelines).guidelines.section(number, DAY)).section
    assert section is not None
    assert (section.heading, section.page) == (heading, page)
    assert section.text.startswith(begins)
    assert section.receipt.row == page
    assert section.receipt.file_name == GUIDELINES_PDF
    if names is not None:
        assert names in section.names


async def test_words_are_found_in_headings_first(official_guidelines: Held, opened: Open) -> None:
    found = await opened(official_guidelines).guidelines.search("insulin pump", DAY)
    assert found.hits[0].section.number.startswith("I.C.4.a.5")
    assert found.total >= len(found.hits) > 1
    assert all("insulin" in (hit.excerpt + hit.section.heading).lower() for hit in found.hits[:3])
