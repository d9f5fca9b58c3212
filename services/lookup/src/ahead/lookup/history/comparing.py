"""Compares what a code's page says on two dates, section by section, line by line."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from ahead.lookup.catalog.schemas import Receipt
from ahead.lookup.codes.panels import Panel
from ahead.lookup.codes.schemas import Section

from .schemas import DiffLine, SectionDiff

_Say = Callable[[str, Receipt | None], None]
"""Takes a line and where it was read."""
_STATES = {"not_held": "Not held.", "not_applicable": "Does not apply."}


def compared(
    before: Iterable[Section], after: Iterable[Section], own: tuple[Sequence[str], Sequence[str]] = ((), ())
) -> tuple[SectionDiff, ...]:
    """In the order of the page. A line that moved is no change; one that stands twice is compared twice.

    Args:
        own: what each side says of itself, its date and its edition: lines that differ in this alone are the same.
    """
    old = {section.key: section for section in before}
    new = {section.key: section for section in after}
    found: list[SectionDiff] = []
    for key in dict.fromkeys((*old, *new)):
        removed, added = lines(old.get(key)), lines(new.get(key))
        gone = Counter(_bare(line, own[0]) for line in removed)
        come = Counter(_bare(line, own[1]) for line in added)
        both = gone & come
        title = (new.get(key) or old[key]).title
        found.append(
            SectionDiff(
                key, title, _without(removed, both, own[0]), _without(added, both, own[1]), sum(both.values())
            )
        )
    return tuple(found)


def _bare(line: DiffLine, own: Sequence[str]) -> str:
    text = line.text
    for word in own:
        text = text.replace(word, "…") if word else text
    return text


def _without(found: list[DiffLine], both: Counter[str], own: Sequence[str]) -> tuple[DiffLine, ...]:
    left = Counter(both)
    kept: list[DiffLine] = []
    for line in found:
        text = _bare(line, own)
        if left[text] > 0:
            left[text] -= 1
        else:
            kept.append(line)
    return tuple(kept)


def lines(section: Section | None) -> list[DiffLine]:
    """What a section says, as lines. Where it was read (receipts, editions) is no part of what is said."""
    if section is None:
        return []
    found: list[DiffLine] = []

    def say(text: str, receipt: Receipt | None = None) -> None:
        text = " ".join(text.split())
        if text:
            found.append(DiffLine(text, receipt))

    say(_STATES.get(section.state, ""))
    for fact in section.facts:
        say(f"{fact.label}: {fact.value} {fact.detail}", fact.receipt)
    for block in section.notes:
        at = "" if block.own else f" (at {block.at.code})"
        for line in block.lines:
            say(f"{block.label}{at}: {line.text}", section.receipt)
    for value in section.characters:
        say(
            f"7th character {value.character}: {value.meaning}{'' if value.exists else ' (not with this code)'}"
        )
    for ref in section.instead:
        say(f"{ref.code} {ref.title}")
    for panel in section.panels:
        _of_panel(panel, say)
    for file in section.would_fill:
        say(f"Would be filled by: {file}")
    return found


def _of_panel(panel: Panel, say: _Say) -> None:
    receipt = panel.receipts[0] if panel.receipts else None
    if panel.note:
        say(f"{panel.title}: {panel.note}", receipt)
    for fact in panel.facts:
        say(f"{panel.title}, {fact.label}: {fact.value} {fact.detail}", fact.receipt or receipt)
    if panel.table is not None:
        for row in panel.table.rows:
            cells = " | ".join(cell.text for cell in row.cells if cell.text)
            say(f"{panel.title}: {cells}", row.receipt or receipt)
        if panel.table.total > len(panel.table.rows):
            say(
                f"{panel.title}: {panel.table.total:,} rows, the first {len(panel.table.rows):,} compared",
                receipt,
            )
