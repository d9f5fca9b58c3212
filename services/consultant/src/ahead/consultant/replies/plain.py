"""A reply as plain text of at most 76 columns, as any mail program of the last thirty years shows it."""

import textwrap
from collections.abc import Sequence

from ahead.consultant.inquiries import texts
from ahead.consultant.replies.content import Part, Reply, Sentence, Source

COLUMNS = 76


def to_text(reply: Reply) -> str:
    several = len(reply.parts) > 1
    blocks = [block for number, part in enumerate(reply.parts, 1) for block in _part(part, number, several)]
    if reply.sources:
        blocks.append("Sources:\n" + "\n".join(map(_source, reply.sources)))
    if note := texts.masked_note(reply.masked):
        blocks.append(_wrapped(note))
    return "\n\n".join([*blocks, texts.ANSWER_END])


def _part(part: Part, number: int, several: bool) -> list[str]:
    blocks: list[str] = []
    if several:
        blocks.append(_wrapped(f"{number}. You asked: {part.question}"))
    if part.sentences:
        blocks.append("\n".join(_wrapped(_with_notes(one)) for one in part.sentences))
    if part.codes:
        codes = "\n".join(f"  {code}  {title}".rstrip() for _, code, title in part.codes)
        blocks.append(f"Codes:\n{codes}")
    if part.unsaid:
        blocks.append("What we can't say:\n" + _listed(part.unsaid))
    if part.asks:
        blocks.append("Please tell us, the answer depends on it:\n" + _listed(part.asks))
    if part.with_expert:
        blocks.append(_wrapped(texts.PART_WITH_EXPERT))
    if part.sentences:
        blocks.append(_wrapped(part.basis))
    return blocks


def _with_notes(one: Sentence) -> str:
    return one.text.strip() + "".join(f" [{n}]" for n in one.notes)


def _listed(lines: Sequence[str]) -> str:
    return "\n".join(_wrapped(f"- {line}", indent="  ") for line in lines)


def _source(one: Source) -> str:
    text = _wrapped(f"[{one.n}] {one.edition}", indent="    ")
    return f"{text}\n    {one.url}" if one.url else text


def _wrapped(text: str, indent: str = "") -> str:
    """A link is never broken: it would lead nowhere."""
    return "\n".join(
        textwrap.fill(line, COLUMNS, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
        for line in text.splitlines()
    )
