"""Reading a query that is codes and nothing else: several, a range, a pattern with wildcards."""

import re
from dataclasses import dataclass

from ahead.lookup.catalog import spelling
from ahead.shared.errors import BadInput

MOST_CODES = 50
"""Codes of one query."""
FIXED = 2
"""Characters that a pattern has to name, so that it doesn't stand for everything."""

_DASHES = re.compile(r"[‐‑‒–—―−－]")
_STARS = str.maketrans({"＊": "*", "？": "?", "．": ".", "，": ",", "；": ";"})
_PIECE = r"[A-Z0-9][A-Z0-9.]{1,8}"
_RANGE = re.compile(rf"({_PIECE})\s*-\s*({_PIECE})")
_TO = re.compile(rf"({_PIECE})\s+(?:TO|THROUGH|THRU)\s+({_PIECE})")
_PATTERN = re.compile(r"[A-Z0-9.*?]{2,12}")
_BETWEEN = re.compile(r"[\s,;/|]+")
_CODE = re.compile(r"[A-Z][0-9][0-9A-Z][0-9A-Z]{0,4}|[A-Z][0-9A-Z][0-9][0-9A-Z]{0,4}|[0-9][0-9A-Z]{2,6}")
_LONG_CODE = re.compile(r"[A-Z][0-9][0-9A-Z]{3,6}")
_WHOLE_CPT = re.compile(r"[0-9]{4}[0-9FTUMA]")


@dataclass(frozen=True, slots=True)
class Range:
    """Undotted; both ends are included, the last with everything below it."""

    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """Undotted; "?" is one character, "*" any number of them."""

    text: str


@dataclass(frozen=True, slots=True)
class Several:
    """Two codes or more, as typed and undotted, each once."""

    codes: tuple[tuple[str, str], ...]


Asked = Range | Pattern | Several


def read_codes(typed: str) -> Asked | None:
    """None for words, and for one single code.

    Raises:
        BadInput: a range that runs backwards or joins two kinds of codes, a pattern that names hardly anything, or
            more codes than one query takes.
    """
    text = _DASHES.sub("-", typed.translate(_STARS)).strip().upper()
    if found := _RANGE.fullmatch(text) or _TO.fullmatch(text):
        return _range(found[1], found[2])
    if ("*" in text or "?" in text) and (compact := text.replace(" ", "")) and _PATTERN.fullmatch(compact):
        return _pattern(compact)
    return _several(text)


def _range(one: str, other: str) -> Range | None:
    first, last = _bare(one), _bare(other)
    if not (_CODE.fullmatch(first) and _CODE.fullmatch(last)):
        return None
    if first[0].isdigit() != last[0].isdigit() or _is_cpt(first) != _is_cpt(last):
        raise BadInput(
            f"{one} and {other} are codes of two kinds: a range runs inside one code system.",
            slug="bad-range",
            hint="Give both ends of the same system, such as E11-E13 or 99202-99215.",
        )
    # "E10.9" ends below "E10.91": the shorter end counts with all that begins with it.
    if last < first and not first.startswith(last):
        raise BadInput(
            f"The range {one}-{other} runs backwards.",
            slug="bad-range",
            hint=f"Did you mean {other}-{one}?",
        )
    return Range(first, last)


def _is_cpt(code: str) -> bool:
    return _WHOLE_CPT.fullmatch(code) is not None


def _pattern(text: str) -> Pattern | None:
    pattern = re.sub(r"\*+", "*", _bare(text))
    fixed = len(pattern.replace("*", "").replace("?", ""))
    if not fixed:
        return None
    # A question mark behind words is punctuation: "gout?" asks for gout.
    if not any(c.isdigit() for c in pattern) and not (pattern.endswith("*") and fixed <= FIXED):
        return None
    if fixed < FIXED:
        raise BadInput(
            f"The pattern {text} names too little: it would stand for a whole code system.",
            slug="bad-pattern",
            hint=f"Give at least {FIXED} characters of the code, such as E11* or S72.?01A.",
        )
    return Pattern(pattern)


def _several(text: str) -> Several | None:
    pieces = [piece.strip("-.") for piece in _BETWEEN.split(text)]
    pieces = [piece for piece in pieces if piece]
    codes = {_bare(piece): piece for piece in pieces}
    # All of them must be whole enough to be codes: "type 2" and "99 2" are not.
    if len(codes) < 2 or not all(_CODE.fullmatch(code) for code in codes):
        return None
    if any(code.isdigit() and len(code) not in (3, 4, 5) for code in codes):
        return None
    if len(codes) > MOST_CODES:
        raise BadInput(
            f"These are {len(codes)} codes; one search takes {MOST_CODES}.",
            slug="too-many-codes",
            hint="The code-list tool takes thousands at once: /tools/code-lists.",
        )
    return Several(tuple((piece, code) for code, piece in codes.items()))


def _bare(code: str) -> str:
    return code.replace(".", "")


def one_code(typed: str) -> str:
    """The query as one ICD-10-CM code, undotted, also with one placeholder too many; "" when it is none."""
    code = _bare("".join(typed.split())).upper()
    return code if _LONG_CODE.fullmatch(code) else ""


def repaired(code: str) -> tuple[str, ...]:
    """What an undotted ICD-10-CM code may have been meant as, the likeliest first: X put in before a 7th character
    that stands too early, or placeholders where there are too many or too few ("W2189A", "W2189XXA", "T36XA")."""
    if len(code) < 5 or not spelling.dotted("icd10cm", code)[0].isalpha() or not code[-1].isalpha():
        return ()
    base, seventh = code[:-1].rstrip("X"), code[-1]
    if not 3 <= len(base) <= 6:
        return ()
    right = base.ljust(6, "X") + seventh
    return () if right == code else (right,)


def printed(system: str, code: str) -> str:
    return spelling.dotted(system, code)
