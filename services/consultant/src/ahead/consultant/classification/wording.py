r"""Signs kept as data: one wording a line, in a form that reads without knowledge of regular expressions.

A file of `data/` has four columns, parted by tabs: the group, the wording, an example that has it, and where a
neighbour could be mistaken for it, a counter-example that hasn't. In a wording

- `(a|b)` is one of several, `(a|b)?` one of them or none, `<name>` one of a list in `data/names.tsv`,
  `<word>` any word, `<number>` any word with a digit in it;
- after a bracket, `?` says that it may be missing, `+` that it may come again, `*` both; `x?` may miss its x;
- in a word, `*` is the rest of it; `#` is a number, `~` up to forty characters of the same sentence, `~~` a hundred;
- `^` is the beginning of a sentence and `$` its end, `\?` a question mark; all else stands for itself, words are whole.

Texts are compared as `plain` makes them: small letters, long forms ("can not"), "email", straight quotes, no #.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

_TOKEN = re.compile(r"<(\w+)>| ?~~?|\)[?*+]|\\.|[\w \-]\?|[\s\S]")
_CLOSE = (")", ")?", ")*", ")+")
_ANY = {"word": r"\w+", "number": r"(?=[\w./-]*\d)[\w./-]*\w"}
_EDGE = r"(?:(?<!\w)|(?!\w))"
_GAP = {
    "~": rf"[^\n]{{0,40}}?{_EDGE}",
    " ~": rf"\W[^\n]{{0,40}}?{_EDGE}",
    "~~": rf"[^\n]{{0,100}}?{_EDGE}",
    " ~~": rf"\W[^\n]{{0,100}}?{_EDGE}",
}
# Written without spaces between words.
_UNSPACED = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_WORD = re.compile(r"\w+")
# Wordings that begin with a part of a word are looked up by so many letters of it.
_PREFIX = 3
_LONG_FORMS = {
    "won't": "will not", "can't": "can not", "cannot": "can not", "n't": " not", "'m": " am", "'re": " are",
    "'ve": " have", "'ll": " will", "'d": " would", "e-mail": "email", "e-mails": "emails", "log-in": "login",
    "sign-in": "signin", "#": "", "*": "", "_": "",
}  # fmt: skip
_SHORT = re.compile(
    r"\b(?:won't|can't|cannot)\b|n't\b|'(?:m|re|ve|ll|d)\b|\be-mails?\b|\b(?:log|sign)-in\b|[#*_]"
)


class WordingError(ValueError):
    """A line of a data file can't be used; says which and why."""


@dataclass(frozen=True)
class Wording:
    """One line of a file. ``where`` is the file and the line's number."""

    where: str
    group: str
    text: str
    example: str
    counter: str = ""


def plain(text: str) -> str:
    """As wordings are compared with it."""
    text = text.lower().replace("\u2019", "'").replace("\u2013", "-").replace("\u2014", "-")
    return _SHORT.sub(lambda found: _LONG_FORMS[found[0]], text)


@lru_cache
def wordings(name: str) -> tuple[Wording, ...]:
    """The lines of `data/<name>.tsv`, in their order."""
    file = files("ahead.consultant.classification") / "data" / f"{name}.tsv"
    return tuple(read_lines(f"{name}.tsv", file.read_text(encoding="utf-8")))


def read_lines(name: str, text: str) -> Iterator[Wording]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        where, cells = f"{name}, line {number}", line.split("\t")
        if len(cells) not in (3, 4) or not all(cell.strip() for cell in cells[:3]):
            raise WordingError(f"{where}: group, wording and example are needed, parted by tabs")
        yield Wording(where, *cells)


@lru_cache
def _names() -> dict[str, str]:
    return {line.group: line.text for line in wordings("names")}


def _tokens(wording: Wording, text: str) -> list[str]:
    """Its signs as pieces of a regular expression."""
    pieces: list[str] = []
    depth = 0
    for found in _TOKEN.finditer(text):
        piece, name = found[0], found[1]
        depth += (piece == "(") - (piece in _CLOSE)
        if depth < 0 or (piece == "|" and not depth):
            raise WordingError(f"{wording.where}: {piece!r} without its bracket in {text!r}")
        if name in _ANY:
            pieces.append(piece)
        elif name:
            if name not in _names():
                raise WordingError(f"{wording.where}: no list is named <{name}>")
            pieces += ["(", *_tokens(wording, _names()[name]), ")"]
        else:
            pieces.append(piece)
    if depth:
        raise WordingError(f"{wording.where}: a bracket isn't closed in {text!r}")
    return pieces


def _expression(pieces: list[str], rest: str) -> str:
    made: list[str] = []
    for piece in pieces:
        if piece in _GAP:
            made.append(_GAP[piece])
        elif piece in _CLOSE or piece in ("|", "^", "$"):
            made.append(piece)
        elif piece[0] == "<":
            made.append(_ANY[piece[1:-1]])
        elif piece[0] == "\\":
            made.append(re.escape(piece[1]))
        elif len(piece) == 2 and piece[1] == "?":
            made.append(re.escape(piece[0]) + "?")
        else:
            made.append({"(": "(?:", "*": rest, "#": r"\d+"}.get(piece) or re.escape(piece))
    return "".join(made)


def _begun(pieces: list[str]) -> Iterator[list[str]]:
    """The wording once for each way in which it can begin, so that each begins with letters."""
    if pieces[:1] != ["("]:
        yield pieces
        return
    depth, start, inside = 0, 1, list[list[str]]()
    for at, piece in enumerate(pieces):
        depth += (piece == "(") - (piece in _CLOSE)
        if (piece == "|" and depth == 1) or not depth:
            inside.append(pieces[start:at])
            start = at + 1
        if not depth:
            again = [*pieces[:at], ")*"] if piece in (")*", ")+") else []
            for one in inside:
                yield from _begun([*one, *again, *pieces[at + 1 :]])
            if piece in (")?", ")*"):
                yield from _begun(pieces[at + 1 :])
            return


def whole(wording: Wording, rest: str = r"\S*") -> str:
    """As a regular expression for the whole of a name, such as a header's or an address's."""
    return _expression(_tokens(wording, wording.text), rest)


class Wordings:
    """Finds the wordings of some files in a text, looking only at those that begin as one of its words does."""

    def __init__(self, lines: Iterable[Wording]) -> None:
        self._words, self._parts = _Index(), _Index()
        unspaced: dict[str, list[str]] = defaultdict(list)
        for line in lines:
            if not line.text.isascii() and _UNSPACED.search(line.text):
                unspaced[line.group].append(_expression(_tokens(line, line.text), r"\w*"))
                continue
            tokens = _tokens(line, line.text)
            anchored = tokens[:1] == ["^"]
            for pieces in _begun(tokens[anchored:]):
                source = _expression(pieces, r"\w*")
                end = "" if pieces and pieces[-1] in ("$", "*") else _EDGE
                first = "#" if pieces[:1] == ["#"] else "".join(_leading(pieces))
                if not first:
                    raise WordingError(f"{line.where}: {line.text!r} must begin with a word")
                source = f"{'^' * anchored}{source}{end}"
                after = pieces[len(first) : len(first) + 1]
                if (
                    first != "#"
                    and after
                    and (after[0] in ("*", "(") or after[0] in _GAP or after[0][1:] == "?")
                ):
                    self._parts.add(first[:_PREFIX], line.group, source)
                else:
                    self._words.add(first, line.group, source)
        self._unspaced = [(group, re.compile("|".join(sources))) for group, sources in unspaced.items()]

    def found(self, text: str) -> Iterator[tuple[str, int, int]]:
        """(group, start, end) of each wording in a `plain` text, whose sentences are parted by line ends."""
        for word in _WORD.finditer(text):
            start, first = word.start(), word[0]
            key = "#" if first.isdigit() else first
            keys = ((self._words, key), *((self._parts, first[:length]) for length in (1, 2, 3)))
            for index, key in keys:
                for group, pattern in index.get(key):
                    if found := pattern.match(text, start):
                        yield group, start, found.end()
        if not text.isascii() and _UNSPACED.search(text):
            for group, pattern in self._unspaced:
                for found in pattern.finditer(text):
                    yield group, found.start(), found.end()

    def groups(self, text: str) -> set[str]:
        return {group for group, _, _ in self.found(text)}


def _leading(pieces: list[str]) -> Iterator[str]:
    for piece in pieces:
        if len(piece) > 1 or not (piece.isalnum()):
            return
        yield piece


class _Index:
    """By the first word, or the first letters of it: the groups and their wordings. Compiled when a text needs them."""

    def __init__(self) -> None:
        self._sources: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self._compiled: dict[str, list[tuple[str, re.Pattern[str]]]] = {}

    def add(self, first: str, group: str, source: str) -> None:
        self._sources[first][group].append(source)

    def get(self, first: str) -> Iterable[tuple[str, re.Pattern[str]]]:
        if first not in self._sources:
            return ()
        if first not in self._compiled:
            self._compiled[first] = [
                (group, re.compile("|".join(several), re.MULTILINE))
                for group, several in self._sources[first].items()
            ]
        return self._compiled[first]
