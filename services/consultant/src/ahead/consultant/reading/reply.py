"""What somebody wrote anew in a reply: cut from quotes, signatures and forwarded mail."""

import re

from ahead.consultant.reading.lines import MULTI_LINE, kind_of

# What a person writes anew lies within; longer texts could make the patterns try for hours.
MAX_TEXT = 60_000
MAX_LINES = 1_500
_PGP = (
    re.compile(r"\A-----BEGIN PGP SIGNED MESSAGE-----\n(?:Hash: \w+)?\s+", re.IGNORECASE),
    re.compile(r"^-----BEGIN PGP SIGNATURE-----$[\s\S]+^-----END PGP SIGNATURE-----", re.MULTILINE),
    re.compile(r"^Unsubscribe: .+@.+(\n.+http:.+)?\s*\Z", re.IGNORECASE | re.MULTILINE),
    re.compile(r"^.*>{5} \"[^\"\n]+\" == .+ writes:", re.MULTILINE),
)
_NAMED_ENCLOSURE = re.compile(r"^>>> ?(.+) ?>>>$\n([\s\S]+?)\n^<<< ?\1 ?<<<$", re.MULTILINE)
_ENCLOSURE = re.compile(r"^>{4,}[ \t]*$\n([\s\S]+?)\n^<{4,}[ \t]*$", re.MULTILINE)
_QUOTE_MARKS = re.compile(r"^((?:[ \t]*[^\W\d_]{0,4}[>|])+)", re.MULTILINE)
_NAMED_MARK = re.compile(r"[^\W\d_]+>|\|")
_LINE = re.compile(r"^", re.MULTILINE)


def cut_reply(text: str) -> str:
    """The author's own words. A mail that is nothing but quotes is given back whole: nobody's words are lost."""
    text = _prepared("\n".join(text[:MAX_TEXT].splitlines()[:MAX_LINES]))
    lines = text.split("\n")[:MAX_LINES]
    kinds = _code_is_text("".join(map(kind_of, lines)), lines)
    for step in (_delimiter, _signatures, _embedded, _headers, _trailing):
        kinds, lines = step(kinds, lines)
    return "\n".join(lines).strip() or text


def before_quotes(text: str) -> str:
    """All that stands before the first quoted or embedded mail, with signatures and what is below them."""
    lines = _prepared("\n".join(text[:MAX_TEXT].splitlines()[:MAX_LINES])).split("\n")
    kinds = "".join(map(kind_of, lines))
    found = re.search(r"[qb]|h{3}", kinds)
    return "\n".join(lines[: found.start()] if found else lines).strip()


def _prepared(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for pattern in _PGP:
        text = pattern.sub("", text)
    text = _NAMED_ENCLOSURE.sub(lambda found: _LINE.sub("> ", found[2]), text)
    text = _ENCLOSURE.sub(lambda found: _LINE.sub("> ", found[1]), text)
    text = _QUOTE_MARKS.sub(lambda found: _NAMED_MARK.sub(">", found[1]), text)
    for pattern in MULTI_LINE:
        text = pattern.sub(_on_one_line, text)
    return text.strip()


def _on_one_line(found: re.Match[str]) -> str:
    """The line that begins a quote, which programs wrap; what spans many lines is no such line."""
    if found[0].strip("\n").count("\n") > 4:
        return found[0]
    return re.sub(r"\n+\s*", " ", found[0])


_Lines = tuple[str, list[str]]


def _upto(kinds: str, lines: list[str], end: int) -> _Lines:
    return kinds[:end], lines[:end]


def _without(letter: str, kinds: str, lines: list[str]) -> _Lines:
    kept = [line for kind, line in zip(kinds, lines, strict=True) if kind != letter]
    return kinds.replace(letter, ""), kept


def _delimiter(kinds: str, lines: list[str]) -> _Lines:
    """A line of dashes ends the message, unless nothing was said before it."""
    found = re.search(r"(?<=t)[^d]*d", kinds)
    if found:
        return _upto(kinds, lines, found.end() - 1)
    return _without("d", kinds, lines)


def _signatures(kinds: str, lines: list[str]) -> _Lines:
    return _without("s", kinds, lines)


def _code_is_text(kinds: str, lines: list[str]) -> str:
    """Between fences nothing is a mark of a mail."""
    fences = [number for number, line in enumerate(lines) if line.startswith("```")]
    for start, end in zip(fences[::2], fences[1::2], strict=False):
        kinds = kinds[:start] + "t" * (end - start + 1) + kinds[end + 1 :]
    return kinds


def _embedded(kinds: str, lines: list[str]) -> _Lines:
    if found := re.match(r"e*b[eqbh]*q[eqbh]*(?=[te]+$)", kinds):
        kinds, lines = kinds[found.end() :], lines[found.end() :]
    if found := re.search(r"te*b[^q]*$", kinds):
        kinds, lines = _upto(kinds, lines, found.start() + 1)
    found = re.search(r"te*b[eqbh]*([te]*)$", kinds)
    if found and found[1].count("t") < 7:
        kinds, lines = _upto(kinds, lines, found.start() + 1)
    if found := re.search(r"te*[qbe]+$", kinds):
        kinds, lines = _upto(kinds, lines, found.start() + 1)
    return _without("b", kinds, lines)


def _headers(kinds: str, lines: list[str]) -> _Lines:
    """Lines like headers: three in a row begin a quoted mail, fewer are dropped."""
    if found := re.search(r"h[hte]+he", kinds):
        kinds = kinds[: found.start()] + "h" * len(found[0]) + kinds[found.end() :]
    if found := re.search(r"t[eq]*h{3,}", kinds):
        kinds, lines = _upto(kinds, lines, found.start() + 1)
    return _without("h", kinds, lines)


def _trailing(kinds: str, lines: list[str]) -> _Lines:
    if "t" in kinds and (found := re.search(r"[eq]+$", kinds)):
        return _upto(kinds, lines, found.start())
    return kinds, lines
