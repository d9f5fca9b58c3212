"""A reply, or an expert's text, as HTML of the plainest kind: paragraphs, lists, links; no scripts, images or classes.

Old mail programs know neither style sheets nor divs with widths; what they know of inline style is fonts and space.
"""

import re
from collections.abc import Iterable, Sequence
from html import escape

from ahead.consultant.inquiries import texts
from ahead.consultant.replies.content import Part, Reply, Sentence, Source

_BODY = "font-family: Verdana, Arial, sans-serif; font-size: 15px; line-height: 1.5; color: #1b2733"
_SMALL = "font-size: 13px; color: #44546a"
_HEAD = "font-size: 15px; margin: 18px 0 6px 0"
_LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")


def to_html(reply: Reply) -> str:
    several = len(reply.parts) > 1
    links = {source.n: source.url for source in reply.sources}
    blocks: list[str] = []
    for number, part in enumerate(reply.parts, 1):
        blocks += _part(part, number if several else 0, links)
    if reply.sources:
        blocks.append(f'<p style="{_HEAD}"><b>Sources</b></p>')
        blocks.append(f'<p style="{_SMALL}">' + "<br>\n".join(map(_source, reply.sources)) + "</p>")
    if note := texts.masked_note(reply.masked):
        blocks.append(f'<p style="{_SMALL}">{escape(note)}</p>')
    blocks.append(f'<p style="{_SMALL}">{escape(texts.ANSWER_END)}</p>')
    return _document(blocks)


def text_to_html(text: str) -> str:
    """What a person, or the service by itself, wrote: paragraphs, line breaks, links."""
    return _document(
        f"<p>{'<br>'.join(_linked(line) for line in paragraph.splitlines())}</p>"
        for paragraph in text.split("\n\n")
        if paragraph.strip()
    )


def _document(blocks: Iterable[str]) -> str:
    return (
        '<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head>\n'
        f'<body style="{_BODY}">\n' + "\n".join(blocks) + "\n</body></html>\n"
    )


def _part(part: Part, number: int, links: dict[int, str]) -> list[str]:
    blocks: list[str] = []
    if number:
        blocks.append(f'<p style="{_HEAD}"><b>{number}. You asked:</b> {escape(part.question)}</p>')
    if part.sentences:
        blocks += [f'<p style="margin: 0 0 8px 0">{_sentence(one, links)}</p>' for one in part.sentences]
    if part.codes:
        rows = "\n".join(
            '<tr><td valign="top" style="padding: 2px 14px 2px 0"><b>'
            f'{escape(code)}</b></td><td valign="top" style="padding: 2px 0">{escape(title)}</td></tr>'
            for _, code, title in part.codes
        )
        # A table takes no font from around it where a mail program knows no doctype.
        blocks.append(
            f'<table border="0" cellspacing="0" cellpadding="0" style="{_BODY}; margin: 12px 0">\n{rows}\n</table>'
        )
    if part.unsaid:
        blocks.append(f'<p style="{_HEAD}"><b>What we can\'t say</b></p>' + _listed(part.unsaid))
    if part.asks:
        blocks.append(
            f'<p style="{_HEAD}"><b>Please tell us, the answer depends on it</b></p>' + _listed(part.asks)
        )
    if part.with_expert:
        blocks.append(f"<p>{escape(texts.PART_WITH_EXPERT)}</p>")
    if part.sentences:
        blocks.append(f'<p style="{_SMALL}">{escape(part.basis)}</p>')
    return blocks


def _sentence(one: Sentence, links: dict[int, str]) -> str:
    return escape(one.text.strip()) + "".join(
        f' <a href="{escape(links[n])}">[{n}]</a>' if links.get(n) else f" [{n}]" for n in one.notes
    )


def _listed(lines: Sequence[str]) -> str:
    return "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>"


def _source(one: Source) -> str:
    text = f"[{one.n}] {escape(one.edition)}"
    return f'{text} &ndash; <a href="{escape(one.url)}">open</a>' if one.url else text


def _linked(line: str) -> str:
    """Escaped, with addresses as links."""
    pieces: list[str] = []
    position = 0
    for found in _LINK.finditer(line):
        pieces.append(escape(line[position : found.start()]))
        pieces.append(f'<a href="{escape(found[0])}">{escape(found[0])}</a>')
        position = found.end()
    return "".join([*pieces, escape(line[position:])])
