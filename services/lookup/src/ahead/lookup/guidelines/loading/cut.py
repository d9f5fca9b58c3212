"""Cuts the guidelines into their numbered sections.

A heading is a line that begins with the number that comes next and is set in bold; the table of contents in front
is the check: a section that it names and that isn't found is a reason to refuse, since a rule would be missing.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from ahead.lookup.catalog.loading.refusal import Refused

from . import numbers
from .pdf import Line

CONTENTS_DEPTH = 3
"""The table of contents names sections down to "a."."""
MAX_NEW = 5
"""More sections that the contents don't name: the cutting is wrong, or the book is of another form."""

_LEADER = re.compile(r"\s*\.{4,}\s*[0-9]*\s*$")
_FOOTER = re.compile(
    r"ICD-10-CM Official Guidelines for Coding and Reporting|FY ?20[0-9]{2}|Page [0-9 ]+of [0-9 ]+"
)
_FOOT = 75.0
"""Points from the lower edge."""
_RESERVED = "Reserved for future"
_RIGHT = 490.0
"""A line that ends left of this had room for another word: the next one was meant to begin anew. Points; the
margin is at 540, and the width of a line is estimated."""
_LETTER = 5.3
_BODY = 12.6
"""Points: headings above "(a)" are set larger than the text."""
_INDENT = 40.0


@dataclass(slots=True)
class Section:
    """`page` is 1-based; `text` is its own, without that of the sections below."""

    number: str
    depth: int
    heading: str
    page: int
    last_page: int
    lines: list[Line] = field(default_factory=list[Line])

    @property
    def parent(self) -> str:
        return self.number.rpartition(".")[0]

    @property
    def text(self) -> str:
        return _paragraphs(self.lines)

    @property
    def chapter(self) -> int | None:
        match = re.match(r"I\.C\.([0-9]+)(\.|$)", self.number)
        return int(match[1]) if match else None


@dataclass(frozen=True)
class Cut:
    sections: list[Section]
    not_in_contents: list[str]
    """Found in the text and not in the table of contents in front of it."""


def cut(lines: Iterable[Line], name: str) -> Cut:
    """
    Raises:
        Refused: there is no table of contents, or the sections don't agree with it.
    """
    body = [line for line in lines if not _is_footer(line)]
    pages = [page for page in {line.page for line in body} if _leaders(body, page) >= 5]
    if not pages:
        raise Refused(name, "has no table of contents: it can't be told whether all sections were found")
    last = max(pages)
    front = [line for line in body if line.page in pages]
    body = [line for line in body if line.page > last]
    named = contents(front)
    if len(named) < 10:
        raise Refused(name, "has a table of contents without numbered sections")
    sections = _sections(body)
    held = {section.number for section in sections}
    if missing := [number for number in named if number not in held]:
        raise Refused(name, f"its contents name section {missing[0]}, which isn't found in it", line=last)
    listed = set(named)
    new = [s.number for s in sections if s.depth <= CONTENTS_DEPTH and s.number not in listed]
    if len(new) > MAX_NEW:
        raise Refused(
            name, f"has {len(new)} sections that its contents don't name, such as {new[0]}", line=last
        )
    return Cut(sections, new)


def contents(lines: list[Line]) -> dict[str, str]:
    """Number and title of each section that the table of contents names."""
    counter = numbers.Counter()
    found: dict[str, str] = {}
    for line in lines:
        text = _LEADER.sub("", line.text)
        if appendix := numbers.APPENDIX.match(text):
            found[f"Appendix {appendix[1]}"] = text[appendix.end() :]
            continue
        for depth, place, rest in numbers.read(text):
            if depth <= CONTENTS_DEPTH and counter.follows(depth, place):
                found[counter.take(depth, place)] = rest
                break
    return found


def _leaders(lines: list[Line], page: int) -> int:
    return sum(1 for line in lines if line.page == page and _LEADER.search(line.text))


def _is_footer(line: Line) -> bool:
    return line.y < _FOOT and (_FOOTER.fullmatch(line.text) is not None or not line.text)


def _sections(lines: list[Line]) -> list[Section]:
    counter = numbers.Counter()
    found: list[Section] = []
    indents: dict[int, float] = {}
    titles: dict[int, float] = {}
    heading: Line | None = None
    for line in lines:
        begun = _begun(line, counter, indents)
        if begun is not None:
            found.append(begun)
            heading = line
            if (title := _title_at(line)) is not None:
                titles[begun.depth] = title
        elif found and heading is not None and _continues(heading, line, found[-1], titles):
            found[-1].heading = f"{found[-1].heading} {line.text}".strip()
            heading = Line(line.page, heading.x, line.y, [*heading.runs[:1], *line.runs])
        elif found:
            heading = None
            found[-1].lines.append(line)
            found[-1].last_page = line.page
    return found


def _begun(line: Line, counter: numbers.Counter, indents: dict[int, float]) -> Section | None:
    text, bold = line.text, _bold(line)
    if bold and (appendix := numbers.APPENDIX.match(text)):
        return Section(f"Appendix {appendix[1]}", 0, text[appendix.end() :], line.page, line.page)
    choices = [
        (depth, place, rest)
        for depth, place, rest in numbers.read(text)
        if counter.follows(depth, place) and (bold or _deepest(depth, line, indents))
    ]
    if len(choices) > 1:
        # "(i)" is the ninth letter or the first Roman number: the one farther to the right is the deeper.
        deeper = line.x > indents.get(choices[0][0], line.x) + 10
        choices = choices[-1:] if deeper else choices[:1]
    for depth, place, rest in choices:
        indents[depth] = line.x
        return Section(counter.take(depth, place), depth, rest, line.page, line.page)
    return None


def _deepest(depth: int, line: Line, indents: dict[int, float]) -> bool:
    """Headings of the deepest kind are underlined, which is not told here, and farther to the right than "(a)"."""
    return depth == numbers.DEPTHS - 1 and line.x > indents.get(depth - 1, line.x) + 10


def _bold(line: Line) -> bool:
    """The number may be set in regular type before a bold title."""
    shown = [run for run in line.runs if run.text.strip()]
    return any(run.bold for run in shown[:2])


def _title_at(heading: Line) -> float | None:
    """Where the title begins, if it is set apart from the number."""
    return next((run.x for run in heading.runs[1:] if run.text.strip() and run.x > heading.x + 5), None)


def _continues(heading: Line, line: Line, section: Section, titles: dict[int, float]) -> bool:
    """A second line of a heading: set alike, right below it, and no text in the bold type that marks changes."""
    gap = heading.y - line.y
    if line.page != heading.page or abs(line.size - heading.size) > 0.6 or not 0 < gap < 1.6 * heading.size:
        return False
    if section.number.startswith("Appendix") and not section.heading:
        return True
    if _bold(heading) and not all(run.bold for run in line.runs if run.text.strip()):
        return False
    if heading.size > _BODY:
        return section.depth == 0 or line.x > heading.x
    title = titles.get(section.depth)
    return title is not None and abs(line.x - title) < 2 and gap < 1.2 * heading.size


def _paragraphs(lines: list[Line]) -> str:
    text = ""
    before: Line | None = None
    for line in lines:
        words = _clean(line.text)
        if not words:
            continue
        text += words if before is None else _between(before, line, text) + words
        before = line
    return text


def _clean(text: str) -> str:
    """Bullets are set in symbol fonts, whose letters are of no script."""
    return re.sub(r"^[\uf000-\uf0ff•▪o]\s*(?=\S)", "• ", text) if _BULLET.match(text) else text


_BULLET = re.compile(r"[\uf000-\uf0ff•▪]|o ")


def _between(before: Line, line: Line, text: str) -> str:
    if _BULLET.match(line.text):
        return "\n"
    if line.page != before.page:
        if numbers.read(line.text):
            return "\n\n"
        # A page ends in a sentence or within one.
        return "\n\n" if re.search(r"[.:?!”)]$", text) and not line.text[:1].islower() else " "
    gap = before.y - line.y
    if gap > 1.5 * line.size:
        return "\n\n"
    first = line.text.partition(" ")[0]
    room = before.x + _LETTER * (len(before.text) + 1 + len(first)) * before.size / 12 < _RIGHT
    if room or line.x < before.x - 5 or line.x > before.x + _INDENT:
        return "\n"
    return "" if text.endswith("-") and not text.endswith(" -") else " "
